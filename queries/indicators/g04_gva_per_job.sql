/*---
id = "G04"
title.en = "GVA per filled job"
title.cy = "GYG fesul swydd wedi'i llenwi"
short.en = "GVA per job"
short.cy = "GYG fesul swydd"
formula.en = "GVA at current prices over productivity jobs, both of matching vintages. Areas are sums over sums."
formula.cy = "GYG ar brisiau cyfredol dros swyddi cynhyrchiant, o'r un genhedlaeth o ddata. Mae ardaloedd yn symiau dros symiau."
source.en = "Office for National Statistics: regional gross value added (balanced), subregional productivity. Contains public sector information licensed under the Open Government Licence v3.0."
source.cy = "Y Swyddfa Ystadegau Gwladol: gwerth ychwanegol gros rhanbarthol (cytbwys), cynhyrchiant isranbarthol. Yn cynnwys gwybodaeth y sector cyhoeddus a drwyddedwyd o dan Drwydded Llywodraeth Agored f3.0."
actions = [1, 4]
direction = "up"
dated_by = "ref_gva_productivity.year"
area_key = "statistical_areas.area_code"
population = "Published regional accounts, current prices, unsmoothed; the UK without extra-regio"
dimensions = []
by_authority = false
disclosure_unit = "none"
chart = "line"
tags = ["action4", "context"]
depends_on = []

[[measures]]
id = "value"
kind = "reference"
unit = "gbp_per_job"
decimals = 0
title.en = "Pounds per filled job"
title.cy = "Punnoedd fesul swydd wedi'i llenwi"
---*/
SELECT
    'value' AS measure,
    i.year,
    i.area_code,
    i.value,
    i.status,
    i.vintage,
    'ONS' AS source
FROM area_index AS i
WHERE i.basis = 'per_job'
ORDER BY i.area_code, i.year
