-- Applications that were approved, with the firm's ids. One row a voucher; claims are not joined here, so nothing doubles.
SELECT
    v.voucher_id,
    v.scheme,
    v.business_id,
    f.resolved_id,
    f.group_id,
    f.lad_code,
    f.supply_tier,
    f.anchor_class,
    v.decided_on,
    v.accepted_on,
    v.started_on,
    v.ended_on,
    v.status,
    CAST(v.grant_offered_gbp AS DECIMAL(38, 4)) AS grant_offered_gbp
FROM vouchers AS v
INNER JOIN firms AS f ON f.business_id = v.business_id
WHERE v.decision = 'APPROVED' AND v.decided_on IS NOT NULL
ORDER BY v.voucher_id
