-- The blue and the red line of each diagnostic, one row a diagnostic and component, only where the component applies.
SELECT
    d.diagnostic_id,
    d.business_id,
    d.resolved_id,
    d.group_id,
    d.wave,
    d.method_family,
    d.reported_on,
    d.lad_code,
    s.component_code,
    CAST(s.current_level AS DECIMAL(38, 4)) AS current_level,
    CAST(s.target_level AS DECIMAL(38, 4)) AS target_level
FROM reported_diagnostics AS d
INNER JOIN diagnostic_scores AS s ON s.diagnostic_id = d.diagnostic_id
WHERE s.applicable AND s.current_level IS NOT NULL
ORDER BY d.diagnostic_id, s.component_code
