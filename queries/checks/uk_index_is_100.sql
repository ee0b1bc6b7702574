/*---
title = "The UK's index is exactly 100"
severity = "fail"
hint = "Find out which vintages the view area_productivity mixed."
---*/
-- Offending: a year in which the UK over itself is not one.
SELECT p.year, p.vintage
FROM area_productivity AS p
WHERE p.area_code = 'UK' AND p.gva_per_hour IS NOT NULL AND p.gva_per_hour <> p.uk_gva_per_hour
ORDER BY p.year
