/*---
title = "Cost lines and weights add up to their voucher"
severity = "warn"
---*/
-- Offending: a voucher whose lines or weights in the lake, after later corrections of either file, no longer add up.
WITH
costs AS (
    SELECT c.voucher_id, SUM(c.eligible_gbp) AS total
    FROM voucher_costs AS c
    GROUP BY c.voucher_id
),
weights AS (
    SELECT c.voucher_id, SUM(c.weight) AS total
    FROM voucher_components AS c
    GROUP BY c.voucher_id
)
SELECT v.voucher_id, 'costs' AS part, c.total AS found, CAST(v.eligible_cost_gbp AS DECIMAL(24, 2)) AS expected
FROM vouchers AS v
INNER JOIN costs AS c ON c.voucher_id = v.voucher_id
WHERE ABS(c.total - v.eligible_cost_gbp) > 0.01
UNION ALL
SELECT w.voucher_id, 'weights' AS part, w.total AS found, CAST(1 AS DECIMAL(24, 2)) AS expected
FROM weights AS w
WHERE ABS(w.total - 1) > 0.0001
ORDER BY 1, 2
