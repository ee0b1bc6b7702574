-- What productivity of our areas is made of: sums over the members of each, one row an area, year and productivity vintage.
-- An area is there only when all its members are; hours, jobs or people that one member lacks are not summed. People are
-- those of the vintage of the value added. A member that lies in the area in part counts by its share, which makes the figure an
-- estimate; basis tells by which codes the area was put together, precedence which
-- of several editions of one vintage goes first: what is published before what is built, what is built before what is estimated. An area bears the marks of all its members.
WITH
people AS (
    SELECT
        r.classification, r.area_code, r.year, r.vintage,
        MAX(CASE WHEN r.measure = 'POPULATION' THEN CAST(r.value AS DECIMAL(24, 4)) END) AS population,
        MAX(CASE WHEN r.measure = 'EMPLOYED_RESIDENTS' THEN CAST(r.value AS DECIMAL(24, 4)) END) AS employed_residents,
        MAX(CASE WHEN r.measure = 'WORKING_AGE_POP' THEN CAST(r.value AS DECIMAL(24, 4)) END) AS working_age
    FROM ref_gva_productivity AS r
    WHERE r.measure IN ('POPULATION', 'EMPLOYED_RESIDENTS', 'WORKING_AGE_POP') AND r.unit = 'PERSONS' AND NOT r.smoothed
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
        m.classification, m.area_code, i.year, i.vintage, i.gva_vintage,
        CAST(SUM(CAST(CAST(i.gva_gbp AS DECIMAL(24, 4)) * m.share AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) AS gva_gbp,
        CASE WHEN COUNT(i.hours_a_year) = COUNT(1) THEN CAST(SUM(CAST(CAST(i.hours_a_year AS DECIMAL(24, 4)) * m.share AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) END AS hours_a_year,
        CASE WHEN COUNT(i.jobs) = COUNT(1) THEN CAST(SUM(CAST(CAST(i.jobs AS DECIMAL(24, 4)) * m.share AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) END AS jobs,
        CASE WHEN COUNT(p.population) = COUNT(1) THEN CAST(SUM(CAST(CAST(p.population AS DECIMAL(24, 4)) * m.share AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) END AS population,
        CASE WHEN COUNT(p.employed_residents) = COUNT(1) THEN CAST(SUM(CAST(CAST(p.employed_residents AS DECIMAL(24, 4)) * m.share AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) END AS employed_residents,
        CASE WHEN COUNT(p.working_age) = COUNT(1) THEN CAST(SUM(CAST(CAST(p.working_age AS DECIMAL(24, 4)) * m.share AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) END AS working_age,
        MAX(CASE WHEN strpos(',' || i.status || ',', ',P,') > 0 THEN 1 ELSE 0 END) AS provisional,
        MAX(CASE WHEN strpos(',' || i.status || ',', ',R,') > 0 THEN 1 ELSE 0 END) AS revised,
        MAX(CASE WHEN strpos(lower(',' || i.status || ','), ',e,') > 0 THEN 1 ELSE 0 END) AS published_estimate,
        MAX(CASE WHEN strpos(lower(',' || i.status || ','), ',b,') > 0 THEN 1 ELSE 0 END) AS broken,
        MAX(CASE WHEN strpos(lower(',' || i.status || ','), ',u,') > 0 THEN 1 ELSE 0 END) AS unreliable,
        MAX(CASE WHEN strpos(lower(',' || i.status || ','), ',f,') > 0 THEN 1 ELSE 0 END) AS forecast,
        MAX(CASE WHEN m.share < 1 THEN 1 ELSE 0 END) AS estimated,
        MIN(m.member_code) || '/' || CAST(COUNT(1) AS TEXT) AS basis
    FROM members AS m
    INNER JOIN gva_with_inputs AS i ON i.classification = m.classification AND i.area_code = m.member_code
    LEFT JOIN people AS p
        ON p.classification = i.classification AND p.area_code = i.area_code AND p.year = i.year AND p.vintage = i.gva_vintage
    GROUP BY m.classification, m.area_code, m.members, i.year, i.vintage, i.gva_vintage
    HAVING COUNT(1) = m.members
)
SELECT
    s.classification, s.area_code, s.year, s.vintage, s.gva_vintage, s.gva_gbp, s.hours_a_year, s.jobs, s.population,
    s.employed_residents, s.working_age, s.basis,
    CASE WHEN s.estimated = 1 THEN 9 WHEN s.classification = 'LAD' THEN 3 WHEN s.classification = 'ITL2021' THEN 2 ELSE 1 END AS precedence,
    NULLIF(
        concat_ws(
            ',', CASE WHEN s.provisional = 1 THEN 'P' END, CASE WHEN s.revised = 1 THEN 'R' END,
            CASE WHEN s.estimated = 1 OR s.published_estimate = 1 THEN 'E' END, CASE WHEN s.broken = 1 THEN 'B' END,
            CASE WHEN s.unreliable = 1 THEN 'U' END, CASE WHEN s.forecast = 1 THEN 'F' END
        ),
        ''
    ) AS status
FROM sums AS s
ORDER BY s.classification, s.area_code, s.year, s.vintage
