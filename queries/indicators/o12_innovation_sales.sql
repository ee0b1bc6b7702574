/*---
id = "O12"
title.en = "Sales from innovation"
title.cy = "Gwerthiannau o arloesi"
short.en = "Innovation sales"
short.cy = "Gwerthiannau arloesi"
formula.en = "Evidenced sales from innovation over the turnover of the same firms, each turnover once a reference period."
formula.cy = "Gwerthiannau o arloesi a dystiwyd dros drosiant yr un cwmnïau, pob trosiant unwaith fesul cyfnod cyfeirio."
source.en = "R&D outcomes of the programme; turnover as told at the latest visit before, or else in the register."
source.cy = "Canlyniadau ymchwil a datblygu'r rhaglen; trosiant fel y'i nodwyd yn yr ymweliad diweddaraf cyn hynny, neu fel arall yn y gofrestr."
actions = [4]
direction = "up"
dated_by = "rd_outcomes.observed_on"
area_key = "businesses.lad_code"
population = "Firms that reported sales from innovation, EVIDENCED or VERIFIED, and whose turnover is known; who did not report is not taken for zero"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action4", "on-request"]
depends_on = ["O03"]

[[measures]]
id = "value"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Share of turnover"
title.cy = "Cyfran o'r trosiant"
---*/
WITH
-- Sales from innovation; the first report of a firm and reference period carries the turnover.
sales AS (
    SELECT
        o.outcome_id, o.observed_on, o.lad_code, o.resolved_id, o.group_id, o.value_added_gbp,
        ROW_NUMBER() OVER (
            PARTITION BY o.resolved_id, o.reference_period ORDER BY o.observed_on, o.outcome_id
        ) AS nth
    FROM evidenced_outcomes AS o
    WHERE o.outcome_type = 'SALES_FROM_INNOVATION'
        AND o.value_added_gbp IS NOT NULL
        AND o.observed_on >= CAST($programme_start AS DATE)
        AND o.observed_on <= CAST($period_end AS DATE)
),
-- Visits before each report that know the turnover, the latest first.
visits AS (
    SELECT
        s.outcome_id, v.turnover_gbp,
        ROW_NUMBER() OVER (PARTITION BY s.outcome_id ORDER BY v.reported_on DESC, v.wave DESC) AS nth
    FROM sales AS s
    INNER JOIN visit_figures AS v ON v.resolved_id = s.resolved_id AND v.reported_on <= s.observed_on
    WHERE v.turnover_gbp IS NOT NULL
),
known AS (
    SELECT
        s.observed_on, s.lad_code, s.resolved_id, s.group_id, s.value_added_gbp, s.nth,
        COALESCE(v.turnover_gbp, CAST(b.turnover_gbp AS DECIMAL(38, 4))) AS turnover_gbp
    FROM sales AS s
    LEFT JOIN visits AS v ON v.outcome_id = s.outcome_id AND v.nth = 1
    LEFT JOIN businesses AS b ON b.business_id = s.resolved_id
)
SELECT
    'value' AS measure,
    k.observed_on AS dated_on,
    k.lad_code,
    k.resolved_id AS business_id,
    k.group_id,
    k.value_added_gbp AS numerator,
    CAST(CASE WHEN k.nth = 1 THEN k.turnover_gbp ELSE 0 END AS DECIMAL(38, 4)) AS denominator
FROM known AS k
WHERE k.turnover_gbp IS NOT NULL
ORDER BY dated_on, business_id, numerator
