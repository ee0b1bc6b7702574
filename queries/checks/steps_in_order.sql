/*---
title = "Steps from the request to the end of a project come in order"
severity = "warn"
---*/
-- Offending: a pair of steps in the wrong order. They are listed and stay in the lake: an applicant from before its
-- diagnostic is kept, and the funnel leaves it out (domain, section 1.8).
WITH
-- The steps of each diagnostic.
visits AS (
    SELECT d.diagnostic_id, d.requested_on, d.visited_on, d.reported_on, d.action_plan_on
    FROM diagnostics AS d
),
-- The steps of each voucher.
projects AS (
    SELECT v.voucher_id, v.diagnostic_id, v.applied_on, v.decided_on, v.accepted_on, v.started_on, v.ended_on
    FROM vouchers AS v
),
-- Every pair of neighbouring steps, under the id of the row that holds the later one.
pairs AS (
    SELECT d.diagnostic_id AS id, 'visited before requested' AS pair, d.requested_on AS earlier, d.visited_on AS later
    FROM visits AS d
    UNION ALL
    SELECT d.diagnostic_id AS id, 'reported before visited' AS pair, d.visited_on AS earlier, d.reported_on AS later
    FROM visits AS d
    UNION ALL
    SELECT d.diagnostic_id AS id, 'plan before report' AS pair, d.reported_on AS earlier, d.action_plan_on AS later
    FROM visits AS d
    UNION ALL
    SELECT p.voucher_id AS id, 'applied before plan' AS pair, d.action_plan_on AS earlier, p.applied_on AS later
    FROM projects AS p
    INNER JOIN visits AS d ON d.diagnostic_id = p.diagnostic_id
    UNION ALL
    SELECT p.voucher_id AS id, 'decided before applied' AS pair, p.applied_on AS earlier, p.decided_on AS later
    FROM projects AS p
    UNION ALL
    SELECT p.voucher_id AS id, 'accepted before decided' AS pair, p.decided_on AS earlier, p.accepted_on AS later
    FROM projects AS p
    UNION ALL
    SELECT p.voucher_id AS id, 'started before accepted' AS pair, p.accepted_on AS earlier, p.started_on AS later
    FROM projects AS p
    UNION ALL
    SELECT p.voucher_id AS id, 'ended before started' AS pair, p.started_on AS earlier, p.ended_on AS later
    FROM projects AS p
)
SELECT p.id, p.pair, p.earlier, p.later
FROM pairs AS p
WHERE p.later < p.earlier
ORDER BY p.id, p.pair
