/*---
title = "Approved offers keep the rules of their scheme"
severity = "warn"
hint = "Ask the grant system for the right amounts and dates, or who approved the exception."
---*/
-- Offending: an offer beyond the cap, at another rate than recorded, with dates out of order, or to a firm outside Wales.
SELECT r.voucher_id, r.within_cap, r.rate_right, r.in_order, r.in_wales
FROM offer_rules AS r
WHERE NOT (r.within_cap AND r.rate_right AND r.in_order AND r.in_wales)
ORDER BY r.voucher_id
