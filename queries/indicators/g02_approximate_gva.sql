/*---
id = "G02"
title.en = "Approximate GVA (aGVA)"
title.cy = "Brasamcan o'r gwerth ychwanegol gros (aGVA)"
short.en = "aGVA"
short.cy = "aGVA"
formula.en = "Turnover, the change of stocks, own capital work, insurance claims and product subsidies less purchases and product taxes, at basic prices, of the accounts by financial year."
formula.cy = "Trosiant, newid mewn stociau, gwaith cyfalaf ei hun, hawliadau yswiriant a chymorthdaliadau cynnyrch llai pryniannau a threthi cynnyrch, ar brisiau sylfaenol, o'r cyfrifon yn ôl blwyddyn ariannol."
source.en = "Company accounts of firms that agreed to be linked; diagnostics and vouchers of the programme; HM Treasury: GDP deflators."
source.cy = "Cyfrifon cwmnïau a gytunodd i gael eu cysylltu; asesiadau diagnostig a thalebau'r rhaglen; Trysorlys EF: datchwyddwyr CMC."
actions = [4]
direction = "up"
dated_by = "company_accounts.period_end"
area_key = "businesses.lad_code"
population = "Firms that agreed to be linked, own accounts in pounds that ended in the programme's time; an accounting period that straddles financial years is shared out by days"
dimensions = [{ name = "financial_year", additive = false }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action4", "on-request"]
depends_on = ["Q02"]
times = "to_date"

[[measures]]
id = "value"
kind = "magnitude"
unit = "gbp"
decimals = 0
title.en = "At basic prices"
title.cy = "Ar brisiau sylfaenol"
---*/
WITH
-- Accounts that ended in the programme's time, once for each financial year they reach into, with its share of their days.
shares AS (
    SELECT
        a.period_end AS dated_on, a.lad_code, p.period AS financial_year, a.resolved_id, a.group_id, a.months,
        a.agva_gbp,
        CAST(apportion_days(a.period_start, a.period_end, p.period) AS DECIMAL(20, 18)) AS share
    FROM annual_accounts AS a
    INNER JOIN price_index AS p
        ON p.basis = 'FINANCIAL' AND p.first_year >= date_part('year', a.period_start) - 1 AND p.first_year <= date_part('year', a.period_end)
    WHERE a.period_end >= CAST($programme_start AS DATE)
        AND a.period_end <= CAST($period_end AS DATE)
),
flows AS (
    SELECT 'value' AS measure, s.dated_on, s.lad_code, s.financial_year, s.resolved_id, s.group_id, s.agva_gbp AS flow_gbp, s.months, s.share
    FROM shares AS s
    WHERE s.agva_gbp IS NOT NULL
)
-- The flow of the accounting period itself, not of a year.
SELECT
    f.measure,
    f.dated_on,
    f.lad_code,
    f.financial_year,
    f.resolved_id AS business_id,
    f.group_id,
    CAST(CAST(CAST(f.flow_gbp AS DECIMAL(22, 6)) * CAST(f.months AS DECIMAL(4, 0)) / CAST(12 AS DECIMAL(4, 0)) AS DECIMAL(20, 6)) * CAST(f.share AS DECIMAL(18, 16)) AS DECIMAL(38, 6)) AS numerator,
    CAST(NULL AS DECIMAL(38, 6)) AS denominator
FROM flows AS f
WHERE f.share > 0
ORDER BY measure, financial_year, dated_on, business_id
