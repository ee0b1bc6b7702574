-- Our areas beside the UK of the same year and vintage, with all that the gap in value added a head is made of. One row an
-- area and year, from the last vintage that has both (in one vintage, put together exactly rather than estimated). Where the
-- codes that make the area are others than those of the year before, the series breaks.
WITH
nations AS (
    SELECT
        u.year, u.vintage, u.gva_gbp, u.hours_a_year, u.jobs, u.population, u.employed_residents, u.working_age,
        ROW_NUMBER() OVER (PARTITION BY u.year, u.vintage ORDER BY u.classification DESC) AS nth
    FROM area_inputs AS u
    WHERE u.area_code = 'UK'
),
ranked AS (
    SELECT
        i.area_code, i.year, one_vintage(i.vintage, u.vintage) AS vintage, i.gva_gbp, i.hours_a_year, i.jobs, i.population,
        i.employed_residents, i.working_age, u.gva_gbp AS uk_gva_gbp, u.hours_a_year AS uk_hours_a_year, u.jobs AS uk_jobs,
        u.population AS uk_population, u.employed_residents AS uk_employed_residents, u.working_age AS uk_working_age,
        i.basis, i.status,
        ROW_NUMBER() OVER (PARTITION BY i.area_code, i.year ORDER BY i.vintage DESC, i.precedence) AS nth
    FROM area_inputs AS i
    INNER JOIN nations AS u ON u.year = i.year AND u.vintage = i.vintage AND u.nth = 1
),
followed AS (
    SELECT
        r.area_code, r.year, r.vintage, r.gva_gbp, r.hours_a_year, r.jobs, r.population, r.employed_residents, r.working_age,
        r.uk_gva_gbp, r.uk_hours_a_year, r.uk_jobs, r.uk_population, r.uk_employed_residents, r.uk_working_age,
        r.status, r.basis, LAG(r.basis) OVER (PARTITION BY r.area_code ORDER BY r.year) AS basis_before
    FROM ranked AS r
    WHERE r.nth = 1
)
SELECT
    f.area_code,
    f.year,
    f.vintage,
    f.gva_gbp,
    f.hours_a_year,
    f.jobs,
    f.population,
    f.employed_residents,
    f.working_age,
    f.uk_gva_gbp,
    f.uk_hours_a_year,
    f.uk_jobs,
    f.uk_population,
    f.uk_employed_residents,
    f.uk_working_age,
    NULLIF(concat_ws(',', f.status, CASE WHEN f.basis <> f.basis_before THEN 'B' END), '') AS status
FROM followed AS f
ORDER BY f.area_code, f.year
