-- What was charged for each reported diagnostic of any wave, gross, as delivered and in euros at the rate of the month of
-- the report. Where only the net fee came, VAT is added as delivered. Euros are to four decimals, null without a rate.
WITH
gross AS (
    SELECT
        d.diagnostic_id,
        d.business_id,
        d.reported_on,
        d.site_lad_code AS lad_code,
        d.fee_currency,
        COALESCE(
            CAST(d.fee_gross AS DECIMAL(38, 4)),
            CAST(ROUND(CAST(d.fee_net AS DECIMAL(18, 4)) * (CAST(1 AS DECIMAL(10, 4)) + CAST(d.vat_rate AS DECIMAL(10, 4))), 2) AS DECIMAL(38, 4))
        ) AS fee_gross
    FROM diagnostics AS d
    WHERE d.status IN ('REPORTED', 'PLAN_ISSUED') AND d.reported_on IS NOT NULL
)
SELECT
    g.diagnostic_id,
    f.resolved_id,
    f.group_id,
    g.reported_on,
    g.lad_code,
    g.fee_currency,
    g.fee_gross,
    CASE
        WHEN g.fee_currency = 'EUR' THEN g.fee_gross
        ELSE CAST(CAST(g.fee_gross AS DECIMAL(24, 8)) / CAST(e.rate AS DECIMAL(12, 6)) AS DECIMAL(38, 4))
    END AS fee_eur
FROM gross AS g
INNER JOIN firms AS f ON f.business_id = g.business_id
LEFT JOIN euro_rates AS e ON e.currency = g.fee_currency AND e.month = to_char(g.reported_on, '%Y-%m')
WHERE g.fee_gross IS NOT NULL AND g.fee_currency IS NOT NULL
ORDER BY g.diagnostic_id
