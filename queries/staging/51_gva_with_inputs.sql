-- GVA beside the hours and jobs it belongs with, one row a statistical code, year and productivity vintage, in pounds, hours a
-- year and jobs. Only matching vintages reproduce what was published: each vintage of hours and jobs takes the last GVA
-- vintage released before it. Marks are those of the value added and of the hours, or of the jobs where there are no hours.
WITH
-- Balanced GVA in current prices, in pounds.
gva AS (
    SELECT r.classification, r.area_code, r.year, r.vintage, r.released_at, r.status,
        CAST(r.value AS DECIMAL(24, 4)) * CAST(1000000 AS DECIMAL(10, 0)) AS gva_gbp
    FROM ref_gva_productivity AS r
    WHERE r.measure = 'GVA_BALANCED' AND r.unit = 'GBP_M' AND r.price_basis = 'CP' AND NOT r.smoothed
        AND r.value IS NOT NULL
),
-- Hours as hours a year, whatever they come as. A factor of 52 or 1,000 is the likeliest slip of all.
hours AS (
    SELECT r.classification, r.area_code, r.year, r.vintage, r.released_at, r.status,
        CASE r.unit
            WHEN 'HOURS_PER_WEEK' THEN CAST(r.value AS DECIMAL(24, 4)) * CAST(52 AS DECIMAL(10, 0))
            WHEN 'THOUSAND_HOURS_PER_WEEK' THEN CAST(r.value AS DECIMAL(24, 4)) * CAST(52000 AS DECIMAL(10, 0))
            WHEN 'HOURS_PER_YEAR' THEN CAST(r.value AS DECIMAL(24, 4)) * CAST(1 AS DECIMAL(10, 0))
        END AS hours_a_year
    FROM ref_gva_productivity AS r
    WHERE r.measure = 'HOURS_PRODUCTIVITY' AND NOT r.smoothed AND r.value IS NOT NULL
),
jobs AS (
    SELECT r.classification, r.area_code, r.year, r.vintage, r.released_at, r.status,
        CAST(r.value AS DECIMAL(24, 4)) AS jobs
    FROM ref_gva_productivity AS r
    WHERE r.measure = 'JOBS_PRODUCTIVITY' AND r.unit = 'JOBS' AND NOT r.smoothed AND r.value IS NOT NULL
),
-- Each release of hours or jobs, once.
releases AS (
    SELECT h.vintage, h.released_at FROM hours AS h
    UNION
    SELECT j.vintage, j.released_at FROM jobs AS j
),
-- The last GVA vintage that was out when the release was made.
candidates AS (
    SELECT p.vintage, g.vintage AS gva_vintage,
        ROW_NUMBER() OVER (PARTITION BY p.vintage ORDER BY g.released_at DESC, g.vintage DESC) AS nth
    FROM releases AS p
    INNER JOIN (SELECT DISTINCT vintage, released_at FROM gva) AS g ON g.released_at <= p.released_at
),
families AS (
    SELECT c.vintage, c.gva_vintage FROM candidates AS c WHERE c.nth = 1
),
-- Which codes and years a release covers, be it with hours, with jobs or with both.
covered AS (
    SELECT h.classification, h.area_code, h.year, h.vintage FROM hours AS h
    UNION
    SELECT j.classification, j.area_code, j.year, j.vintage FROM jobs AS j
)
SELECT
    k.classification,
    k.area_code,
    k.year,
    k.vintage,
    f.gva_vintage,
    g.gva_gbp,
    h.hours_a_year,
    j.jobs,
    CASE
        WHEN COALESCE(g.status, 'FINAL') IN ('FINAL', COALESCE(h.status, j.status, 'FINAL')) THEN COALESCE(h.status, j.status)
        WHEN COALESCE(h.status, j.status, 'FINAL') = 'FINAL' THEN g.status
        ELSE g.status || ',' || COALESCE(h.status, j.status)
    END AS status
FROM covered AS k
INNER JOIN families AS f ON f.vintage = k.vintage
INNER JOIN gva AS g ON g.classification = k.classification AND g.area_code = k.area_code AND g.year = k.year AND g.vintage = f.gva_vintage
LEFT JOIN hours AS h ON h.classification = k.classification AND h.area_code = k.area_code AND h.year = k.year AND h.vintage = k.vintage
LEFT JOIN jobs AS j ON j.classification = k.classification AND j.area_code = k.area_code AND j.year = k.year AND j.vintage = k.vintage
ORDER BY k.vintage, k.classification, k.area_code, k.year
