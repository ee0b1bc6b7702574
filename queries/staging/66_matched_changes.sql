-- Changes of firms with a started project beside those of diagnosed firms that had none by then, over the same two calendar
-- years of accounts: the year before the project and the year after it. Compared are firms of one sector, size band and side
-- of Wales whose productivity before differed by no more than the caliper. The pre-trend is the change over the year that led
-- up to it. One row a firm, window and stratum; cohort names the window and stratum.
WITH
-- Diagnosed firms of each stratum, and when their first project started if it did.
panel AS (
    SELECT
        d.resolved_id, d.group_id, d.lad_code, f.am_sector || '/' || f.sme_class || '/' || g.objective1_area AS stratum, s.started_on
    FROM first_diagnostics AS d
    INNER JOIN firms AS f ON f.business_id = d.business_id
    INNER JOIN geography_lookup AS g ON g.lad_code = d.lad_code
    LEFT JOIN project_starts AS s ON s.resolved_id = d.resolved_id
    WHERE f.am_sector IS NOT NULL AND f.sme_class IS NOT NULL
),
-- Real GVA per full-time equivalent of each firm and calendar year of accounts, the longest of those that end in it.
productivity AS (
    SELECT
        a.resolved_id, CAST(date_part('year', a.period_end) AS INT) AS year, a.period_end, a.status,
        CAST(CAST(a.agva_gbp AS DECIMAL(28, 8)) / CAST(a.fte AS DECIMAL(14, 4)) AS DECIMAL(24, 8)) AS per_fte,
        ROW_NUMBER() OVER (
            PARTITION BY a.resolved_id, CAST(date_part('year', a.period_end) AS INT) ORDER BY a.months DESC, a.period_end DESC
        ) AS nth
    FROM real_accounts AS a
    WHERE a.agva_gbp > 0 AND a.fte > 0
),
-- The window of each firm with a project.
treated AS (
    SELECT
        p.resolved_id, p.group_id, p.lad_code, p.stratum, b.after_end AS dated_on,
        CAST(date_part('year', b.before_end) AS INT) AS year_0, CAST(date_part('year', b.after_end) AS INT) AS year_1
    FROM panel AS p
    INNER JOIN before_after AS b ON b.resolved_id = p.resolved_id
),
windows AS (
    SELECT DISTINCT t.stratum, t.year_0, t.year_1 FROM treated AS t
),
-- Firms without a project by the end of the window's last year.
untreated AS (
    SELECT p.resolved_id, p.group_id, p.lad_code, p.stratum, w.year_0, w.year_1
    FROM windows AS w
    INNER JOIN panel AS p ON p.stratum = w.stratum
    WHERE p.started_on IS NULL OR date_part('year', p.started_on) > w.year_1
),
both_sides AS (
    SELECT t.resolved_id, t.group_id, t.lad_code, t.stratum, t.year_0, t.year_1, 1 AS treated FROM treated AS t
    UNION ALL
    SELECT u.resolved_id, u.group_id, u.lad_code, u.stratum, u.year_0, u.year_1, 0 AS treated FROM untreated AS u
),
-- Productivity at both ends of the window, and a year before it. Logarithms are rounded to 12 decimals.
measured AS (
    SELECT
        s.resolved_id, s.group_id, s.lad_code, s.stratum, s.year_0, s.year_1, s.treated, b.period_end AS dated_on,
        b.per_fte - a.per_fte AS change_gbp, COALESCE(a.status, b.status, z.status) AS status,
        CAST(ROUND(ln(CAST(a.per_fte AS DOUBLE)), 12) AS DECIMAL(18, 12)) AS log_0,
        CAST(ROUND(ln(CAST(b.per_fte AS DOUBLE)), 12) AS DECIMAL(18, 12)) AS log_1,
        CAST(ROUND(ln(CAST(z.per_fte AS DOUBLE)), 12) AS DECIMAL(18, 12)) AS log_before
    FROM both_sides AS s
    INNER JOIN productivity AS a ON a.resolved_id = s.resolved_id AND a.year = s.year_0 AND a.nth = 1
    INNER JOIN productivity AS b ON b.resolved_id = s.resolved_id AND b.year = s.year_1 AND b.nth = 1
    LEFT JOIN productivity AS z ON z.resolved_id = s.resolved_id AND z.year = s.year_0 - 1 AND z.nth = 1
),
-- The nearest productivity of the other side, below and above; equal ones stand on both sides.
nearest AS (
    SELECT
        m.resolved_id, m.group_id, m.lad_code, m.stratum, m.year_0, m.year_1, m.treated, m.dated_on, m.change_gbp, m.status, m.log_0, m.log_1, m.log_before,
        MAX(CASE WHEN m.treated = 1 THEN m.log_0 END) OVER (
            PARTITION BY m.stratum, m.year_0, m.year_1 ORDER BY m.log_0 RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS treated_below,
        MAX(CASE WHEN m.treated = 0 THEN m.log_0 END) OVER (
            PARTITION BY m.stratum, m.year_0, m.year_1 ORDER BY m.log_0 RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS untreated_below,
        MIN(CASE WHEN m.treated = 1 THEN m.log_0 END) OVER (
            PARTITION BY m.stratum, m.year_0, m.year_1 ORDER BY m.log_0 RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS treated_above,
        MIN(CASE WHEN m.treated = 0 THEN m.log_0 END) OVER (
            PARTITION BY m.stratum, m.year_0, m.year_1 ORDER BY m.log_0 RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS untreated_above
    FROM measured AS m
),
-- How far each is from it.
distances AS (
    SELECT
        n.resolved_id, n.group_id, n.lad_code, n.stratum, n.year_0, n.year_1, n.treated, n.dated_on, n.change_gbp, n.status, n.log_0, n.log_1, n.log_before,
        CASE
            WHEN n.treated = 1 THEN LEAST(COALESCE(n.log_0 - n.untreated_below, 999), COALESCE(n.untreated_above - n.log_0, 999))
            ELSE LEAST(COALESCE(n.log_0 - n.treated_below, 999), COALESCE(n.treated_above - n.log_0, 999))
        END AS distance
    FROM nearest AS n
)
SELECT
    d.resolved_id,
    d.group_id,
    d.lad_code,
    CAST(d.year_0 AS TEXT) || '-' || CAST(d.year_1 AS TEXT) || '/' || d.stratum AS cohort,
    d.treated,
    d.dated_on,
    d.change_gbp,
    d.log_1 - d.log_0 AS change_log,
    d.log_0 - d.log_before AS pretrend_log,
    d.status
FROM distances AS d
WHERE d.distance <= (SELECT MAX(c.value) FROM settings_parameters AS c WHERE c.name = 'did_caliper_log_points')
ORDER BY cohort, d.treated, d.resolved_id
