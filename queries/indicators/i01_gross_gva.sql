/*---
id = "I01"
title.en = "Gross additional GVA"
title.cy = "GYG ychwanegol (gros)"
short.en = "Gross GVA"
short.cy = "GYG gros"
formula.en = "Real approximate GVA of the year after less that of the year before, over supported enterprises; where accounts are absent, evidenced posts at the real GVA per filled job of Wales, marked as an estimate."
formula.cy = "Brasamcan real o GYG y flwyddyn ar ôl llai un y flwyddyn cyn, dros fentrau a gefnogwyd; lle nad oes cyfrifon, swyddi a dystiwyd yn ôl GYG real Cymru fesul swydd wedi'i llenwi, wedi'i nodi'n amcangyfrif."
source.en = "Company accounts of firms that agreed to be linked; R&D outcomes and vouchers of the programme; additionality parameters; ONS productivity; HM Treasury: GDP deflators, Green Book."
source.cy = "Cyfrifon cwmnïau a gytunodd i gael eu cysylltu; canlyniadau ymchwil a datblygu a thalebau'r rhaglen; paramedrau ychwanegedd; cynhyrchiant SYG; Trysorlys EF: datchwyddwyr CMC, y Llyfr Gwyrdd."
actions = [3, 4]
direction = "up"
dated_by = "company_accounts.period_end of the year after, or rd_outcomes.observed_on of the last post"
area_key = "businesses.lad_code"
population = "Supported enterprises whose effect is known, from accounts or else from evidenced posts"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "table"
tags = ["action3", "action4", "impact", "on-request"]
depends_on = ["G04", "Q02"]
times = "to_date"
parameters = ["ref_deflators"]

[[measures]]
id = "value"
kind = "magnitude"
unit = "gbp"
decimals = 0
title.en = "Pounds a year in base prices"
title.cy = "Punnoedd y flwyddyn ym mhrisiau'r cyfnod sylfaen"

[[measures]]
id = "measured"
kind = "count"
unit = "enterprises"
decimals = 0
title.en = "Enterprises known from accounts"
title.cy = "Mentrau sy'n hysbys o gyfrifon"

[[measures]]
id = "imputed"
kind = "count"
unit = "enterprises"
decimals = 0
title.en = "Enterprises known from posts only"
title.cy = "Mentrau sy'n hysbys o swyddi yn unig"
---*/
WITH
-- Effects known by the end of the period.
effects AS (
    SELECT g.known_on, g.lad_code, g.resolved_id, g.group_id, g.gva_gbp, g.from_posts, g.status
    FROM gross_effects AS g
    WHERE g.gva_gbp IS NOT NULL
        AND g.known_on >= CAST($programme_start AS DATE)
        AND g.known_on <= CAST($period_end AS DATE)
)
SELECT
    'value' AS measure, e.known_on AS dated_on, e.lad_code, e.resolved_id AS business_id, e.group_id,
    CAST(e.gva_gbp AS DECIMAL(38, 6)) AS numerator, CAST(NULL AS DECIMAL(38, 6)) AS denominator, e.status
FROM effects AS e
UNION ALL
SELECT
    CASE WHEN e.from_posts THEN 'imputed' ELSE 'measured' END AS measure, e.known_on AS dated_on, e.lad_code,
    e.resolved_id AS business_id, e.group_id, CAST(1 AS DECIMAL(38, 6)) AS numerator, CAST(NULL AS DECIMAL(38, 6)) AS denominator,
    CAST(NULL AS TEXT) AS status
FROM effects AS e
ORDER BY measure, dated_on, business_id
