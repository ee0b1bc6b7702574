-- What lies between the ways in which a figure of an area can be put together, in one vintage and across vintages: the sum of West
-- Wales and the Valleys and East Wales against Wales, and each other edition of the classification against the one that is published
-- (ITL 2021 first, then ITL 2025). One row an area, year, quantity and pair; the difference is built less published.
WITH
figures AS (
    SELECT
        i.area_code, i.year, i.vintage, i.classification, i.status, q.quantity,
        CASE q.quantity WHEN 'GVA' THEN i.gva_gbp WHEN 'HOURS' THEN i.hours_a_year ELSE i.jobs END AS value
    FROM area_inputs AS i
    CROSS JOIN (VALUES ('GVA'), ('HOURS'), ('JOBS')) AS q (quantity)
),
known AS (
    SELECT
        f.area_code, f.year, f.vintage, f.classification, f.quantity, f.value,
        CASE WHEN strpos(COALESCE(f.status, ''), 'E') > 0 THEN 1 ELSE 0 END AS estimated
    FROM figures AS f
    WHERE f.value IS NOT NULL
),
-- The last vintage of each edition.
latest AS (
    SELECT
        k.area_code, k.year, k.vintage, k.classification, k.quantity, k.value, k.estimated,
        ROW_NUMBER() OVER (PARTITION BY k.area_code, k.year, k.quantity, k.classification ORDER BY k.vintage DESC) AS nth
    FROM known AS k
),
-- The two parts of Wales added up, of one edition and vintage.
parts AS (
    SELECT
        k.year, k.vintage, k.classification, k.quantity, MAX(k.estimated) AS estimated,
        CAST(SUM(CAST(k.value AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) AS value
    FROM known AS k
    WHERE k.area_code IN ('WWV', 'EW')
    GROUP BY k.year, k.vintage, k.classification, k.quantity
    HAVING COUNT(1) = 2
),
pairs AS (
    SELECT
        'WALES' AS area_code, w.year, w.quantity, w.classification AS published_edition, w.vintage AS published_vintage,
        'WWV + EW, ' || p.classification AS built_edition, p.vintage AS built_vintage, w.value AS published, p.value AS built, p.estimated
    FROM latest AS w
    INNER JOIN parts AS p
        ON p.year = w.year AND p.quantity = w.quantity AND p.vintage = w.vintage AND p.classification = w.classification
    WHERE w.area_code = 'WALES' AND w.nth = 1
    UNION ALL
    SELECT
        a.area_code, a.year, a.quantity, a.classification AS published_edition, a.vintage AS published_vintage,
        b.classification AS built_edition, b.vintage AS built_vintage, a.value AS published, b.value AS built, b.estimated
    FROM latest AS a
    INNER JOIN latest AS b ON b.area_code = a.area_code AND b.year = a.year AND b.quantity = a.quantity AND b.nth = 1
    WHERE a.nth = 1 AND a.area_code <> 'UK' AND a.estimated = 0 AND a.classification IN ('ITL2021', 'ITL2025')
        AND (
            (a.classification = 'ITL2021' AND b.classification IN ('ITL2025', 'LAD'))
            OR (a.classification = 'ITL2025' AND b.classification = 'LAD')
        )
)
SELECT
    p.area_code,
    p.year,
    p.quantity,
    p.published_edition,
    p.published_vintage,
    p.built_edition,
    p.built_vintage,
    p.published,
    p.built,
    p.built - p.published AS difference,
    CAST(
        CAST(100 AS DECIMAL(4, 0)) * CAST(p.built - p.published AS DECIMAL(24, 6)) / CAST(NULLIF(p.published, 0) AS DECIMAL(20, 4)) AS DECIMAL(18, 6)
    ) AS difference_per_cent,
    p.estimated = 1 AS is_estimate
FROM pairs AS p
ORDER BY p.area_code, p.year, p.quantity, p.published_edition, p.built_edition
