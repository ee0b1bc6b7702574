/*---
id = "C01"
title.en = "Headroom under the subsidy limit"
title.cy = "Lle sydd ar ôl o dan derfyn y cymhorthdal"
short.en = "Subsidy headroom"
short.cy = "Lle o dan y terfyn"
formula.en = "The limit of the regime in force at the end of the period less the awards of its window, per enterprise group: the elapsed part of the financial year and the two before it. A group is over the limit only above it, not at it. Limits in euros or SDR are converted at the rate of the month."
formula.cy = "Terfyn y drefn sydd mewn grym ar ddiwedd y cyfnod llai dyfarniadau ei ffenestr, fesul grŵp mentrau: y rhan o'r flwyddyn ariannol a aeth heibio a'r ddwy o'i blaen. Dim ond uwchlaw'r terfyn y mae grŵp drosto, nid arno. Caiff terfynau mewn ewros neu SDR eu trosi ar gyfradd y mis."
source.en = "Subsidies recorded; voucher records; limits of the subsidy regimes; exchange rates of the European Commission."
source.cy = "Cymorthdaliadau a gofnodwyd; cofnodion talebau; terfynau'r trefnau cymhorthdal; cyfraddau cyfnewid y Comisiwn Ewropeaidd."
actions = [3]
direction = "up"
dated_by = "the end of the period"
area_key = "businesses.lad_code of the latest award"
population = "Enterprise groups with an award in the window that counts towards the limit (EU de minimis, TCA small amounts, MFA)"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "table"
tags = ["action3", "compliance", "on-request"]
depends_on = ["D06"]
times = "to_date"
parameters = ["targets_budgets", "ref_fx"]
caveats.en = "The basis recorded for an award decides its regime. Awards funded by ERDF after 2020 may stay under EU rules."
caveats.cy = "Y sail a gofnodwyd ar gyfer dyfarniad sy'n penderfynu ei drefn. Gall dyfarniadau a ariennir gan ERDF ar ôl 2020 aros o dan reolau'r UE."

[[measures]]
id = "headroom"
kind = "mean"
unit = "gbp"
decimals = 0
title.en = "Mean headroom of a group"
title.cy = "Lle cymedrig fesul grŵp"

[[measures]]
id = "groups"
kind = "count"
unit = "enterprises"
decimals = 0
title.en = "Groups with awards"
title.cy = "Grwpiau â dyfarniadau"

[[measures]]
id = "over"
kind = "count"
unit = "enterprises"
decimals = 0
title.en = "Groups over the limit"
title.cy = "Grwpiau dros y terfyn"
---*/
WITH
-- The regime in force at the end of the period.
regimes AS (
    SELECT
        substr(t.measure_id, 5) AS basis, t.amount, t.unit,
        ROW_NUMBER() OVER (ORDER BY t.effective_from DESC, t.measure_id) AS nth
    FROM targets_budgets AS t
    WHERE t.measure_id IN ('C01_EU_DE_MINIMIS', 'C01_TCA_SMALL', 'C01_MFA')
        AND t.basis = 'CEILING'
        AND t.effective_from <= CAST($period_end AS DATE)
),
-- Its limit in pounds; without the rate of the month there is none.
limits AS (
    SELECT
        r.basis,
        CASE r.unit
            WHEN 'GBP' THEN CAST(r.amount AS DECIMAL(28, 4))
            WHEN 'EUR' THEN CAST(CAST(r.amount AS DECIMAL(22, 4)) * p.rate AS DECIMAL(28, 4))
            WHEN 'SDR' THEN CAST(CAST(CAST(r.amount AS DECIMAL(24, 8)) / s.rate AS DECIMAL(22, 8)) * p.rate AS DECIMAL(28, 4))
        END AS limit_gbp
    FROM regimes AS r
    LEFT JOIN euro_rates AS p ON p.currency = 'GBP' AND p.month = to_char(CAST($period_end AS DATE), '%Y-%m')
    LEFT JOIN euro_rates AS s ON s.currency = 'XDR' AND s.month = to_char(CAST($period_end AS DATE), '%Y-%m')
    WHERE r.nth = 1
),
-- Awards of the window, numbered within each group from the latest.
awards AS (
    SELECT
        a.group_id, a.business_id, a.lad_code, a.amount_gbp,
        ROW_NUMBER() OVER (PARTITION BY a.group_id ORDER BY a.awarded_on DESC, a.business_id, a.amount_gbp) AS nth
    FROM subsidy_awards AS a
    CROSS JOIN limits AS l
    WHERE a.awarded_on >= subsidy_window_start(CAST($period_end AS DATE), l.basis)
        AND a.awarded_on <= CAST($period_end AS DATE)
),
-- What each group has left.
positions AS (
    SELECT
        a.group_id,
        MAX(CASE WHEN a.nth = 1 THEN a.business_id END) AS business_id,
        MAX(CASE WHEN a.nth = 1 THEN a.lad_code END) AS lad_code,
        l.limit_gbp - SUM(CAST(a.amount_gbp AS DECIMAL(28, 4))) AS headroom_gbp
    FROM awards AS a
    CROSS JOIN limits AS l
    WHERE l.limit_gbp IS NOT NULL
    GROUP BY a.group_id, l.limit_gbp
)
SELECT
    'headroom' AS measure, CAST($period_end AS DATE) AS dated_on, p.lad_code, p.business_id, p.group_id,
    CAST(p.headroom_gbp AS DECIMAL(38, 4)) AS numerator, CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM positions AS p
UNION ALL
SELECT
    'groups' AS measure, CAST($period_end AS DATE) AS dated_on, p.lad_code, p.business_id, p.group_id,
    CAST(1 AS DECIMAL(38, 4)) AS numerator, CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM positions AS p
UNION ALL
SELECT
    'over' AS measure, CAST($period_end AS DATE) AS dated_on, p.lad_code, p.business_id, p.group_id,
    CAST(1 AS DECIMAL(38, 4)) AS numerator, CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM positions AS p
WHERE p.headroom_gbp < 0
ORDER BY measure, group_id
