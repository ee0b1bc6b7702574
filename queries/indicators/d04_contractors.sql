/*---
id = "D04"
title.en = "Consistency between contractors"
title.cy = "Cysondeb rhwng contractwyr"
short.en = "Contractor spread"
short.cy = "Gwasgariad contractwyr"
formula.en = "The highest less the lowest mean level of a contractor after size band and sector are taken away by least squares, over first diagnostics; and the share of levels at the ends of the scale, 0 or 5."
formula.cy = "Y lefel gymedrig uchaf llai'r isaf gan gontractwr ar ôl tynnu band maint a sector drwy'r sgwariau lleiaf, dros asesiadau diagnostig cyntaf; a chyfran y lefelau ar ddau ben y raddfa, 0 neu 5."
source.en = "Component scores of the diagnostics."
source.cy = "Sgorau cydrannau'r asesiadau diagnostig."
actions = [2]
direction = "down"
dated_by = "diagnostics.reported_on"
area_key = "diagnostics.site_lad_code"
population = "First diagnostics of firms of any size; which contractor is which is not told"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "table"
tags = ["action2", "quality", "on-request"]
depends_on = ["M01"]
times = "to_date"
caveats.en = "With three contractors the spread tells much of two of them: for the client, not for the public."
caveats.cy = "Gyda thri chontractwr mae'r gwasgariad yn dweud llawer am ddau ohonynt: ar gyfer y cleient, nid y cyhoedd."

[[measures]]
id = "spread"
kind = "estimate"
unit = "levels"
decimals = 2
title.en = "Highest less lowest"
title.cy = "Uchaf llai isaf"

[[measures]]
id = "extremes"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Levels at 0 or 5"
title.cy = "Lefelau ar 0 neu 5"
---*/
WITH
-- The contractors with the highest and the lowest effect.
ends AS (
    SELECT MAX(a.contractor_effect) AS highest, MIN(a.contractor_effect) AS lowest
    FROM adjusted_levels AS a
),
spread AS (
    SELECT
        'spread' AS measure, a.reported_on AS dated_on, a.lad_code, a.resolved_id, a.group_id,
        CAST(a.adjusted_level AS DECIMAL(38, 10)) AS numerator,
        CAST(CASE WHEN a.contractor_effect = e.highest THEN 1 ELSE 0 END AS DECIMAL(38, 4)) AS denominator
    FROM adjusted_levels AS a
    CROSS JOIN ends AS e
    WHERE e.highest > e.lowest AND (a.contractor_effect = e.highest OR a.contractor_effect = e.lowest)
),
extremes AS (
    SELECT
        'extremes' AS measure, l.reported_on AS dated_on, l.lad_code, l.resolved_id, l.group_id,
        CAST(CASE WHEN l.current_level = 0 OR l.current_level = 5 THEN 1 ELSE 0 END AS DECIMAL(38, 10)) AS numerator,
        CAST(1 AS DECIMAL(38, 4)) AS denominator
    FROM component_levels AS l
    WHERE l.wave = 0
),
all_rows AS (
    SELECT s.measure, s.dated_on, s.lad_code, s.resolved_id, s.group_id, s.numerator, s.denominator FROM spread AS s
    UNION ALL
    SELECT x.measure, x.dated_on, x.lad_code, x.resolved_id, x.group_id, x.numerator, x.denominator FROM extremes AS x
)
SELECT b.measure, b.dated_on, b.lad_code, b.resolved_id AS business_id, b.group_id, b.numerator, b.denominator
FROM all_rows AS b
WHERE b.dated_on >= CAST($programme_start AS DATE)
    AND b.dated_on <= CAST($period_end AS DATE)
ORDER BY b.measure, b.dated_on, b.resolved_id, b.numerator
