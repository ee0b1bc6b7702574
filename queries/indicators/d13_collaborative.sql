/*---
id = "D13"
title.en = "Collaborative projects"
title.cy = "Prosiectau cydweithredol"
short.en = "Collaborative"
short.cy = "Cydweithredol"
formula.en = "Live and completed projects that are collaborative, over all live and completed projects."
formula.cy = "Prosiectau byw a phrosiectau a gwblhawyd sy'n gydweithredol, dros yr holl brosiectau byw a'r rhai a gwblhawyd."
source.en = "Voucher records."
source.cy = "Cofnodion talebau."
actions = [3]
direction = "up"
dated_by = "vouchers.started_on"
area_key = "businesses.lad_code"
population = "Projects of accepted offers that have started and are live, completed or closed out"
dimensions = [{ name = "scheme", additive = true }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action3", "on-request"]
depends_on = ["D06"]

[[measures]]
id = "value"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Share collaborative"
title.cy = "Cyfran gydweithredol"
---*/
WITH
-- Projects that run or were completed; one that was terminated is neither.
projects AS (
    SELECT o.started_on, o.lad_code, o.scheme, o.resolved_id, o.group_id, CASE WHEN o.collaborative THEN 1 ELSE 0 END AS shared
    FROM accepted_offers AS o
    WHERE o.status IN ('LIVE', 'COMPLETED', 'CLOSED_OUT')
        AND o.collaborative IS NOT NULL
        AND o.started_on >= CAST($programme_start AS DATE)
        AND o.started_on <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure,
    p.started_on AS dated_on,
    p.lad_code,
    p.scheme,
    p.resolved_id AS business_id,
    p.group_id,
    CAST(p.shared AS DECIMAL(38, 4)) AS numerator,
    CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM projects AS p
ORDER BY dated_on, business_id, numerator
