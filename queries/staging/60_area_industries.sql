-- Jobs and enterprises of our areas by industry, sums over the members of each area, one row an area, industry and year, from
-- the last vintage. A figure that was withheld for one member is withheld for the area. Nation is the UK. Areas are those of ITL 2021,
-- the edition in which employment by industry comes; none is estimated, since industries do not spread as people do.
WITH
whole_areas AS (
    SELECT
        a.area_code, a.member_code, a.classification,
        MIN(COALESCE(a.share, CAST(1 AS DECIMAL(12, 10)))) OVER (PARTITION BY a.area_code) AS smallest_share
    FROM statistical_areas AS a
    WHERE a.classification = 'ITL2021'
),
members AS (
    SELECT w.area_code, w.member_code, w.classification FROM whole_areas AS w WHERE w.smallest_share = 1
    UNION ALL
    SELECT 'UK' AS area_code, 'UK' AS member_code, 'ITL2021' AS classification
),
-- Each area has its members once: a nation that comes under two codes counts under one of them.
latest AS (
    SELECT r.classification, r.area_code, r.sic2, r.year, MAX(r.vintage) AS vintage
    FROM ref_industry AS r
    WHERE r.jobs IS NOT NULL OR r.jobs_status IS NOT NULL
    GROUP BY r.classification, r.area_code, r.sic2, r.year
)
SELECT
    m.area_code,
    r.classification,
    r.sic2 AS industry,
    r.industry_level,
    r.year,
    only_vintage(r.vintage) AS vintage,
    CASE WHEN COUNT(r.jobs) = COUNT(1) THEN CAST(SUM(CAST(r.jobs AS DECIMAL(24, 4))) AS DECIMAL(28, 4)) END AS jobs,
    CASE WHEN COUNT(r.enterprises) = COUNT(1) THEN CAST(SUM(r.enterprises) AS BIGINT) END AS enterprises,
    MAX(CASE WHEN r.jobs IS NULL AND r.jobs_status = 'c' THEN 1 ELSE 0 END) AS withheld
FROM members AS m
INNER JOIN latest AS l ON l.classification = m.classification AND l.area_code = m.member_code
INNER JOIN ref_industry AS r
    ON r.classification = l.classification AND r.area_code = l.area_code AND r.sic2 = l.sic2 AND r.year = l.year AND r.vintage = l.vintage
WHERE r.jobs IS NOT NULL OR r.jobs_status IS NOT NULL
GROUP BY m.area_code, r.classification, r.sic2, r.industry_level, r.year
ORDER BY m.area_code, r.sic2, r.year
