/*---
id = "D01"
title.en = "SMEs that received a diagnostic"
title.cy = "Nifer y BBaChau sydd wedi cael asesiad diagnostig Diwydiant 4.0"
short.en = "SMEs diagnosed"
short.cy = "BBaChau a aseswyd"
formula.en = "Enterprises, each counted once, whose first diagnostic was reported in the period and that are not large."
formula.cy = "Mentrau, pob un wedi'i chyfrif unwaith, yr adroddwyd ar eu hasesiad diagnostig cyntaf yn y cyfnod ac nad ydynt yn fawr."
source.en = "Diagnostics delivered by three contractors; business register of the programme."
source.cy = "Asesiadau diagnostig a gyflawnwyd gan dri chontractwr; cofrestr fusnes y rhaglen."
actions = [1, 2]
direction = "up"
dated_by = "diagnostics.reported_on"
area_key = "diagnostics.site_lad_code"
population = "Enterprises in Wales with a reported wave 0 diagnostic and sme_class other than LARGE, successors followed"
dimensions = [{ name = "supply_tier", additive = true }, { name = "anchor_class", additive = true }]
breakdowns = "one_way"
by_authority = true
disclosure_unit = "enterprise_group"
chart = "line"
tags = ["action1", "action2", "headline"]
depends_on = []

[[measures]]
id = "value"
kind = "count"
unit = "smes"
decimals = 0
title.en = "SMEs"
title.cy = "BBaChau"
---*/
WITH
-- First diagnostics of firms that are small or medium-sized, from the start of the programme to the end of the period.
counted AS (
    SELECT d.reported_on, d.lad_code, d.supply_tier, d.anchor_class, d.resolved_id, d.group_id
    FROM first_diagnostics AS d
    WHERE d.sme_class <> 'LARGE'
        AND d.reported_on >= CAST($programme_start AS DATE)
        AND d.reported_on <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure,
    c.reported_on AS dated_on,
    c.lad_code,
    c.supply_tier,
    c.anchor_class,
    c.resolved_id AS business_id,
    c.group_id,
    CAST(1 AS DECIMAL(38, 4)) AS numerator,
    CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM counted AS c
ORDER BY dated_on, business_id
