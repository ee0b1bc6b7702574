-- Which parameters of additionality hold for each enterprise at each scope and scenario: those of the scheme, or else for all, in force
-- when the project started. A scope takes the firms inside it only: the figure of West Wales and the Valleys is a calculation of its
-- own, no share of that of Wales. One row an enterprise, scope and scenario, with its gross effect.
WITH
chosen AS (
    SELECT
        g.resolved_id, g.group_id, g.lad_code, g.known_on, g.gva_gbp, g.fte, g.status,
        a.scenario, a.scope, a.deadweight, a.leakage, a.displacement, a.substitution, a.multiplier, a.discounted_years,
        ROW_NUMBER() OVER (
            PARTITION BY g.resolved_id, a.scenario, a.scope
            ORDER BY CASE WHEN a.instrument = g.scheme THEN 0 ELSE 1 END, a.effective_from DESC
        ) AS nth
    FROM gross_effects AS g
    INNER JOIN geography_lookup AS l ON l.lad_code = g.lad_code
    INNER JOIN additionality_sets AS a
        ON (a.instrument = g.scheme OR a.instrument = 'ALL') AND a.effective_from <= g.started_on
        AND (a.scope <> 'WWV' OR l.objective1_area = 'WWV')
)
SELECT
    c.resolved_id, c.group_id, c.lad_code, c.known_on, c.scenario, c.scope, c.gva_gbp, c.fte,
    c.deadweight, c.leakage, c.displacement, c.substitution, c.multiplier, c.discounted_years, c.status
FROM chosen AS c
WHERE c.nth = 1
ORDER BY c.resolved_id, c.scenario, c.scope
