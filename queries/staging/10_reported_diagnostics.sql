-- Diagnostics that were delivered: visited, reported, and the report dated. One row a diagnostic, any wave, one a firm
-- and wave: where two contractors diagnosed the same firm, the earlier report counts.
WITH
delivered AS (
    SELECT
        d.diagnostic_id,
        d.business_id,
        f.resolved_id,
        f.group_id,
        f.sme_class,
        f.supply_tier,
        f.anchor_class,
        d.wave,
        split_part(d.method_version, '.', 1) AS method_family,
        d.reported_on,
        d.action_plan_on,
        d.site_lad_code AS lad_code,
        ROW_NUMBER() OVER (PARTITION BY f.resolved_id, d.wave ORDER BY d.reported_on, d.diagnostic_id) AS nth
    FROM diagnostics AS d
    INNER JOIN firms AS f ON f.business_id = d.business_id
    WHERE d.status IN ('REPORTED', 'PLAN_ISSUED') AND d.reported_on IS NOT NULL
)
SELECT
    diagnostic_id, business_id, resolved_id, group_id, sme_class, supply_tier, anchor_class, wave, method_family,
    reported_on, action_plan_on, lad_code
FROM delivered
WHERE nth = 1
ORDER BY diagnostic_id
