/*---
title = "No firm has first diagnostics of two contractors"
severity = "warn"
---*/
-- Offending: a firm whose first diagnostic two contractors delivered. Ingest keeps the one reported earlier where it can; where
-- the earlier one came later, both are in the lake, and indicators count the earlier.
SELECT d.business_id, COUNT(1) AS first_diagnostics, MIN(d.reported_on) AS counted
FROM diagnostics AS d
WHERE d.wave = 0
GROUP BY d.business_id
HAVING COUNT(1) > 1
ORDER BY d.business_id
