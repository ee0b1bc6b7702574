-- The GDP deflator: for calendar and for financial years the last vintage, each index with that of the base period beside
-- it. Prices of one period become those of the base by base_index / price_index. Only where there is no series of financial
-- years, three quarters of the calendar year in which one begins and one quarter of the next stand for it, marked as estimated.
-- One row a basis and period.
WITH
latest AS (
    SELECT d.basis, MAX(d.vintage) AS vintage
    FROM ref_deflators AS d
    WHERE d.series = 'UKGDP' AND d.index IS NOT NULL
    GROUP BY d.basis
),
-- A vintage that came on two bases counts on the later one.
indices AS (
    SELECT
        d.basis, d.period, d.base_period, d.vintage, CAST(d.index AS DECIMAL(10, 4)) AS price_index, d.outturn,
        ROW_NUMBER() OVER (PARTITION BY d.basis, d.period ORDER BY d.base_period DESC) AS nth
    FROM ref_deflators AS d
    INNER JOIN latest AS l ON l.basis = d.basis AND l.vintage = d.vintage
    WHERE d.series = 'UKGDP' AND d.index IS NOT NULL AND d.index > 0
),
published AS (
    SELECT
        i.basis, i.period, CAST(split_part(i.period, '-', 1) AS INT) AS first_year, i.base_period, i.vintage, i.price_index,
        COALESCE(b.price_index, CAST(100 AS DECIMAL(10, 4))) AS base_index, i.outturn
    FROM indices AS i
    LEFT JOIN indices AS b ON b.basis = i.basis AND b.period = i.base_period AND b.nth = 1
    WHERE i.nth = 1
),
derived AS (
    SELECT
        'FINANCIAL' AS basis, p.period || '-' || lpad(CAST((p.first_year + 1) % 100 AS TEXT), 2, '0') AS period, p.first_year,
        p.base_period, p.vintage,
        CAST(CAST(0.75 AS DECIMAL(4, 2)) * p.price_index + CAST(0.25 AS DECIMAL(4, 2)) * n.price_index AS DECIMAL(12, 6)) AS price_index,
        p.base_index, p.outturn AND n.outturn AS outturn
    FROM published AS p
    INNER JOIN published AS n ON n.basis = 'CALENDAR' AND n.first_year = p.first_year + 1
    WHERE p.basis = 'CALENDAR'
)
SELECT
    p.basis, p.period, p.first_year, p.base_period, p.vintage, CAST(p.price_index AS DECIMAL(12, 6)) AS price_index, p.base_index,
    p.outturn, CAST(NULL AS TEXT) AS status
FROM published AS p
UNION ALL
SELECT d.basis, d.period, d.first_year, d.base_period, d.vintage, d.price_index, d.base_index, d.outturn, 'e' AS status
FROM derived AS d
WHERE (SELECT COUNT(1) FROM published AS f WHERE f.basis = 'FINANCIAL') = 0
ORDER BY basis, period
