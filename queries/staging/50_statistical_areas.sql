-- Which statistical codes make an area, in each edition of the classification. A region is a versioned set of authorities, never
-- a code: the codes of its authorities are looked up by code, coarsest first, and taken where they fill the area exactly. Where none
-- do (West Wales and the Valleys in ITL 2025, whose Mid Wales holds Ceredigion and Powys) the finest are taken, and a code
-- that lies in the area in part counts by the share of its people who live there: what is built from it is an estimate. Without
-- people there is no such area. One row an area, edition and code.
WITH
authorities AS (
    SELECT g.lad_code, g.objective1_area, g.econ_region_2020, g.city_region, g.itl2_2021, g.itl3_2021, g.itl2_2025, g.itl3_2025
    FROM geography_lookup AS g
    WHERE g.valid_to IS NULL
),
-- Every authority with the areas it lies in.
sets AS (
    SELECT
        a.lad_code,
        CASE k.kind WHEN 1 THEN 'WALES' WHEN 2 THEN a.objective1_area WHEN 3 THEN a.econ_region_2020 ELSE a.city_region END AS area_code
    FROM authorities AS a
    CROSS JOIN (VALUES (1), (2), (3), (4)) AS k (kind)
),
-- The codes over every authority: level 1 is Wales, 2 and 3 are those of the edition, 4 is the authority itself.
codes AS (
    SELECT
        a.lad_code, l.classification, l.level,
        CASE
            WHEN l.level = 4 THEN a.lad_code
            WHEN l.level = 1 THEN 'TLL'
            WHEN l.classification = 'ITL2021' AND l.level = 2 THEN a.itl2_2021
            WHEN l.classification = 'ITL2021' THEN a.itl3_2021
            WHEN l.level = 2 THEN a.itl2_2025
            ELSE a.itl3_2025
        END AS member_code
    FROM authorities AS a
    CROSS JOIN (
        VALUES ('ITL2021', 1), ('ITL2021', 2), ('ITL2021', 3), ('ITL2025', 1), ('ITL2025', 2), ('ITL2025', 3), ('LAD', 4)
    ) AS l (classification, level)
),
-- People of each authority in the last year and vintage of which there are any.
people AS (
    SELECT
        r.area_code AS lad_code, CAST(r.value AS DECIMAL(20, 2)) AS people, DENSE_RANK() OVER (ORDER BY r.year DESC, r.vintage DESC) AS nth
    FROM ref_gva_productivity AS r
    WHERE r.classification = 'LAD' AND r.measure = 'POPULATION' AND r.unit = 'PERSONS' AND NOT r.smoothed AND r.value IS NOT NULL
),
-- What of each code lies in each area. All of it lies in Wales.
parts AS (
    SELECT
        s.area_code, c.classification, c.level, c.member_code, COUNT(1) AS authorities,
        CASE WHEN COUNT(n.people) = COUNT(1) THEN CAST(SUM(n.people) AS DECIMAL(24, 2)) END AS people
    FROM sets AS s
    INNER JOIN codes AS c ON c.lad_code = s.lad_code
    LEFT JOIN people AS n ON n.lad_code = s.lad_code AND n.nth = 1
    WHERE s.area_code IS NOT NULL AND c.member_code IS NOT NULL
    GROUP BY s.area_code, c.classification, c.level, c.member_code
),
wholes AS (
    SELECT
        p.area_code, p.classification, p.level, p.member_code, p.authorities, p.people,
        MAX(p.authorities) OVER (PARTITION BY p.classification, p.level, p.member_code) AS all_authorities,
        MAX(CASE WHEN p.area_code = 'WALES' THEN p.people END) OVER (PARTITION BY p.classification, p.level, p.member_code) AS all_people
    FROM parts AS p
),
shares AS (
    SELECT
        w.area_code, w.classification, w.level, w.member_code,
        CASE
            WHEN w.authorities = w.all_authorities THEN CAST(1 AS DECIMAL(12, 10))
            ELSE CAST(CAST(w.people AS DECIMAL(26, 10)) / CAST(NULLIF(w.all_people, 0) AS DECIMAL(16, 2)) AS DECIMAL(12, 10))
        END AS share,
        CASE WHEN w.authorities = w.all_authorities THEN 0 ELSE 1 END AS in_part
    FROM wholes AS w
),
-- Each level of an area: whether it fills the area, and whether all its shares are known.
levels AS (
    SELECT
        s.area_code, s.classification, s.level, s.member_code, s.share,
        MAX(s.in_part) OVER (PARTITION BY s.area_code, s.classification, s.level) AS in_part,
        MAX(CASE WHEN s.share IS NULL THEN 1 ELSE 0 END) OVER (PARTITION BY s.area_code, s.classification, s.level) AS unknown
    FROM shares AS s
),
-- The coarsest that fills the area first, then the finest of the others.
ordered AS (
    SELECT
        l.area_code, l.classification, l.member_code, l.share,
        CASE WHEN l.in_part = 0 THEN l.level ELSE 10 - l.level END AS place,
        MIN(CASE WHEN l.in_part = 0 THEN l.level ELSE 10 - l.level END) OVER (PARTITION BY l.area_code, l.classification) AS first_place
    FROM levels AS l
    WHERE l.unknown = 0
),
areas AS (
    SELECT o.area_code, o.member_code, o.classification, o.share
    FROM ordered AS o
    WHERE o.place = o.first_place
    UNION ALL
    -- The UK without extra-regio stands in the releases of every edition.
    SELECT 'UK' AS area_code, 'UKX' AS member_code, e.classification, CAST(1 AS DECIMAL(12, 10)) AS share
    FROM (VALUES ('ITL2021'), ('ITL2025'), ('LAD')) AS e (classification)
    UNION ALL
    -- While no geography has come, the codes of which the edition itself says that they are these areas.
    SELECT p.area_code, p.member_code, p.classification, CAST(1 AS DECIMAL(12, 10)) AS share
    FROM (
        VALUES ('WWV', 'TLL1', 'ITL2021'), ('EW', 'TLL2', 'ITL2021'), ('WALES', 'TLL', 'ITL2021'), ('WALES', 'TLL', 'ITL2025')
    ) AS p (area_code, member_code, classification)
    CROSS JOIN (SELECT COUNT(1) AS authorities FROM authorities) AS k
    WHERE k.authorities = 0
)
SELECT a.area_code, a.member_code, a.classification, a.share
FROM areas AS a
ORDER BY a.classification, a.area_code, a.member_code
