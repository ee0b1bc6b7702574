/*---
id = "G09"
title.en = "Productivity gap to UK"
title.cy = "Bwlch cynhyrchiant â'r DU"
short.en = "Gap to UK"
short.cy = "Bwlch â'r DU"
formula.en = "100 less the index of GVA per hour, in points; and the UK's GVA per hour less that of the area, in pounds."
formula.cy = "100 llai mynegai GYG fesul awr, mewn pwyntiau; a GYG fesul awr y DU llai un yr ardal, mewn punnoedd."
source.en = "Office for National Statistics: regional gross value added (balanced), subregional productivity. Contains public sector information licensed under the Open Government Licence v3.0."
source.cy = "Y Swyddfa Ystadegau Gwladol: gwerth ychwanegol gros rhanbarthol (cytbwys), cynhyrchiant isranbarthol. Yn cynnwys gwybodaeth y sector cyhoeddus a drwyddedwyd o dan Drwydded Llywodraeth Agored f3.0."
actions = [4]
direction = "down"
dated_by = "ref_gva_productivity.year"
area_key = "statistical_areas.area_code"
population = "Published regional accounts, current prices, unsmoothed; the UK without extra-regio"
dimensions = []
by_authority = false
disclosure_unit = "none"
chart = "line"
tags = ["action4", "context"]
depends_on = ["G06"]

[[measures]]
id = "points"
kind = "reference"
unit = "points"
decimals = 1
title.en = "Points"
title.cy = "Pwyntiau"

[[measures]]
id = "gbp_per_hour"
kind = "reference"
unit = "gbp_per_hour"
decimals = 2
title.en = "Pounds per hour"
title.cy = "Punnoedd fesul awr"
---*/
SELECT
    'points' AS measure,
    p.year,
    p.area_code,
    CAST(CAST(100 AS DECIMAL(10, 0)) - CAST(CAST(100 AS DECIMAL(10, 0)) * CAST(p.gva_per_hour AS DECIMAL(24, 12)) / CAST(NULLIF(p.uk_gva_per_hour, 0) AS DECIMAL(18, 12)) AS DECIMAL(28, 12)) AS DECIMAL(38, 12)) AS value,
    p.status,
    p.vintage,
    'ONS' AS source
FROM area_productivity AS p
WHERE p.gva_per_hour IS NOT NULL AND p.uk_gva_per_hour IS NOT NULL
UNION ALL
SELECT
    'gbp_per_hour' AS measure,
    p.year,
    p.area_code,
    CAST(p.uk_gva_per_hour - p.gva_per_hour AS DECIMAL(38, 12)) AS value,
    p.status,
    p.vintage,
    'ONS' AS source
FROM area_productivity AS p
WHERE p.gva_per_hour IS NOT NULL AND p.uk_gva_per_hour IS NOT NULL
ORDER BY measure, area_code, year
