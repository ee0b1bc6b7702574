-- What the Basque programme asks of a project, as the plan states it: one row, a column a rule, null where it is not known.
WITH
latest AS (
    SELECT
        b.metric, b.value,
        ROW_NUMBER() OVER (PARTITION BY b.metric ORDER BY b.period_from DESC, b.programme) AS nth
    FROM partner_benchmarks AS b
    WHERE b.region = 'BASQUE' AND b.metric IN ('MINIMUM_BUDGET', 'LONGEST_PROJECT', 'TRL_LOWEST', 'TRL_HIGHEST')
)
SELECT
    MAX(CASE WHEN l.metric = 'MINIMUM_BUDGET' THEN l.value END) AS minimum_budget_eur,
    MAX(CASE WHEN l.metric = 'LONGEST_PROJECT' THEN l.value END) AS longest_months,
    MAX(CASE WHEN l.metric = 'TRL_LOWEST' THEN l.value END) AS trl_lowest,
    MAX(CASE WHEN l.metric = 'TRL_HIGHEST' THEN l.value END) AS trl_highest
FROM latest AS l
WHERE l.nth = 1
