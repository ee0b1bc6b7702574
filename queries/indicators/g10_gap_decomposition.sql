/*---
id = "G10"
title.en = "Gap decomposition (log)"
title.cy = "Dadelfennu'r bwlch mewn GYG y pen"
short.en = "Gap parts"
short.cy = "Rhannau'r bwlch"
formula.en = "Logarithm of GVA per head of the area less that of the UK, split exactly into hourly productivity, hours per job and jobs per head; the last into jobs per employed resident, employment rate and working-age share where these are known. Shares only where the gap is not close to nothing."
formula.cy = "Logarithm GYG y pen yr ardal llai un y DU, wedi'i rannu'n union yn gynhyrchiant fesul awr, oriau fesul swydd a swyddi y pen; a'r olaf yn swyddi fesul preswylydd cyflogedig, cyfradd cyflogaeth a chyfran oedran gweithio lle bo'r rhain yn hysbys. Rhoddir cyfrannau dim ond lle nad yw'r bwlch yn agos at ddim."
source.en = "Office for National Statistics: regional gross value added (balanced), subregional productivity. Contains public sector information licensed under the Open Government Licence v3.0."
source.cy = "Y Swyddfa Ystadegau Gwladol: gwerth ychwanegol gros rhanbarthol (cytbwys), cynhyrchiant isranbarthol. Yn cynnwys gwybodaeth y sector cyhoeddus a drwyddedwyd o dan Drwydded Llywodraeth Agored f3.0."
actions = [4]
direction = "context"
dated_by = "ref_gva_productivity.year"
area_key = "statistical_areas.area_code"
population = "Published regional accounts, current prices, unsmoothed; the UK without extra-regio; the area itself against the UK of the same vintage"
dimensions = [{ name = "part", additive = false }]
by_authority = false
disclosure_unit = "none"
chart = "bar"
tags = ["action4", "context", "on-request"]
depends_on = ["G03", "G05"]
parameters = ["gap_minimum_log_points"]

[[measures]]
id = "log_points"
kind = "reference"
unit = "log_points"
decimals = 4
title.en = "Log points"
title.cy = "Pwyntiau log"

[[measures]]
id = "share"
kind = "reference"
unit = "per_cent"
decimals = 1
title.en = "Share of the gap"
title.cy = "Cyfran o'r bwlch"
---*/
WITH
-- Three parts of the gap, and what the last of them is made of where people by age and employment are known.
gaps AS (
    SELECT
        g.area_code, g.year, g.vintage, g.status,
        log_gap3(
            g.gva_gbp, g.hours_a_year, g.jobs, g.population, g.uk_gva_gbp, g.uk_hours_a_year, g.uk_jobs, g.uk_population
        ) AS three,
        log_gap5(
            g.gva_gbp, g.hours_a_year, g.jobs, g.employed_residents, g.working_age, g.population,
            g.uk_gva_gbp, g.uk_hours_a_year, g.uk_jobs, g.uk_employed_residents, g.uk_working_age, g.uk_population
        ) AS five
    FROM area_gaps AS g
    WHERE g.area_code <> 'UK'
),
parts AS (
    SELECT g.area_code, g.year, g.vintage, g.status, 'TOTAL_GAP' AS part, g.three['total'] AS points, g.three['total'] AS gap FROM gaps AS g
    UNION ALL
    SELECT g.area_code, g.year, g.vintage, g.status, 'HOURLY_PRODUCTIVITY' AS part, g.three['hourly'] AS points, g.three['total'] AS gap FROM gaps AS g
    UNION ALL
    SELECT g.area_code, g.year, g.vintage, g.status, 'HOURS_PER_JOB' AS part, g.three['hours_per_job'] AS points, g.three['total'] AS gap FROM gaps AS g
    UNION ALL
    SELECT g.area_code, g.year, g.vintage, g.status, 'JOBS_PER_HEAD' AS part, g.three['jobs_per_head'] AS points, g.three['total'] AS gap FROM gaps AS g
    UNION ALL
    SELECT g.area_code, g.year, g.vintage, g.status, 'JOBS_PER_RESIDENT' AS part, g.five['jobs_per_resident'] AS points, g.five['total'] AS gap FROM gaps AS g
    UNION ALL
    SELECT g.area_code, g.year, g.vintage, g.status, 'EMPLOYMENT_RATE' AS part, g.five['employment_rate'] AS points, g.five['total'] AS gap FROM gaps AS g
    UNION ALL
    SELECT g.area_code, g.year, g.vintage, g.status, 'WORKING_AGE_SHARE' AS part, g.five['working_age'] AS points, g.five['total'] AS gap FROM gaps AS g
),
-- Points of each part, and its share of the gap unless the gap is too small to share out.
figures AS (
    SELECT 'log_points' AS measure, p.year, p.area_code, p.part, CAST(p.points AS DECIMAL(38, 12)) AS value, p.status, p.vintage
    FROM parts AS p
    UNION ALL
    SELECT
        'share' AS measure, p.year, p.area_code, p.part,
        CAST(CAST(CAST(100 AS DECIMAL(4, 0)) * CAST(p.points AS DECIMAL(20, 15)) / CAST(NULLIF(p.gap, 0) AS DECIMAL(18, 15)) AS DECIMAL(20, 9)) AS DECIMAL(38, 12)) AS value,
        p.status, p.vintage
    FROM parts AS p
    WHERE ABS(p.gap) >= (SELECT s.value FROM settings_parameters AS s WHERE s.name = 'gap_minimum_log_points')
)
SELECT f.measure, f.year, f.area_code, f.part, f.value, f.status, f.vintage, 'ONS' AS source
FROM figures AS f
WHERE f.value IS NOT NULL
ORDER BY f.measure, f.area_code, f.year, f.part
