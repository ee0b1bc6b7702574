-- Productivity of our areas: one division of sums, never a mean of the members' ratios. One row an area and year, from the
-- last vintage that has it (in one vintage, put together exactly rather than estimated), and the UK of the same vintage beside
-- it. Where the codes that make the area are others than those of the year before, the series breaks.
WITH
ratios AS (
    SELECT
        s.classification, s.area_code, s.year, s.vintage, s.gva_vintage,
        CAST(CAST(s.gva_gbp AS DECIMAL(38, 12)) / CAST(NULLIF(s.hours_a_year, 0) AS DECIMAL(24, 4)) AS DECIMAL(38, 12)) AS gva_per_hour,
        CAST(CAST(s.gva_gbp AS DECIMAL(38, 12)) / CAST(NULLIF(s.jobs, 0) AS DECIMAL(24, 4)) AS DECIMAL(38, 12)) AS gva_per_job,
        s.basis, s.precedence, s.status
    FROM area_inputs AS s
),
-- The UK of each vintage once, whatever edition of the classification it came with.
nations AS (
    SELECT
        r.year, r.vintage, r.gva_vintage, r.gva_per_hour, r.gva_per_job,
        ROW_NUMBER() OVER (PARTITION BY r.year, r.vintage ORDER BY r.classification DESC) AS nth
    FROM ratios AS r
    WHERE r.area_code = 'UK'
),
-- An index needs the UK: a vintage without it comes after one with it.
paired AS (
    SELECT
        r.area_code, r.year, r.vintage, r.gva_vintage, r.gva_per_hour, r.gva_per_job, r.basis, r.precedence, r.status,
        u.gva_per_hour AS uk_gva_per_hour, u.gva_per_job AS uk_gva_per_job, CASE WHEN u.year IS NULL THEN 1 ELSE 0 END AS alone
    FROM ratios AS r
    LEFT JOIN nations AS u ON u.year = r.year AND u.vintage = r.vintage AND u.gva_vintage = r.gva_vintage AND u.nth = 1
),
ranked AS (
    SELECT
        p.area_code, p.year, p.vintage, p.gva_vintage, p.gva_per_hour, p.gva_per_job, p.basis, p.status, p.uk_gva_per_hour, p.uk_gva_per_job,
        ROW_NUMBER() OVER (PARTITION BY p.area_code, p.year ORDER BY p.alone, p.vintage DESC, p.precedence) AS nth
    FROM paired AS p
),
followed AS (
    SELECT
        r.area_code, r.year, r.vintage, r.gva_vintage, r.gva_per_hour, r.gva_per_job, r.uk_gva_per_hour, r.uk_gva_per_job,
        r.status, r.basis, LAG(r.basis) OVER (PARTITION BY r.area_code ORDER BY r.year) AS basis_before
    FROM ranked AS r
    WHERE r.nth = 1
)
SELECT
    f.area_code, f.year, f.vintage, f.gva_vintage, f.gva_per_hour, f.gva_per_job, f.uk_gva_per_hour, f.uk_gva_per_job,
    NULLIF(concat_ws(',', f.status, CASE WHEN f.basis <> f.basis_before THEN 'B' END), '') AS status
FROM followed AS f
ORDER BY f.area_code, f.year
