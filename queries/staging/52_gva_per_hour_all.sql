-- GVA per hour worked and per filled job for every statistical code that was published, so that the whole can be
-- compared with what ONS printed. Unrounded.
SELECT
    i.classification,
    i.area_code,
    i.year,
    i.vintage,
    i.gva_vintage,
    CAST(CAST(i.gva_gbp AS DECIMAL(38, 12)) / CAST(NULLIF(i.hours_a_year, 0) AS DECIMAL(24, 4)) AS DECIMAL(38, 12)) AS gva_per_hour,
    CAST(CAST(i.gva_gbp AS DECIMAL(38, 12)) / CAST(NULLIF(i.jobs, 0) AS DECIMAL(24, 4)) AS DECIMAL(38, 12)) AS gva_per_job,
    i.status
FROM gva_with_inputs AS i
ORDER BY i.vintage, i.classification, i.area_code, i.year
