/*---
id = "D03"
title.en = "Unit cost of a diagnostic"
title.cy = "Cost fesul asesiad diagnostig"
short.en = "Unit cost"
short.cy = "Cost fesul asesiad"
formula.en = "Fees of all reported diagnostics in euros including VAT, over the SMEs of D01. Fees in pounds are converted at the monthly rate of the report. To be compared with the plan's EUR 1,400."
formula.cy = "Ffioedd yr holl asesiadau diagnostig yr adroddwyd arnynt, mewn ewros gan gynnwys TAW, dros BBaChau D01. Caiff ffioedd mewn punnoedd eu trosi ar gyfradd fisol yr adroddiad. I'w gymharu ag EUR 1,400 y cynllun."
source.en = "Diagnostics delivered by three contractors; monthly exchange rates of the European Commission."
source.cy = "Asesiadau diagnostig a gyflawnwyd gan dri chontractwr; cyfraddau cyfnewid misol y Comisiwn Ewropeaidd."
actions = [1]
direction = "down"
dated_by = "diagnostics.reported_on"
area_key = "diagnostics.site_lad_code"
population = "Fees of reported diagnostics of any wave and firm size, shared among the SMEs of D01"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "line"
tags = ["action1", "on-request"]
depends_on = ["D01", "D02"]

[[measures]]
id = "value"
kind = "ratio"
unit = "eur"
decimals = 0
title.en = "EUR an SME, including VAT"
title.cy = "EUR fesul BBaCh, gan gynnwys TAW"
---*/
WITH
-- What was spent, also on large firms and follow-ups, since it was paid for out of the same budget.
spent AS (
    SELECT c.reported_on, c.lad_code, c.resolved_id, c.group_id, c.fee_eur AS numerator, CAST(0 AS DECIMAL(38, 4)) AS denominator
    FROM diagnostic_fees AS c
    WHERE c.fee_eur IS NOT NULL
),
-- Whom it reached: the SMEs of D01.
reached AS (
    SELECT d.reported_on, d.lad_code, d.resolved_id, d.group_id, CAST(0 AS DECIMAL(38, 4)) AS numerator, CAST(1 AS DECIMAL(38, 4)) AS denominator
    FROM first_diagnostics AS d
    WHERE d.sme_class <> 'LARGE'
),
both_sides AS (
    SELECT s.reported_on, s.lad_code, s.resolved_id, s.group_id, s.numerator, s.denominator FROM spent AS s
    UNION ALL
    SELECT r.reported_on, r.lad_code, r.resolved_id, r.group_id, r.numerator, r.denominator FROM reached AS r
)
SELECT
    'value' AS measure,
    b.reported_on AS dated_on,
    b.lad_code,
    b.resolved_id AS business_id,
    b.group_id,
    b.numerator,
    b.denominator
FROM both_sides AS b
WHERE b.reported_on >= CAST($programme_start AS DATE)
    AND b.reported_on <= CAST($period_end AS DATE)
ORDER BY dated_on, business_id, denominator
