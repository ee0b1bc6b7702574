-- Components scored in a follow-up and at the start by comparable methods. The red line is the one drawn at the start.
SELECT
    a.diagnostic_id,
    a.business_id,
    a.resolved_id,
    a.group_id,
    a.wave,
    a.reported_on,
    a.lad_code,
    a.component_code,
    b.current_level AS level_before,
    a.current_level AS level_after,
    b.target_level AS first_target
FROM component_levels AS a
INNER JOIN component_levels AS b
    ON b.resolved_id = a.resolved_id AND b.component_code = a.component_code AND b.method_family = a.method_family
WHERE a.wave > 0 AND b.wave = 0
ORDER BY a.diagnostic_id, a.component_code
