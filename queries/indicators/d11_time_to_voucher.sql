/*---
id = "D11"
title.en = "Median time, plan to voucher"
title.cy = "Amser canolrifol o'r cynllun gweithredu i'r daleb"
short.en = "Plan to voucher"
short.cy = "Cynllun i daleb"
formula.en = "Kaplan-Meier median of the days from the action plan to the first approval after it; SMEs that have none by the end of the period are censored there. No figure while fewer than half have one."
formula.cy = "Canolrif Kaplan-Meier y dyddiau o'r cynllun gweithredu i'r gymeradwyaeth gyntaf ar ei ôl; sensorir ar ddiwedd y cyfnod y BBaChau nad oes ganddynt un. Dim ffigur tra bo gan lai na hanner un."
source.en = "Diagnostics and vouchers of the programme."
source.cy = "Asesiadau diagnostig a thalebau'r rhaglen."
actions = [2, 3]
direction = "down"
dated_by = "diagnostics.action_plan_on (entry cohort)"
area_key = "diagnostics.site_lad_code"
population = "The SMEs of D01 with an action plan, each followed to the end of the period"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "table"
tags = ["action2", "action3", "on-request"]
depends_on = ["D10"]
times = "to_date"

[[measures]]
id = "value"
kind = "survival_median"
unit = "days"
decimals = 0
title.en = "Days"
title.cy = "Diwrnodau"
---*/
WITH
-- SMEs with a plan.
planned AS (
    SELECT d.resolved_id, d.group_id, d.lad_code, d.action_plan_on
    FROM first_diagnostics AS d
    WHERE d.sme_class <> 'LARGE'
        AND d.action_plan_on >= CAST($programme_start AS DATE)
        AND d.action_plan_on <= CAST($period_end AS DATE)
),
-- The first approval after it, by the end of the period.
followed AS (
    SELECT
        p.resolved_id, p.group_id, p.lad_code, p.action_plan_on,
        MIN(CASE
            WHEN v.decided_on > p.action_plan_on AND v.decided_on <= CAST($period_end AS DATE) THEN v.decided_on
        END) AS approved_on
    FROM planned AS p
    LEFT JOIN approved_vouchers AS v ON v.resolved_id = p.resolved_id
    GROUP BY p.resolved_id, p.group_id, p.lad_code, p.action_plan_on
)
SELECT
    'value' AS measure,
    f.action_plan_on AS dated_on,
    f.lad_code,
    f.resolved_id AS business_id,
    f.group_id,
    CAST(COALESCE(f.approved_on, CAST($period_end AS DATE)) - f.action_plan_on AS DECIMAL(38, 4)) AS numerator,
    CAST(CASE WHEN f.approved_on IS NULL THEN 0 ELSE 1 END AS DECIMAL(38, 4)) AS denominator
FROM followed AS f
ORDER BY dated_on, business_id
