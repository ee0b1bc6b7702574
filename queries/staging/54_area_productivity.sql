-- Productivity of our areas: one division of sums, never a mean of the members' ratios. One row an area and year, from the
-- last vintage that has it, and the UK of the same vintage beside it.
WITH
ratios AS (
    SELECT
        s.classification, s.area_code, s.year, s.vintage, s.gva_vintage,
        CAST(CAST(s.gva_gbp AS DECIMAL(38, 12)) / CAST(NULLIF(s.hours_a_year, 0) AS DECIMAL(24, 4)) AS DECIMAL(38, 12)) AS gva_per_hour,
        CAST(CAST(s.gva_gbp AS DECIMAL(38, 12)) / CAST(NULLIF(s.jobs, 0) AS DECIMAL(24, 4)) AS DECIMAL(38, 12)) AS gva_per_job,
        s.status
    FROM area_inputs AS s
),
ranked AS (
    SELECT
        r.classification, r.area_code, r.year, r.vintage, r.gva_vintage, r.gva_per_hour, r.gva_per_job, r.status,
        ROW_NUMBER() OVER (PARTITION BY r.area_code, r.year ORDER BY r.vintage DESC, r.classification DESC) AS nth
    FROM ratios AS r
)
SELECT
    r.area_code, r.year, r.vintage, r.gva_vintage, r.gva_per_hour, r.gva_per_job,
    u.gva_per_hour AS uk_gva_per_hour, u.gva_per_job AS uk_gva_per_job, r.status
FROM ranked AS r
LEFT JOIN ratios AS u ON u.classification = r.classification AND u.area_code = 'UK' AND u.year = r.year AND u.vintage = r.vintage
WHERE r.nth = 1
ORDER BY r.area_code, r.year
