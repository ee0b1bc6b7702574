-- Accounts of firms that agreed to be linked, one row a firm and accounting period, as flows of twelve months, with gross
-- value added at basic prices both ways, and at factor cost. Accounts of a whole group or in another currency are not a firm's own and are left
-- out. Of several sources for one period the one that knows the turnover goes first. Turnover, purchases and stocks must be
-- known for the output side; employment costs, operating profit and depreciation for the income side; what else is blank is nothing.
WITH
consenting AS (
    SELECT DISTINCT f.resolved_id
    FROM diagnostics AS d
    INNER JOIN firms AS f ON f.business_id = d.business_id
    WHERE d.consent_to_link
),
sources AS (
    SELECT
        a.business_id, f.resolved_id, a.period_start, a.period_end, a.months, a.turnover, a.stock_open, a.stock_close,
        COALESCE(a.own_capital_work, 0) AS own_capital_work, COALESCE(a.insurance_claims, 0) AS insurance_claims,
        a.purchases_goods_services, COALESCE(a.product_taxes, 0) AS product_taxes,
        COALESCE(a.product_subsidies, 0) AS product_subsidies, COALESCE(a.production_taxes, 0) AS production_taxes,
        COALESCE(a.production_subsidies, 0) AS production_subsidies, a.employment_costs, a.operating_profit, a.depreciation,
        COALESCE(a.amortisation, 0) AS amortisation, a.rd_expenditure, a.employees_fte,
        ROW_NUMBER() OVER (
            PARTITION BY a.business_id, a.period_end
            ORDER BY
                CASE WHEN a.turnover IS NULL THEN 1 ELSE 0 END,
                CASE a.source WHEN 'CH_FILED' THEN 1 WHEN 'SURVEY' THEN 2 WHEN 'GRANT_FORM' THEN 3 ELSE 4 END
        ) AS nth
    FROM company_accounts AS a
    INNER JOIN firms AS f ON f.business_id = a.business_id
    INNER JOIN consenting AS c ON c.resolved_id = f.resolved_id
    WHERE NOT a.consolidated AND a.currency = 'GBP' AND a.months > 0
),
-- Value added by output and by income, and the rest, as flows of a year.
annual AS (
    SELECT
        s.resolved_id, s.period_start, s.period_end, s.months,
        annualise(
            CAST(s.turnover + s.stock_close - s.stock_open + s.own_capital_work + s.insurance_claims
            + s.product_subsidies - s.purchases_goods_services - s.product_taxes AS DECIMAL(28, 4)), s.months
        ) AS agva_gbp,
        annualise(
            CAST(s.employment_costs + s.operating_profit + s.depreciation + s.amortisation
            + s.production_taxes - s.production_subsidies AS DECIMAL(28, 4)), s.months
        ) AS gva_income_gbp,
        annualise(
            CAST(s.employment_costs + s.operating_profit + s.depreciation + s.amortisation AS DECIMAL(28, 4)), s.months
        ) AS gva_factor_gbp,
        annualise(CAST(s.turnover AS DECIMAL(28, 4)), s.months) AS turnover_gbp,
        annualise(CAST(s.rd_expenditure AS DECIMAL(28, 4)), s.months) AS rd_gbp,
        CAST(s.employees_fte AS DECIMAL(28, 4)) AS fte
    FROM sources AS s
    WHERE s.nth = 1
)
-- Firms that became one add up where they closed their books together; one that does not know makes the sum unknown.
SELECT
    n.resolved_id,
    f.group_id,
    f.lad_code,
    n.period_start,
    n.period_end,
    n.months,
    CASE WHEN COUNT(n.agva_gbp) = COUNT(1) THEN CAST(SUM(CAST(n.agva_gbp AS DECIMAL(24, 6))) AS DECIMAL(28, 6)) END AS agva_gbp,
    CASE WHEN COUNT(n.gva_income_gbp) = COUNT(1) THEN CAST(SUM(CAST(n.gva_income_gbp AS DECIMAL(24, 6))) AS DECIMAL(28, 6)) END AS gva_income_gbp,
    CASE WHEN COUNT(n.gva_factor_gbp) = COUNT(1) THEN CAST(SUM(CAST(n.gva_factor_gbp AS DECIMAL(24, 6))) AS DECIMAL(28, 6)) END AS gva_factor_gbp,
    CASE WHEN COUNT(n.turnover_gbp) = COUNT(1) THEN CAST(SUM(CAST(n.turnover_gbp AS DECIMAL(24, 6))) AS DECIMAL(28, 6)) END AS turnover_gbp,
    CASE WHEN COUNT(n.rd_gbp) = COUNT(1) THEN CAST(SUM(CAST(n.rd_gbp AS DECIMAL(24, 6))) AS DECIMAL(28, 6)) END AS rd_gbp,
    CASE WHEN COUNT(n.fte) = COUNT(1) THEN CAST(SUM(CAST(n.fte AS DECIMAL(20, 4))) AS DECIMAL(24, 4)) END AS fte
FROM annual AS n
INNER JOIN firms AS f ON f.business_id = n.resolved_id
GROUP BY n.resolved_id, f.group_id, f.lad_code, n.period_start, n.period_end, n.months
ORDER BY n.resolved_id, n.period_end, n.period_start
