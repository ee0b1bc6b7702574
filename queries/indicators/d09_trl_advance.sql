/*---
id = "D09"
title.en = "TRL advance"
title.cy = "Cynnydd mewn Lefel Parodrwydd Technoleg"
short.en = "TRL advance"
short.cy = "Cynnydd LPT"
formula.en = "Mean of the technology readiness level at the end less that at the start, over completed projects for which both are known."
formula.cy = "Cymedr y lefel parodrwydd technoleg ar y diwedd llai'r lefel ar y dechrau, dros brosiectau a gwblhawyd y mae'r ddwy yn hysbys ar eu cyfer."
source.en = "Voucher records."
source.cy = "Cofnodion talebau."
actions = [3]
direction = "up"
dated_by = "vouchers.ended_on"
area_key = "businesses.lad_code"
population = "Completed and closed-out projects with a level at the start and at the end"
dimensions = [{ name = "scheme", additive = true }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action3", "on-request"]
depends_on = ["D06"]

[[measures]]
id = "value"
kind = "mean"
unit = "levels"
decimals = 1
title.en = "Levels gained"
title.cy = "Lefelau a enillwyd"

[[measures]]
id = "projects"
kind = "count"
unit = "vouchers"
decimals = 0
title.en = "Projects compared"
title.cy = "Prosiectau a gymharwyd"
---*/
WITH
-- Completed projects with both levels.
advances AS (
    SELECT o.ended_on, o.lad_code, o.scheme, o.resolved_id, o.group_id, o.trl_end_actual - o.trl_start AS advance
    FROM accepted_offers AS o
    WHERE o.status IN ('COMPLETED', 'CLOSED_OUT')
        AND o.trl_start IS NOT NULL
        AND o.trl_end_actual IS NOT NULL
        AND o.ended_on >= CAST($programme_start AS DATE)
        AND o.ended_on <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure, a.ended_on AS dated_on, a.lad_code, a.scheme, a.resolved_id AS business_id, a.group_id,
    CAST(a.advance AS DECIMAL(38, 4)) AS numerator, CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM advances AS a
UNION ALL
SELECT
    'projects' AS measure, a.ended_on AS dated_on, a.lad_code, a.scheme, a.resolved_id AS business_id, a.group_id,
    CAST(1 AS DECIMAL(38, 4)) AS numerator, CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM advances AS a
ORDER BY measure, dated_on, business_id, numerator
