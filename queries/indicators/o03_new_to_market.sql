/*---
id = "O03"
title.en = "Enterprises supported to introduce new-to-market products"
title.cy = "Mentrau a gefnogwyd i gyflwyno cynhyrchion sy'n newydd i'r farchnad"
short.en = "New to market"
short.cy = "Newydd i'r farchnad"
formula.en = "Enterprises with evidenced or verified products that are new to the markets they sell in, each counted once, when the first was observed."
formula.cy = "Mentrau sydd â chynhyrchion, wedi'u tystio neu eu dilysu, sy'n newydd i'r marchnadoedd y maent yn gwerthu ynddynt, pob un wedi'i chyfrif unwaith, pan arsylwyd y cyntaf."
source.en = "R&D outcomes of the programme."
source.cy = "Canlyniadau ymchwil a datblygu'r rhaglen."
actions = [3, 4]
direction = "up"
dated_by = "rd_outcomes.observed_on of the first such outcome"
area_key = "businesses.lad_code"
population = "Enterprises with an outcome NEW_TO_MARKET_PRODUCT whose evidence status is EVIDENCED or VERIFIED"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action3", "action4", "headline"]
depends_on = []

[[measures]]
id = "value"
kind = "count"
unit = "enterprises"
decimals = 0
title.en = "Enterprises"
title.cy = "Mentrau"
---*/
WITH
-- Outcomes that count for this indicator, numbered within each enterprise. A correction to nothing (quantity 0) is no product.
ranked AS (
    SELECT
        o.resolved_id, o.group_id, o.lad_code, o.observed_on,
        ROW_NUMBER() OVER (PARTITION BY o.resolved_id ORDER BY o.observed_on, o.outcome_id) AS nth
    FROM evidenced_outcomes AS o
    WHERE o.outcome_type = 'NEW_TO_MARKET_PRODUCT'
        AND COALESCE(o.quantity, 1) > 0
        AND o.observed_on >= CAST($programme_start AS DATE)
        AND o.observed_on <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure,
    r.observed_on AS dated_on,
    r.lad_code,
    r.resolved_id AS business_id,
    r.group_id,
    CAST(1 AS DECIMAL(38, 4)) AS numerator,
    CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM ranked AS r
WHERE r.nth = 1
ORDER BY dated_on, business_id
