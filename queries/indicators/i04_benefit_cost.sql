/*---
id = "I04"
title.en = "GVA benefit-cost ratio"
title.cy = "Cymhareb budd a chost"
short.en = "Benefit-cost ratio"
short.cy = "Cymhareb budd a chost"
formula.en = "Present value of net additional GVA over the public cost of the same enterprises in base prices, spent in the first year. The break-even deadweight is the one at which both are equal. GVA is not a welfare benefit in the sense of the Green Book."
formula.cy = "Gwerth presennol y GYG ychwanegol net dros gost gyhoeddus yr un mentrau ym mhrisiau'r cyfnod sylfaen, wedi'i gwario yn y flwyddyn gyntaf. Y pwysau marw adennill costau yw'r un lle mae'r ddau'n gyfartal. Nid yw GYG yn fudd lles yn ystyr y Llyfr Gwyrdd."
source.en = "Company accounts of firms that agreed to be linked; R&D outcomes and vouchers of the programme; additionality parameters; ONS productivity; HM Treasury: GDP deflators, Green Book."
source.cy = "Cyfrifon cwmnïau a gytunodd i gael eu cysylltu; canlyniadau ymchwil a datblygu a thalebau'r rhaglen; paramedrau ychwanegedd; cynhyrchiant SYG; Trysorlys EF: datchwyddwyr CMC, y Llyfr Gwyrdd."
actions = [4]
direction = "up"
dated_by = "company_accounts.period_end of the year after, or rd_outcomes.observed_on of the last post"
area_key = "businesses.lad_code"
population = "Supported enterprises whose effect is known, from accounts or else from evidenced posts; a scope takes the firms inside it"
dimensions = [{ name = "scope", additive = false }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "table"
tags = ["action3", "action4", "impact", "on-request"]
depends_on = ["I03", "I06"]
times = "to_date"
parameters = ["additionality_params", "ref_deflators", "discount_rate_1", "discount_last_year_1", "discount_rate_2", "discount_last_year_2", "discount_rate_3"]
caveats.en = "The parameters are illustrative until they are approved. Only enterprises whose effect is known so far count, on both sides."
caveats.cy = "Enghreifftiol yw'r paramedrau nes iddynt gael eu cymeradwyo. Dim ond mentrau y mae eu heffaith yn hysbys hyd yma sy'n cyfrif, ar y ddwy ochr."

[[measures]]
id = "low"
kind = "ratio"
unit = "ratio"
decimals = 2
title.en = "Low"
title.cy = "Isel"

[[measures]]
id = "central"
kind = "ratio"
unit = "ratio"
decimals = 2
title.en = "Central"
title.cy = "Canolog"

[[measures]]
id = "high"
kind = "ratio"
unit = "ratio"
decimals = 2
title.en = "High"
title.cy = "Uchel"

[[measures]]
id = "break_even"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Break-even deadweight"
title.cy = "Pwysau marw adennill costau"
---*/
WITH
-- Effects known by the end of the period.
effects AS (
    SELECT
        n.scenario AS measure, n.known_on AS dated_on, n.lad_code, n.scope, n.resolved_id, n.group_id,
        n.present_gbp AS numerator, n.public_gbp AS denominator, n.status
    FROM net_effects AS n
    WHERE n.present_gbp IS NOT NULL AND n.public_gbp IS NOT NULL
    UNION ALL
    -- One less the cost over the benefit without deadweight, as a ratio of sums.
    SELECT
        'break_even' AS measure, n.known_on AS dated_on, n.lad_code, n.scope, n.resolved_id, n.group_id,
        n.present_without_deadweight_gbp - n.public_gbp AS numerator, n.present_without_deadweight_gbp AS denominator, n.status
    FROM net_effects AS n
    WHERE n.scenario = 'central' AND n.present_without_deadweight_gbp IS NOT NULL AND n.public_gbp IS NOT NULL
)
SELECT
    e.measure,
    e.dated_on,
    e.lad_code,
    e.scope,
    e.resolved_id AS business_id,
    e.group_id,
    CAST(e.numerator AS DECIMAL(38, 6)) AS numerator,
    CAST(e.denominator AS DECIMAL(38, 6)) AS denominator,
    e.status
FROM effects AS e
WHERE e.dated_on >= CAST($programme_start AS DATE)
    AND e.dated_on <= CAST($period_end AS DATE)
ORDER BY measure, scope, dated_on, business_id
