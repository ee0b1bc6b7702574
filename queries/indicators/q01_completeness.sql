/*---
id = "Q01"
title.en = "Completeness"
title.cy = "Cyflawnder"
short.en = "Completeness"
short.cy = "Cyflawnder"
formula.en = "Cells that the indicators need and that are filled, over all cells that the indicators need: of reported diagnostics, approved vouchers and outcomes that were not rejected."
formula.cy = "Celloedd y mae ar y dangosyddion eu hangen ac sydd wedi'u llenwi, dros yr holl gelloedd y mae ar y dangosyddion eu hangen: asesiadau diagnostig yr adroddwyd arnynt, talebau a gymeradwywyd a chanlyniadau na chawsant eu gwrthod."
source.en = "All programme records in the lake; rows in quarantine are not among them."
source.cy = "Holl gofnodion y rhaglen yn y llyn data; nid yw rhesi mewn cwarantin yn eu plith."
actions = [1, 2, 3, 4]
direction = "up"
dated_by = "diagnostics.reported_on, vouchers.decided_on, rd_outcomes.observed_on"
area_key = "diagnostics.site_lad_code; businesses.lad_code"
population = "Diagnostics: visit, four columns of the fee, staff, turnover, R&D, STEM staff (women among them), the plan once issued. Vouchers: cost, grant, match, basis and amount of the subsidy, level at the start, and once completed the end and the level at it. Outcomes: the quantity, amount or institution that their type needs, counterfactual, attribution"
dimensions = [{ name = "dataset", additive = true }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["quality", "on-request"]
depends_on = []

[[measures]]
id = "value"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Share of cells filled"
title.cy = "Cyfran y celloedd a lenwyd"
---*/
WITH
-- Reported diagnostics: ten cells, eleven once the plan was issued. Who declared to do no research need not give its cost.
diagnostic_cells AS (
    SELECT
        'diagnostics' AS dataset, d.reported_on AS dated_on, d.site_lad_code AS lad_code, d.business_id,
        CASE WHEN d.visited_on IS NULL THEN 0 ELSE 1 END
        + CASE WHEN d.fee_net IS NULL THEN 0 ELSE 1 END
        + CASE WHEN d.vat_rate IS NULL THEN 0 ELSE 1 END
        + CASE WHEN d.fee_gross IS NULL THEN 0 ELSE 1 END
        + CASE WHEN d.fee_currency IS NULL THEN 0 ELSE 1 END
        + CASE WHEN d.employees_fte_at_visit IS NULL THEN 0 ELSE 1 END
        + CASE WHEN d.turnover_at_visit_gbp IS NULL THEN 0 ELSE 1 END
        + CASE WHEN d.rd_spend_at_visit_gbp IS NOT NULL OR COALESCE(d.baseline_declared_no_rd, FALSE) THEN 1 ELSE 0 END
        + CASE WHEN d.stem_fte IS NULL THEN 0 ELSE 1 END
        + CASE WHEN d.stem_women_fte IS NULL THEN 0 ELSE 1 END
        + CASE WHEN d.status = 'PLAN_ISSUED' AND d.action_plan_on IS NOT NULL THEN 1 ELSE 0 END AS filled,
        10 + CASE WHEN d.status = 'PLAN_ISSUED' THEN 1 ELSE 0 END AS needed
    FROM diagnostics AS d
    WHERE d.status IN ('REPORTED', 'PLAN_ISSUED')
),
-- Approved vouchers: six cells, eight once completed.
voucher_cells AS (
    SELECT
        'vouchers' AS dataset, v.decided_on AS dated_on, f.lad_code, v.business_id,
        CASE WHEN v.eligible_cost_gbp IS NULL THEN 0 ELSE 1 END
        + CASE WHEN v.grant_offered_gbp IS NULL THEN 0 ELSE 1 END
        + CASE WHEN v.private_match_gbp IS NULL THEN 0 ELSE 1 END
        + CASE WHEN v.subsidy_basis IS NULL THEN 0 ELSE 1 END
        + CASE WHEN v.subsidy_amount_gbp IS NULL THEN 0 ELSE 1 END
        + CASE WHEN v.trl_start IS NULL THEN 0 ELSE 1 END
        + CASE WHEN v.status IN ('COMPLETED', 'CLOSED_OUT') AND v.ended_on IS NOT NULL THEN 1 ELSE 0 END
        + CASE WHEN v.status IN ('COMPLETED', 'CLOSED_OUT') AND v.trl_end_actual IS NOT NULL THEN 1 ELSE 0 END AS filled,
        6 + CASE WHEN v.status IN ('COMPLETED', 'CLOSED_OUT') THEN 2 ELSE 0 END AS needed
    FROM vouchers AS v
    INNER JOIN firms AS f ON f.business_id = v.business_id
    WHERE v.decision = 'APPROVED'
),
-- Outcomes: the one cell that the type needs, counterfactual, attribution.
outcome_cells AS (
    SELECT
        'rd_outcomes' AS dataset, o.observed_on AS dated_on, f.lad_code, o.business_id,
        CASE
            WHEN o.outcome_type = 'COOP_RESEARCH_INST' THEN CASE WHEN o.research_institution IS NULL THEN 0 ELSE 1 END
            WHEN o.outcome_type IN ('RD_SPEND', 'PRIVATE_INVESTMENT', 'EXPORT_SALES', 'SALES_FROM_INNOVATION', 'PROCUREMENT_WIN')
                THEN CASE WHEN o.value_gbp IS NULL THEN 0 ELSE 1 END
            ELSE CASE WHEN o.quantity IS NULL THEN 0 ELSE 1 END
        END
        + CASE WHEN o.counterfactual IS NULL THEN 0 ELSE 1 END
        + CASE WHEN o.attribution_pct IS NULL THEN 0 ELSE 1 END AS filled,
        3 AS needed
    FROM rd_outcomes AS o
    INNER JOIN firms AS f ON f.business_id = o.business_id
    WHERE o.evidence_status <> 'REJECTED'
),
all_cells AS (
    SELECT d.dataset, d.dated_on, d.lad_code, d.business_id, d.filled, d.needed FROM diagnostic_cells AS d
    UNION ALL
    SELECT v.dataset, v.dated_on, v.lad_code, v.business_id, v.filled, v.needed FROM voucher_cells AS v
    UNION ALL
    SELECT o.dataset, o.dated_on, o.lad_code, o.business_id, o.filled, o.needed FROM outcome_cells AS o
)
SELECT
    'value' AS measure,
    c.dated_on,
    c.lad_code,
    c.dataset,
    f.resolved_id AS business_id,
    f.group_id,
    CAST(c.filled AS DECIMAL(38, 4)) AS numerator,
    CAST(c.needed AS DECIMAL(38, 4)) AS denominator
FROM all_cells AS c
INNER JOIN firms AS f ON f.business_id = c.business_id
WHERE c.dated_on >= CAST($programme_start AS DATE)
    AND c.dated_on <= CAST($period_end AS DATE)
ORDER BY dataset, dated_on, business_id, numerator
