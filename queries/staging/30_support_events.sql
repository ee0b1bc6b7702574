-- Everything that makes an enterprise a supported one: a reported diagnostic, or an accepted voucher. One row an event.
SELECT
    d.business_id, d.resolved_id, d.group_id, d.supply_tier, d.anchor_class, d.reported_on AS supported_on, d.lad_code,
    1 AS precedence, d.diagnostic_id AS event_id
FROM reported_diagnostics AS d
UNION ALL
SELECT
    v.business_id, v.resolved_id, v.group_id, v.supply_tier, v.anchor_class, v.accepted_on AS supported_on, v.lad_code,
    2 AS precedence, v.voucher_id AS event_id
FROM approved_vouchers AS v
WHERE v.accepted_on IS NOT NULL
ORDER BY precedence, event_id
