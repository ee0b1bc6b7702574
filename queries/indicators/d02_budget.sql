/*---
id = "D02"
title.en = "Budget used for diagnostics"
title.cy = "Gwariant yn erbyn y gyllideb ar gyfer asesiadau diagnostig"
short.en = "Budget used"
short.cy = "Y gyllideb a ddefnyddiwyd"
formula.en = "Sum of the fees of reported diagnostics in euros including VAT, to be compared with the budget of EUR 980,000. Fees that were not delivered in euros are shown apart and not converted."
formula.cy = "Swm ffioedd yr asesiadau diagnostig yr adroddwyd arnynt, mewn ewros gan gynnwys TAW, i'w gymharu â'r gyllideb o EUR 980,000. Dangosir ar wahân, heb eu trosi, y ffioedd nad oeddent mewn ewros."
source.en = "Diagnostics delivered by three contractors."
source.cy = "Asesiadau diagnostig a gyflawnwyd gan dri chontractwr."
actions = [1]
direction = "context"
dated_by = "diagnostics.reported_on"
area_key = "diagnostics.site_lad_code"
population = "Reported diagnostics of any wave with a fee, also of large firms and repeated ones, since they were paid for"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "line"
tags = ["action1", "headline"]
depends_on = ["D01"]

[[measures]]
id = "spend_eur"
kind = "magnitude"
unit = "eur"
decimals = 0
title.en = "Spend, EUR including VAT"
title.cy = "Gwariant, EUR gan gynnwys TAW"

[[measures]]
id = "spend_gbp_unconverted"
kind = "magnitude"
unit = "gbp"
decimals = 0
title.en = "Fees delivered in pounds, not converted"
title.cy = "Ffioedd a gyflwynwyd mewn punnoedd, heb eu trosi"
---*/
WITH
-- Every fee of a reported diagnostic, gross; where only the net fee came, VAT is added as delivered.
fees AS (
    SELECT
        d.business_id,
        d.reported_on,
        d.site_lad_code AS lad_code,
        d.fee_currency,
        COALESCE(
            CAST(d.fee_gross AS DECIMAL(38, 4)),
            CAST(ROUND(CAST(d.fee_net AS DECIMAL(18, 4)) * (CAST(1 AS DECIMAL(10, 4)) + CAST(d.vat_rate AS DECIMAL(10, 4))), 2) AS DECIMAL(38, 4))
        ) AS fee_gross
    FROM diagnostics AS d
    WHERE d.status IN ('REPORTED', 'PLAN_ISSUED')
        AND d.reported_on >= CAST($programme_start AS DATE)
        AND d.reported_on <= CAST($period_end AS DATE)
)
SELECT
    CASE c.fee_currency WHEN 'EUR' THEN 'spend_eur' WHEN 'GBP' THEN 'spend_gbp_unconverted' END AS measure,
    c.reported_on AS dated_on,
    c.lad_code,
    f.resolved_id AS business_id,
    f.group_id,
    c.fee_gross AS numerator,
    CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM fees AS c
INNER JOIN firms AS f ON f.business_id = c.business_id
WHERE c.fee_gross IS NOT NULL AND c.fee_currency IN ('EUR', 'GBP')
ORDER BY dated_on, business_id
