-- Net additional effects of each enterprise at each scope and scenario: the general form of additionality, its reference case
-- told by the deadweight. One row an enterprise, scope and scenario.
SELECT
    c.resolved_id,
    c.group_id,
    c.lad_code,
    c.known_on,
    c.scenario,
    c.scope,
    CAST(net_additional(c.gva_gbp, c.deadweight, c.leakage, c.displacement, c.substitution, c.multiplier) AS DECIMAL(28, 6)) AS net_gva_gbp,
    CAST(net_additional(c.fte, c.deadweight, c.leakage, c.displacement, c.substitution, c.multiplier) AS DECIMAL(24, 6)) AS net_fte,
    CAST(CAST(net_additional(c.gva_gbp, c.deadweight, c.leakage, c.displacement, c.substitution, c.multiplier) AS DECIMAL(22, 6)) * CAST(c.discounted_years AS DECIMAL(14, 10)) AS DECIMAL(28, 6)) AS present_gbp,
    CAST(CAST(net_additional(c.gva_gbp, 0, c.leakage, c.displacement, c.substitution, c.multiplier) AS DECIMAL(22, 6)) * CAST(c.discounted_years AS DECIMAL(14, 10)) AS DECIMAL(28, 6)) AS present_without_deadweight_gbp,
    p.public_gbp,
    COALESCE(c.status, p.status) AS status
FROM net_parameters AS c
LEFT JOIN public_costs AS p ON p.resolved_id = c.resolved_id
ORDER BY c.resolved_id, c.scenario, c.scope
