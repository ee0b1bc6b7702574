/*---
id = "D12"
title.en = "Action-plan actions completed"
title.cy = "Camau'r cynlluniau gweithredu sydd wedi'u cwblhau"
short.en = "Actions completed"
short.cy = "Camau a gwblhawyd"
formula.en = "Recommended components whose action was completed by the end of the period, over all recommended components, by the quarter of the plan."
formula.cy = "Cydrannau a argymhellwyd y cwblhawyd eu cam erbyn diwedd y cyfnod, dros yr holl gydrannau a argymhellwyd, yn ôl chwarter y cynllun."
source.en = "Component scores and action plans of the diagnostics."
source.cy = "Sgorau cydrannau a chynlluniau gweithredu'r asesiadau diagnostig."
actions = [2]
direction = "up"
dated_by = "diagnostics.action_plan_on (entry cohort)"
area_key = "diagnostics.site_lad_code"
population = "Components recommended in action plans of reported diagnostics of any wave, followed to the end of the period"
dimensions = [{ name = "component", additive = true }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action2", "on-request"]
depends_on = ["M01"]
matures_after_quarters = 4

[[measures]]
id = "value"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Share completed"
title.cy = "Cyfran a gwblhawyd"
---*/
WITH
-- Every component that a plan recommends, and whether its action was done by the end of the period.
recommended AS (
    SELECT
        d.action_plan_on, d.lad_code, s.component_code, d.resolved_id, d.group_id,
        CASE WHEN s.action_completed_on <= CAST($period_end AS DATE) THEN 1 ELSE 0 END AS completed
    FROM reported_diagnostics AS d
    INNER JOIN diagnostic_scores AS s ON s.diagnostic_id = d.diagnostic_id
    WHERE s.recommended_action
        AND d.action_plan_on >= CAST($programme_start AS DATE)
        AND d.action_plan_on <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure,
    r.action_plan_on AS dated_on,
    r.lad_code,
    r.component_code AS component,
    r.resolved_id AS business_id,
    r.group_id,
    CAST(r.completed AS DECIMAL(38, 4)) AS numerator,
    CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM recommended AS r
ORDER BY component, dated_on, business_id
