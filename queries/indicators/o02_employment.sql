/*---
id = "O02"
title.en = "Employment increase in supported enterprises (gross)"
title.cy = "Cynnydd cyflogaeth mewn mentrau a gefnogwyd (gros)"
short.en = "Employment increase"
short.cy = "Cynnydd cyflogaeth"
formula.en = "Full-time equivalents at the latest follow-up less those at the first diagnostic, firms with a fall at their fall; in the ERDF version at nothing. Posts that were evidenced as created are shown apart."
formula.cy = "Cyfwerth ag amser llawn yn yr asesiad dilynol diweddaraf llai'r nifer yn yr asesiad diagnostig cyntaf, gan gyfrif gostyngiad cwmnïau; yn fersiwn ERDF ni chyfrifir gostyngiad. Dangosir ar wahân y swyddi y tystiwyd eu bod wedi'u creu."
source.en = "Diagnostics delivered by three contractors; R&D outcomes of the programme."
source.cy = "Asesiadau diagnostig a gyflawnwyd gan dri chontractwr; canlyniadau ymchwil a datblygu'r rhaglen."
actions = [3]
direction = "up"
dated_by = "diagnostics.reported_on of the follow-up; rd_outcomes.observed_on"
area_key = "diagnostics.site_lad_code of the follow-up; businesses.lad_code"
population = "Enterprises with staff known at the first diagnostic and at a follow-up; each follow-up adds its difference from the one before, so that the sum to date is the latest less the first"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action3", "on-request"]
depends_on = ["O01"]

[[measures]]
id = "analytical"
kind = "magnitude"
unit = "fte"
decimals = 1
title.en = "Increase, falls deducted"
title.cy = "Cynnydd, gan ddidynnu gostyngiadau"

[[measures]]
id = "erdf"
kind = "magnitude"
unit = "fte"
decimals = 1
title.en = "Increase, falls at nothing (ERDF)"
title.cy = "Cynnydd, heb ddidynnu gostyngiadau (ERDF)"

[[measures]]
id = "posts"
kind = "magnitude"
unit = "fte"
decimals = 1
title.en = "Posts evidenced as created"
title.cy = "Swyddi y tystiwyd eu bod wedi'u creu"
---*/
WITH
-- Staff at each visit where it is known.
visits AS (
    SELECT v.resolved_id, v.group_id, v.wave, v.reported_on, v.lad_code, v.fte
    FROM visit_figures AS v
    WHERE v.fte IS NOT NULL
),
-- Each visit beside the first one and the one before it.
followed AS (
    SELECT
        v.resolved_id, v.group_id, v.wave, v.reported_on, v.lad_code, v.fte, b.fte AS fte_first,
        LAG(v.fte) OVER (PARTITION BY v.resolved_id ORDER BY v.wave) AS fte_before
    FROM visits AS v
    INNER JOIN visits AS b ON b.resolved_id = v.resolved_id AND b.wave = 0
),
changes AS (
    SELECT 'analytical' AS measure, f.reported_on AS dated_on, f.lad_code, f.resolved_id, f.group_id, f.fte - f.fte_before AS added
    FROM followed AS f
    WHERE f.wave > 0
    UNION ALL
    -- What stands above the first visit now, less what stood above it before.
    SELECT
        'erdf' AS measure, f.reported_on AS dated_on, f.lad_code, f.resolved_id, f.group_id,
        GREATEST(f.fte - f.fte_first, 0) - GREATEST(f.fte_before - f.fte_first, 0) AS added
    FROM followed AS f
    WHERE f.wave > 0
    UNION ALL
    SELECT 'posts' AS measure, o.observed_on AS dated_on, o.lad_code, o.resolved_id, o.group_id, o.quantity_added AS added
    FROM evidenced_outcomes AS o
    WHERE o.outcome_type = 'JOBS_CREATED_FTE' AND o.quantity_added IS NOT NULL
)
SELECT
    c.measure,
    c.dated_on,
    c.lad_code,
    c.resolved_id AS business_id,
    c.group_id,
    CAST(c.added AS DECIMAL(38, 4)) AS numerator,
    CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM changes AS c
WHERE c.dated_on >= CAST($programme_start AS DATE)
    AND c.dated_on <= CAST($period_end AS DATE)
ORDER BY measure, dated_on, business_id
