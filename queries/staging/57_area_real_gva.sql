-- Value added of our areas in prices of the deflator's base period, one row an area and year for which there is an index. An
-- index that had to be put together from financial years makes the figure an estimate.
SELECT
    a.area_code,
    a.year,
    a.vintage,
    CAST(deflate(a.gva_gbp, p.price_index, p.base_index) AS DECIMAL(38, 6)) AS real_gbp,
    CASE
        WHEN a.status IS NOT NULL AND p.status IS NOT NULL THEN a.status || ',' || p.status
        ELSE COALESCE(a.status, p.status)
    END AS status
FROM area_accounts AS a
INNER JOIN calendar_prices AS p ON p.year = a.year
ORDER BY a.area_code, a.year
