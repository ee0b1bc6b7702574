/*---
id = "G13"
title.en = "Location quotient"
title.cy = "Cyniferydd lleoliad"
short.en = "Location quotient"
short.cy = "Cyniferydd lleoliad"
formula.en = "The industry's share of the area's jobs over its share of the nation's. Below the least number of jobs of the setting it is not reliable; from a withheld figure it is withheld."
formula.cy = "Cyfran y diwydiant o swyddi'r ardal dros ei gyfran o swyddi'r genedl. O dan leiafswm swyddi'r gosodiad nid yw'n ddibynadwy; o ffigur a ddaliwyd yn ôl fe'i delir yn ôl."
source.en = "Office for National Statistics: jobs by industry. Contains public sector information licensed under the Open Government Licence v3.0."
source.cy = "Y Swyddfa Ystadegau Gwladol: swyddi yn ôl diwydiant. Yn cynnwys gwybodaeth y sector cyhoeddus a drwyddedwyd o dan Drwydded Llywodraeth Agored f3.0."
actions = [4]
direction = "context"
dated_by = "ref_industry.year"
area_key = "statistical_areas.area_code"
population = "Jobs by section and division of SIC 2007; the UK as the nation; one vintage"
dimensions = [{ name = "industry", additive = false }]
by_authority = false
disclosure_unit = "none"
chart = "bar"
tags = ["action4", "context", "on-request"]
depends_on = []
parameters = ["lq_minimum_jobs"]

[[measures]]
id = "value"
kind = "reference"
unit = "ratio"
decimals = 2
title.en = "Quotient"
title.cy = "Cyniferydd"
---*/
WITH
limits AS (
    SELECT s.value AS minimum_jobs FROM settings_parameters AS s WHERE s.name = 'lq_minimum_jobs'
)
SELECT
    'value' AS measure,
    q.year,
    q.area_code,
    q.industry,
    CASE WHEN q.withheld = 0 AND q.jobs >= l.minimum_jobs THEN CAST(q.quotient AS DECIMAL(38, 12)) END AS value,
    CASE WHEN q.withheld = 1 THEN 'C' WHEN q.jobs < l.minimum_jobs THEN 'U' WHEN q.jobs IS NOT NULL AND q.quotient IS NULL THEN 'Z' END AS status,
    q.vintage,
    'ONS' AS source
FROM industry_quotients AS q
CROSS JOIN limits AS l
ORDER BY q.area_code, q.year, q.industry
