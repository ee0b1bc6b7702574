-- The GDP deflator: for calendar and for financial years the last vintage, each index with that of the base period beside
-- it. Prices of one period become those of the base by base_index / price_index. One row a basis and period.
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
)
SELECT
    i.basis,
    i.period,
    CAST(split_part(i.period, '-', 1) AS INT) AS first_year,
    i.base_period,
    i.vintage,
    i.price_index,
    COALESCE(b.price_index, CAST(100 AS DECIMAL(10, 4))) AS base_index,
    i.outturn
FROM indices AS i
LEFT JOIN indices AS b ON b.basis = i.basis AND b.period = i.base_period AND b.nth = 1
WHERE i.nth = 1
ORDER BY i.basis, i.period
