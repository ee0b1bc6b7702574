/*---
id = "O06"
title.en = "Enterprises cooperating with research institutions"
title.cy = "Mentrau sy'n cydweithredu â sefydliadau ymchwil"
short.en = "Cooperation"
short.cy = "Cydweithredu"
formula.en = "Enterprises with an evidenced or verified cooperation with a research institution, each counted once, when the first was observed."
formula.cy = "Mentrau sydd â chydweithrediad â sefydliad ymchwil, wedi'i dystio neu ei ddilysu, pob un wedi'i chyfrif unwaith, pan arsylwyd y cyntaf."
source.en = "R&D outcomes of the programme."
source.cy = "Canlyniadau ymchwil a datblygu'r rhaglen."
actions = [3]
direction = "up"
dated_by = "rd_outcomes.observed_on of the first such outcome"
area_key = "businesses.lad_code"
population = "Enterprises with an outcome COOP_RESEARCH_INST whose evidence status is EVIDENCED or VERIFIED"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action3", "on-request"]
depends_on = ["O01"]

[[measures]]
id = "value"
kind = "count"
unit = "enterprises"
decimals = 0
title.en = "Enterprises"
title.cy = "Mentrau"
---*/
WITH
-- Outcomes that count for this indicator, numbered within each enterprise. A correction to nothing (quantity 0) is no cooperation.
ranked AS (
    SELECT
        o.resolved_id, o.group_id, o.lad_code, o.observed_on,
        ROW_NUMBER() OVER (PARTITION BY o.resolved_id ORDER BY o.observed_on, o.outcome_id) AS nth
    FROM evidenced_outcomes AS o
    WHERE o.outcome_type = 'COOP_RESEARCH_INST'
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
