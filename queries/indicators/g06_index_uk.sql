/*---
id = "G06"
title.en = "Productivity index (UK = 100)"
title.cy = "Mynegai cynhyrchiant (y DU = 100)"
short.en = "Index, UK = 100"
short.cy = "Mynegai, y DU = 100"
formula.en = "GVA per hour, and per filled job, of the area over that of the UK in the same year and vintage, times 100."
formula.cy = "GYG fesul awr, a fesul swydd wedi'i llenwi, yr ardal dros werth y DU yn yr un flwyddyn a'r un genhedlaeth o ddata, wedi'i luosi â 100."
source.en = "Office for National Statistics: regional gross value added (balanced), subregional productivity. Contains public sector information licensed under the Open Government Licence v3.0."
source.cy = "Y Swyddfa Ystadegau Gwladol: gwerth ychwanegol gros rhanbarthol (cytbwys), cynhyrchiant isranbarthol. Yn cynnwys gwybodaeth y sector cyhoeddus a drwyddedwyd o dan Drwydded Llywodraeth Agored f3.0."
actions = [4]
direction = "up"
dated_by = "ref_gva_productivity.year"
area_key = "statistical_areas.area_code"
population = "Published regional accounts, current prices, unsmoothed; the UK without extra-regio"
dimensions = []
by_authority = false
disclosure_unit = "none"
chart = "line"
tags = ["action4", "context"]
depends_on = ["G03", "G04"]

[[measures]]
id = "per_hour"
kind = "reference"
unit = "index_uk100"
decimals = 1
title.en = "GVA per hour, UK = 100"
title.cy = "GYG fesul awr, y DU = 100"

[[measures]]
id = "per_job"
kind = "reference"
unit = "index_uk100"
decimals = 1
title.en = "GVA per filled job, UK = 100"
title.cy = "GYG fesul swydd wedi'i llenwi, y DU = 100"
---*/
-- The UK divided by itself is exactly 100.
SELECT
    'per_hour' AS measure,
    p.year,
    p.area_code,
    CAST(CAST(100 AS DECIMAL(10, 0)) * CAST(p.gva_per_hour AS DECIMAL(24, 12)) / CAST(NULLIF(p.uk_gva_per_hour, 0) AS DECIMAL(18, 12)) AS DECIMAL(38, 12)) AS value,
    p.status,
    p.vintage,
    'ONS' AS source
FROM area_productivity AS p
WHERE p.gva_per_hour IS NOT NULL AND p.uk_gva_per_hour IS NOT NULL
UNION ALL
SELECT
    'per_job' AS measure,
    p.year,
    p.area_code,
    CAST(CAST(100 AS DECIMAL(10, 0)) * CAST(p.gva_per_job AS DECIMAL(24, 12)) / CAST(NULLIF(p.uk_gva_per_job, 0) AS DECIMAL(18, 12)) AS DECIMAL(38, 12)) AS value,
    p.status,
    p.vintage,
    'ONS' AS source
FROM area_productivity AS p
WHERE p.gva_per_job IS NOT NULL AND p.uk_gva_per_job IS NOT NULL
ORDER BY measure, area_code, year
