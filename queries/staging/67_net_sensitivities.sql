-- How much each parameter of additionality moves the present value of net effects: all at their central values but one, which takes its
-- low or high one. Summed by scope, parameter and side this is the tornado of the impact. One row an enterprise, scope, parameter and
-- side; swing is what the change of that parameter alone adds.
WITH
-- Each set beside the central one of the same enterprise and scope.
beside AS (
    SELECT
        n.resolved_id, n.group_id, n.lad_code, n.known_on, n.scope, n.scenario, n.gva_gbp, n.status, n.deadweight, n.leakage, n.displacement,
        n.substitution, n.multiplier, n.discounted_years,
        MAX(CASE WHEN n.scenario = 'central' THEN n.deadweight END) OVER (PARTITION BY n.resolved_id, n.scope) AS central_deadweight,
        MAX(CASE WHEN n.scenario = 'central' THEN n.leakage END) OVER (PARTITION BY n.resolved_id, n.scope) AS central_leakage,
        MAX(CASE WHEN n.scenario = 'central' THEN n.displacement END) OVER (PARTITION BY n.resolved_id, n.scope) AS central_displacement,
        MAX(CASE WHEN n.scenario = 'central' THEN n.substitution END) OVER (PARTITION BY n.resolved_id, n.scope) AS central_substitution,
        MAX(CASE WHEN n.scenario = 'central' THEN n.multiplier END) OVER (PARTITION BY n.resolved_id, n.scope) AS central_multiplier,
        MAX(CASE WHEN n.scenario = 'central' THEN n.discounted_years END) OVER (PARTITION BY n.resolved_id, n.scope) AS central_discounted_years
    FROM net_parameters AS n
),
pairs AS (
    SELECT
        b.resolved_id, b.group_id, b.lad_code, b.known_on, b.scope, b.scenario AS side, p.parameter, b.gva_gbp, b.status,
        CASE WHEN p.parameter = 'deadweight' THEN b.deadweight ELSE b.central_deadweight END AS deadweight,
        CASE WHEN p.parameter = 'leakage' THEN b.leakage ELSE b.central_leakage END AS leakage,
        CASE WHEN p.parameter = 'displacement' THEN b.displacement ELSE b.central_displacement END AS displacement,
        CASE WHEN p.parameter = 'substitution' THEN b.substitution ELSE b.central_substitution END AS substitution,
        CASE WHEN p.parameter = 'multiplier' THEN b.multiplier ELSE b.central_multiplier END AS multiplier,
        CASE WHEN p.parameter = 'persistence' THEN b.discounted_years ELSE b.central_discounted_years END AS discounted_years,
        CAST(
            CAST(net_additional(
                b.gva_gbp, b.central_deadweight, b.central_leakage, b.central_displacement, b.central_substitution, b.central_multiplier
            ) AS DECIMAL(22, 6)) * CAST(b.central_discounted_years AS DECIMAL(14, 10)) AS DECIMAL(28, 6)
        ) AS central_gbp
    FROM beside AS b
    CROSS JOIN (
        VALUES ('deadweight'), ('leakage'), ('displacement'), ('substitution'), ('multiplier'), ('persistence')
    ) AS p (parameter)
    WHERE b.scenario IN ('low', 'high') AND b.central_multiplier IS NOT NULL AND b.gva_gbp IS NOT NULL
),
moved AS (
    SELECT
        p.resolved_id, p.group_id, p.lad_code, p.known_on, p.scope, p.side, p.parameter, p.central_gbp, p.status,
        CAST(
            CAST(net_additional(p.gva_gbp, p.deadweight, p.leakage, p.displacement, p.substitution, p.multiplier) AS DECIMAL(22, 6))
            * CAST(p.discounted_years AS DECIMAL(14, 10)) AS DECIMAL(28, 6)
        ) AS present_gbp
    FROM pairs AS p
)
SELECT
    m.resolved_id, m.group_id, m.lad_code, m.known_on, m.scope, m.parameter, m.side, m.central_gbp, m.present_gbp,
    m.present_gbp - m.central_gbp AS swing_gbp, m.status
FROM moved AS m
ORDER BY m.resolved_id, m.scope, m.parameter, m.side
