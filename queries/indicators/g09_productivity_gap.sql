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
WITH
-- Both ways of telling the gap stand on the hour worked.
gaps AS (
    SELECT
        'points' AS measure, i.year, i.area_code, CAST(100 AS DECIMAL(28, 12)) - i.uk_index AS gap, i.status, i.vintage
    FROM area_index AS i
    WHERE i.basis = 'per_hour' AND i.uk_value IS NOT NULL
    UNION ALL
    SELECT 'gbp_per_hour' AS measure, i.year, i.area_code, i.uk_value - i.value AS gap, i.status, i.vintage
    FROM area_index AS i
    WHERE i.basis = 'per_hour' AND i.uk_value IS NOT NULL
)
SELECT
    g.measure,
    g.year,
    g.area_code,
    CAST(g.gap AS DECIMAL(38, 12)) AS value,
    g.status,
    g.vintage,
    'ONS' AS source
FROM gaps AS g
ORDER BY g.measure, g.area_code, g.year
