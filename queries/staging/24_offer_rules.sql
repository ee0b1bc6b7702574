-- Which rules of its scheme each approved offer keeps: the cap on the grant, the rate, the order of its dates, a firm in
-- Wales. One row an offer. What is not known is not kept: it could not be shown.
SELECT
    a.voucher_id,
    a.scheme,
    a.resolved_id,
    a.group_id,
    a.lad_code,
    a.decided_on,
    COALESCE(
        a.scheme <> 'IV_PLUS'
        OR a.grant_offered_gbp <= (SELECT p.value FROM settings_parameters AS p WHERE p.name = 'iv_plus_grant_cap_gbp'),
        FALSE
    ) AS within_cap,
    COALESCE(
        a.grant_offered_gbp <= v.eligible_cost_gbp
        AND ABS(CAST(v.intervention_rate AS DECIMAL(12, 5)) * v.eligible_cost_gbp - a.grant_offered_gbp) <= CAST(v.eligible_cost_gbp AS DECIMAL(24, 8)) / 100000,
        FALSE
    ) AS rate_right,
    COALESCE(v.applied_on <= a.decided_on, FALSE)
    AND COALESCE(a.accepted_on >= a.decided_on, TRUE)
    AND COALESCE(a.started_on >= a.accepted_on, a.started_on IS NULL)
    AND COALESCE(a.ended_on >= a.started_on, a.ended_on IS NULL) AS in_order,
    g.lad_code IS NOT NULL AS in_wales
FROM approved_vouchers AS a
INNER JOIN vouchers AS v ON v.voucher_id = a.voucher_id
LEFT JOIN geography_lookup AS g ON g.lad_code = a.lad_code
ORDER BY a.voucher_id
