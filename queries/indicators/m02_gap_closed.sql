/*---
id = "M02"
title.en = "Share of blue-to-red gap closed"
title.cy = "Cyfran y bwlch (y llinell las i'r llinell goch) sydd wedi'i chau"
short.en = "Gap closed"
short.cy = "Y bwlch a gaewyd"
formula.en = "Sum of the rises from the first diagnostic to the first follow-up over the sum of the gaps to the target set at the first diagnostic, each firm and component with weight 1. It may be negative or above 100%."
formula.cy = "Swm y codiadau o'r asesiad diagnostig cyntaf i'r asesiad dilynol cyntaf dros swm y bylchau i'r targed a bennwyd yn yr asesiad diagnostig cyntaf, gyda phwysau 1 i bob cwmni a chydran. Gall fod yn negatif neu'n uwch na 100%."
source.en = "Component scores of the diagnostics."
source.cy = "Sgorau cydrannau'r asesiadau diagnostig."
actions = [2]
direction = "up"
dated_by = "diagnostics.reported_on of the first follow-up"
area_key = "diagnostics.site_lad_code of the first follow-up"
population = "Firms and components with a gap at wave 0, that apply at wave 0 and wave 1, scored by the same method family"
dimensions = [{ name = "component", additive = true }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action2", "headline"]
depends_on = ["M01"]

[[measures]]
id = "value"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Share of gap closed"
title.cy = "Cyfran y bwlch a gaewyd"

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
-- Firms and components that had a way to go; those already at target say nothing about closing a gap.
gaps AS (
    SELECT
        p.reported_on,
        p.lad_code,
        p.component_code,
        p.resolved_id,
        p.group_id,
        p.level_after - p.level_before AS closed,
        p.first_target - p.level_before AS gap
    FROM paired_levels AS p
    WHERE p.wave = 1
        AND p.first_target > p.level_before
        AND p.reported_on >= CAST($programme_start AS DATE)
        AND p.reported_on <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure,
    g.reported_on AS dated_on,
    g.lad_code,
    g.component_code AS component,
    g.resolved_id AS business_id,
    g.group_id,
    CAST(g.closed AS DECIMAL(38, 4)) AS numerator,
    CAST(g.gap AS DECIMAL(38, 4)) AS denominator
FROM gaps AS g
UNION ALL
SELECT
    'pairs' AS measure,
    g.reported_on AS dated_on,
    g.lad_code,
    g.component_code AS component,
    g.resolved_id AS business_id,
    g.group_id,
    CAST(1 AS DECIMAL(38, 4)) AS numerator,
    CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM gaps AS g
ORDER BY measure, component, dated_on, business_id
