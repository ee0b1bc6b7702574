-- What each enterprise's started projects cost the public: grant and other public money, in base prices of the deflator at
-- the day of acceptance. One row an enterprise; a project whose cost or price is not known is left out.
SELECT
    o.resolved_id,
    CAST(SUM(CAST(deflate(CAST(o.grant_gbp + o.other_public_gbp AS DECIMAL(28, 4)), p.price_index, p.base_index) AS DECIMAL(24, 6))) AS DECIMAL(28, 6)) AS public_gbp,
    MAX(p.status) AS status
FROM accepted_offers AS o
INNER JOIN price_index AS p ON p.basis = 'FINANCIAL' AND p.period = fin_year(o.accepted_on)
WHERE o.started_on IS NOT NULL AND o.grant_gbp IS NOT NULL AND o.other_public_gbp IS NOT NULL
GROUP BY o.resolved_id
ORDER BY o.resolved_id
