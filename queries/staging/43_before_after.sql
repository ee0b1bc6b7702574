-- Supported firms before and after: the last accounting year that ended before the first project started, and the first full
-- one that began at least twelve months after the start. Both as flows of a year in base prices; one row a firm that has both.
WITH
befores AS (
    SELECT
        s.resolved_id, a.period_end, a.agva_gbp, a.turnover_gbp, a.rd_gbp, a.fte, a.status,
        ROW_NUMBER() OVER (PARTITION BY s.resolved_id ORDER BY a.period_end DESC, a.period_start DESC) AS nth
    FROM project_starts AS s
    INNER JOIN real_accounts AS a ON a.resolved_id = s.resolved_id AND a.period_end < s.started_on
),
afters AS (
    SELECT
        s.resolved_id, a.period_end, a.agva_gbp, a.turnover_gbp, a.rd_gbp, a.fte, a.status,
        ROW_NUMBER() OVER (PARTITION BY s.resolved_id ORDER BY a.period_start, a.period_end) AS nth
    FROM project_starts AS s
    INNER JOIN real_accounts AS a
        ON a.resolved_id = s.resolved_id AND a.period_start >= s.started_on + INTERVAL '12 months' AND a.months >= 12
)
SELECT
    s.resolved_id,
    s.group_id,
    s.lad_code,
    s.scheme,
    s.started_on,
    b.period_end AS before_end,
    a.period_end AS after_end,
    CAST(CAST(a.period_end - b.period_end AS DECIMAL(12, 6)) / CAST(365.25 AS DECIMAL(6, 2)) AS DECIMAL(12, 6)) AS years,
    b.agva_gbp AS agva_before,
    a.agva_gbp AS agva_after,
    b.rd_gbp AS rd_before,
    a.rd_gbp AS rd_after,
    b.fte AS fte_before,
    a.fte AS fte_after,
    COALESCE(b.status, a.status) AS status
FROM project_starts AS s
INNER JOIN befores AS b ON b.resolved_id = s.resolved_id AND b.nth = 1
INNER JOIN afters AS a ON a.resolved_id = s.resolved_id AND a.nth = 1
ORDER BY s.resolved_id
