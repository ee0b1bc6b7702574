-- How many enterprises of each division of our areas brought out an evidenced new product, as a share of all enterprises
-- there: a rate only where enough enterprises did, so that it tells of nobody. One row an area and division of the last year.
WITH
innovators AS (
    SELECT DISTINCT o.resolved_id, b.lad_code, substr(b.sic2007, 1, 2) AS industry
    FROM evidenced_outcomes AS o
    INNER JOIN businesses AS b ON b.business_id = o.resolved_id
    WHERE o.outcome_type IN ('NEW_TO_FIRM_PRODUCT', 'NEW_TO_MARKET_PRODUCT') AND COALESCE(o.quantity, 1) > 0
),
placed AS (
    SELECT i.resolved_id, i.industry, g.objective1_area AS area_code
    FROM innovators AS i
    INNER JOIN geography_lookup AS g ON g.lad_code = i.lad_code
    UNION ALL
    SELECT i.resolved_id, i.industry, 'WALES' AS area_code
    FROM innovators AS i
    INNER JOIN geography_lookup AS g ON g.lad_code = i.lad_code
)
SELECT p.area_code, p.industry, COUNT(DISTINCT p.resolved_id) AS innovators
FROM placed AS p
GROUP BY p.area_code, p.industry
HAVING COUNT(DISTINCT p.resolved_id) >= (
    SELECT MAX(s.value) FROM settings_parameters AS s WHERE s.name = 'cluster_minimum_enterprises'
)
ORDER BY p.area_code, p.industry
