-- Annual accounts in prices of the deflator's base period: a period that straddles financial years takes each year's index
-- by its days. Without an index for every day the figures are not known. An estimated index makes them estimates.
WITH
-- The share of each accounting period's days that lies in each financial year.
shares AS (
    SELECT
        a.resolved_id, a.period_start, a.period_end, p.price_index, p.base_index, p.status,
        apportion_days(a.period_start, a.period_end, p.period) AS share
    FROM annual_accounts AS a
    INNER JOIN price_index AS p
        ON p.basis = 'FINANCIAL' AND p.first_year >= date_part('year', a.period_start) - 1 AND p.first_year <= date_part('year', a.period_end)
),
-- The mean index over the days of each accounting period, and how much of it has one.
indices AS (
    SELECT
        s.resolved_id, s.period_start, s.period_end,
        CAST(SUM(CAST(CAST(s.share AS DECIMAL(20, 18)) * s.price_index AS DECIMAL(24, 16))) AS DECIMAL(20, 12)) AS price_index,
        CAST(SUM(CAST(s.share AS DECIMAL(20, 12))) AS DECIMAL(20, 12)) AS covered,
        MAX(s.base_index) AS base_index,
        MAX(CASE WHEN s.share > 0 THEN s.status END) AS status
    FROM shares AS s
    GROUP BY s.resolved_id, s.period_start, s.period_end
)
SELECT
    a.resolved_id,
    a.group_id,
    a.lad_code,
    a.period_start,
    a.period_end,
    a.months,
    CAST(deflate(a.agva_gbp, i.price_index, i.base_index) AS DECIMAL(28, 6)) AS agva_gbp,
    CAST(deflate(a.turnover_gbp, i.price_index, i.base_index) AS DECIMAL(28, 6)) AS turnover_gbp,
    CAST(deflate(a.rd_gbp, i.price_index, i.base_index) AS DECIMAL(28, 6)) AS rd_gbp,
    a.fte,
    i.status
FROM annual_accounts AS a
LEFT JOIN indices AS i
    ON i.resolved_id = a.resolved_id AND i.period_start = a.period_start AND i.period_end = a.period_end AND i.covered > 0.999999
ORDER BY a.resolved_id, a.period_end, a.period_start
