/*---
id = "Q02"
title.en = "Match rate to accounts"
title.cy = "Cyfradd paru â chyfrifon"
short.en = "Match rate"
short.cy = "Cyfradd paru"
formula.en = "Enterprises that agreed to be linked and whose own accounts were found, over all enterprises that agreed."
formula.cy = "Mentrau a gytunodd i gael eu cysylltu ac y cafwyd hyd i'w cyfrifon eu hunain, dros yr holl fentrau a gytunodd."
source.en = "Company accounts of firms that agreed to be linked; diagnostics and vouchers of the programme; HM Treasury: GDP deflators."
source.cy = "Cyfrifon cwmnïau a gytunodd i gael eu cysylltu; asesiadau diagnostig a thalebau'r rhaglen; Trysorlys EF: datchwyddwyr CMC."
actions = [1, 2, 3, 4]
direction = "up"
dated_by = "diagnostics.reported_on of the first diagnostic with consent"
area_key = "diagnostics.site_lad_code"
population = "Enterprises with a reported diagnostic that gives consent, each once; accounts that ended by the end of the period"
dimensions = []
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["quality", "on-request"]
depends_on = []

[[measures]]
id = "value"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Share matched"
title.cy = "Cyfran a barwyd"

[[measures]]
id = "with_turnover"
kind = "ratio"
unit = "per_cent"
decimals = 1
title.en = "Share matched with turnover known"
title.cy = "Cyfran a barwyd y mae ei throsiant yn hysbys"
---*/
WITH
-- Enterprises that agreed, by the first report that says so.
consents AS (
    SELECT
        r.resolved_id, r.group_id, r.lad_code, r.reported_on,
        ROW_NUMBER() OVER (PARTITION BY r.resolved_id ORDER BY r.reported_on, r.diagnostic_id) AS nth
    FROM reported_diagnostics AS r
    INNER JOIN diagnostics AS d ON d.diagnostic_id = r.diagnostic_id
    WHERE d.consent_to_link
        AND r.reported_on >= CAST($programme_start AS DATE)
        AND r.reported_on <= CAST($period_end AS DATE)
),
-- What was found of them by the end of the period.
found AS (
    SELECT a.resolved_id, COUNT(a.turnover_gbp) AS with_turnover
    FROM annual_accounts AS a
    WHERE a.period_end <= CAST($period_end AS DATE)
    GROUP BY a.resolved_id
)
SELECT
    'value' AS measure, c.reported_on AS dated_on, c.lad_code, c.resolved_id AS business_id, c.group_id,
    CAST(CASE WHEN f.resolved_id IS NULL THEN 0 ELSE 1 END AS DECIMAL(38, 4)) AS numerator, CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM consents AS c
LEFT JOIN found AS f ON f.resolved_id = c.resolved_id
WHERE c.nth = 1
UNION ALL
SELECT
    'with_turnover' AS measure, c.reported_on AS dated_on, c.lad_code, c.resolved_id AS business_id, c.group_id,
    CAST(CASE WHEN COALESCE(f.with_turnover, 0) > 0 THEN 1 ELSE 0 END AS DECIMAL(38, 4)) AS numerator, CAST(1 AS DECIMAL(38, 4)) AS denominator
FROM consents AS c
LEFT JOIN found AS f ON f.resolved_id = c.resolved_id
WHERE c.nth = 1
ORDER BY measure, dated_on, business_id
