/*---
title = "Grant paid stays within the offer"
severity = "warn"
hint = "Ask the grant system which claim is wrong, or record the raised offer."
---*/
-- Offending: a voucher to which more was paid than offered.
SELECT v.voucher_id
FROM approved_vouchers AS v
INNER JOIN voucher_payments AS p ON p.voucher_id = v.voucher_id
GROUP BY v.voucher_id, v.grant_offered_gbp
HAVING SUM(CAST(p.paid_gbp AS DECIMAL(28, 4))) > v.grant_offered_gbp
ORDER BY v.voucher_id
