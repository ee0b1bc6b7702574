/*---
id = "Q04"
title.en = "Punctuality"
title.cy = "Prydlondeb"
short.en = "Punctuality"
short.cy = "Prydlondeb"
formula.en = "Minutes from the time a release was announced for to the time it came out, by the quarter it was announced for; the mean where there were several."
formula.cy = "Munudau o'r amser y cyhoeddwyd y byddai datganiad yn ymddangos hyd at yr amser yr ymddangosodd, yn ôl y chwarter y cafodd ei gyhoeddi ar ei gyfer; y cymedr lle bu sawl un."
source.en = "Publication calendar."
source.cy = "Calendr cyhoeddi."
actions = [4]
direction = "down"
dated_by = "publication_calendar.scheduled_at"
area_key = "Wales as a whole"
population = "Releases announced for a day up to the end of the period; one that has not come out has no figure yet"
dimensions = []
by_authority = false
disclosure_unit = "none"
chart = "bar"
tags = ["quality", "action4", "on-request"]
depends_on = []

[[measures]]
id = "value"
kind = "reference"
unit = "minutes"
decimals = 0
title.en = "Minutes late"
title.cy = "Munudau'n hwyr"
---*/
WITH
-- Every release announced for the programme's time, and how late it was.
releases AS (
    SELECT
        fin_quarter(CAST(p.scheduled_at AS DATE)) AS quarter,
        CAST(CAST(date_part('epoch', p.actual_at) AS BIGINT) - CAST(date_part('epoch', p.scheduled_at) AS BIGINT) AS DECIMAL(28, 6)) AS seconds
    FROM publication_calendar AS p
    WHERE CAST(p.scheduled_at AS DATE) >= CAST($programme_start AS DATE)
        AND CAST(p.scheduled_at AS DATE) <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure,
    r.quarter AS time,
    'WALES' AS area_code,
    CAST(SUM(r.seconds) / CAST(60 * COUNT(r.seconds) AS DECIMAL(20, 0)) AS DECIMAL(38, 6)) AS value,
    CASE WHEN COUNT(r.seconds) = 0 THEN 'NYD' END AS status,
    CAST(NULL AS TEXT) AS vintage,
    'WG' AS source
FROM releases AS r
GROUP BY r.quarter
ORDER BY time
