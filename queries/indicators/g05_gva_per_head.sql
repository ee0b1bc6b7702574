/*---
id = "G05"
title.en = "GVA per head"
title.cy = "GYG y pen"
short.en = "GVA per head"
short.cy = "GYG y pen"
formula.en = "Gross value added over resident population, sums over the members of the area; as an index against the UK of the same year and vintage. Not a measure of productivity: people commute."
formula.cy = "Gwerth ychwanegol gros dros y boblogaeth breswyl, symiau dros aelodau'r ardal; fel mynegai yn erbyn y DU o'r un flwyddyn a'r un fersiwn. Nid yw'n mesur cynhyrchiant: mae pobl yn cymudo."
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

[[measures]]
id = "uk_index"
kind = "reference"
unit = "index_uk100"
decimals = 1
title.en = "UK = 100"
title.cy = "y DU = 100"
---*/
WITH
heads AS (
    SELECT
        a.area_code, a.year, a.vintage, a.status,
        CAST(CAST(a.gva_gbp AS DECIMAL(38, 12)) / CAST(NULLIF(a.population, 0) AS DECIMAL(24, 4)) AS DECIMAL(28, 12)) AS per_head
    FROM area_accounts AS a
    WHERE a.population IS NOT NULL
)
SELECT
    'value' AS measure,
    h.year,
    h.area_code,
    CAST(h.per_head AS DECIMAL(38, 12)) AS value,
    h.status,
    h.vintage,
    'ONS' AS source
FROM heads AS h
UNION ALL
-- Beside the UK of the same year and vintage.
SELECT
    'uk_index' AS measure,
    h.year,
    h.area_code,
    CAST(CAST(100 AS DECIMAL(4, 0)) * h.per_head / NULLIF(u.per_head, CAST(0 AS DECIMAL(2, 0))) AS DECIMAL(38, 12)) AS value,
    h.status,
    h.vintage,
    'ONS' AS source
FROM heads AS h
INNER JOIN heads AS u ON u.area_code = 'UK' AND u.year = h.year AND u.vintage = h.vintage
ORDER BY measure DESC, area_code, year
