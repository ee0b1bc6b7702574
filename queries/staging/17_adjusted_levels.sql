-- The mean level of each first diagnostic with the effect of its stratum (size band and sector) taken away: what remains of
-- a least-squares fit of the level on contractors and strata, so that the mean of a contractor is its effect. One row a
-- diagnostic. Three contractors, hence two unknowns beside the first; without variation within strata there is no fit.
WITH
-- Mean blue line of each first diagnostic, who assessed it, and of what kind the firm is.
scored AS (
    SELECT
        l.diagnostic_id, l.resolved_id, l.group_id, l.lad_code, l.reported_on, d.contractor_code,
        f.sme_class || '/' || f.am_sector AS stratum,
        CAST(SUM(CAST(l.current_level AS DECIMAL(14, 10))) / CAST(COUNT(1) AS DECIMAL(6, 0)) AS DECIMAL(14, 10)) AS level
    FROM component_levels AS l
    INNER JOIN diagnostics AS d ON d.diagnostic_id = l.diagnostic_id
    INNER JOIN firms AS f ON f.business_id = l.business_id
    WHERE l.wave = 0 AND f.sme_class IS NOT NULL AND f.am_sector IS NOT NULL
    GROUP BY l.diagnostic_id, l.resolved_id, l.group_id, l.lad_code, l.reported_on, d.contractor_code, f.sme_class, f.am_sector
),
-- Means within each stratum: of the level, and of being assessed by the second and by the third contractor.
strata AS (
    SELECT
        s.stratum,
        CAST(SUM(s.level) / CAST(COUNT(1) AS DECIMAL(8, 0)) AS DECIMAL(14, 10)) AS level,
        CAST(CAST(SUM(CASE WHEN s.contractor_code = 'C2' THEN 1 ELSE 0 END) AS DECIMAL(18, 10)) / CAST(COUNT(1) AS DECIMAL(8, 0)) AS DECIMAL(14, 10)) AS second,
        CAST(CAST(SUM(CASE WHEN s.contractor_code = 'C3' THEN 1 ELSE 0 END) AS DECIMAL(18, 10)) / CAST(COUNT(1) AS DECIMAL(8, 0)) AS DECIMAL(14, 10)) AS third
    FROM scored AS s
    GROUP BY s.stratum
),
-- Deviations from them.
deviations AS (
    SELECT
        s.level - t.level AS y,
        CAST(CASE WHEN s.contractor_code = 'C2' THEN 1 ELSE 0 END AS DECIMAL(14, 10)) - t.second AS x2,
        CAST(CASE WHEN s.contractor_code = 'C3' THEN 1 ELSE 0 END AS DECIMAL(14, 10)) - t.third AS x3
    FROM scored AS s
    INNER JOIN strata AS t ON t.stratum = s.stratum
),
-- Sums of squares and products, as floating point: they are divided by one another only.
moments AS (
    SELECT
        CAST(SUM(CAST(v.x2 * v.x2 AS DECIMAL(24, 16))) AS DOUBLE) AS s22, CAST(SUM(CAST(v.x3 * v.x3 AS DECIMAL(24, 16))) AS DOUBLE) AS s33, CAST(SUM(CAST(v.x2 * v.x3 AS DECIMAL(24, 16))) AS DOUBLE) AS s23,
        CAST(SUM(CAST(v.x2 * v.y AS DECIMAL(24, 16))) AS DOUBLE) AS s2y, CAST(SUM(CAST(v.x3 * v.y AS DECIMAL(24, 16))) AS DOUBLE) AS s3y
    FROM deviations AS v
),
-- Effects of the second and third contractor against the first. Where one of them never shares a stratum with another it has none.
effects AS (
    SELECT
        CASE WHEN m.s22 * m.s33 - m.s23 * m.s23 > 0.000001 * m.s22 * m.s33
            THEN CAST(ROUND((m.s2y * m.s33 - m.s3y * m.s23) / (m.s22 * m.s33 - m.s23 * m.s23), 10) AS DECIMAL(14, 10)) END AS second,
        CASE WHEN m.s22 * m.s33 - m.s23 * m.s23 > 0.000001 * m.s22 * m.s33
            THEN CAST(ROUND((m.s3y * m.s22 - m.s2y * m.s23) / (m.s22 * m.s33 - m.s23 * m.s23), 10) AS DECIMAL(14, 10)) END AS third
    FROM moments AS m
)
SELECT
    s.diagnostic_id,
    s.resolved_id,
    s.group_id,
    s.lad_code,
    s.reported_on,
    s.contractor_code,
    CAST(s.level - (t.level - e.second * t.second - e.third * t.third) AS DECIMAL(14, 8)) AS adjusted_level,
    CASE s.contractor_code WHEN 'C1' THEN CAST(0 AS DECIMAL(14, 10)) WHEN 'C2' THEN e.second ELSE e.third END AS contractor_effect
FROM scored AS s
INNER JOIN strata AS t ON t.stratum = s.stratum
CROSS JOIN effects AS e
WHERE e.second IS NOT NULL AND e.third IS NOT NULL
ORDER BY s.diagnostic_id
