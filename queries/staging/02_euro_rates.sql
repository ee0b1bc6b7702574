-- What one euro cost in each month: one rate a currency and month, the Commission's own where there is one, else the
-- European Central Bank's.
WITH
ranked AS (
    SELECT
        r.currency, r.month, CAST(r.rate AS DECIMAL(12, 6)) AS rate,
        ROW_NUMBER() OVER (PARTITION BY r.currency, r.month ORDER BY CASE r.source WHEN 'INFOREURO' THEN 1 ELSE 2 END, r.source) AS nth
    FROM ref_fx AS r
    WHERE r.rate IS NOT NULL
)
SELECT k.currency, k.month, k.rate
FROM ranked AS k
WHERE k.nth = 1
ORDER BY k.currency, k.month
