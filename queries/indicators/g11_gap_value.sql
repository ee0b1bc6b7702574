/*---
id = "G11"
title.en = "Value of the hourly gap"
title.cy = "Gwerth y bwlch fesul awr"
short.en = "Gap value"
short.cy = "Gwerth y bwlch"
formula.en = "GVA per hour of the UK less that of the area, times the hours worked in the area."
formula.cy = "GYG fesul awr y DU llai un yr ardal, wedi'i luosi â'r oriau a weithiwyd yn yr ardal."
source.en = "Office for National Statistics: regional gross value added (balanced), subregional productivity. Contains public sector information licensed under the Open Government Licence v3.0."
source.cy = "Y Swyddfa Ystadegau Gwladol: gwerth ychwanegol gros rhanbarthol (cytbwys), cynhyrchiant isranbarthol. Yn cynnwys gwybodaeth y sector cyhoeddus a drwyddedwyd o dan Drwydded Llywodraeth Agored f3.0."
actions = [4]
direction = "down"
dated_by = "ref_gva_productivity.year"
area_key = "statistical_areas.area_code"
population = "Published regional accounts, current prices, unsmoothed; the UK without extra-regio; area and UK of the same vintage"
dimensions = []
by_authority = false
disclosure_unit = "none"
chart = "line"
tags = ["action4", "context", "on-request"]
depends_on = ["G03", "G09"]

[[measures]]
id = "value"
kind = "reference"
unit = "gbp_million"
decimals = 0
title.en = "£ million a year"
title.cy = "£ miliwn y flwyddyn"
---*/
WITH
-- What an hour brings in the UK and in the area.
hourly AS (
    SELECT
        g.area_code, g.year, g.vintage, g.status, g.hours_a_year,
        CAST(CAST(g.uk_gva_gbp AS DECIMAL(38, 12)) / CAST(NULLIF(g.uk_hours_a_year, 0) AS DECIMAL(24, 4)) AS DECIMAL(18, 12)) AS uk_per_hour,
        CAST(CAST(g.gva_gbp AS DECIMAL(38, 12)) / CAST(NULLIF(g.hours_a_year, 0) AS DECIMAL(24, 4)) AS DECIMAL(18, 12)) AS per_hour
    FROM area_gaps AS g
)
SELECT
    'value' AS measure,
    h.year,
    h.area_code,
    CAST((h.uk_per_hour - h.per_hour) * CAST(h.hours_a_year AS DECIMAL(18, 4)) / CAST(1000000 AS DECIMAL(10, 0)) AS DECIMAL(38, 12)) AS value,
    h.status,
    h.vintage,
    'ONS' AS source
FROM hourly AS h
WHERE h.uk_per_hour IS NOT NULL AND h.per_hour IS NOT NULL
ORDER BY h.area_code, h.year
