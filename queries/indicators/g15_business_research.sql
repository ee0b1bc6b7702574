/*---
id = "G15"
title.en = "Business R&D: annual growth"
title.cy = "Ymchwil a datblygu busnes: twf blynyddol"
short.en = "Business R&D growth"
short.cy = "Twf Y&D busnes"
formula.en = "Real business spend on research and development over that of the last year published before it, as a rate a year. The Basque Country plans 5% a year: a benchmark, not a target."
formula.cy = "Gwariant real busnesau ar ymchwil a datblygu dros wariant y flwyddyn flaenorol ddiwethaf a gyhoeddwyd, fel cyfradd y flwyddyn. Mae Gwlad y Basg yn cynllunio 5% y flwyddyn: meincnod, nid targed."
source.en = "Business enterprise R&D by region (Frascati); HM Treasury: GDP deflators; exchange rates of the European Commission."
source.cy = "Ymchwil a datblygu mentrau busnes yn ôl rhanbarth (Frascati); Trysorlys EF: datchwyddwyr CMC; cyfraddau cyfnewid y Comisiwn Ewropeaidd."
actions = [4]
direction = "up"
dated_by = "ref_gva_productivity.year"
area_key = "statistical_areas.area_code"
population = "Published business spend on R&D, current prices, deflated"
dimensions = []
by_authority = false
disclosure_unit = "none"
chart = "line"
tags = ["action4", "context", "on-request"]
depends_on = ["G08"]
parameters = ["ref_deflators", "ref_fx", "targets_budgets"]

[[measures]]
id = "value"
kind = "reference"
unit = "per_cent_a_year"
decimals = 1
title.en = "Per cent a year"
title.cy = "Y cant y flwyddyn"
---*/
WITH
-- Each published year beside the last one before it.
followed AS (
    SELECT
        r.area_code, r.year, r.vintage, r.status, r.real_gbp,
        LAG(r.real_gbp) OVER (PARTITION BY r.area_code ORDER BY r.year) AS real_before,
        LAG(r.year) OVER (PARTITION BY r.area_code ORDER BY r.year) AS year_before,
        LAG(r.vintage) OVER (PARTITION BY r.area_code ORDER BY r.year) AS vintage_before
    FROM area_research AS r
)
SELECT
    'value' AS measure,
    f.year,
    f.area_code,
    CAST(CAST(100 AS DECIMAL(4, 0)) * CAST(cagr(f.real_before, f.real_gbp, f.year - f.year_before) AS DECIMAL(24, 12)) AS DECIMAL(38, 9)) AS value,
    f.status,
    one_vintage(f.vintage, f.vintage_before) AS vintage,
    'Eurostat, HMT' AS source
FROM followed AS f
WHERE f.year_before IS NOT NULL
ORDER BY f.area_code, f.year
