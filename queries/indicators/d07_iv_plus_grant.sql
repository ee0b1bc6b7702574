/*---
id = "D07"
title.en = "Mean and median IV Plus grant"
title.cy = "Grant cymedrig a chanolrifol IV Plus"
short.en = "IV Plus grant"
short.cy = "Grant IV Plus"
formula.en = "Mean and median (linear interpolation) of the grant over accepted IV Plus offers."
formula.cy = "Cymedr a chanolrif (rhyngosod llinol) y grant dros gynigion IV Plus a dderbyniwyd."
source.en = "Voucher records."
source.cy = "Cofnodion talebau."
actions = [3]
direction = "context"
dated_by = "vouchers.accepted_on"
area_key = "businesses.lad_code"
population = "Accepted IV Plus offers whose grant is known"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "table"
tags = ["action3", "on-request"]
depends_on = ["D06"]
times = "to_date"

[[measures]]
id = "mean"
kind = "mean"
unit = "gbp"
decimals = 0
title.en = "Mean grant"
title.cy = "Grant cymedrig"

[[measures]]
id = "median"
kind = "median"
unit = "gbp"
decimals = 0
title.en = "Median grant"
title.cy = "Grant canolrifol"
---*/
WITH
-- Accepted IV Plus offers.
grants AS (
    SELECT o.accepted_on, o.lad_code, o.resolved_id, o.group_id, o.grant_gbp
    FROM accepted_offers AS o
    WHERE o.scheme = 'IV_PLUS'
        AND o.grant_gbp IS NOT NULL
        AND o.accepted_on >= CAST($programme_start AS DATE)
        AND o.accepted_on <= CAST($period_end AS DATE)
)
SELECT
    'mean' AS measure, g.accepted_on AS dated_on, g.lad_code, g.resolved_id AS business_id, g.group_id,
    g.grant_gbp AS numerator, CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM grants AS g
UNION ALL
SELECT
    'median' AS measure, g.accepted_on AS dated_on, g.lad_code, g.resolved_id AS business_id, g.group_id,
    g.grant_gbp AS numerator, CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM grants AS g
ORDER BY measure, dated_on, business_id, numerator
