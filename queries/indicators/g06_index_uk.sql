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
SELECT
    i.basis AS measure,
    i.year,
    i.area_code,
    CAST(i.uk_index AS DECIMAL(38, 12)) AS value,
    i.status,
    i.vintage,
    'ONS' AS source
FROM area_index AS i
WHERE i.uk_value IS NOT NULL
ORDER BY measure, i.area_code, i.year
