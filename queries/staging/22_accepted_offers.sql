-- Offers that were accepted, with their money and their dates: a grant is committed here. One row a voucher; eligible
-- cost also in euros at the rate of the month of acceptance, to four decimals, and null where that rate is not known.
SELECT
    a.voucher_id,
    a.scheme,
    a.business_id,
    a.resolved_id,
    a.group_id,
    a.lad_code,
    v.applied_on,
    a.decided_on,
    a.accepted_on,
    a.started_on,
    v.planned_end_on,
    a.ended_on,
    a.status,
    CAST(v.eligible_cost_gbp AS DECIMAL(38, 4)) AS eligible_gbp,
    a.grant_offered_gbp AS grant_gbp,
    CAST(v.other_public_gbp AS DECIMAL(38, 4)) AS other_public_gbp,
    CAST(v.private_match_gbp AS DECIMAL(38, 4)) AS private_gbp,
    CAST(CAST(v.eligible_cost_gbp AS DECIMAL(24, 8)) / CAST(e.rate AS DECIMAL(12, 6)) AS DECIMAL(38, 4)) AS eligible_eur,
    v.trl_start,
    v.trl_end_planned,
    v.trl_end_actual,
    v.rto_code,
    v.collaborative
FROM approved_vouchers AS a
INNER JOIN vouchers AS v ON v.voucher_id = a.voucher_id
LEFT JOIN euro_rates AS e ON e.currency = 'GBP' AND e.month = to_char(a.accepted_on, '%Y-%m')
WHERE a.accepted_on IS NOT NULL
ORDER BY a.voucher_id
