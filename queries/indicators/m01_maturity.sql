/*---
id = "M01"
title.en = "Mean maturity by component"
title.cy = "Aeddfedrwydd cymedrig yn ôl cydran"
short.en = "Maturity"
short.cy = "Aeddfedrwydd"
formula.en = "Mean level now (blue line) and mean target set at the first diagnostic (red line) over the firms to which the component applies, by wave. Follow-up waves cover re-assessed firms only, so the level of those same firms at the first diagnostic stands beside them."
formula.cy = "Lefel gymedrig yn awr (llinell las) a tharged cymedrig a bennwyd yn yr asesiad diagnostig cyntaf (llinell goch) dros y cwmnïau y mae'r gydran yn berthnasol iddynt, yn ôl ton. Dim ond cwmnïau a ailaseswyd sydd mewn tonnau dilynol, felly dangosir wrth eu hochr lefel yr un cwmnïau yn yr asesiad cyntaf."
source.en = "Component scores of the diagnostics."
source.cy = "Sgorau cydrannau'r asesiadau diagnostig."
actions = [2]
direction = "up"
dated_by = "diagnostics.reported_on"
area_key = "diagnostics.site_lad_code"
population = "Reported diagnostics of enterprises of any size, one a firm and wave, components that apply"
dimensions = [{ name = "wave", additive = false }, { name = "component", additive = true }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "dumbbell"
tags = ["action2"]
depends_on = []

[[measures]]
id = "current"
kind = "mean"
unit = "levels"
decimals = 1
title.en = "Level now (blue line)"
title.cy = "Lefel yn awr (llinell las)"

[[measures]]
id = "target"
kind = "mean"
unit = "levels"
decimals = 1
title.en = "Target (red line)"
title.cy = "Targed (llinell goch)"

[[measures]]
id = "before"
kind = "mean"
unit = "levels"
decimals = 1
title.en = "Level of the same firms at the first diagnostic"
title.cy = "Lefel yr un cwmnïau yn yr asesiad diagnostig cyntaf"
---*/
WITH
-- The blue line: every wave as it was scored.
blue AS (
    SELECT 'current' AS measure, l.reported_on, l.lad_code, l.wave, l.component_code, l.resolved_id, l.group_id, l.current_level AS level
    FROM component_levels AS l
),
-- The red line is drawn at wave 0 and frozen; in later waves it is that of the re-assessed firms.
red AS (
    SELECT 'target' AS measure, l.reported_on, l.lad_code, l.wave, l.component_code, l.resolved_id, l.group_id, l.target_level AS level
    FROM component_levels AS l
    WHERE l.wave = 0
    UNION ALL
    SELECT 'target' AS measure, p.reported_on, p.lad_code, p.wave, p.component_code, p.resolved_id, p.group_id, p.first_target AS level
    FROM paired_levels AS p
),
-- Where the re-assessed firms stood at the start: the only fair comparison with where they stand now.
paired AS (
    SELECT 'before' AS measure, p.reported_on, p.lad_code, p.wave, p.component_code, p.resolved_id, p.group_id, p.level_before AS level
    FROM paired_levels AS p
),
lines AS (
    SELECT b.measure, b.reported_on, b.lad_code, b.wave, b.component_code, b.resolved_id, b.group_id, b.level FROM blue AS b
    UNION ALL
    SELECT r.measure, r.reported_on, r.lad_code, r.wave, r.component_code, r.resolved_id, r.group_id, r.level FROM red AS r
    UNION ALL
    SELECT p.measure, p.reported_on, p.lad_code, p.wave, p.component_code, p.resolved_id, p.group_id, p.level FROM paired AS p
)
SELECT
    l.measure,
    l.reported_on AS dated_on,
    l.lad_code,
    CAST(l.wave AS VARCHAR) AS wave,
    l.component_code AS component,
    l.resolved_id AS business_id,
    l.group_id,
    l.level AS numerator,
    CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM lines AS l
WHERE l.level IS NOT NULL
    AND l.reported_on >= CAST($programme_start AS DATE)
    AND l.reported_on <= CAST($period_end AS DATE)
ORDER BY measure, wave, component, dated_on, business_id
