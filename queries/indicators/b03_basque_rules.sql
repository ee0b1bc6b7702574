/*---
id = "B03"
title.en = "Share of projects meeting Basque rules"
title.cy = "Cyfran y prosiectau a fyddai'n bodloni rheolau Gwlad y Basg"
short.en = "Basque rules"
short.cy = "Rheolau Gwlad y Basg"
formula.en = "Projects that start at a technology readiness level the Basque programme takes, cost at least its smallest budget in euros and are planned to last no longer than its longest project, over all projects of which the three are known."
formula.cy = "Prosiectau sy'n dechrau ar lefel parodrwydd technoleg y mae rhaglen Gwlad y Basg yn ei derbyn, sy'n costio o leiaf ei chyllideb leiaf mewn ewros ac y bwriedir iddynt bara heb fod yn hwy na'i phrosiect hwyaf, dros yr holl brosiectau y mae'r tri yn hysbys ar eu cyfer."
source.en = "Voucher records; Manumix Action Plan; monthly exchange rates of the European Commission."
source.cy = "Cofnodion talebau; Cynllun Gweithredu Manumix; cyfraddau cyfnewid misol y Comisiwn Ewropeaidd."
actions = [4]
direction = "context"
dated_by = "vouchers.accepted_on"
area_key = "businesses.lad_code"
population = "Accepted offers with level, cost in euros and planned end known; months run from the start, or from the acceptance of what has not started"
dimensions = [{ name = "scheme", additive = true }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action4", "benchmark", "on-request"]
depends_on = ["D06"]
parameters = ["partner_benchmarks"]

[[measures]]
id = "value"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Share of projects"
title.cy = "Cyfran y prosiectau"
---*/
WITH
-- Accepted offers of which all three are known. Whole months from start to planned end; a day more is a month more.
projects AS (
    SELECT
        o.accepted_on, o.lad_code, o.scheme, o.resolved_id, o.group_id, o.trl_start, o.eligible_eur,
        (date_part('year', o.planned_end_on) - date_part('year', COALESCE(o.started_on, o.accepted_on))) * 12
        + date_part('month', o.planned_end_on) - date_part('month', COALESCE(o.started_on, o.accepted_on))
        + CASE WHEN date_part('day', o.planned_end_on) > date_part('day', COALESCE(o.started_on, o.accepted_on)) THEN 1 ELSE 0 END AS months
    FROM accepted_offers AS o
    WHERE o.trl_start IS NOT NULL
        AND o.eligible_eur IS NOT NULL
        AND o.planned_end_on IS NOT NULL
        AND o.accepted_on >= CAST($programme_start AS DATE)
        AND o.accepted_on <= CAST($period_end AS DATE)
),
-- Each beside the rules; without the rules nothing can be said.
judged AS (
    SELECT
        p.accepted_on, p.lad_code, p.scheme, p.resolved_id, p.group_id,
        CASE
            WHEN p.trl_start >= r.trl_lowest AND p.trl_start <= r.trl_highest
                AND p.eligible_eur >= r.minimum_budget_eur AND p.months <= r.longest_months THEN 1
            ELSE 0
        END AS meets
    FROM projects AS p
    CROSS JOIN basque_rules AS r
    WHERE r.trl_lowest IS NOT NULL AND r.trl_highest IS NOT NULL AND r.minimum_budget_eur IS NOT NULL AND r.longest_months IS NOT NULL
)
SELECT
    'value' AS measure,
    j.accepted_on AS dated_on,
    j.lad_code,
    j.scheme,
    j.resolved_id AS business_id,
    j.group_id,
    CAST(j.meets AS DECIMAL(38, 4)) AS numerator,
    CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM judged AS j
ORDER BY dated_on, business_id, numerator
