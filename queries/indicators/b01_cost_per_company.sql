/*---
id = "B01"
title.en = "Expenditure per company against the Basque Country"
title.cy = "Gwariant fesul cwmni o'i gymharu â Gwlad y Basg"
short.en = "Spend per company"
short.cy = "Gwariant fesul cwmni"
formula.en = "Eligible cost of accepted offers in euros at the rate of the month of acceptance, over the enterprises that accepted them. Basque benchmark: EUR 8,261,205 over 53 companies since 2015."
formula.cy = "Cost gymwys y cynigion a dderbyniwyd, mewn ewros ar gyfradd mis y derbyn, dros y mentrau a'u derbyniodd. Meincnod Gwlad y Basg: EUR 8,261,205 dros 53 cwmni ers 2015."
source.en = "Voucher records; monthly exchange rates of the European Commission."
source.cy = "Cofnodion talebau; cyfraddau cyfnewid misol y Comisiwn Ewropeaidd."
actions = [4]
direction = "context"
dated_by = "vouchers.accepted_on of the first accepted voucher"
area_key = "businesses.lad_code at the first accepted voucher"
population = "Enterprises with an accepted voucher of known cost, each once, by their first; all their vouchers accepted by the end of the period count"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action4", "benchmark", "on-request"]
depends_on = ["D06"]
parameters = ["targets_budgets", "partner_benchmarks"]

[[measures]]
id = "value"
kind = "ratio"
unit = "eur"
decimals = 0
title.en = "EUR an enterprise"
title.cy = "EUR fesul menter"
---*/
WITH
-- What all vouchers of an enterprise add up to by the end of the period; a cost without a rate is left out.
costs AS (
    SELECT o.resolved_id, SUM(CAST(o.eligible_eur AS DECIMAL(28, 4))) AS eligible_eur
    FROM accepted_offers AS o
    WHERE o.eligible_eur IS NOT NULL
        AND o.accepted_on >= CAST($programme_start AS DATE)
        AND o.accepted_on <= CAST($period_end AS DATE)
    GROUP BY o.resolved_id
)
SELECT
    'value' AS measure,
    c.first_accepted_on AS dated_on,
    c.lad_code,
    c.resolved_id AS business_id,
    c.group_id,
    CAST(t.eligible_eur AS DECIMAL(38, 4)) AS numerator,
    CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM supported_cohort AS c
INNER JOIN costs AS t ON t.resolved_id = c.resolved_id
WHERE c.first_accepted_on >= CAST($programme_start AS DATE)
    AND c.first_accepted_on <= CAST($period_end AS DATE)
ORDER BY dated_on, business_id
