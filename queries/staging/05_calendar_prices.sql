-- Price indices of calendar years: the calendar series where there is one; only where there is none, three quarters of the
-- financial year that begins in the year and one quarter of the one before, marked as estimated.
WITH
published AS (
    SELECT p.first_year AS year, p.price_index, p.base_index, p.base_period, p.vintage, CAST(NULL AS TEXT) AS status
    FROM price_index AS p
    WHERE p.basis = 'CALENDAR'
),
derived AS (
    SELECT
        p.first_year AS year,
        CAST(CAST(0.75 AS DECIMAL(4, 2)) * p.price_index + CAST(0.25 AS DECIMAL(4, 2)) * b.price_index AS DECIMAL(12, 6)) AS price_index,
        p.base_index, p.base_period, p.vintage, 'E' AS status
    FROM price_index AS p
    INNER JOIN price_index AS b ON b.basis = 'FINANCIAL' AND b.first_year = p.first_year - 1
    WHERE p.basis = 'FINANCIAL' AND p.status IS NULL
)
SELECT p.year, CAST(p.price_index AS DECIMAL(12, 6)) AS price_index, p.base_index, p.base_period, p.vintage, p.status
FROM published AS p
UNION ALL
SELECT d.year, d.price_index, d.base_index, d.base_period, d.vintage, d.status
FROM derived AS d
WHERE (SELECT COUNT(1) FROM published) = 0
ORDER BY year
