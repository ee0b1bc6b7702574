-- Value added and population of our areas, one row an area and year, from the last vintage of the value added that has all
-- its members (in one vintage, put together exactly rather than estimated). Population is that of the same vintage and null where one
-- member lacks it. An area bears the marks of all its members. Where the codes that make the area are others than those of the year before, the series breaks.
WITH
published AS (
    SELECT
        r.classification, r.area_code, r.year, r.vintage,
        MAX(CASE WHEN r.measure = 'GVA_BALANCED' THEN CAST(r.value AS DECIMAL(24, 4)) * CAST(1000000 AS DECIMAL(10, 0)) END) AS gva_gbp,
        MAX(CASE WHEN r.measure = 'POPULATION' THEN CAST(r.value AS DECIMAL(24, 4)) END) AS population,
        MAX(CASE WHEN r.measure = 'GVA_BALANCED' AND r.status = 'P' THEN 1 ELSE 0 END) AS provisional,
        MAX(CASE WHEN r.measure = 'GVA_BALANCED' AND lower(r.status) = 'r' THEN 1 ELSE 0 END) AS revised,
        MAX(CASE WHEN r.measure = 'GVA_BALANCED' AND lower(r.status) = 'e' THEN 1 ELSE 0 END) AS published_estimate,
        MAX(CASE WHEN r.measure = 'GVA_BALANCED' AND lower(r.status) = 'b' THEN 1 ELSE 0 END) AS broken,
        MAX(CASE WHEN r.measure = 'GVA_BALANCED' AND lower(r.status) = 'u' THEN 1 ELSE 0 END) AS unreliable,
        MAX(CASE WHEN r.measure = 'GVA_BALANCED' AND lower(r.status) = 'f' THEN 1 ELSE 0 END) AS forecast
    FROM ref_gva_productivity AS r
    WHERE NOT r.smoothed AND r.value IS NOT NULL
        AND (
            (r.measure = 'GVA_BALANCED' AND r.unit = 'GBP_M' AND r.price_basis = 'CP')
            OR (r.measure = 'POPULATION' AND r.unit = 'PERSONS')
        )
    GROUP BY r.classification, r.area_code, r.year, r.vintage
),
-- Members, each with what of it lies in the area, and how many there are.
members AS (
    SELECT a.classification, a.area_code, a.member_code, COALESCE(CAST(a.share AS DECIMAL(12, 10)), CAST(1 AS DECIMAL(12, 10))) AS share,
        COUNT(1) OVER (PARTITION BY a.classification, a.area_code) AS members
    FROM statistical_areas AS a
),
sums AS (
    SELECT
        m.classification, m.area_code, p.year, p.vintage,
        CAST(SUM(CAST(CAST(p.gva_gbp AS DECIMAL(24, 4)) * m.share AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) AS gva_gbp,
        CASE WHEN COUNT(p.population) = COUNT(1) THEN CAST(SUM(CAST(p.population * m.share AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) END AS population,
        MAX(p.provisional) AS provisional, MAX(p.revised) AS revised, MAX(p.broken) AS broken, MAX(p.unreliable) AS unreliable,
        MAX(p.forecast) AS forecast, MAX(p.published_estimate) AS published_estimate,
        MAX(CASE WHEN m.share < 1 THEN 1 ELSE 0 END) AS estimated,
        MIN(m.member_code) || '/' || CAST(COUNT(1) AS TEXT) AS basis
    FROM members AS m
    INNER JOIN published AS p ON p.classification = m.classification AND p.area_code = m.member_code
    WHERE p.gva_gbp IS NOT NULL
    GROUP BY m.classification, m.area_code, p.year, p.vintage, m.members
    HAVING COUNT(1) = m.members
),
-- Of several editions of one vintage: what is published before what is built, what is built before what is estimated.
preferred AS (
    SELECT
        s.area_code, s.year, s.vintage, s.gva_gbp, s.population, s.broken, s.basis,
        concat_ws(
            ',', CASE WHEN s.provisional = 1 THEN 'P' END, CASE WHEN s.revised = 1 THEN 'R' END,
            CASE WHEN s.estimated = 1 OR s.published_estimate = 1 THEN 'E' END, CASE WHEN s.unreliable = 1 THEN 'U' END,
            CASE WHEN s.forecast = 1 THEN 'F' END
        ) AS marks,
        CASE WHEN s.estimated = 1 THEN 9 WHEN s.classification = 'LAD' THEN 3 WHEN s.classification = 'ITL2021' THEN 2 ELSE 1 END AS precedence
    FROM sums AS s
),
ranked AS (
    SELECT
        s.area_code, s.year, s.vintage, s.gva_gbp, s.population, s.broken, s.basis, s.marks,
        ROW_NUMBER() OVER (PARTITION BY s.area_code, s.year ORDER BY s.vintage DESC, s.precedence) AS nth
    FROM preferred AS s
),
followed AS (
    SELECT
        r.area_code, r.year, r.vintage, r.gva_gbp, r.population, r.broken, r.marks, r.basis,
        LAG(r.basis) OVER (PARTITION BY r.area_code ORDER BY r.year) AS basis_before
    FROM ranked AS r
    WHERE r.nth = 1
)
SELECT
    f.area_code, f.year, f.vintage, f.gva_gbp, f.population,
    NULLIF(
        concat_ws(',', NULLIF(f.marks, ''), CASE WHEN f.broken = 1 OR f.basis <> f.basis_before THEN 'B' END), ''
    ) AS status
FROM followed AS f
ORDER BY f.area_code, f.year
