/*---
id = "O04"
title.en = "Enterprises supported to introduce new-to-firm products"
title.cy = "Mentrau a gefnogwyd i gyflwyno cynhyrchion sy'n newydd i'r cwmni"
short.en = "New to firm"
short.cy = "Newydd i'r cwmni"
formula.en = "Enterprises with evidenced or verified products that are new to the firm, each counted once, when the first was observed; and enterprises with a product new to the firm or to the market, each counted once."
formula.cy = "Mentrau sydd â chynhyrchion, wedi'u tystio neu eu dilysu, sy'n newydd i'r cwmni, pob un wedi'i chyfrif unwaith, pan arsylwyd y cyntaf; a mentrau sydd â chynnyrch sy'n newydd i'r cwmni neu i'r farchnad, pob un wedi'i chyfrif unwaith."
source.en = "R&D outcomes of the programme."
source.cy = "Canlyniadau ymchwil a datblygu'r rhaglen."
actions = [3, 4]
direction = "up"
dated_by = "rd_outcomes.observed_on of the first such outcome"
area_key = "businesses.lad_code"
population = "Enterprises with an outcome NEW_TO_FIRM_PRODUCT whose evidence status is EVIDENCED or VERIFIED"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action3", "action4", "on-request"]
depends_on = ["O03"]

[[measures]]
id = "value"
kind = "count"
unit = "enterprises"
decimals = 0
title.en = "Enterprises"
title.cy = "Mentrau"

[[measures]]
id = "either"
kind = "count"
unit = "enterprises"
decimals = 0
title.en = "Enterprises with a product new to the firm or to the market"
title.cy = "Mentrau sydd â chynnyrch newydd i'r cwmni neu i'r farchnad"
---*/
WITH
-- Each product counts for the new to the firm if it is such, and for either of both; a correction to nothing is no product.
products AS (
    SELECT 'value' AS measure, o.resolved_id, o.group_id, o.lad_code, o.observed_on, o.outcome_id
    FROM evidenced_outcomes AS o
    WHERE o.outcome_type = 'NEW_TO_FIRM_PRODUCT' AND COALESCE(o.quantity, 1) > 0
    UNION ALL
    SELECT 'either' AS measure, o.resolved_id, o.group_id, o.lad_code, o.observed_on, o.outcome_id
    FROM evidenced_outcomes AS o
    WHERE o.outcome_type IN ('NEW_TO_FIRM_PRODUCT', 'NEW_TO_MARKET_PRODUCT') AND COALESCE(o.quantity, 1) > 0
),
ranked AS (
    SELECT
        p.measure, p.resolved_id, p.group_id, p.lad_code, p.observed_on,
        ROW_NUMBER() OVER (PARTITION BY p.measure, p.resolved_id ORDER BY p.observed_on, p.outcome_id) AS nth
    FROM products AS p
    WHERE p.observed_on >= CAST($programme_start AS DATE)
        AND p.observed_on <= CAST($period_end AS DATE)
)
SELECT
    r.measure,
    r.observed_on AS dated_on,
    r.lad_code,
    r.resolved_id AS business_id,
    r.group_id,
    CAST(1 AS DECIMAL(38, 4)) AS numerator,
    CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM ranked AS r
WHERE r.nth = 1
ORDER BY measure, dated_on, business_id
