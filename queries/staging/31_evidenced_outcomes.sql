-- Outcomes that are evidenced or verified, the only ones that count for indicators of the ERDF kind. One row an outcome,
-- with what it adds: a figure that was delivered as a total to date adds what it is above the one before it, of the same
-- firm, support and type.
WITH
counted AS (
    SELECT
        o.outcome_id, f.resolved_id, f.group_id, f.lad_code, o.observed_on, o.reference_period, o.outcome_type,
        COALESCE(o.is_cumulative, FALSE) AS is_cumulative,
        COALESCE(o.voucher_id, o.diagnostic_id, '') AS support_id,
        CAST(o.quantity AS DECIMAL(38, 4)) AS quantity,
        CAST(o.value_gbp AS DECIMAL(38, 4)) AS value_gbp
    FROM rd_outcomes AS o
    INNER JOIN firms AS f ON f.business_id = o.business_id
    WHERE o.evidence_status IN ('EVIDENCED', 'VERIFIED') AND o.observed_on IS NOT NULL
),
-- Each total to date beside the one before it.
followed AS (
    SELECT
        c.outcome_id, c.resolved_id, c.group_id, c.lad_code, c.observed_on, c.reference_period, c.outcome_type,
        c.is_cumulative, c.quantity, c.value_gbp,
        LAG(c.quantity) OVER (
            PARTITION BY c.resolved_id, c.support_id, c.outcome_type, c.is_cumulative ORDER BY c.observed_on, c.outcome_id
        ) AS quantity_before,
        LAG(c.value_gbp) OVER (
            PARTITION BY c.resolved_id, c.support_id, c.outcome_type, c.is_cumulative ORDER BY c.observed_on, c.outcome_id
        ) AS value_before
    FROM counted AS c
)
SELECT
    d.outcome_id,
    d.resolved_id,
    d.group_id,
    d.lad_code,
    d.observed_on,
    d.reference_period,
    d.outcome_type,
    d.quantity,
    CASE WHEN d.is_cumulative THEN d.quantity - COALESCE(d.quantity_before, 0) ELSE d.quantity END AS quantity_added,
    CASE WHEN d.is_cumulative THEN d.value_gbp - COALESCE(d.value_before, 0) ELSE d.value_gbp END AS value_added_gbp
FROM followed AS d
ORDER BY d.outcome_id
