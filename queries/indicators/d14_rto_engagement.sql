/*---
id = "D14"
title.en = "RTO and Catapult engagement"
title.cy = "Ymgysylltu â sefydliadau ymchwil a thechnoleg"
short.en = "RTO engagement"
short.cy = "Ymgysylltu â SYTh"
formula.en = "Enterprises with an accepted voucher that names a research and technology organisation, Catapult or university, over all enterprises with an accepted voucher."
formula.cy = "Mentrau sydd â thaleb a dderbyniwyd ac sy'n enwi sefydliad ymchwil a thechnoleg, Catapult neu brifysgol, dros yr holl fentrau sydd â thaleb a dderbyniwyd."
source.en = "Voucher records; list of research and technology organisations."
source.cy = "Cofnodion talebau; rhestr o sefydliadau ymchwil a thechnoleg."
actions = [3]
direction = "up"
dated_by = "vouchers.accepted_on of the first accepted voucher"
area_key = "businesses.lad_code at the first accepted voucher"
population = "Enterprises with an accepted voucher, each once, successors followed, by their first; any voucher accepted by the end of the period may name the organisation"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action3", "on-request"]
depends_on = ["D06"]

[[measures]]
id = "value"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Share of enterprises"
title.cy = "Cyfran y mentrau"
---*/
WITH
-- Enterprises that worked with such an organisation by the end of the period.
engaged AS (
    SELECT DISTINCT o.resolved_id
    FROM accepted_offers AS o
    WHERE o.rto_code IS NOT NULL
        AND o.accepted_on >= CAST($programme_start AS DATE)
        AND o.accepted_on <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure,
    c.first_accepted_on AS dated_on,
    c.lad_code,
    c.resolved_id AS business_id,
    c.group_id,
    CAST(CASE WHEN e.resolved_id IS NULL THEN 0 ELSE 1 END AS DECIMAL(38, 4)) AS numerator,
    CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM supported_cohort AS c
LEFT JOIN engaged AS e ON e.resolved_id = c.resolved_id
WHERE c.first_accepted_on >= CAST($programme_start AS DATE)
    AND c.first_accepted_on <= CAST($period_end AS DATE)
ORDER BY dated_on, business_id
