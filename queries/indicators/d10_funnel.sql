/*---
id = "D10"
title.en = "Funnel from diagnostic to R&D outcome"
title.cy = "Cyfraddau trosi'r llwybr cymorth"
short.en = "Funnel conversion"
short.cy = "Cyfraddau trosi"
formula.en = "Of the SMEs whose first diagnostic was reported in the quarter, those that reached each stage by the end of the period. A stage counts only if it is dated on or after the stage before it. The rate divides by the stage before."
formula.cy = "O'r BBaChau yr adroddwyd ar eu hasesiad diagnostig cyntaf yn y chwarter, y rhai a gyrhaeddodd bob cam erbyn diwedd y cyfnod. Ni chyfrifir cam oni bai ei fod wedi'i ddyddio ar yr un diwrnod â'r cam blaenorol neu ar ei ôl. Mae'r gyfradd yn rhannu â'r cam blaenorol."
source.en = "Diagnostics, vouchers and R&D outcomes of the programme."
source.cy = "Asesiadau diagnostig, talebau a chanlyniadau ymchwil a datblygu'r rhaglen."
actions = [2, 3]
direction = "up"
dated_by = "diagnostics.reported_on of the first diagnostic (entry cohort)"
area_key = "diagnostics.site_lad_code"
population = "The SMEs of D01, each followed from its first diagnostic to the end of the period"
dimensions = [{ name = "stage", additive = false }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "funnel"
tags = ["action2", "action3"]
depends_on = ["D01"]
matures_after_quarters = 4

[[measures]]
id = "firms"
kind = "count"
unit = "smes"
decimals = 0
title.en = "SMEs that reached the stage"
title.cy = "BBaChau a gyrhaeddodd y cam"

[[measures]]
id = "conversion"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Share of the stage before"
title.cy = "Cyfran o'r cam blaenorol"
---*/
WITH
-- Stages 1 and 2. The entry cohort, and the plan that followed the report.
diagnosed AS (
    SELECT
        d.resolved_id, d.group_id, d.lad_code, d.reported_on, d.action_plan_on,
        CASE
            WHEN d.action_plan_on >= d.reported_on AND d.action_plan_on <= CAST($period_end AS DATE) THEN d.action_plan_on
        END AS planned_on
    FROM first_diagnostics AS d
    WHERE d.sme_class <> 'LARGE'
        AND d.reported_on >= CAST($programme_start AS DATE)
        AND d.reported_on <= CAST($period_end AS DATE)
),
-- Stage 3. The first approval on or after the plan; each stage carries those before it, so that the chain is read once.
approved AS (
    SELECT
        d.resolved_id, d.group_id, d.lad_code, d.reported_on, d.action_plan_on, d.planned_on,
        MIN(CASE
            WHEN v.decided_on >= d.planned_on AND v.decided_on <= CAST($period_end AS DATE) THEN v.decided_on
        END) AS approved_on,
        MIN(v.decided_on) AS any_decided_on
    FROM diagnosed AS d
    LEFT JOIN approved_vouchers AS v ON v.resolved_id = d.resolved_id
    GROUP BY d.resolved_id, d.group_id, d.lad_code, d.reported_on, d.action_plan_on, d.planned_on
),
-- Stage 4. The first project started on or after that approval.
started AS (
    SELECT
        a.resolved_id, a.group_id, a.lad_code, a.reported_on, a.action_plan_on, a.planned_on, a.approved_on, a.any_decided_on,
        MIN(CASE
            WHEN v.started_on >= a.approved_on AND v.started_on <= CAST($period_end AS DATE) THEN v.started_on
        END) AS started_on,
        MIN(v.started_on) AS any_started_on
    FROM approved AS a
    LEFT JOIN approved_vouchers AS v ON v.resolved_id = a.resolved_id
    GROUP BY
        a.resolved_id, a.group_id, a.lad_code, a.reported_on, a.action_plan_on, a.planned_on, a.approved_on, a.any_decided_on
),
-- Stage 5. The first project completed on or after that start.
completed AS (
    SELECT
        s.resolved_id, s.group_id, s.lad_code, s.reported_on, s.action_plan_on, s.planned_on, s.approved_on, s.any_decided_on,
        s.started_on, s.any_started_on,
        MIN(CASE
            WHEN v.status IN ('COMPLETED', 'CLOSED_OUT')
                AND v.ended_on >= s.started_on AND v.ended_on <= CAST($period_end AS DATE) THEN v.ended_on
        END) AS completed_on,
        MIN(CASE WHEN v.status IN ('COMPLETED', 'CLOSED_OUT') THEN v.ended_on END) AS any_ended_on
    FROM started AS s
    LEFT JOIN approved_vouchers AS v ON v.resolved_id = s.resolved_id
    GROUP BY
        s.resolved_id, s.group_id, s.lad_code, s.reported_on, s.action_plan_on, s.planned_on, s.approved_on, s.any_decided_on,
        s.started_on, s.any_started_on
),
-- Outcomes that were not rejected, by the firm that counts.
outcomes AS (
    SELECT f.resolved_id, o.observed_on
    FROM rd_outcomes AS o
    INNER JOIN firms AS f ON f.business_id = o.business_id
    WHERE o.evidence_status <> 'REJECTED' AND o.observed_on <= CAST($period_end AS DATE)
),
-- Stage 6. The first outcome on or after the completion.
resulted AS (
    SELECT
        c.resolved_id, c.group_id, c.lad_code, c.reported_on, c.action_plan_on, c.planned_on, c.approved_on, c.any_decided_on,
        c.started_on, c.any_started_on, c.completed_on, c.any_ended_on,
        MIN(CASE WHEN o.observed_on >= c.completed_on THEN o.observed_on END) AS resulted_on,
        MIN(o.observed_on) AS any_observed_on
    FROM completed AS c
    LEFT JOIN outcomes AS o ON o.resolved_id = c.resolved_id
    GROUP BY
        c.resolved_id, c.group_id, c.lad_code, c.reported_on, c.action_plan_on, c.planned_on, c.approved_on, c.any_decided_on,
        c.started_on, c.any_started_on, c.completed_on, c.any_ended_on
),
stages AS (
    SELECT n.stage
    FROM (
        VALUES ('DIAGNOSTIC'), ('ACTION_PLAN'), ('VOUCHER_APPROVED'), ('PROJECT_STARTED'), ('PROJECT_COMPLETED'),
            ('RD_OUTCOME'), ('OUT_OF_ORDER')
    ) AS n (stage)
),
measures AS (
    SELECT n.measure FROM (VALUES ('firms'), ('conversion')) AS n (measure)
),
-- One row a firm and stage: whether it is there, and whether it was at the stage before. Out of order is a firm whose next
-- event is dated before the stage it stands at.
steps AS (
    SELECT
        r.resolved_id, r.group_id, r.lad_code, r.reported_on, n.stage,
        CASE n.stage
            WHEN 'DIAGNOSTIC' THEN TRUE
            WHEN 'ACTION_PLAN' THEN r.planned_on IS NOT NULL
            WHEN 'VOUCHER_APPROVED' THEN r.approved_on IS NOT NULL
            WHEN 'PROJECT_STARTED' THEN r.started_on IS NOT NULL
            WHEN 'PROJECT_COMPLETED' THEN r.completed_on IS NOT NULL
            WHEN 'RD_OUTCOME' THEN r.resulted_on IS NOT NULL
            ELSE COALESCE(r.planned_on IS NULL AND r.action_plan_on < r.reported_on, FALSE)
                OR COALESCE(r.planned_on IS NOT NULL AND r.approved_on IS NULL AND r.any_decided_on < r.planned_on, FALSE)
                OR COALESCE(r.approved_on IS NOT NULL AND r.started_on IS NULL AND r.any_started_on < r.approved_on, FALSE)
                OR COALESCE(r.started_on IS NOT NULL AND r.completed_on IS NULL AND r.any_ended_on < r.started_on, FALSE)
                OR COALESCE(r.completed_on IS NOT NULL AND r.resulted_on IS NULL AND r.any_observed_on < r.completed_on, FALSE)
        END AS is_here,
        CASE n.stage
            WHEN 'ACTION_PLAN' THEN TRUE
            WHEN 'VOUCHER_APPROVED' THEN r.planned_on IS NOT NULL
            WHEN 'PROJECT_STARTED' THEN r.approved_on IS NOT NULL
            WHEN 'PROJECT_COMPLETED' THEN r.started_on IS NOT NULL
            WHEN 'RD_OUTCOME' THEN r.completed_on IS NOT NULL
            ELSE FALSE
        END AS was_before
    FROM resulted AS r
    CROSS JOIN stages AS n
)
SELECT
    m.measure,
    s.reported_on AS dated_on,
    s.lad_code,
    s.stage,
    s.resolved_id AS business_id,
    s.group_id,
    CAST(CASE WHEN s.is_here THEN 1 ELSE 0 END AS DECIMAL(38, 4)) AS numerator,
    CAST(CASE WHEN m.measure = 'conversion' THEN 1 END AS DECIMAL(38, 4)) AS denominator
FROM steps AS s
CROSS JOIN measures AS m
WHERE (m.measure = 'firms' AND s.is_here) OR (m.measure = 'conversion' AND s.was_before)
ORDER BY m.measure, s.stage, s.reported_on, s.resolved_id
