/*---
id = "G12"
title.en = "Shift-share of growth"
title.cy = "Dadansoddiad symud a chyfran (shift-share)"
short.en = "Shift-share"
short.cy = "Symud a chyfran"
formula.en = "The change in the area's jobs over the years of the setting, split by industry into what it would have been at the nation's growth, what the industry's own growth in the nation adds, and the rest. The three add up to the change exactly; sections not known on both sides stand in the residual industry."
formula.cy = "Y newid yn swyddi'r ardal dros flynyddoedd y gosodiad, wedi'i rannu yn ôl diwydiant yn yr hyn y byddai wedi bod ar dwf y genedl, yr hyn y mae twf y diwydiant ei hun yn y genedl yn ei ychwanegu, a'r gweddill. Mae'r tri'n adio'n union i'r newid; saif adrannau nad ydynt yn hysbys ar y ddwy ochr yn y diwydiant gweddilliol."
source.en = "Office for National Statistics: jobs by industry. Contains public sector information licensed under the Open Government Licence v3.0."
source.cy = "Y Swyddfa Ystadegau Gwladol: swyddi yn ôl diwydiant. Yn cynnwys gwybodaeth y sector cyhoeddus a drwyddedwyd o dan Drwydded Llywodraeth Agored f3.0."
actions = [4]
direction = "context"
dated_by = "ref_industry.year"
area_key = "statistical_areas.area_code"
population = "Jobs by section of SIC 2007; the UK as the nation; one vintage and one classification for both years"
dimensions = [{ name = "industry", additive = true }]
by_authority = false
disclosure_unit = "none"
chart = "bar"
tags = ["action4", "context", "on-request"]
depends_on = []
parameters = ["cluster_years"]

[[measures]]
id = "change"
kind = "reference"
unit = "jobs"
decimals = 0
title.en = "Change"
title.cy = "Newid"

[[measures]]
id = "national"
kind = "reference"
unit = "jobs"
decimals = 0
title.en = "At the nation's growth"
title.cy = "Ar dwf y genedl"

[[measures]]
id = "mix"
kind = "reference"
unit = "jobs"
decimals = 0
title.en = "Industry mix"
title.cy = "Cymysgedd diwydiannau"

[[measures]]
id = "regional"
kind = "reference"
unit = "jobs"
decimals = 0
title.en = "Regional"
title.cy = "Rhanbarthol"
---*/
WITH
-- The section in both years, in the area and in the nation, where all four are known.
sections AS (
    SELECT
        b.area_code, b.industry, b.year, b.classification, b.vintage,
        a.jobs AS e0, b.jobs AS e1, na.jobs AS n0, nb.jobs AS n1, a.vintage AS vintage_0, na.vintage AS vintage_n0, nb.vintage AS vintage_n1
    FROM area_industries AS b
    INNER JOIN area_industries AS a
        ON a.area_code = b.area_code AND a.classification = b.classification AND a.industry = b.industry
        AND a.year = b.year - (SELECT CAST(s.value AS INT) FROM settings_parameters AS s WHERE s.name = 'cluster_years')
    INNER JOIN area_industries AS nb
        ON nb.area_code = 'UK' AND nb.classification = b.classification AND nb.industry = b.industry AND nb.year = b.year
    INNER JOIN area_industries AS na
        ON na.area_code = 'UK' AND na.classification = b.classification AND na.industry = b.industry AND na.year = a.year
    WHERE b.area_code <> 'UK' AND b.industry_level IN ('SECTION', 'TOTAL')
        AND a.jobs IS NOT NULL AND b.jobs IS NOT NULL AND na.jobs IS NOT NULL AND nb.jobs IS NOT NULL
),
totals AS (
    SELECT
        s.area_code, s.year, s.classification, s.e0 AS all_0, s.e1 AS all_1, s.n0 AS nation_0, s.n1 AS nation_1,
        one_vintage(s.vintage, s.vintage_0, s.vintage_n0, s.vintage_n1) AS one
    FROM sections AS s
    WHERE s.industry = 'TOTAL'
),
known AS (
    SELECT s.area_code, s.year, s.classification, 
        CAST(SUM(CAST(s.e0 AS DECIMAL(24, 4))) AS DECIMAL(28, 4)) AS known_0, CAST(SUM(CAST(s.e1 AS DECIMAL(24, 4))) AS DECIMAL(28, 4)) AS known_1,
        CAST(SUM(CAST(s.n0 AS DECIMAL(24, 4))) AS DECIMAL(28, 4)) AS known_n0, CAST(SUM(CAST(s.n1 AS DECIMAL(24, 4))) AS DECIMAL(28, 4)) AS known_n1
    FROM sections AS s
    WHERE s.industry <> 'TOTAL'
    GROUP BY s.area_code, s.year, s.classification
),
-- All industries, the residual one included, so that they fill the total on both sides.
industries AS (
    SELECT s.area_code, s.industry, s.year, t.one AS vintage, s.e0, s.e1, s.n0, s.n1, t.nation_0, t.nation_1
    FROM sections AS s
    INNER JOIN totals AS t ON t.area_code = s.area_code AND t.year = s.year AND t.classification = s.classification
    WHERE s.industry <> 'TOTAL'
    UNION ALL
    SELECT
        t.area_code, 'REST' AS industry, t.year, t.one AS vintage,
        t.all_0 - COALESCE(k.known_0, 0) AS e0, t.all_1 - COALESCE(k.known_1, 0) AS e1,
        t.nation_0 - COALESCE(k.known_n0, 0) AS n0, t.nation_1 - COALESCE(k.known_n1, 0) AS n1, t.nation_0, t.nation_1
    FROM totals AS t
    LEFT JOIN known AS k ON k.area_code = t.area_code AND k.year = t.year AND k.classification = t.classification
),
split AS (
    SELECT i.area_code, i.industry, i.year, i.vintage, shift_share(i.e0, i.e1, i.n0, i.n1, i.nation_0, i.nation_1) AS effect
    FROM industries AS i
    WHERE i.n0 > 0
),
effects AS (
    SELECT
        m.measure, s.area_code, s.industry, s.year, s.vintage,
        CAST(
            CASE m.measure
                WHEN 'change' THEN s.effect['change'] WHEN 'national' THEN s.effect['national'] WHEN 'mix' THEN s.effect['mix']
                ELSE s.effect['regional']
            END AS DECIMAL(26, 12)
        ) AS jobs
    FROM split AS s
    CROSS JOIN (VALUES ('change'), ('national'), ('mix'), ('regional')) AS m (measure)
),
-- The industries and what they add up to.
figures AS (
    SELECT
        e.measure, e.area_code, COALESCE(e.industry, '_T') AS industry, e.year, e.vintage, CAST(SUM(e.jobs) AS DECIMAL(28, 12)) AS jobs
    FROM effects AS e
    GROUP BY GROUPING SETS ((e.measure, e.area_code, e.industry, e.year, e.vintage), (e.measure, e.area_code, e.year, e.vintage))
)
SELECT f.measure, f.year, f.area_code, f.industry, CAST(f.jobs AS DECIMAL(38, 12)) AS value, CAST(NULL AS TEXT) AS status, f.vintage, 'ONS' AS source
FROM figures AS f
ORDER BY f.measure, f.area_code, f.year, f.industry
