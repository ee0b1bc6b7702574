/*---
title = "Vouchers follow the action plan"
severity = "warn"
---*/
-- Offending: an approved voucher of a firm whose first action plan is dated after the decision. The voucher counts, but not in
-- the funnel.
WITH
plans AS (
    SELECT d.business_id, MIN(d.action_plan_on) AS first_plan_on
    FROM diagnostics AS d
    WHERE d.action_plan_on IS NOT NULL
    GROUP BY d.business_id
)
SELECT v.voucher_id, v.decided_on, p.first_plan_on
FROM vouchers AS v
INNER JOIN plans AS p ON p.business_id = v.business_id
WHERE v.decision = 'APPROVED' AND v.decided_on < p.first_plan_on
ORDER BY v.voucher_id
