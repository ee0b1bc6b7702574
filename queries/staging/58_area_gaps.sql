-- Our areas beside the UK of the same year and vintage, with all that the gap in value added a head is made of. One row an
-- area and year, from the last vintage that has it.
WITH
ranked AS (
    SELECT
        i.classification, i.area_code, i.year, i.vintage, i.gva_gbp, i.hours_a_year, i.jobs, i.population,
        i.employed_residents, i.working_age, i.status,
        ROW_NUMBER() OVER (PARTITION BY i.area_code, i.year ORDER BY i.vintage DESC, i.classification DESC) AS nth
    FROM area_inputs AS i
)
SELECT
    a.area_code,
    a.year,
    one_vintage(a.vintage, u.vintage) AS vintage,
    a.gva_gbp,
    a.hours_a_year,
    a.jobs,
    a.population,
    a.employed_residents,
    a.working_age,
    u.gva_gbp AS uk_gva_gbp,
    u.hours_a_year AS uk_hours_a_year,
    u.jobs AS uk_jobs,
    u.population AS uk_population,
    u.employed_residents AS uk_employed_residents,
    u.working_age AS uk_working_age,
    a.status
FROM ranked AS a
INNER JOIN area_inputs AS u
    ON u.classification = a.classification AND u.area_code = 'UK' AND u.year = a.year AND u.vintage = a.vintage
WHERE a.nth = 1
ORDER BY a.area_code, a.year
