/*---
id = "M04"
title.en = "Uplift in points"
title.cy = "Cynnydd mewn aeddfedrwydd (pwyntiau)"
short.en = "Uplift"
short.cy = "Cynnydd"
formula.en = "Mean of the level at the first follow-up less the level at the first diagnostic, over the same firms."
formula.cy = "Cymedr y lefel yn yr asesiad dilynol cyntaf llai'r lefel yn yr asesiad diagnostig cyntaf, dros yr un cwmnïau."
source.en = "Component scores of the diagnostics."
source.cy = "Sgorau cydrannau'r asesiadau diagnostig."
actions = [2]
direction = "up"
dated_by = "diagnostics.reported_on of the first follow-up"
area_key = "diagnostics.site_lad_code of the first follow-up"
population = "Firms and components that apply at wave 0 and wave 1, scored by the same method family"
dimensions = [{ name = "component", additive = true }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action2", "on-request"]
depends_on = ["M01"]

[[measures]]
id = "value"
kind = "mean"
unit = "levels"
decimals = 2
title.en = "Levels gained"
title.cy = "Lefelau a enillwyd"

[[measures]]
id = "pairs"
kind = "count"
unit = "enterprises"
decimals = 0
totals = false
title.en = "Firms compared"
title.cy = "Cwmnïau a gymharwyd"
---*/
WITH
-- First follow-ups against the start of the same firms.
compared AS (
    SELECT p.reported_on, p.lad_code, p.component_code, p.resolved_id, p.group_id, p.level_after - p.level_before AS uplift
    FROM paired_levels AS p
    WHERE p.wave = 1
        AND p.reported_on >= CAST($programme_start AS DATE)
        AND p.reported_on <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure, c.reported_on AS dated_on, c.lad_code, c.component_code AS component, c.resolved_id AS business_id,
    c.group_id, CAST(c.uplift AS DECIMAL(38, 4)) AS numerator, CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM compared AS c
UNION ALL
SELECT
    'pairs' AS measure, c.reported_on AS dated_on, c.lad_code, c.component_code AS component, c.resolved_id AS business_id,
    c.group_id, CAST(1 AS DECIMAL(38, 4)) AS numerator, CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM compared AS c
ORDER BY measure, component, dated_on, business_id
