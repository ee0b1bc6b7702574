-- The first diagnostic of each firm: wave 0 only. One row an enterprise.
SELECT
    diagnostic_id, business_id, resolved_id, group_id, sme_class, supply_tier, anchor_class, method_family, reported_on,
    action_plan_on, lad_code
FROM reported_diagnostics
WHERE wave = 0
ORDER BY resolved_id
