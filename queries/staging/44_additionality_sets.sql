-- Parameters of additionality with what they imply over the years: the effect at its full size, as it builds up and decays,
-- and discounted at the Green Book's steps. The name of a set says its scenario: one that ends in -LOW or -HIGH is the low or
-- high one, any other the central one. At the scope of the UK the multiplier is 1. One row a scenario, scope, instrument and day.
WITH
latest AS (
    SELECT
        CASE WHEN p.param_set_id LIKE '%-LOW' THEN 'low' WHEN p.param_set_id LIKE '%-HIGH' THEN 'high' ELSE 'central' END AS scenario,
        p.scope, p.instrument, p.effective_from, p.deadweight, p.leakage, p.displacement, p.substitution,
        CASE WHEN p.scope = 'UK' THEN CAST(1 AS DECIMAL(7, 4)) ELSE p.multiplier END AS multiplier,
        p.persistence_years, p.decay_rate, p.build_up_profile,
        length(p.build_up_profile) - length(replace(p.build_up_profile, ';', '')) AS peak,
        p.param_set_id,
        ROW_NUMBER() OVER (
            PARTITION BY
                CASE WHEN p.param_set_id LIKE '%-LOW' THEN 'low' WHEN p.param_set_id LIKE '%-HIGH' THEN 'high' ELSE 'central' END,
                p.scope, p.instrument, p.effective_from
            ORDER BY p.version DESC, p.param_set_id
        ) AS nth
    FROM additionality_params AS p
),
rates AS (
    SELECT
        MAX(CASE WHEN s.name = 'discount_rate_1' THEN s.value END) AS rate_1,
        MAX(CASE WHEN s.name = 'discount_last_year_1' THEN s.value END) AS last_1,
        MAX(CASE WHEN s.name = 'discount_rate_2' THEN s.value END) AS rate_2,
        MAX(CASE WHEN s.name = 'discount_last_year_2' THEN s.value END) AS last_2,
        MAX(CASE WHEN s.name = 'discount_rate_3' THEN s.value END) AS rate_3
    FROM settings_parameters AS s
),
-- Years since the start of the effect, as many as a profile and its persistence can have.
years AS (
    SELECT CAST(g.value AS INT) AS t FROM generate_series(0, 80) AS g
)
SELECT
    l.scenario,
    l.scope,
    l.instrument,
    l.effective_from,
    l.param_set_id,
    l.deadweight,
    l.leakage,
    l.displacement,
    l.substitution,
    l.multiplier,
    CAST(SUM(CAST(persistence(y.t, l.peak, l.peak + l.persistence_years, l.decay_rate, l.build_up_profile) AS DECIMAL(20, 18))) AS DECIMAL(28, 12)) AS full_years,
    CAST(SUM(CAST(
        CAST(persistence(y.t, l.peak, l.peak + l.persistence_years, l.decay_rate, l.build_up_profile) AS DECIMAL(16, 15))
        * CAST(discount_factor(y.t, r.rate_1, CAST(r.last_1 AS INT), r.rate_2, CAST(r.last_2 AS INT), r.rate_3) AS DECIMAL(16, 15))
    AS DECIMAL(26, 20))) AS DECIMAL(28, 12)) AS discounted_years
FROM latest AS l
CROSS JOIN rates AS r
INNER JOIN years AS y ON y.t <= l.peak + l.persistence_years
WHERE l.nth = 1
GROUP BY
    l.scenario, l.scope, l.instrument, l.effective_from, l.param_set_id, l.deadweight, l.leakage, l.displacement,
    l.substitution, l.multiplier
ORDER BY l.scenario, l.scope, l.instrument, l.effective_from
