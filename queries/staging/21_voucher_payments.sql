-- Grant paid, one row a voucher and day. Clawbacks are negative and stay so.
SELECT
    c.voucher_id,
    c.paid_on,
    CAST(SUM(CAST(c.paid_gbp AS DECIMAL(28, 4))) AS DECIMAL(38, 4)) AS paid_gbp
FROM voucher_claims AS c
WHERE c.paid_on IS NOT NULL AND c.paid_gbp IS NOT NULL
GROUP BY c.voucher_id, c.paid_on
ORDER BY c.voucher_id, c.paid_on
