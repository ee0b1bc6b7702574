/*---
id = "I08"
title.en = "GVA per FTE in supported firms"
title.cy = "GYG fesul gweithiwr CALl mewn cwmnïau a gefnogwyd"
short.en = "GVA per FTE"
short.cy = "GYG fesul CALl"
formula.en = "Real approximate GVA over full-time equivalents of the matched firms, in the year before and the year after: sums over sums, the same firms."
formula.cy = "Brasamcan real o'r GYG dros gyfwerth ag amser llawn y cwmnïau a barwyd, yn y flwyddyn cyn ac yn y flwyddyn ar ôl: symiau dros symiau, yr un cwmnïau."
source.en = "Company accounts of firms that agreed to be linked; diagnostics and vouchers of the programme; HM Treasury: GDP deflators."
source.cy = "Cyfrifon cwmnïau a gytunodd i gael eu cysylltu; asesiadau diagnostig a thalebau'r rhaglen; Trysorlys EF: datchwyddwyr CMC."
actions = [4]
direction = "up"
dated_by = "company_accounts.period_end of the year after"
area_key = "businesses.lad_code"
population = "Supported firms with GVA and staff known in both years"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action4", "on-request"]
depends_on = ["Q02"]
times = "to_date"
parameters = ["ref_deflators"]

[[measures]]
id = "before"
kind = "ratio"
unit = "gbp_per_fte"
decimals = 0
title.en = "Before"
title.cy = "Cyn"

[[measures]]
id = "after"
kind = "ratio"
unit = "gbp_per_fte"
decimals = 0
title.en = "After"
title.cy = "Ar ôl"
---*/
WITH
-- Matched firms with all four figures.
matched AS (
    SELECT b.after_end, b.lad_code, b.resolved_id, b.group_id, b.agva_before, b.agva_after, b.fte_before, b.fte_after, b.status
    FROM before_after AS b
    WHERE b.agva_before IS NOT NULL AND b.agva_after IS NOT NULL AND b.fte_before IS NOT NULL AND b.fte_after IS NOT NULL
        AND b.after_end >= CAST($programme_start AS DATE)
        AND b.after_end <= CAST($period_end AS DATE)
)
SELECT
    'before' AS measure, m.after_end AS dated_on, m.lad_code, m.resolved_id AS business_id, m.group_id,
    CAST(m.agva_before AS DECIMAL(38, 6)) AS numerator, CAST(m.fte_before AS DECIMAL(38, 4)) AS denominator, m.status
FROM matched AS m
UNION ALL
SELECT
    'after' AS measure, m.after_end AS dated_on, m.lad_code, m.resolved_id AS business_id, m.group_id,
    CAST(m.agva_after AS DECIMAL(38, 6)) AS numerator, CAST(m.fte_after AS DECIMAL(38, 4)) AS denominator, m.status
FROM matched AS m
ORDER BY measure, dated_on, business_id
