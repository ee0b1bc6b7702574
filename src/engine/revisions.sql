WITH
-- Rows of all deliveries that lie in a quarter, with its last day.
dated AS (
    SELECT h.dataset, h.supplier, h.extract_id, h.row_number, h.row_key, h.content,
        fin_quarter(h.dated_by) AS period,
        CAST(date_trunc('quarter', h.dated_by) + INTERVAL '3 months' - INTERVAL '1 day' AS DATE) AS last_day
    FROM history AS h
    WHERE h.dated_by IS NOT NULL
),
-- A supplier's quarter is closed by the first delivery that reaches its last day.
closed AS (
    SELECT q.dataset, q.supplier, q.period, min(d.delivery) AS delivery
    FROM (SELECT DISTINCT dataset, supplier, period, last_day FROM dated) AS q
    INNER JOIN deliveries AS d ON d.dataset = q.dataset AND d.supplier = q.supplier AND d.as_of >= q.last_day
    GROUP BY q.dataset, q.supplier, q.period
),
-- When that was.
closing AS (
    SELECT c.dataset, c.supplier, c.period, c.delivery, d.came_at
    FROM closed AS c
    INNER JOIN deliveries AS d ON d.delivery = c.delivery
),
-- The deliveries that counted then: of a snapshot the newest, of increments the newest of each day.
counted_then AS (
    SELECT c.dataset, c.supplier, c.period, c.came_at AS closed_at, d.extract_id, d.as_of, d.sequence,
        row_number() OVER (
            PARTITION BY c.dataset, c.supplier, c.period, CASE WHEN d.is_increment THEN d.as_of END
            ORDER BY d.as_of DESC, d.sequence DESC, d.delivery DESC
        ) AS place
    FROM closing AS c
    INNER JOIN deliveries AS d ON d.dataset = c.dataset AND d.supplier = c.supplier AND d.delivery <= c.delivery
),
-- Those that count now.
counted_now AS (
    SELECT d.dataset, d.supplier, d.extract_id, d.as_of, d.sequence,
        row_number() OVER (
            PARTITION BY d.dataset, d.supplier, CASE WHEN d.is_increment THEN d.as_of END
            ORDER BY d.as_of DESC, d.sequence DESC, d.delivery DESC
        ) AS place
    FROM deliveries AS d
),
-- The rows of each quarter as they were then, without those released from quarantine later.
then_all AS (
    SELECT r.dataset, r.supplier, r.period, r.row_key, r.content, r.extract_id, r.row_number,
        row_number() OVER (
            PARTITION BY r.dataset, r.supplier, r.period, r.row_key ORDER BY c.as_of DESC, c.sequence DESC
        ) AS place
    FROM counted_then AS c
    INNER JOIN dated AS r
        ON r.dataset = c.dataset AND r.supplier = c.supplier AND r.period = c.period AND r.extract_id = c.extract_id
    LEFT JOIN released AS l
        ON l.extract_id = r.extract_id AND l.row_number = r.row_number AND l.released_at > c.closed_at
    WHERE c.place = 1 AND l.extract_id IS NULL
),
-- The rows of each key as they are now; of increments the latest row of a key counts, whatever its quarter.
now_all AS (
    SELECT r.dataset, r.supplier, r.period, r.row_key, r.content, r.extract_id, r.row_number,
        row_number() OVER (
            PARTITION BY r.dataset, r.supplier, r.row_key ORDER BY c.as_of DESC, c.sequence DESC
        ) AS place
    FROM counted_now AS c
    INNER JOIN dated AS r ON r.dataset = c.dataset AND r.supplier = c.supplier AND r.extract_id = c.extract_id
    WHERE c.place = 1
),
-- One row a key of each.
then_rows AS (
    SELECT t.dataset, t.supplier, t.period, t.row_key, t.content, t.extract_id, t.row_number FROM then_all AS t WHERE t.place = 1
),
-- The same of those that are live.
now_rows AS (
    SELECT n.dataset, n.supplier, n.period, n.row_key, n.content, n.extract_id, n.row_number FROM now_all AS n WHERE n.place = 1
),
-- Both, without those that are the same.
compared AS (
    SELECT coalesce(n.dataset, t.dataset) AS dataset, coalesce(n.supplier, t.supplier) AS supplier,
        coalesce(n.period, t.period) AS period, coalesce(n.row_key, t.row_key) AS row_key,
        CASE WHEN t.row_key IS NULL THEN 'added' WHEN n.row_key IS NULL THEN 'removed' ELSE 'changed' END AS what,
        coalesce(n.extract_id, t.extract_id) AS extract_id, coalesce(n.row_number, t.row_number) AS row_number, n.content
    FROM now_rows AS n
    FULL JOIN then_rows AS t
        ON t.dataset = n.dataset AND t.supplier = n.supplier AND t.period = n.period AND t.row_key = n.row_key
    WHERE n.content IS DISTINCT FROM t.content
),
-- Since when a row is as it is: the first delivery that had it so, or its release.
since AS (
    SELECT r.dataset, r.supplier, r.row_key, r.period, r.content,
        min(coalesce(l.released_at, d.came_at)) AS came_at
    FROM dated AS r
    INNER JOIN deliveries AS d ON d.dataset = r.dataset AND d.supplier = r.supplier AND d.extract_id = r.extract_id
    LEFT JOIN released AS l ON l.extract_id = r.extract_id AND l.row_number = r.row_number
    GROUP BY r.dataset, r.supplier, r.row_key, r.period, r.content
),
-- The last delivery that had a row in its quarter at all.
seen AS (
    SELECT r.dataset, r.supplier, r.row_key, r.period, max(d.delivery) AS delivery
    FROM dated AS r
    INNER JOIN deliveries AS d ON d.dataset = r.dataset AND d.supplier = r.supplier AND d.extract_id = r.extract_id
    GROUP BY r.dataset, r.supplier, r.row_key, r.period
),
-- Since when it is gone: the delivery after that.
gone AS (
    SELECT s.dataset, s.supplier, s.row_key, s.period, min(d.came_at) AS came_at
    FROM seen AS s
    INNER JOIN deliveries AS d ON d.dataset = s.dataset AND d.supplier = s.supplier AND d.delivery > s.delivery
    GROUP BY s.dataset, s.supplier, s.row_key, s.period
)
SELECT c.dataset, c.period, c.row_key AS key, c.what,
    CASE WHEN c.what = 'removed' THEN g.came_at ELSE s.came_at END AS first_known_at,
    k.came_at AS closed_at, c.supplier, c.extract_id, c.row_number AS _row
FROM compared AS c
INNER JOIN closing AS k ON k.dataset = c.dataset AND k.supplier = c.supplier AND k.period = c.period
LEFT JOIN since AS s
    ON s.dataset = c.dataset AND s.supplier = c.supplier AND s.row_key = c.row_key AND s.period = c.period
    AND s.content = c.content
LEFT JOIN gone AS g
    ON g.dataset = c.dataset AND g.supplier = c.supplier AND g.row_key = c.row_key AND g.period = c.period
