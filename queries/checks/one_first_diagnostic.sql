/*---
title = "An enterprise has one first diagnostic"
severity = "stop"
---*/
-- Offending: an enterprise that D01 would count twice.
SELECT d.resolved_id, COUNT(1) AS diagnostics
FROM first_diagnostics AS d
GROUP BY d.resolved_id
HAVING COUNT(1) > 1
ORDER BY d.resolved_id
