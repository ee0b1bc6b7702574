-- Productivity of our areas: sums over the members of each, then one division, never a mean of the members' ratios. An
-- area is there only when all its members are. One row an area and year, from the last vintage that has them, and the UK of
-- the same vintage beside it.
WITH
sizes AS (
    SELECT a.classification, a.area_code, COUNT(1) AS members
    FROM statistical_areas AS a
    GROUP BY a.classification, a.area_code
),
sums AS (
    SELECT
        a.classification, a.area_code, i.year, i.vintage, i.gva_vintage,
        CAST(SUM(CAST(i.gva_gbp AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) AS gva_gbp,
        CASE WHEN COUNT(i.hours_a_year) = COUNT(1) THEN CAST(SUM(CAST(i.hours_a_year AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) END AS hours_a_year,
        CASE WHEN COUNT(i.jobs) = COUNT(1) THEN CAST(SUM(CAST(i.jobs AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) END AS jobs,
        COUNT(1) AS members,
        MAX(CASE WHEN i.status = 'P' THEN 1 ELSE 0 END) AS provisional
    FROM statistical_areas AS a
    INNER JOIN gva_with_inputs AS i ON i.classification = a.classification AND i.area_code = a.member_code
    GROUP BY a.classification, a.area_code, i.year, i.vintage, i.gva_vintage
),
ratios AS (
    SELECT
        s.classification, s.area_code, s.year, s.vintage, s.gva_vintage,
        CAST(CAST(s.gva_gbp AS DECIMAL(38, 12)) / CAST(NULLIF(s.hours_a_year, 0) AS DECIMAL(24, 4)) AS DECIMAL(38, 12)) AS gva_per_hour,
        CAST(CAST(s.gva_gbp AS DECIMAL(38, 12)) / CAST(NULLIF(s.jobs, 0) AS DECIMAL(24, 4)) AS DECIMAL(38, 12)) AS gva_per_job,
        CASE WHEN s.provisional = 1 THEN 'P' END AS status
    FROM sums AS s
    INNER JOIN sizes AS z ON z.classification = s.classification AND z.area_code = s.area_code AND z.members = s.members
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
