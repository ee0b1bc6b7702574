/*---
id = "I07"
title.en = "Estimated effect: difference-in-differences"
title.cy = "Effaith amcangyfrifedig: gwahaniaeth mewn gwahaniaethau"
short.en = "Estimated effect"
short.cy = "Effaith amcangyfrifedig"
formula.en = "Mean change of real GVA per full-time equivalent of firms with a started project less that of comparable diagnosed firms without one by then, within windows and strata, weighted by treated firms, with a Welch interval; in pounds and in log points. The pre-trend is the same over the year before and should be close to nothing."
formula.cy = "Newid cymedrig GYG real fesul cyfwerth ag amser llawn cwmnïau y dechreuodd eu prosiect llai newid cwmnïau cymaradwy a aseswyd heb brosiect erbyn hynny, o fewn ffenestri a haenau, wedi'i bwysoli yn ôl cwmnïau a driniwyd, gyda chyfwng Welch; mewn punnoedd ac mewn pwyntiau log. Y rhagduedd yw'r un peth dros y flwyddyn flaenorol a dylai fod yn agos at ddim."
source.en = "Company accounts of firms that agreed to be linked; diagnostics and vouchers of the programme; HM Treasury: GDP deflators."
source.cy = "Cyfrifon cwmnïau a gytunodd i gael eu cysylltu; asesiadau diagnostig a thalebau'r rhaglen; Trysorlys EF: datchwyddwyr CMC."
actions = [2, 4]
direction = "up"
dated_by = "company_accounts.period_end of the year after"
area_key = "diagnostics.site_lad_code"
population = "Diagnosed firms with accounts at both ends of a window; by start of the project, not by approval; below the least numbers of the settings no value"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "table"
tags = ["action2", "action4", "impact", "on-request"]
depends_on = ["I08", "Q02"]
times = "to_date"
parameters = ["ref_deflators", "did_minimum_treated", "did_minimum_controls", "did_caliper_log_points", "confidence"]

[[measures]]
id = "effect"
kind = "estimate"
unit = "gbp_per_fte"
decimals = 0
title.en = "Pounds per full-time equivalent"
title.cy = "Punnoedd fesul cyfwerth ag amser llawn"

[[measures]]
id = "effect_log"
kind = "estimate"
unit = "log_points"
decimals = 4
title.en = "Log points"
title.cy = "Pwyntiau log"

[[measures]]
id = "pretrend"
kind = "estimate"
unit = "log_points"
decimals = 4
title.en = "Pre-trend, log points"
title.cy = "Rhagduedd, pwyntiau log"
---*/
WITH
-- The three changes of each firm and window that ended in the programme's time.
changes AS (
    SELECT
        k.measure, m.dated_on, m.lad_code, m.resolved_id, m.group_id, m.treated, m.cohort, m.status,
        CASE k.measure
            WHEN 'effect' THEN CAST(m.change_gbp AS DECIMAL(38, 12))
            WHEN 'effect_log' THEN CAST(m.change_log AS DECIMAL(38, 12))
            ELSE CAST(m.pretrend_log AS DECIMAL(38, 12))
        END AS change
    FROM matched_changes AS m
    CROSS JOIN (SELECT n.measure FROM (VALUES ('effect'), ('effect_log'), ('pretrend')) AS n (measure)) AS k
)
SELECT
    c.measure,
    c.dated_on,
    c.lad_code,
    c.resolved_id AS business_id,
    c.group_id,
    c.change AS numerator,
    CAST(c.treated AS DECIMAL(38, 4)) AS denominator,
    c.cohort,
    c.status
FROM changes AS c
WHERE c.change IS NOT NULL
    AND c.dated_on >= CAST($programme_start AS DATE)
    AND c.dated_on <= CAST($period_end AS DATE)
ORDER BY measure, cohort, denominator, business_id
