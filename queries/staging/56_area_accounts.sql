-- Value added and population of our areas, one row an area and year, from the last vintage of the value added that has all
-- its members. Population is that of the same vintage and null where one member lacks it.
WITH
sizes AS (
    SELECT a.classification, a.area_code, COUNT(1) AS members
    FROM statistical_areas AS a
    GROUP BY a.classification, a.area_code
),
published AS (
    SELECT
        r.classification, r.area_code, r.year, r.vintage,
        MAX(CASE WHEN r.measure = 'GVA_BALANCED' THEN CAST(r.value AS DECIMAL(24, 4)) * CAST(1000000 AS DECIMAL(10, 0)) END) AS gva_gbp,
        MAX(CASE WHEN r.measure = 'POPULATION' THEN CAST(r.value AS DECIMAL(24, 4)) END) AS population,
        MAX(CASE WHEN r.measure = 'GVA_BALANCED' AND r.status = 'P' THEN 1 ELSE 0 END) AS provisional
    FROM ref_gva_productivity AS r
    WHERE NOT r.smoothed AND r.value IS NOT NULL
        AND (
            (r.measure = 'GVA_BALANCED' AND r.unit = 'GBP_M' AND r.price_basis = 'CP')
            OR (r.measure = 'POPULATION' AND r.unit = 'PERSONS')
        )
    GROUP BY r.classification, r.area_code, r.year, r.vintage
),
sums AS (
    SELECT
        a.classification, a.area_code, p.year, p.vintage,
        CAST(SUM(CAST(p.gva_gbp AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) AS gva_gbp,
        CASE WHEN COUNT(p.population) = COUNT(1) THEN CAST(SUM(CAST(p.population AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) END AS population,
        MAX(p.provisional) AS provisional,
        ROW_NUMBER() OVER (PARTITION BY a.area_code, p.year ORDER BY p.vintage DESC, a.classification DESC) AS nth
    FROM statistical_areas AS a
    INNER JOIN sizes AS z ON z.classification = a.classification AND z.area_code = a.area_code
    INNER JOIN published AS p ON p.classification = a.classification AND p.area_code = a.member_code
    WHERE p.gva_gbp IS NOT NULL
    GROUP BY a.classification, a.area_code, p.year, p.vintage, z.members
    HAVING COUNT(1) = z.members
)
SELECT s.area_code, s.year, s.vintage, s.gva_gbp, s.population, CASE WHEN s.provisional = 1 THEN 'P' END AS status
FROM sums AS s
WHERE s.nth = 1
ORDER BY s.area_code, s.year
