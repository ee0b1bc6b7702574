/*---
title = "An enterprise has one first diagnostic"
severity = "fail"
hint = "Find out why the view first_diagnostics gives an enterprise twice; D01 would count it twice."
---*/
-- Offending: an enterprise that D01 would count twice.
SELECT d.resolved_id, COUNT(1) AS diagnostics
FROM first_diagnostics AS d
GROUP BY d.resolved_id
HAVING COUNT(1) > 1
ORDER BY d.resolved_id
