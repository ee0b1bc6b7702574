/*---
id = "B02"
title.en = "Grant intensity against the Basque 25%"
title.cy = "Dwysedd grant o'i gymharu â Gwlad y Basg"
short.en = "Grant intensity"
short.cy = "Dwysedd grant"
formula.en = "Grant of accepted offers over their eligible cost. The Basque programme pays up to 25%: a benchmark, not a target."
formula.cy = "Grant y cynigion a dderbyniwyd dros eu cost gymwys. Mae rhaglen Gwlad y Basg yn talu hyd at 25%: meincnod, nid targed."
source.en = "Voucher records."
source.cy = "Cofnodion talebau."
actions = [4]
direction = "context"
dated_by = "vouchers.accepted_on"
area_key = "businesses.lad_code"
population = "Accepted offers whose grant and eligible cost are known"
dimensions = [{ name = "scheme", additive = true }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action4", "benchmark", "on-request"]
depends_on = ["D06"]
parameters = ["targets_budgets"]

[[measures]]
id = "value"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Grant as a share of eligible cost"
title.cy = "Grant fel cyfran o'r gost gymwys"
---*/
WITH
-- Accepted offers whose amounts are known.
offers AS (
    SELECT o.accepted_on, o.lad_code, o.scheme, o.resolved_id, o.group_id, o.grant_gbp AS part, o.eligible_gbp AS base
    FROM accepted_offers AS o
    WHERE o.grant_gbp IS NOT NULL AND o.eligible_gbp IS NOT NULL
        AND o.accepted_on >= CAST($programme_start AS DATE)
        AND o.accepted_on <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure,
    o.accepted_on AS dated_on,
    o.lad_code,
    o.scheme,
    o.resolved_id AS business_id,
    o.group_id,
    CAST(o.part AS DECIMAL(38, 4)) AS numerator,
    CAST(o.base AS DECIMAL(38, 4)) AS denominator
FROM offers AS o
ORDER BY dated_on, business_id, numerator
