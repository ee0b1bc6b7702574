-- Location quotients of our areas by industry, with what stands behind them. A quotient from a withheld figure is withheld; one
-- of an industry that the nation does not have is not defined. One row an area, industry and year.
SELECT
    i.area_code,
    i.industry,
    i.industry_level,
    i.year,
    one_vintage(i.vintage, t.vintage, n.vintage, nt.vintage) AS vintage,
    i.jobs,
    i.enterprises,
    n.jobs AS nation_jobs,
    nt.jobs AS nation_all_jobs,
    location_quotient(i.jobs, t.jobs, n.jobs, nt.jobs) AS quotient,
    CASE WHEN i.withheld = 1 OR t.withheld = 1 OR n.withheld = 1 OR nt.withheld = 1 THEN 1 ELSE 0 END AS withheld
FROM area_industries AS i
INNER JOIN area_industries AS t
    ON t.area_code = i.area_code AND t.classification = i.classification AND t.year = i.year AND t.industry_level = 'TOTAL'
INNER JOIN area_industries AS n
    ON n.area_code = 'UK' AND n.classification = i.classification AND n.industry = i.industry AND n.year = i.year
INNER JOIN area_industries AS nt
    ON nt.area_code = 'UK' AND nt.classification = i.classification AND nt.year = i.year AND nt.industry_level = 'TOTAL'
WHERE i.area_code <> 'UK' AND i.industry_level <> 'TOTAL'
ORDER BY i.area_code, i.industry, i.year
