/*---
id = "G08"
title.en = "Compound annual growth, real"
title.cy = "Cyfradd twf blynyddol gyfansawdd, mewn termau real"
short.en = "Real growth"
short.cy = "Twf real"
formula.en = "Real GVA of the year over that of the first year of the series, to the power of one over the years between, less one. Not defined from a first value of zero or less; it does not depend on the base of the deflator."
formula.cy = "GYG real y flwyddyn dros un blwyddyn gyntaf y gyfres, i'r pŵer un dros nifer y blynyddoedd rhyngddynt, llai un. Nid yw wedi'i ddiffinio o werth cyntaf sy'n sero neu'n llai; nid yw'n dibynnu ar sylfaen y datchwyddydd."
source.en = "Office for National Statistics: regional gross value added (balanced). HM Treasury: GDP deflators. Contains public sector information licensed under the Open Government Licence v3.0."
source.cy = "Y Swyddfa Ystadegau Gwladol: gwerth ychwanegol gros rhanbarthol (cytbwys). Trysorlys EF: datchwyddwyr CMC. Yn cynnwys gwybodaeth y sector cyhoeddus a drwyddedwyd o dan Drwydded Llywodraeth Agored f3.0."
actions = [4]
direction = "up"
dated_by = "ref_gva_productivity.year"
area_key = "statistical_areas.area_code"
population = "Published regional accounts, current prices, unsmoothed; the UK without extra-regio; both years of one vintage"
dimensions = []
by_authority = false
disclosure_unit = "none"
chart = "line"
tags = ["action4", "context", "on-request"]
depends_on = ["G07"]
parameters = ["ref_deflators"]

[[measures]]
id = "value"
kind = "reference"
unit = "per_cent_a_year"
decimals = 1
title.en = "Per cent a year since the first year"
title.cy = "Y cant y flwyddyn ers y flwyddyn gyntaf"

[[measures]]
id = "annual"
kind = "reference"
unit = "per_cent_a_year"
decimals = 1
title.en = "Per cent on the year before"
title.cy = "Y cant ar y flwyddyn flaenorol"
---*/
WITH
-- The first year of each series.
firsts AS (
    SELECT a.area_code, MIN(a.year) AS year
    FROM area_real_gva AS a
    GROUP BY a.area_code
),
pairs AS (
    SELECT 'value' AS measure, a.area_code, a.year, a.real_gbp, b.real_gbp AS real_before, a.year - b.year AS years, a.status, a.vintage, b.vintage AS vintage_before
    FROM area_real_gva AS a
    INNER JOIN firsts AS f ON f.area_code = a.area_code
    INNER JOIN area_real_gva AS b ON b.area_code = f.area_code AND b.year = f.year
    WHERE a.year > b.year
    UNION ALL
    SELECT 'annual' AS measure, a.area_code, a.year, a.real_gbp, b.real_gbp AS real_before, a.year - b.year AS years, a.status, a.vintage, b.vintage AS vintage_before
    FROM area_real_gva AS a
    INNER JOIN area_real_gva AS b ON b.area_code = a.area_code AND b.year = a.year - 1
)
SELECT
    p.measure,
    p.year,
    p.area_code,
    CAST(CAST(100 AS DECIMAL(4, 0)) * CAST(cagr(p.real_before, p.real_gbp, p.years) AS DECIMAL(24, 12)) AS DECIMAL(38, 9)) AS value,
    p.status,
    one_vintage(p.vintage, p.vintage_before) AS vintage,
    'ONS, HMT' AS source
FROM pairs AS p
ORDER BY p.measure, p.area_code, p.year
