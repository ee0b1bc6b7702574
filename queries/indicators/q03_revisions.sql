/*---
id = "Q03"
title.en = "Mean absolute revision"
title.cy = "Diwygiad absoliwt cymedrig"
short.en = "Revision"
short.cy = "Diwygiad"
formula.en = "Mean over the headline series of the absolute difference between the latest and the first published figure, over the first, by the year described."
formula.cy = "Cymedr dros y prif gyfresi o'r gwahaniaeth absoliwt rhwng y ffigur diweddaraf a'r ffigur cyntaf a gyhoeddwyd, dros y cyntaf, yn ôl y flwyddyn a ddisgrifir."
source.en = "Office for National Statistics: regional gross value added (balanced), subregional productivity. Contains public sector information licensed under the Open Government Licence v3.0."
source.cy = "Y Swyddfa Ystadegau Gwladol: gwerth ychwanegol gros rhanbarthol (cytbwys), cynhyrchiant isranbarthol. Yn cynnwys gwybodaeth y sector cyhoeddus a drwyddedwyd o dan Drwydded Llywodraeth Agored f3.0."
actions = [1, 2, 3, 4]
direction = "down"
dated_by = "ref_gva_productivity.year"
area_key = "statistical_areas.area_code"
population = "Published GVA, GVA per hour and GVA per filled job of our areas, current prices, in two releases at least"
dimensions = []
by_authority = false
disclosure_unit = "none"
chart = "bar"
tags = ["quality", "on-request"]
depends_on = []

[[measures]]
id = "value"
kind = "reference"
unit = "per_cent"
decimals = 2
title.en = "Mean absolute revision"
title.cy = "Diwygiad absoliwt cymedrig"

[[measures]]
id = "series"
kind = "reference"
unit = "ratio"
decimals = 0
title.en = "Series compared"
title.cy = "Cyfresi a gymharwyd"
---*/
WITH
-- Every release of each series of our areas, the first and the last of a year told apart.
releases AS (
    SELECT
        a.area_code, r.measure AS series, r.year, r.vintage, CAST(r.value AS DECIMAL(24, 8)) AS value,
        ROW_NUMBER() OVER (PARTITION BY a.area_code, r.measure, r.year ORDER BY r.vintage) AS from_first,
        ROW_NUMBER() OVER (PARTITION BY a.area_code, r.measure, r.year ORDER BY r.vintage DESC) AS from_last
    FROM ref_gva_productivity AS r
    INNER JOIN statistical_areas AS a ON a.classification = r.classification AND a.member_code = r.area_code
    WHERE r.measure IN ('GVA_BALANCED', 'GVA_PER_HOUR', 'GVA_PER_JOB') AND r.price_basis = 'CP' AND NOT r.smoothed AND r.value IS NOT NULL
),
revisions AS (
    SELECT
        f.area_code, f.year, l.vintage,
        CAST(ABS(l.value - f.value) / CAST(f.value AS DECIMAL(18, 6)) AS DECIMAL(20, 12)) AS revision
    FROM releases AS f
    INNER JOIN releases AS l ON l.area_code = f.area_code AND l.series = f.series AND l.year = f.year AND l.from_last = 1
    WHERE f.from_first = 1 AND l.vintage > f.vintage AND f.value <> 0
),
means AS (
    SELECT
        r.area_code, r.year, MAX(r.vintage) AS vintage, COUNT(1) AS series,
        CAST(CAST(100 AS DECIMAL(4, 0)) * CAST(SUM(r.revision) AS DECIMAL(24, 12)) / CAST(COUNT(1) AS DECIMAL(6, 0)) AS DECIMAL(38, 12)) AS mean
    FROM revisions AS r
    GROUP BY r.area_code, r.year
)
SELECT 'value' AS measure, m.year, m.area_code, m.mean AS value, CAST(NULL AS TEXT) AS status, m.vintage, 'ONS' AS source
FROM means AS m
UNION ALL
SELECT 'series' AS measure, m.year, m.area_code, CAST(m.series AS DECIMAL(38, 12)) AS value, CAST(NULL AS TEXT) AS status, m.vintage, 'ONS' AS source
FROM means AS m
ORDER BY measure, area_code, year
