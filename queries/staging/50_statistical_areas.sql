-- Which statistical codes make an area, in which edition of the classification. A region is a versioned set, never a code:
-- West Wales and the Valleys left ITL2 in 2025 and must be put together from other members from then on.
SELECT a.area_code, a.member_code, a.classification
FROM (
    VALUES
        ('WWV', 'TLL1', 'ITL2021'),
        ('EW', 'TLL2', 'ITL2021'),
        ('WALES', 'TLL', 'ITL2021'),
        ('UK', 'UKX', 'ITL2021')
) AS a (area_code, member_code, classification)
ORDER BY a.classification, a.area_code, a.member_code
