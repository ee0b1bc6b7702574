/*---
id = "M01"
title.en = "Mean maturity by component"
title.cy = "Aeddfedrwydd cymedrig yn ôl cydran"
short.en = "Maturity"
short.cy = "Aeddfedrwydd"
formula.en = "Mean level (blue line) and mean target (red line) at the first diagnostic, over the firms to which the component applies. The first follow-up covers re-assessed firms only, so the level and target of those same firms at the first diagnostic stand beside their level now."
formula.cy = "Lefel gymedrig (llinell las) a tharged cymedrig (llinell goch) yn yr asesiad diagnostig cyntaf, dros y cwmnïau y mae'r gydran yn berthnasol iddynt. Dim ond cwmnïau a ailaseswyd sydd yn yr asesiad dilynol cyntaf, felly dangosir wrth ymyl eu lefel yn awr lefel a tharged yr un cwmnïau yn yr asesiad cyntaf."
source.en = "Component scores of the diagnostics."
source.cy = "Sgorau cydrannau'r asesiadau diagnostig."
actions = [2]
direction = "up"
dated_by = "diagnostics.reported_on"
area_key = "diagnostics.site_lad_code"
population = "Reported diagnostics of enterprises of any size, one a firm and wave, wave 0 and wave 1, components that apply"
dimensions = [{ name = "component", additive = true }]
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
title.en = "Level at the first diagnostic (blue line)"
title.cy = "Lefel yn yr asesiad diagnostig cyntaf (llinell las)"

[[measures]]
id = "target"
kind = "mean"
unit = "levels"
decimals = 1
title.en = "Target set at the first diagnostic (red line)"
title.cy = "Targed a bennwyd yn yr asesiad diagnostig cyntaf (llinell goch)"

[[measures]]
id = "followup"
kind = "mean"
unit = "levels"
decimals = 1
title.en = "Level at the first follow-up"
title.cy = "Lefel yn yr asesiad dilynol cyntaf"

[[measures]]
id = "followup_before"
kind = "mean"
unit = "levels"
decimals = 1
title.en = "Level of the re-assessed firms at the first diagnostic"
title.cy = "Lefel y cwmnïau a ailaseswyd yn yr asesiad diagnostig cyntaf"

[[measures]]
id = "followup_target"
kind = "mean"
unit = "levels"
decimals = 1
title.en = "Target of the re-assessed firms"
title.cy = "Targed y cwmnïau a ailaseswyd"
---*/
WITH
-- Where all diagnosed firms stand at the start, and where they want to go. The red line is drawn here and frozen.
first_lines AS (
    SELECT 'current' AS measure, l.reported_on, l.lad_code, l.component_code, l.resolved_id, l.group_id, l.current_level AS level
    FROM component_levels AS l
    WHERE l.wave = 0
    UNION ALL
    SELECT 'target' AS measure, l.reported_on, l.lad_code, l.component_code, l.resolved_id, l.group_id, l.target_level AS level
    FROM component_levels AS l
    WHERE l.wave = 0
),
-- Where the re-assessed firms stand, stood and want to go: three lines over the same firms, the only fair comparison.
followup_lines AS (
    SELECT 'followup' AS measure, p.reported_on, p.lad_code, p.component_code, p.resolved_id, p.group_id, p.level_after AS level
    FROM paired_levels AS p
    WHERE p.wave = 1
    UNION ALL
    SELECT 'followup_before' AS measure, p.reported_on, p.lad_code, p.component_code, p.resolved_id, p.group_id, p.level_before AS level
    FROM paired_levels AS p
    WHERE p.wave = 1
    UNION ALL
    SELECT 'followup_target' AS measure, p.reported_on, p.lad_code, p.component_code, p.resolved_id, p.group_id, p.first_target AS level
    FROM paired_levels AS p
    WHERE p.wave = 1
),
lines AS (
    SELECT f.measure, f.reported_on, f.lad_code, f.component_code, f.resolved_id, f.group_id, f.level FROM first_lines AS f
    UNION ALL
    SELECT f.measure, f.reported_on, f.lad_code, f.component_code, f.resolved_id, f.group_id, f.level FROM followup_lines AS f
)
SELECT
    l.measure,
    l.reported_on AS dated_on,
    l.lad_code,
    l.component_code AS component,
    l.resolved_id AS business_id,
    l.group_id,
    l.level AS numerator,
    CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM lines AS l
WHERE l.level IS NOT NULL
    AND l.reported_on >= CAST($programme_start AS DATE)
    AND l.reported_on <= CAST($period_end AS DATE)
ORDER BY measure, component, dated_on, business_id
