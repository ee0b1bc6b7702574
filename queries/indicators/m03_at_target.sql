/*---
id = "M03"
title.en = "At or above target"
title.cy = "Cyfran sydd wedi cyrraedd y lefel darged"
short.en = "At target"
short.cy = "Wedi cyrraedd y targed"
formula.en = "Re-assessed firms whose level at the first follow-up is at or above the target set at the first diagnostic, over all re-assessed firms, by component."
formula.cy = "Cwmnïau a ailaseswyd y mae eu lefel yn yr asesiad dilynol cyntaf ar y targed a bennwyd yn yr asesiad diagnostig cyntaf neu'n uwch, dros yr holl gwmnïau a ailaseswyd, yn ôl cydran."
source.en = "Component scores of the diagnostics."
source.cy = "Sgorau cydrannau'r asesiadau diagnostig."
actions = [2]
direction = "up"
dated_by = "diagnostics.reported_on of the first follow-up"
area_key = "diagnostics.site_lad_code of the first follow-up"
population = "Firms and components that apply at wave 0 and wave 1, scored by the same method family, with a target at wave 0"
dimensions = [{ name = "component", additive = true }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action2", "on-request"]
depends_on = ["M02"]

[[measures]]
id = "value"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Share at or above target"
title.cy = "Cyfran ar y targed neu'n uwch"

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
-- First follow-ups against the red line of the start.
compared AS (
    SELECT
        p.reported_on, p.lad_code, p.component_code, p.resolved_id, p.group_id,
        CASE WHEN p.level_after >= p.first_target THEN 1 ELSE 0 END AS reached
    FROM paired_levels AS p
    WHERE p.wave = 1
        AND p.first_target IS NOT NULL
        AND p.reported_on >= CAST($programme_start AS DATE)
        AND p.reported_on <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure, c.reported_on AS dated_on, c.lad_code, c.component_code AS component, c.resolved_id AS business_id,
    c.group_id, CAST(c.reached AS DECIMAL(38, 4)) AS numerator, CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM compared AS c
UNION ALL
SELECT
    'pairs' AS measure, c.reported_on AS dated_on, c.lad_code, c.component_code AS component, c.resolved_id AS business_id,
    c.group_id, CAST(1 AS DECIMAL(38, 4)) AS numerator, CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM compared AS c
ORDER BY measure, component, dated_on, business_id
