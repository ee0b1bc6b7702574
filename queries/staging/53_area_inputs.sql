-- What productivity of our areas is made of: sums over the members of each, one row an area, year and productivity vintage.
-- An area is there only when all its members are; hours, jobs or people that one member lacks are not summed. People are
-- those of the vintage of the value added.
WITH
sizes AS (
    SELECT a.classification, a.area_code, COUNT(1) AS members
    FROM statistical_areas AS a
    GROUP BY a.classification, a.area_code
),
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
sums AS (
    SELECT
        a.classification, a.area_code, i.year, i.vintage, i.gva_vintage,
        CAST(SUM(CAST(i.gva_gbp AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) AS gva_gbp,
        CASE WHEN COUNT(i.hours_a_year) = COUNT(1) THEN CAST(SUM(CAST(i.hours_a_year AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) END AS hours_a_year,
        CASE WHEN COUNT(i.jobs) = COUNT(1) THEN CAST(SUM(CAST(i.jobs AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) END AS jobs,
        CASE WHEN COUNT(p.population) = COUNT(1) THEN CAST(SUM(CAST(p.population AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) END AS population,
        CASE WHEN COUNT(p.employed_residents) = COUNT(1) THEN CAST(SUM(CAST(p.employed_residents AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) END AS employed_residents,
        CASE WHEN COUNT(p.working_age) = COUNT(1) THEN CAST(SUM(CAST(p.working_age AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) END AS working_age,
        COUNT(1) AS members,
        MAX(CASE WHEN i.status = 'P' THEN 1 ELSE 0 END) AS provisional
    FROM statistical_areas AS a
    INNER JOIN gva_with_inputs AS i ON i.classification = a.classification AND i.area_code = a.member_code
    LEFT JOIN people AS p
        ON p.classification = i.classification AND p.area_code = i.area_code AND p.year = i.year AND p.vintage = i.gva_vintage
    GROUP BY a.classification, a.area_code, i.year, i.vintage, i.gva_vintage
)
SELECT
    s.classification, s.area_code, s.year, s.vintage, s.gva_vintage, s.gva_gbp, s.hours_a_year, s.jobs, s.population,
    s.employed_residents, s.working_age, CASE WHEN s.provisional = 1 THEN 'P' END AS status
FROM sums AS s
INNER JOIN sizes AS z ON z.classification = s.classification AND z.area_code = s.area_code AND z.members = s.members
ORDER BY s.classification, s.area_code, s.year, s.vintage
