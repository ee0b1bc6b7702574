/*---
id = "G05"
title.en = "GVA per head"
title.cy = "GYG y pen"
short.en = "GVA per head"
short.cy = "GYG y pen"
formula.en = "Gross value added over resident population, sums over the members of the area. Not a measure of productivity: people commute."
formula.cy = "Gwerth ychwanegol gros dros y boblogaeth breswyl, symiau dros aelodau'r ardal. Nid yw'n mesur cynhyrchiant: mae pobl yn cymudo."
source.en = "Office for National Statistics: regional gross value added (balanced), subregional productivity. Contains public sector information licensed under the Open Government Licence v3.0."
source.cy = "Y Swyddfa Ystadegau Gwladol: gwerth ychwanegol gros rhanbarthol (cytbwys), cynhyrchiant isranbarthol. Yn cynnwys gwybodaeth y sector cyhoeddus a drwyddedwyd o dan Drwydded Llywodraeth Agored f3.0."
actions = [4]
direction = "context"
dated_by = "ref_gva_productivity.year"
area_key = "statistical_areas.area_code"
population = "Published regional accounts, current prices, unsmoothed; the UK without extra-regio"
dimensions = []
by_authority = false
disclosure_unit = "none"
chart = "line"
tags = ["action4", "context", "on-request"]
depends_on = []

[[measures]]
id = "value"
kind = "reference"
unit = "gbp_per_person"
decimals = 0
title.en = "Pounds a person"
title.cy = "Punnoedd fesul person"
---*/
SELECT
    'value' AS measure,
    a.year,
    a.area_code,
    CAST(CAST(a.gva_gbp AS DECIMAL(38, 12)) / CAST(NULLIF(a.population, 0) AS DECIMAL(24, 4)) AS DECIMAL(38, 12)) AS value,
    a.status,
    a.vintage,
    'ONS' AS source
FROM area_accounts AS a
WHERE a.population IS NOT NULL
ORDER BY a.area_code, a.year
