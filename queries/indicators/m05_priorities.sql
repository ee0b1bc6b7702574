/*---
id = "M05"
title.en = "Most common priority components"
title.cy = "Y cydrannau y rhoddwyd blaenoriaeth iddynt amlaf"
short.en = "Priorities"
short.cy = "Blaenoriaethau"
formula.en = "Action plans that rank the component among their first three priorities, over all action plans."
formula.cy = "Cynlluniau gweithredu sy'n gosod y gydran ymhlith eu tair blaenoriaeth gyntaf, dros yr holl gynlluniau gweithredu."
source.en = "Component scores and action plans of the diagnostics."
source.cy = "Sgorau cydrannau a chynlluniau gweithredu'r asesiadau diagnostig."
actions = [1, 2]
direction = "context"
dated_by = "diagnostics.action_plan_on"
area_key = "diagnostics.site_lad_code"
population = "Action plans that followed a first diagnostic and rank at least one component; each plan stands in all components"
dimensions = [{ name = "component", additive = false }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action1", "action2", "on-request"]
depends_on = ["M01"]

[[measures]]
id = "value"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Share of plans"
title.cy = "Cyfran y cynlluniau"
---*/
WITH
-- Plans that set priorities at all.
plans AS (
    SELECT d.diagnostic_id, d.action_plan_on, d.lad_code, d.resolved_id, d.group_id
    FROM first_diagnostics AS d
    INNER JOIN diagnostic_scores AS s ON s.diagnostic_id = d.diagnostic_id
    WHERE d.action_plan_on >= CAST($programme_start AS DATE)
        AND d.action_plan_on <= CAST($period_end AS DATE)
    GROUP BY d.diagnostic_id, d.action_plan_on, d.lad_code, d.resolved_id, d.group_id
    HAVING COUNT(s.priority_rank) > 0
),
-- The first three priorities of each.
firsts AS (
    SELECT s.diagnostic_id, s.component_code
    FROM diagnostic_scores AS s
    WHERE s.priority_rank <= 3
)
SELECT
    'value' AS measure,
    p.action_plan_on AS dated_on,
    p.lad_code,
    k.component_code AS component,
    p.resolved_id AS business_id,
    p.group_id,
    CAST(CASE WHEN f.component_code IS NULL THEN 0 ELSE 1 END AS DECIMAL(38, 4)) AS numerator,
    CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM plans AS p
CROSS JOIN component_lookup AS k
LEFT JOIN firsts AS f ON f.diagnostic_id = p.diagnostic_id AND f.component_code = k.component_code
ORDER BY component, dated_on, business_id
