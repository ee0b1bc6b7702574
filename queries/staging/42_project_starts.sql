-- When the first supported project of each enterprise started, under which scheme and where. One row an enterprise.
WITH
numbered AS (
    SELECT
        o.resolved_id, o.group_id, o.lad_code, o.scheme, o.voucher_id, o.started_on,
        ROW_NUMBER() OVER (PARTITION BY o.resolved_id ORDER BY o.started_on, o.voucher_id) AS nth
    FROM accepted_offers AS o
    WHERE o.started_on IS NOT NULL
)
SELECT n.resolved_id, n.group_id, n.lad_code, n.scheme, n.voucher_id, n.started_on
FROM numbered AS n
WHERE n.nth = 1
ORDER BY n.resolved_id
