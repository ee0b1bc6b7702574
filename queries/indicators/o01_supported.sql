/*---
id = "O01"
title.en = "Enterprises supported"
title.cy = "Nifer y mentrau a gefnogwyd"
short.en = "Enterprises supported"
short.cy = "Mentrau a gefnogwyd"
formula.en = "Enterprises with a reported diagnostic or an accepted voucher, each counted once, when it was first supported."
formula.cy = "Mentrau sydd ag asesiad diagnostig yr adroddwyd arno neu daleb a dderbyniwyd, pob un wedi'i chyfrif unwaith, pan gafodd ei chefnogi gyntaf."
source.en = "Diagnostics and vouchers of the programme."
source.cy = "Asesiadau diagnostig a thalebau'r rhaglen."
actions = [1, 3]
direction = "up"
dated_by = "the earlier of diagnostics.reported_on and vouchers.accepted_on"
area_key = "diagnostics.site_lad_code or businesses.lad_code, of the first support"
population = "Enterprises of any size, successors followed, first supported since the programme began"
dimensions = [{ name = "supply_tier", additive = true }, { name = "anchor_class", additive = true }]
breakdowns = "one_way"
by_authority = true
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action1", "action3", "headline"]
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
-- All support since the programme began, numbered within each enterprise; on one day the diagnostic comes first.
ranked AS (
    SELECT
        e.resolved_id, e.group_id, e.lad_code, e.supply_tier, e.anchor_class, e.supported_on,
        ROW_NUMBER() OVER (PARTITION BY e.resolved_id ORDER BY e.supported_on, e.precedence, e.event_id) AS nth
    FROM support_events AS e
    WHERE e.supported_on >= CAST($programme_start AS DATE) AND e.supported_on <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure,
    r.supported_on AS dated_on,
    r.lad_code,
    r.supply_tier,
    r.anchor_class,
    r.resolved_id AS business_id,
    r.group_id,
    CAST(1 AS DECIMAL(38, 4)) AS numerator,
    CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM ranked AS r
WHERE r.nth = 1
ORDER BY dated_on, business_id
