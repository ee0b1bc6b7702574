/*---
title = "Twenty-one components in five groups"
severity = "fail"
hint = "Deliver component_lookup again: 21 components in the groups PE, MS, SC, CI and PI."
---*/
-- Offending: the numbers, when they are not 21 and 5.
WITH
counts AS (
    SELECT COUNT(DISTINCT c.component_code) AS components, COUNT(DISTINCT c.group_code) AS component_groups
    FROM component_lookup AS c
)
SELECT c.components, c.component_groups
FROM counts AS c
WHERE c.components <> 21 OR c.component_groups <> 5
ORDER BY c.components
