/*---
id = "O05"
title.en = "Private investment matching public support"
title.cy = "Buddsoddiad preifat sy'n cyfateb i gymorth cyhoeddus"
short.en = "Private investment"
short.cy = "Buddsoddiad preifat"
formula.en = "Private match within the eligible cost of accepted offers. Private investment beyond it that firms declared and evidenced is shown apart and not added."
formula.cy = "Arian cyfatebol preifat o fewn cost gymwys y cynigion a dderbyniwyd. Dangosir ar wahân, heb ei ychwanegu, fuddsoddiad preifat pellach a ddatganwyd ac a dystiwyd gan gwmnïau."
source.en = "Voucher records; R&D outcomes of the programme."
source.cy = "Cofnodion talebau; canlyniadau ymchwil a datblygu'r rhaglen."
actions = [3]
direction = "up"
dated_by = "vouchers.accepted_on; rd_outcomes.observed_on"
area_key = "businesses.lad_code"
population = "Accepted offers; outcomes PRIVATE_INVESTMENT whose evidence status is EVIDENCED or VERIFIED"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action3", "on-request"]
depends_on = ["D06"]

[[measures]]
id = "matched"
kind = "magnitude"
unit = "gbp"
decimals = 0
title.en = "Private match"
title.cy = "Arian cyfatebol preifat"

[[measures]]
id = "declared"
kind = "magnitude"
unit = "gbp"
decimals = 0
title.en = "Further private investment declared"
title.cy = "Buddsoddiad preifat pellach a ddatganwyd"
---*/
WITH
-- What firms put into the projects they were offered a grant for, and what they declared beyond it.
investments AS (
    SELECT 'matched' AS measure, o.accepted_on AS dated_on, o.lad_code, o.resolved_id, o.group_id, o.private_gbp AS amount_gbp
    FROM accepted_offers AS o
    WHERE o.private_gbp IS NOT NULL
    UNION ALL
    SELECT 'declared' AS measure, e.observed_on AS dated_on, e.lad_code, e.resolved_id, e.group_id, e.value_added_gbp AS amount_gbp
    FROM evidenced_outcomes AS e
    WHERE e.outcome_type = 'PRIVATE_INVESTMENT' AND e.value_added_gbp IS NOT NULL
)
SELECT
    i.measure,
    i.dated_on,
    i.lad_code,
    i.resolved_id AS business_id,
    i.group_id,
    i.amount_gbp AS numerator,
    CAST(NULL AS DECIMAL(38, 4)) AS denominator
FROM investments AS i
WHERE i.dated_on >= CAST($programme_start AS DATE)
    AND i.dated_on <= CAST($period_end AS DATE)
ORDER BY measure, dated_on, business_id, numerator
