/*---
title = "No follow-up without a first diagnostic"
severity = "warn"
hint = "Ask the contractor for the first diagnostic, or for the right wave of this one."
---*/
-- Offending: a follow-up of a firm that was never diagnosed, or before it was.
SELECT a.diagnostic_id
FROM reported_diagnostics AS a
LEFT JOIN first_diagnostics AS b ON b.resolved_id = a.resolved_id
WHERE a.wave > 0 AND (b.resolved_id IS NULL OR a.reported_on < b.reported_on)
ORDER BY a.diagnostic_id
