/*---
id = "G14"
title.en = "Growing-cluster flag and score"
title.cy = "Clystyrau sy'n tyfu: sgôr"
short.en = "Growing clusters"
short.cy = "Clystyrau sy'n tyfu"
formula.en = "A division is a growing cluster (1, else 0) if its location quotient is high enough and higher than the setting's years before, its jobs and enterprises are enough, and its jobs grew faster than all the nation's. The score weighs the ranks of quotient, growth and innovation rate from 0 to 100."
formula.cy = "Mae is-adran yn glwstwr sy'n tyfu (1, fel arall 0) os yw ei chyniferydd lleoliad yn ddigon uchel ac yn uwch na blynyddoedd y gosodiad ynghynt, os oes ganddi ddigon o swyddi a mentrau, ac os tyfodd ei swyddi'n gyflymach na holl swyddi'r genedl. Mae'r sgôr yn pwyso rhengoedd y cyniferydd, y twf a'r gyfradd arloesi o 0 i 100."
source.en = "Office for National Statistics: jobs by industry. Contains public sector information licensed under the Open Government Licence v3.0. R&D outcomes of the programme."
source.cy = "Y Swyddfa Ystadegau Gwladol: swyddi yn ôl diwydiant. Yn cynnwys gwybodaeth y sector cyhoeddus a drwyddedwyd o dan Drwydded Llywodraeth Agored f3.0. Canlyniadau ymchwil a datblygu'r rhaglen."
actions = [4]
direction = "up"
dated_by = "ref_industry.year"
area_key = "statistical_areas.area_code"
population = "Divisions of SIC 2007 whose jobs are known in both years; a score only where enough enterprises brought out a new product"
dimensions = [{ name = "industry", additive = false }]
by_authority = false
disclosure_unit = "none"
chart = "table"
tags = ["action4", "context", "on-request"]
depends_on = ["G13"]
parameters = ["cluster_lq", "cluster_years", "cluster_minimum_enterprises", "lq_minimum_jobs", "cluster_weight_lq", "cluster_weight_growth", "cluster_weight_innovation"]

[[measures]]
id = "flag"
kind = "reference"
unit = "score"
decimals = 0
title.en = "Growing cluster (1 yes, 0 no)"
title.cy = "Clwstwr sy'n tyfu (1 ydy, 0 nac ydy)"

[[measures]]
id = "score"
kind = "reference"
unit = "score"
decimals = 0
title.en = "Score"
title.cy = "Sgôr"
---*/
WITH
settings AS (
    SELECT
        MAX(CASE WHEN s.name = 'cluster_lq' THEN s.value END) AS least_quotient,
        MAX(CASE WHEN s.name = 'cluster_years' THEN s.value END) AS years,
        MAX(CASE WHEN s.name = 'cluster_minimum_enterprises' THEN s.value END) AS least_enterprises,
        MAX(CASE WHEN s.name = 'lq_minimum_jobs' THEN s.value END) AS least_jobs,
        MAX(CASE WHEN s.name = 'cluster_weight_lq' THEN s.value END) AS weight_quotient,
        MAX(CASE WHEN s.name = 'cluster_weight_growth' THEN s.value END) AS weight_growth,
        MAX(CASE WHEN s.name = 'cluster_weight_innovation' THEN s.value END) AS weight_innovation
    FROM settings_parameters AS s
),
-- Each division, and the year it is compared with.
dated AS (
    SELECT
        q.area_code, q.industry, q.year, q.vintage, q.jobs, q.enterprises, q.quotient, q.nation_all_jobs,
        q.year - CAST(s.years AS INT) AS year_before
    FROM industry_quotients AS q
    CROSS JOIN settings AS s
    WHERE q.industry_level = 'DIVISION' AND q.withheld = 0 AND q.quotient IS NOT NULL
),
-- Each division beside itself in that year, with its growth and that of all the nation's jobs.
compared AS (
    SELECT
        q.area_code, q.industry, q.year, one_vintage(q.vintage, b.vintage) AS vintage, q.jobs, q.enterprises, q.quotient,
        b.quotient AS quotient_before,
        cagr(b.jobs, q.jobs, q.year - q.year_before) AS growth,
        cagr(b.nation_all_jobs, q.nation_all_jobs, q.year - q.year_before) AS nation_growth,
        CAST(CAST(n.innovators AS DECIMAL(20, 12)) / CAST(NULLIF(q.enterprises, 0) AS DECIMAL(12, 0)) AS DECIMAL(28, 12)) AS innovation_rate
    FROM dated AS q
    INNER JOIN industry_quotients AS b
        ON b.area_code = q.area_code AND b.industry = q.industry AND b.year = q.year_before
    LEFT JOIN industry_innovation AS n ON n.area_code = q.area_code AND n.industry = q.industry
    WHERE b.withheld = 0 AND b.quotient IS NOT NULL
),
flags AS (
    SELECT
        c.area_code, c.industry, c.year, c.vintage,
        CASE
            WHEN c.quotient >= s.least_quotient AND c.quotient > c.quotient_before AND c.jobs >= s.least_jobs
                AND c.enterprises >= s.least_enterprises AND c.growth > c.nation_growth THEN 1
            ELSE 0
        END AS flag
    FROM compared AS c
    CROSS JOIN settings AS s
),
-- Only divisions with all three are ranked, among themselves.
scores AS (
    SELECT
        c.area_code, c.industry, c.year, c.vintage,
        CAST(100 AS DECIMAL(4, 0)) * (
            CAST(s.weight_quotient AS DECIMAL(8, 6)) * CAST(prank() OVER (PARTITION BY c.area_code, c.year ORDER BY c.quotient) AS DECIMAL(16, 12))
            + CAST(s.weight_growth AS DECIMAL(8, 6)) * CAST(prank() OVER (PARTITION BY c.area_code, c.year ORDER BY c.growth) AS DECIMAL(16, 12))
            + CAST(s.weight_innovation AS DECIMAL(8, 6)) * CAST(prank() OVER (PARTITION BY c.area_code, c.year ORDER BY c.innovation_rate) AS DECIMAL(16, 12))
        ) AS score
    FROM compared AS c
    CROSS JOIN settings AS s
    WHERE c.growth IS NOT NULL AND c.innovation_rate IS NOT NULL
),
figures AS (
    SELECT 'flag' AS measure, f.year, f.area_code, f.industry, CAST(f.flag AS DECIMAL(38, 12)) AS value, f.vintage FROM flags AS f
    UNION ALL
    SELECT 'score' AS measure, s.year, s.area_code, s.industry, CAST(s.score AS DECIMAL(38, 12)) AS value, s.vintage FROM scores AS s
)
SELECT f.measure, f.year, f.area_code, f.industry, f.value, CAST(NULL AS TEXT) AS status, f.vintage, 'ONS' AS source
FROM figures AS f
ORDER BY f.measure, f.area_code, f.year, f.industry
