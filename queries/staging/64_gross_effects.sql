-- What changed in each supported enterprise, before anything is taken away: the rise of its real approximate GVA and staff
-- from the year before its first project to the year after; where accounts are absent, the posts evidenced as created, each
-- at the real GVA per filled job of Wales, which makes the figure an estimate. One row an enterprise.
WITH
-- GVA per filled job of Wales in base prices, the last year for which there is an index.
job_values AS (
    SELECT
        CAST(deflate(CAST(p.gva_per_job AS DECIMAL(28, 12)), c.price_index, c.base_index) AS DECIMAL(18, 6)) AS per_job,
        ROW_NUMBER() OVER (ORDER BY p.year DESC) AS nth
    FROM area_productivity AS p
    INNER JOIN calendar_prices AS c ON c.year = p.year
    WHERE p.area_code = 'WALES' AND p.gva_per_job IS NOT NULL
),
measured AS (
    SELECT b.resolved_id, b.group_id, b.lad_code, b.scheme, b.started_on, b.after_end AS known_on, b.agva_after - b.agva_before AS gva_gbp, b.fte_after - b.fte_before AS fte
    FROM before_after AS b
    WHERE b.agva_before IS NOT NULL AND b.agva_after IS NOT NULL
),
-- Posts that were observed after the start of the project; an enterprise is known from the last of them on.
posts AS (
    SELECT s.resolved_id, s.group_id, s.lad_code, s.scheme, s.started_on, MAX(o.observed_on) AS known_on, SUM(CAST(o.quantity_added AS DECIMAL(18, 4))) AS fte
    FROM project_starts AS s
    INNER JOIN evidenced_outcomes AS o ON o.resolved_id = s.resolved_id AND o.observed_on >= s.started_on
    WHERE o.outcome_type = 'JOBS_CREATED_FTE' AND o.quantity_added IS NOT NULL
    GROUP BY s.resolved_id, s.group_id, s.lad_code, s.scheme, s.started_on
)
SELECT
    m.resolved_id, m.group_id, m.lad_code, m.scheme, m.started_on, m.known_on,
    CAST(m.gva_gbp AS DECIMAL(28, 6)) AS gva_gbp, CAST(m.fte AS DECIMAL(24, 4)) AS fte, CAST(NULL AS TEXT) AS status
FROM measured AS m
UNION ALL
SELECT
    p.resolved_id, p.group_id, p.lad_code, p.scheme, p.started_on, p.known_on,
    CAST(CAST(p.fte AS DECIMAL(18, 4)) * j.per_job AS DECIMAL(28, 6)) AS gva_gbp, CAST(p.fte AS DECIMAL(24, 4)) AS fte, 'e' AS status
FROM posts AS p
INNER JOIN job_values AS j ON j.nth = 1
LEFT JOIN measured AS m ON m.resolved_id = p.resolved_id
WHERE m.resolved_id IS NULL
ORDER BY resolved_id
