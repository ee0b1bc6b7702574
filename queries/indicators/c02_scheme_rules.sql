/*---
id = "C02"
title.en = "Awards within scheme rules"
title.cy = "Dyfarniadau o fewn rheolau'r cynllun"
short.en = "Within rules"
short.cy = "O fewn y rheolau"
formula.en = "Approved offers that keep the cap on the grant and the intervention rate, have their dates in order and go to a firm in Wales, over all approved offers. What is not known is not kept."
formula.cy = "Cynigion a gymeradwywyd sy'n cadw at derfyn uchaf y grant a'r gyfradd ymyrryd, y mae eu dyddiadau mewn trefn ac sy'n mynd i gwmni yng Nghymru, dros yr holl gynigion a gymeradwywyd. Ni ystyrir bod yr hyn nad yw'n hysbys wedi'i gadw."
source.en = "Voucher records."
source.cy = "Cofnodion talebau."
actions = [3]
direction = "up"
dated_by = "vouchers.decided_on"
area_key = "businesses.lad_code"
population = "Approved applications, also those not accepted"
dimensions = [{ name = "scheme", additive = true }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action3", "compliance", "on-request"]
depends_on = ["D06"]
parameters = ["iv_plus_grant_cap_gbp"]

[[measures]]
id = "value"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Share of offers"
title.cy = "Cyfran y cynigion"
---*/
WITH
judged AS (
    SELECT
        r.decided_on, r.lad_code, r.scheme, r.resolved_id, r.group_id,
        CASE WHEN r.within_cap AND r.rate_right AND r.in_order AND r.in_wales THEN 1 ELSE 0 END AS kept
    FROM offer_rules AS r
    WHERE r.decided_on >= CAST($programme_start AS DATE)
        AND r.decided_on <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure,
    j.decided_on AS dated_on,
    j.lad_code,
    j.scheme,
    j.resolved_id AS business_id,
    j.group_id,
    CAST(j.kept AS DECIMAL(38, 4)) AS numerator,
    CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM judged AS j
ORDER BY dated_on, business_id, numerator
