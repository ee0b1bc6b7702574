-- Enterprises with an accepted voucher, one row each, with what all their vouchers that were accepted so far add up to.
-- An enterprise enters with its first accepted voucher, whose place it keeps; the later ones count on the same day, so
-- that a rate per enterprise divides by the enterprises its numerator comes from.
WITH
numbered AS (
    SELECT
        o.resolved_id, o.voucher_id, o.accepted_on, o.lad_code, o.group_id,
        ROW_NUMBER() OVER (PARTITION BY o.resolved_id ORDER BY o.accepted_on, o.voucher_id) AS nth
    FROM accepted_offers AS o
)
SELECT n.resolved_id, n.group_id, n.lad_code, n.accepted_on AS first_accepted_on, n.voucher_id AS first_voucher_id
FROM numbered AS n
WHERE n.nth = 1
ORDER BY n.resolved_id
