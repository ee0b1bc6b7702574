/*---
id = "O09"
title.en = "R&D intensity"
title.cy = "Dwysedd ymchwil a datblygu"
short.en = "R&D intensity"
short.cy = "Dwysedd Y&D"
formula.en = "Spend on research and development over turnover, both as told at the visit. Orona spends 2% of its sales: a benchmark, not a target."
formula.cy = "Gwariant ar ymchwil a datblygu dros drosiant, y ddau fel y'u nodwyd yn yr ymweliad. Mae Orona yn gwario 2% o'i gwerthiannau: meincnod, nid targed."
source.en = "Diagnostics delivered by three contractors."
source.cy = "Asesiadau diagnostig a gyflawnwyd gan dri chontractwr."
actions = [4]
direction = "up"
dated_by = "diagnostics.reported_on"
area_key = "diagnostics.site_lad_code"
population = "Reported diagnostics with spend and turnover known, one a firm and wave; who declared to do no research spends nothing"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action4", "on-request"]
depends_on = ["M01"]
parameters = ["targets_budgets"]

[[measures]]
id = "first"
kind = "ratio"
unit = "per_cent"
decimals = 2
title.en = "All firms at the first diagnostic"
title.cy = "Yr holl gwmnïau yn yr asesiad diagnostig cyntaf"

[[measures]]
id = "followup"
kind = "ratio"
unit = "per_cent"
decimals = 2
title.en = "Re-assessed firms at the first follow-up"
title.cy = "Cwmnïau a ailaseswyd yn yr asesiad dilynol cyntaf"

[[measures]]
id = "followup_before"
kind = "ratio"
unit = "per_cent"
decimals = 2
title.en = "The same firms at the first diagnostic"
title.cy = "Yr un cwmnïau yn yr asesiad diagnostig cyntaf"
---*/
WITH
-- Visits where both sides are known.
visits AS (
    SELECT v.resolved_id, v.group_id, v.wave, v.reported_on, v.lad_code, v.rd_gbp AS part, v.turnover_gbp AS base
    FROM visit_figures AS v
    WHERE v.rd_gbp IS NOT NULL AND v.turnover_gbp IS NOT NULL
),
-- All firms at the start; and the re-assessed ones then and now, the only fair comparison.
lines AS (
    SELECT 'first' AS measure, v.reported_on, v.lad_code, v.resolved_id, v.group_id, v.part, v.base
    FROM visits AS v
    WHERE v.wave = 0
    UNION ALL
    SELECT 'followup' AS measure, a.reported_on, a.lad_code, a.resolved_id, a.group_id, a.part, a.base
    FROM visits AS a
    INNER JOIN visits AS b ON b.resolved_id = a.resolved_id AND b.wave = 0
    WHERE a.wave = 1
    UNION ALL
    SELECT 'followup_before' AS measure, a.reported_on, a.lad_code, a.resolved_id, a.group_id, b.part, b.base
    FROM visits AS a
    INNER JOIN visits AS b ON b.resolved_id = a.resolved_id AND b.wave = 0
    WHERE a.wave = 1
)
SELECT
    l.measure,
    l.reported_on AS dated_on,
    l.lad_code,
    l.resolved_id AS business_id,
    l.group_id,
    l.part AS numerator,
    l.base AS denominator
FROM lines AS l
WHERE l.reported_on >= CAST($programme_start AS DATE)
    AND l.reported_on <= CAST($period_end AS DATE)
ORDER BY measure, dated_on, business_id
