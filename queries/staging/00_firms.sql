-- Every enterprise of the register under its own id, with the id it counts under today and the group that protects it.
-- A firm that was merged, renamed or re-incorporated counts as its last successor; a chain may be several links long and
-- is followed up to 20 of them, so a circle in the data cannot keep the query running.
WITH RECURSIVE
-- Each link of each chain: who it started from, who is reached, after how many links.
links AS (
    SELECT b.business_id AS started_from, b.successor_business_id AS reached, 1 AS step
    FROM businesses AS b
    WHERE b.successor_business_id IS NOT NULL AND b.successor_business_id <> b.business_id
    UNION ALL
    SELECT l.started_from, b.successor_business_id AS reached, l.step + 1 AS step
    FROM links AS l
    INNER JOIN businesses AS b ON b.business_id = l.reached
    WHERE b.successor_business_id IS NOT NULL AND b.successor_business_id <> b.business_id AND l.step < 20
),
-- Only links to a firm that is in the register; a successor that is unknown ends the chain before it.
known AS (
    SELECT l.started_from, l.reached, l.step
    FROM links AS l
    INNER JOIN businesses AS b ON b.business_id = l.reached
),
-- The furthest firm of each chain. In a circle, and only there, a firm meets itself again: the circle's smallest id stands for it.
furthest AS (
    SELECT k.started_from, MAX(k.step) AS last_step, MIN(k.reached) AS smallest,
        MAX(CASE WHEN k.step >= 20 THEN 1 ELSE 0 END) AS circular
    FROM known AS k
    GROUP BY k.started_from
),
resolved AS (
    SELECT f.started_from, CASE WHEN f.circular = 1 THEN f.smallest ELSE k.reached END AS resolved_id
    FROM furthest AS f
    INNER JOIN known AS k ON k.started_from = f.started_from AND k.step = f.last_step
)
-- The group is that of the successor, who owns the confidence now; place and size are those of the firm as it was recorded.
SELECT
    b.business_id,
    COALESCE(r.resolved_id, b.business_id) AS resolved_id,
    COALESCE(s.enterprise_group_id, b.enterprise_group_id) AS group_id,
    b.lad_code,
    b.sme_class,
    COALESCE(b.supply_tier, 'NA') AS supply_tier,
    b.anchor_class,
    b.am_sector
FROM businesses AS b
LEFT JOIN resolved AS r ON r.started_from = b.business_id
LEFT JOIN businesses AS s ON s.business_id = r.resolved_id
ORDER BY b.business_id
