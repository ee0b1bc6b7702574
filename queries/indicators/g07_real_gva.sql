/*---
id = "G07"
title.en = "Real GVA (GDP deflator)"
title.cy = "GYG mewn termau real"
short.en = "Real GVA"
short.cy = "GYG real"
formula.en = "Gross value added in current prices times the deflator of the base period over that of the year. An index put together from financial years makes the figure an estimate."
formula.cy = "Gwerth ychwanegol gros mewn prisiau cyfredol wedi'i luosi â datchwyddydd y cyfnod sylfaen dros un y flwyddyn. Mae mynegai a luniwyd o flynyddoedd ariannol yn gwneud y ffigur yn amcangyfrif."
source.en = "Office for National Statistics: regional gross value added (balanced). HM Treasury: GDP deflators. Contains public sector information licensed under the Open Government Licence v3.0."
source.cy = "Y Swyddfa Ystadegau Gwladol: gwerth ychwanegol gros rhanbarthol (cytbwys). Trysorlys EF: datchwyddwyr CMC. Yn cynnwys gwybodaeth y sector cyhoeddus a drwyddedwyd o dan Drwydded Llywodraeth Agored f3.0."
actions = [4]
direction = "up"
dated_by = "ref_gva_productivity.year"
area_key = "statistical_areas.area_code"
population = "Published regional accounts, current prices, unsmoothed; the UK without extra-regio; there are no regional price levels, so areas must not be compared in real levels"
dimensions = []
by_authority = false
disclosure_unit = "none"
chart = "line"
tags = ["action4", "context", "on-request"]
depends_on = []
parameters = ["ref_deflators"]

[[measures]]
id = "value"
kind = "reference"
unit = "gbp_million"
decimals = 0
title.en = "£ million in base-period prices"
title.cy = "£ miliwn ym mhrisiau'r cyfnod sylfaen"
---*/
SELECT
    'value' AS measure,
    a.year,
    a.area_code,
    CAST(CAST(a.real_gbp AS DECIMAL(26, 6)) * CAST(0.000001 AS DECIMAL(7, 6)) AS DECIMAL(38, 12)) AS value,
    a.status,
    a.vintage,
    'ONS, HMT' AS source
FROM area_real_gva AS a
ORDER BY a.area_code, a.year
