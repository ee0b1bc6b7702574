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
-- Posts that were observed after the start of the project; an enterprise is known from the last of them on.
posts AS (
    SELECT s.resolved_id, MAX(o.observed_on) AS known_on, CAST(SUM(CAST(o.quantity_added AS DECIMAL(18, 4))) AS DECIMAL(18, 4)) AS fte
    FROM project_starts AS s
    INNER JOIN evidenced_outcomes AS o ON o.resolved_id = s.resolved_id AND o.observed_on >= s.started_on
    WHERE o.outcome_type = 'JOBS_CREATED_FTE' AND o.quantity_added IS NOT NULL
    GROUP BY s.resolved_id
)
-- The accounts where both years are known, else the posts.
SELECT
    s.resolved_id,
    s.group_id,
    s.lad_code,
    s.scheme,
    s.started_on,
    CASE WHEN b.agva_before IS NOT NULL AND b.agva_after IS NOT NULL THEN b.after_end ELSE p.known_on END AS known_on,
    COALESCE(
        CAST(b.agva_after - b.agva_before AS DECIMAL(28, 6)), CAST(p.fte * j.per_job AS DECIMAL(28, 6))
    ) AS gva_gbp,
    CASE
        WHEN b.agva_before IS NOT NULL AND b.agva_after IS NOT NULL THEN CAST(b.fte_after - b.fte_before AS DECIMAL(24, 4))
        ELSE CAST(p.fte AS DECIMAL(24, 4))
    END AS fte,
    b.agva_before IS NULL OR b.agva_after IS NULL AS from_posts,
    CASE WHEN b.agva_before IS NOT NULL AND b.agva_after IS NOT NULL THEN b.status ELSE 'e' END AS status
FROM project_starts AS s
LEFT JOIN before_after AS b ON b.resolved_id = s.resolved_id
LEFT JOIN posts AS p ON p.resolved_id = s.resolved_id
LEFT JOIN job_values AS j ON j.nth = 1
WHERE (b.agva_before IS NOT NULL AND b.agva_after IS NOT NULL) OR (p.fte IS NOT NULL AND j.per_job IS NOT NULL)
ORDER BY s.resolved_id
