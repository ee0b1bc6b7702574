-- Productivity of our areas by basis, per hour worked and per filled job: the figure, the UK's of the same year and vintage
-- beside it, and the index with the UK at 100 (the UK over itself is exactly 100). One row a basis, area and year that has a
-- figure.
WITH
bases AS (
    SELECT
        'per_hour' AS basis, h.area_code, h.year, h.vintage, h.gva_per_hour AS value, h.uk_gva_per_hour AS uk_value, h.status
    FROM area_productivity AS h
    UNION ALL
    SELECT
        'per_job' AS basis, j.area_code, j.year, j.vintage, j.gva_per_job AS value, j.uk_gva_per_job AS uk_value, j.status
    FROM area_productivity AS j
)
SELECT
    b.basis, b.area_code, b.year, b.vintage, b.value, b.uk_value,
    CAST(CAST(100 AS DECIMAL(10, 0)) * CAST(b.value AS DECIMAL(24, 12)) / CAST(NULLIF(b.uk_value, 0) AS DECIMAL(18, 12)) AS DECIMAL(28, 12)) AS uk_index,
    b.status
FROM bases AS b
WHERE b.value IS NOT NULL
ORDER BY b.basis, b.area_code, b.year
