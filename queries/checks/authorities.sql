/*---
title = "Twenty-two authorities, fifteen in West Wales and the Valleys"
severity = "fail"
hint = "Deliver geography_lookup again: 22 live authorities, 15 of them WWV and 7 EW."
---*/
-- Offending: the numbers, when they are not 22, 15 and 7.
WITH
counts AS (
    SELECT
        COUNT(DISTINCT g.lad_code) AS authorities,
        COUNT(DISTINCT CASE WHEN g.objective1_area = 'WWV' THEN g.lad_code END) AS wwv,
        COUNT(DISTINCT CASE WHEN g.objective1_area = 'EW' THEN g.lad_code END) AS ew
    FROM geography_lookup AS g
    WHERE g.valid_to IS NULL
)
SELECT c.authorities, c.wwv, c.ew
FROM counts AS c
WHERE c.authorities <> 22 OR c.wwv <> 15 OR c.ew <> 7
ORDER BY c.authorities
