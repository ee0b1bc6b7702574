-- What each firm said of itself at a reported diagnostic: staff, turnover, research and development, people in science and
-- technology. One row a diagnostic, one a firm and wave. Who declared to do no research spends nothing on it.
SELECT
    r.diagnostic_id,
    r.resolved_id,
    r.group_id,
    r.wave,
    r.reported_on,
    r.lad_code,
    CAST(d.employees_fte_at_visit AS DECIMAL(38, 4)) AS fte,
    CAST(d.turnover_at_visit_gbp AS DECIMAL(38, 4)) AS turnover_gbp,
    CAST(COALESCE(d.rd_spend_at_visit_gbp, CASE WHEN d.baseline_declared_no_rd THEN 0 END) AS DECIMAL(38, 4)) AS rd_gbp,
    CAST(d.stem_fte AS DECIMAL(38, 4)) AS stem_fte,
    CAST(d.stem_women_fte AS DECIMAL(38, 4)) AS stem_women_fte
FROM reported_diagnostics AS r
INNER JOIN diagnostics AS d ON d.diagnostic_id = r.diagnostic_id
ORDER BY r.diagnostic_id
