/*---
id = "D06"
title.en = "Innovation vouchers approved; grant committed; grant paid"
title.cy = "Talebau Arloesi: cymeradwywyd, grant a ymrwymwyd, grant a dalwyd"
short.en = "Innovation vouchers"
short.cy = "Talebau Arloesi"
formula.en = "Number of applications approved, grant offered in offers that were accepted, and grant paid less what was recovered."
formula.cy = "Nifer y ceisiadau a gymeradwywyd, y grant a gynigiwyd mewn cynigion a dderbyniwyd, a'r grant a dalwyd llai'r hyn a adenillwyd."
source.en = "Vouchers and claims of the grant system."
source.cy = "Talebau a hawliadau'r system grantiau."
actions = [3]
direction = "up"
dated_by = "vouchers.decided_on for approved, vouchers.accepted_on for committed, voucher_claims.paid_on for paid"
area_key = "businesses.lad_code"
population = "Approved applications of enterprises of any size in Wales"
dimensions = [{ name = "scheme", additive = true }, { name = "supply_tier", additive = true }, { name = "anchor_class", additive = true }]
breakdowns = "one_way"
by_authority = true
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action3", "headline"]
depends_on = []

[[measures]]
id = "approved"
kind = "count"
unit = "vouchers"
decimals = 0
title.en = "Vouchers approved"
title.cy = "Talebau a gymeradwywyd"

[[measures]]
id = "committed"
kind = "magnitude"
unit = "gbp"
decimals = 0
title.en = "Grant committed"
title.cy = "Grant a ymrwymwyd"

[[measures]]
id = "paid"
kind = "magnitude"
unit = "gbp"
decimals = 0
title.en = "Grant paid"
title.cy = "Grant a dalwyd"
---*/
WITH
-- Each approval counts as one, dated by the decision.
approvals AS (
    SELECT 'approved' AS measure, v.decided_on AS dated_on, v.voucher_id, CAST(1 AS DECIMAL(38, 4)) AS amount
    FROM approved_vouchers AS v
),
-- An offer commits its grant when the firm accepts it.
commitments AS (
    SELECT 'committed' AS measure, v.accepted_on AS dated_on, v.voucher_id, v.grant_offered_gbp AS amount
    FROM approved_vouchers AS v
    WHERE v.accepted_on IS NOT NULL AND v.grant_offered_gbp IS NOT NULL
),
-- Payments are already one row a voucher and day, so the join below cannot double them.
payments AS (
    SELECT 'paid' AS measure, p.paid_on AS dated_on, p.voucher_id, p.paid_gbp AS amount
    FROM voucher_payments AS p
),
events AS (
    SELECT a.measure, a.dated_on, a.voucher_id, a.amount FROM approvals AS a
    UNION ALL
    SELECT c.measure, c.dated_on, c.voucher_id, c.amount FROM commitments AS c
    UNION ALL
    SELECT p.measure, p.dated_on, p.voucher_id, p.amount FROM payments AS p
)
SELECT
    e.measure,
    e.dated_on,
    v.lad_code,
    v.scheme,
    v.supply_tier,
    v.anchor_class,
    v.resolved_id AS business_id,
    v.group_id,
    e.amount AS numerator,
    CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM events AS e
INNER JOIN approved_vouchers AS v ON v.voucher_id = e.voucher_id
WHERE e.dated_on >= CAST($programme_start AS DATE) AND e.dated_on <= CAST($period_end AS DATE)
ORDER BY measure, dated_on, business_id, e.voucher_id
