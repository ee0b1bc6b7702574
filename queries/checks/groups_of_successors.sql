/*---
title = "Every firm counts under a firm of the register"
severity = "fail"
hint = "Deliver the register with the successor in it, or take the successor out."
---*/
-- Offending: a firm whose chain of successors ends outside the register.
SELECT f.business_id, f.resolved_id
FROM firms AS f
LEFT JOIN businesses AS b ON b.business_id = f.resolved_id
WHERE b.business_id IS NULL
ORDER BY f.business_id
