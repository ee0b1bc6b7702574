/*---
id = "O08"
title.en = "R&D spend growth in supported firms"
title.cy = "Twf gwariant ymchwil a datblygu mewn cwmnïau a gefnogwyd"
short.en = "R&D growth"
short.cy = "Twf Y&D"
formula.en = "Annual rate at which the real R&D spend of the matched firms grew from the last accounting year before their project to the first full one that began at least twelve months after its start. Firms that spent nothing before and something after are counted apart as newly active."
formula.cy = "Y gyfradd flynyddol y tyfodd gwariant real y cwmnïau a barwyd ar ymchwil a datblygu o'r flwyddyn gyfrifyddu olaf cyn eu prosiect i'r un lawn gyntaf a ddechreuodd o leiaf ddeuddeng mis ar ôl iddo ddechrau. Cyfrifir ar wahân, fel rhai newydd weithredol, y cwmnïau na wariodd ddim cynt ac a wariodd rywbeth wedyn."
source.en = "Company accounts of firms that agreed to be linked; diagnostics and vouchers of the programme; HM Treasury: GDP deflators."
source.cy = "Cyfrifon cwmnïau a gytunodd i gael eu cysylltu; asesiadau diagnostig a thalebau'r rhaglen; Trysorlys EF: datchwyddwyr CMC."
actions = [1, 4]
direction = "up"
dated_by = "company_accounts.period_end of the year after"
area_key = "businesses.lad_code"
population = "Supported firms with R&D known in both years, above nothing in the first"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "table"
tags = ["action1", "action4", "on-request"]
depends_on = ["O09", "Q02"]
times = "to_date"
parameters = ["ref_deflators"]

[[measures]]
id = "value"
kind = "growth"
unit = "per_cent_a_year"
decimals = 1
title.en = "Per cent a year"
title.cy = "Y cant y flwyddyn"

[[measures]]
id = "newly_active"
kind = "count"
unit = "enterprises"
decimals = 0
title.en = "Newly R&D active"
title.cy = "Newydd weithredol mewn Y&D"
---*/
WITH
-- Matched firms whose spend is known before and after.
matched AS (
    SELECT b.after_end, b.lad_code, b.resolved_id, b.group_id, b.rd_before, b.rd_after, b.years, b.status
    FROM before_after AS b
    WHERE b.rd_before IS NOT NULL AND b.rd_after IS NOT NULL
        AND b.after_end >= CAST($programme_start AS DATE)
        AND b.after_end <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure, m.after_end AS dated_on, m.lad_code, m.resolved_id AS business_id, m.group_id,
    CAST(m.rd_after AS DECIMAL(38, 6)) AS numerator, CAST(m.rd_before AS DECIMAL(38, 6)) AS denominator, m.years, m.status
FROM matched AS m
WHERE m.rd_before > 0
UNION ALL
SELECT
    'newly_active' AS measure, m.after_end AS dated_on, m.lad_code, m.resolved_id AS business_id, m.group_id,
    CAST(1 AS DECIMAL(38, 6)) AS numerator, CAST(NULL AS DECIMAL(38, 6)) AS denominator, CAST(NULL AS DECIMAL(12, 6)) AS years, CAST(NULL AS TEXT) AS status
FROM matched AS m
WHERE m.rd_before = 0 AND m.rd_after > 0
ORDER BY measure, dated_on, business_id
