-- Business research and development of our areas in base prices, in pounds: delivered in euros it is converted at the mean of
-- the year's monthly rates, then deflated. Codes of NUTS 2010 to 2016 name the same areas. One row an area and year.
WITH
codes AS (
    SELECT c.area_code, c.member_code
    FROM (VALUES ('WWV', 'UKL1'), ('EW', 'UKL2'), ('WALES', 'UKL'), ('UK', 'UK'), ('WWV', 'TLL1'), ('EW', 'TLL2'), ('WALES', 'TLL'), ('UK', 'UKX')) AS c (area_code, member_code)
),
rates AS (
    SELECT CAST(substr(e.month, 1, 4) AS INT) AS year, CAST(AVG(CAST(e.rate AS DECIMAL(12, 6))) AS DECIMAL(12, 6)) AS rate, COUNT(1) AS months
    FROM euro_rates AS e
    WHERE e.currency = 'GBP'
    GROUP BY substr(e.month, 1, 4)
),
spends AS (
    SELECT
        c.area_code, r.year, r.vintage, r.status,
        CASE r.unit
            WHEN 'GBP_M' THEN CAST(r.value AS DECIMAL(28, 6)) * CAST(1000000 AS DECIMAL(8, 0))
            WHEN 'EUR' THEN CAST(r.value AS DECIMAL(28, 6)) * x.rate
            WHEN 'EUR_M' THEN CAST(r.value AS DECIMAL(22, 6)) * CAST(1000000 AS DECIMAL(8, 0)) * x.rate
        END AS spend_gbp,
        ROW_NUMBER() OVER (PARTITION BY c.area_code, r.year ORDER BY r.vintage DESC, r.classification DESC) AS nth
    FROM ref_gva_productivity AS r
    INNER JOIN codes AS c ON c.member_code = r.area_code
    LEFT JOIN rates AS x ON x.year = r.year AND x.months = 12
    WHERE r.measure = 'BERD' AND r.price_basis = 'CP' AND NOT r.smoothed AND r.value IS NOT NULL
)
SELECT
    s.area_code,
    s.year,
    s.vintage,
    CAST(deflate(CAST(s.spend_gbp AS DECIMAL(28, 6)), p.price_index, p.base_index) AS DECIMAL(38, 6)) AS real_gbp,
    CASE WHEN s.status = 'P' AND p.status IS NOT NULL THEN 'P,E' WHEN s.status = 'P' THEN 'P' ELSE p.status END AS status
FROM spends AS s
INNER JOIN calendar_prices AS p ON p.year = s.year
WHERE s.nth = 1 AND s.spend_gbp IS NOT NULL
ORDER BY s.area_code, s.year
