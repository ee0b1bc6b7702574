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
-- Stage 1. The entry cohort.
diagnosed AS (
    SELECT d.resolved_id, d.group_id, d.lad_code, d.reported_on, d.action_plan_on
    FROM first_diagnostics AS d
    WHERE d.sme_class <> 'LARGE'
        AND d.reported_on >= CAST($programme_start AS DATE)
        AND d.reported_on <= CAST($period_end AS DATE)
),
-- Stage 2. The plan that followed the report.
planned AS (
    SELECT d.resolved_id, d.action_plan_on AS reached_on
    FROM diagnosed AS d
    WHERE d.action_plan_on >= d.reported_on AND d.action_plan_on <= CAST($period_end AS DATE)
),
-- Stage 3. The first approval on or after the plan.
approved AS (
    SELECT p.resolved_id, MIN(v.decided_on) AS reached_on
    FROM planned AS p
    INNER JOIN approved_vouchers AS v ON v.resolved_id = p.resolved_id
    WHERE v.decided_on >= p.reached_on AND v.decided_on <= CAST($period_end AS DATE)
    GROUP BY p.resolved_id
),
-- Stage 4. The first project started on or after that approval.
started AS (
    SELECT a.resolved_id, MIN(v.started_on) AS reached_on
    FROM approved AS a
    INNER JOIN approved_vouchers AS v ON v.resolved_id = a.resolved_id
    WHERE v.started_on >= a.reached_on AND v.started_on <= CAST($period_end AS DATE)
    GROUP BY a.resolved_id
),
-- Stage 5. The first project completed on or after that start.
completed AS (
    SELECT s.resolved_id, MIN(v.ended_on) AS reached_on
    FROM started AS s
    INNER JOIN approved_vouchers AS v ON v.resolved_id = s.resolved_id
    WHERE v.status IN ('COMPLETED', 'CLOSED_OUT')
        AND v.ended_on >= s.reached_on AND v.ended_on <= CAST($period_end AS DATE)
    GROUP BY s.resolved_id
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
    SELECT c.resolved_id, MIN(o.observed_on) AS reached_on
    FROM completed AS c
    INNER JOIN outcomes AS o ON o.resolved_id = c.resolved_id
    WHERE o.observed_on >= c.reached_on
    GROUP BY c.resolved_id
),
-- What a firm did at all, in whatever order, to find those that fall out because of their dates.
seen AS (
    SELECT
        v.resolved_id,
        MIN(v.decided_on) AS decided_on,
        MIN(v.started_on) AS started_on,
        MIN(CASE WHEN v.status IN ('COMPLETED', 'CLOSED_OUT') THEN v.ended_on END) AS ended_on
    FROM approved_vouchers AS v
    GROUP BY v.resolved_id
),
first_outcome AS (
    SELECT o.resolved_id, MIN(o.observed_on) AS observed_on FROM outcomes AS o GROUP BY o.resolved_id
),
-- One row a firm: which stages it reached, and whether the next event it did have is dated before the stage it stands at.
followed AS (
    SELECT
        d.resolved_id,
        d.group_id,
        d.lad_code,
        d.reported_on,
        CASE WHEN p.resolved_id IS NOT NULL THEN 1 ELSE 0 END AS stage_2,
        CASE WHEN a.resolved_id IS NOT NULL THEN 1 ELSE 0 END AS stage_3,
        CASE WHEN s.resolved_id IS NOT NULL THEN 1 ELSE 0 END AS stage_4,
        CASE WHEN c.resolved_id IS NOT NULL THEN 1 ELSE 0 END AS stage_5,
        CASE WHEN r.resolved_id IS NOT NULL THEN 1 ELSE 0 END AS stage_6,
        CASE
            WHEN p.resolved_id IS NULL AND d.action_plan_on < d.reported_on THEN 1
            WHEN p.resolved_id IS NOT NULL AND a.resolved_id IS NULL AND e.decided_on < p.reached_on THEN 1
            WHEN a.resolved_id IS NOT NULL AND s.resolved_id IS NULL AND e.started_on < a.reached_on THEN 1
            WHEN s.resolved_id IS NOT NULL AND c.resolved_id IS NULL AND e.ended_on < s.reached_on THEN 1
            WHEN c.resolved_id IS NOT NULL AND r.resolved_id IS NULL AND q.observed_on < c.reached_on THEN 1
            ELSE 0
        END AS out_of_order
    FROM diagnosed AS d
    LEFT JOIN planned AS p ON p.resolved_id = d.resolved_id
    LEFT JOIN approved AS a ON a.resolved_id = d.resolved_id
    LEFT JOIN started AS s ON s.resolved_id = d.resolved_id
    LEFT JOIN completed AS c ON c.resolved_id = d.resolved_id
    LEFT JOIN resulted AS r ON r.resolved_id = d.resolved_id
    LEFT JOIN seen AS e ON e.resolved_id = d.resolved_id
    LEFT JOIN first_outcome AS q ON q.resolved_id = d.resolved_id
),
-- One row a firm and stage: whether it is there (numerator) and whether it was at the stage before (denominator).
steps AS (
    SELECT
        f.resolved_id,
        f.group_id,
        f.lad_code,
        f.reported_on,
        s.stage,
        CASE s.position
            WHEN 1 THEN 1
            WHEN 2 THEN f.stage_2
            WHEN 3 THEN f.stage_3
            WHEN 4 THEN f.stage_4
            WHEN 5 THEN f.stage_5
            WHEN 6 THEN f.stage_6
            ELSE f.out_of_order
        END AS here,
        CASE s.position
            WHEN 2 THEN 1
            WHEN 3 THEN f.stage_2
            WHEN 4 THEN f.stage_3
            WHEN 5 THEN f.stage_4
            WHEN 6 THEN f.stage_5
            ELSE 0
        END AS before
    FROM followed AS f
    CROSS JOIN (
        VALUES
            (1, 'DIAGNOSTIC'),
            (2, 'ACTION_PLAN'),
            (3, 'VOUCHER_APPROVED'),
            (4, 'PROJECT_STARTED'),
            (5, 'PROJECT_COMPLETED'),
            (6, 'RD_OUTCOME'),
            (7, 'OUT_OF_ORDER')
    ) AS s (position, stage)
)
-- Each step counts for the number of firms if the firm is there, and for the rate if it was at the stage before.
SELECT
    m.measure,
    s.reported_on AS dated_on,
    s.lad_code,
    s.stage,
    s.resolved_id AS business_id,
    s.group_id,
    CAST(s.here AS DECIMAL(38, 4)) AS numerator,
    CASE m.measure WHEN 'conversion' THEN CAST(s.before AS DECIMAL(38, 4)) END AS denominator
FROM steps AS s
CROSS JOIN (VALUES ('firms'), ('conversion')) AS m (measure)
WHERE (m.measure = 'firms' AND s.here = 1) OR (m.measure = 'conversion' AND s.before = 1)
ORDER BY measure, stage, dated_on, business_id
