/*---
id = "O11"
title.en = "Patents filed"
title.cy = "Patentau a ffeiliwyd"
short.en = "Patents"
short.cy = "Patentau"
formula.en = "Sum of patents filed, evidenced or verified, when observed."
formula.cy = "Swm y patentau a ffeiliwyd, wedi'u tystio neu eu dilysu, pan gawsant eu harsylwi."
source.en = "R&D outcomes of the programme."
source.cy = "Canlyniadau ymchwil a datblygu'r rhaglen."
actions = [4]
direction = "up"
dated_by = "rd_outcomes.observed_on"
area_key = "businesses.lad_code"
population = "Outcomes PATENT_FILED whose evidence status is EVIDENCED or VERIFIED; totals to date add what is new in them"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action4", "on-request"]
depends_on = []

[[measures]]
id = "value"
kind = "magnitude"
unit = "patents"
decimals = 0
title.en = "Patents"
title.cy = "Patentau"
---*/
WITH
-- What each outcome adds to the number of patents.
patents AS (
    SELECT o.observed_on, o.lad_code, o.resolved_id, o.group_id, o.quantity_added
    FROM evidenced_outcomes AS o
    WHERE o.outcome_type = 'PATENT_FILED'
        AND o.quantity_added IS NOT NULL
        AND o.observed_on >= CAST($programme_start AS DATE)
        AND o.observed_on <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure,
    p.observed_on AS dated_on,
    p.lad_code,
    p.resolved_id AS business_id,
    p.group_id,
    p.quantity_added AS numerator,
    CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM patents AS p
ORDER BY dated_on, business_id, numerator
