-- Subsidies that count towards a limit per enterprise group: those recorded by other authorities and those of accepted vouchers,
-- gross cash amounts, with the group under common control that received them. One row an award.
SELECT
    h.business_id,
    h."group" AS group_id,
    f.lad_code,
    h.awarded_on,
    h.basis,
    CAST(h.amount AS DECIMAL(38, 4)) AS amount_gbp
FROM subsidy_history AS h
INNER JOIN firms AS f ON f.business_id = h.business_id
WHERE h.basis IN ('EU_DE_MINIMIS', 'TCA_SMALL', 'MFA')
UNION ALL
SELECT
    o.business_id,
    o.group_id,
    o.lad_code,
    o.accepted_on AS awarded_on,
    v.subsidy_basis AS basis,
    CAST(v.subsidy_amount_gbp AS DECIMAL(38, 4)) AS amount_gbp
FROM accepted_offers AS o
INNER JOIN vouchers AS v ON v.voucher_id = o.voucher_id
WHERE v.subsidy_basis IN ('EU_DE_MINIMIS', 'TCA_SMALL', 'MFA') AND v.subsidy_amount_gbp IS NOT NULL
ORDER BY group_id, awarded_on, business_id, amount_gbp
