/*---
id = "O07"
title.en = "Leverage ratio"
title.cy = "Cymhareb trosoli"
short.en = "Leverage"
short.cy = "Trosoli"
formula.en = "Private match of accepted offers over their grant and other public money."
formula.cy = "Arian cyfatebol preifat y cynigion a dderbyniwyd dros eu grant ac arian cyhoeddus arall."
source.en = "Voucher records."
source.cy = "Cofnodion talebau."
actions = [3]
direction = "up"
dated_by = "vouchers.accepted_on"
area_key = "businesses.lad_code"
population = "Accepted offers whose grant, other public money and private match are known"
dimensions = [{ name = "scheme", additive = true }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action3", "on-request"]
depends_on = ["O05", "D06"]

[[measures]]
id = "value"
kind = "ratio"
unit = "ratio"
decimals = 2
title.en = "Private pounds per public pound"
title.cy = "Punnoedd preifat fesul punt gyhoeddus"
---*/
WITH
-- Accepted offers whose amounts are known.
offers AS (
    SELECT o.accepted_on, o.lad_code, o.scheme, o.resolved_id, o.group_id, o.private_gbp AS part, o.grant_gbp + o.other_public_gbp AS base
    FROM accepted_offers AS o
    WHERE o.private_gbp IS NOT NULL AND o.grant_gbp IS NOT NULL AND o.other_public_gbp IS NOT NULL
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
