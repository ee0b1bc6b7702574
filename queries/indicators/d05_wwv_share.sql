/*---
id = "D05"
title.en = "Share of diagnostics in West Wales and the Valleys"
title.cy = "Cyfran yr asesiadau diagnostig yng Ngorllewin Cymru a'r Cymoedd"
short.en = "Share in WWV"
short.cy = "Cyfran yng NGCC"
formula.en = "SMEs of D01 whose site lies in West Wales and the Valleys, over all SMEs of D01."
formula.cy = "BBaChau D01 y mae eu safle yng Ngorllewin Cymru a'r Cymoedd, dros holl BBaChau D01."
source.en = "Diagnostics delivered by three contractors; geography of the 22 authorities."
source.cy = "Asesiadau diagnostig a gyflawnwyd gan dri chontractwr; daearyddiaeth y 22 awdurdod."
actions = [1]
direction = "context"
dated_by = "diagnostics.reported_on"
area_key = "diagnostics.site_lad_code"
population = "The SMEs of D01 at sites in one of the 22 authorities; only the figure for Wales is of interest"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "line"
tags = ["action1", "on-request"]
depends_on = ["D01"]

[[measures]]
id = "value"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Share in West Wales and the Valleys"
title.cy = "Cyfran yng Ngorllewin Cymru a'r Cymoedd"
---*/
WITH
-- The SMEs of D01, and whether the authority of the site belongs to West Wales and the Valleys.
placed AS (
    SELECT
        d.reported_on, d.lad_code, d.resolved_id, d.group_id,
        CASE WHEN g.objective1_area = 'WWV' THEN 1 ELSE 0 END AS within
    FROM first_diagnostics AS d
    INNER JOIN geography_lookup AS g ON g.lad_code = d.lad_code
    WHERE d.sme_class <> 'LARGE'
        AND d.reported_on >= CAST($programme_start AS DATE)
        AND d.reported_on <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure,
    p.reported_on AS dated_on,
    p.lad_code,
    p.resolved_id AS business_id,
    p.group_id,
    CAST(p.within AS DECIMAL(38, 4)) AS numerator,
    CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM placed AS p
ORDER BY dated_on, business_id
