/*---
id = "D08"
title.en = "Grant by cost category"
title.cy = "Grant yn ôl categori cost"
short.en = "Grant by category"
short.cy = "Grant yn ôl categori"
formula.en = "Grant on cost lines of a category over the grant on all cost lines of accepted offers."
formula.cy = "Y grant ar linellau cost categori dros y grant ar holl linellau cost y cynigion a dderbyniwyd."
source.en = "Voucher records and their cost lines."
source.cy = "Cofnodion talebau a'u llinellau cost."
actions = [3]
direction = "context"
dated_by = "vouchers.accepted_on"
area_key = "businesses.lad_code"
population = "Cost lines of accepted offers; an offer without cost lines is left out"
dimensions = [{ name = "category", additive = false }]
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
title.en = "Share of the grant"
title.cy = "Cyfran o'r grant"

[[measures]]
id = "grant"
kind = "magnitude"
unit = "gbp"
decimals = 0
title.en = "Grant"
title.cy = "Grant"
---*/
WITH
-- Grant of each offer by category, so that lines of one category do not multiply anything.
lines AS (
    SELECT c.voucher_id, c.category, SUM(CAST(c.grant_gbp AS DECIMAL(28, 4))) AS grant_gbp
    FROM voucher_costs AS c
    WHERE c.grant_gbp IS NOT NULL AND c.category IS NOT NULL
    GROUP BY c.voucher_id, c.category
),
-- Grant of each offer over all its lines.
totals AS (
    SELECT l.voucher_id, SUM(l.grant_gbp) AS grant_gbp
    FROM lines AS l
    GROUP BY l.voucher_id
),
categories AS (
    SELECT DISTINCT l.category FROM lines AS l
),
-- Every offer stands in every category, also where it spends nothing there: the share is one of all grant.
shares AS (
    SELECT
        o.accepted_on, o.lad_code, k.category, o.resolved_id, o.group_id,
        CAST(COALESCE(l.grant_gbp, 0) AS DECIMAL(38, 4)) AS in_category,
        CAST(t.grant_gbp AS DECIMAL(38, 4)) AS in_all
    FROM accepted_offers AS o
    INNER JOIN totals AS t ON t.voucher_id = o.voucher_id
    CROSS JOIN categories AS k
    LEFT JOIN lines AS l ON l.voucher_id = o.voucher_id AND l.category = k.category
    WHERE o.accepted_on >= CAST($programme_start AS DATE)
        AND o.accepted_on <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure, s.accepted_on AS dated_on, s.lad_code, s.category, s.resolved_id AS business_id, s.group_id,
    s.in_category AS numerator, s.in_all AS denominator
FROM shares AS s
UNION ALL
SELECT
    'grant' AS measure, s.accepted_on AS dated_on, s.lad_code, s.category, s.resolved_id AS business_id, s.group_id,
    s.in_category AS numerator, CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM shares AS s
WHERE s.in_category > 0
ORDER BY measure, category, dated_on, business_id
