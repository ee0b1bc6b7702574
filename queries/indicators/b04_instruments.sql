/*---
id = "B04"
title.en = "Instrument coverage against Piemonte"
title.cy = "Cwmpas offerynnau polisi o'i gymharu â Piemonte"
short.en = "Instrument coverage"
short.cy = "Cwmpas offerynnau"
formula.en = "Instruments of the partner that have a Welsh equivalent, over its instruments within devolved powers. Instruments of which it is not known whether they are devolved are left out."
formula.cy = "Offerynnau'r partner sydd â chyfateb yng Nghymru, dros ei offerynnau o fewn pwerau datganoledig. Hepgorir offerynnau nad yw'n hysbys a ydynt wedi'u datganoli."
source.en = "Manumix Action Plan; Welsh Government policy officials."
source.cy = "Cynllun Gweithredu Manumix; swyddogion polisi Llywodraeth Cymru."
actions = [4]
direction = "context"
dated_by = "the state of the matrix as last delivered"
area_key = "Wales as a whole"
population = "Instruments that exist in Piemonte and that Wales could have"
dimensions = []
by_authority = false
disclosure_unit = "none"
chart = "table"
tags = ["action4", "benchmark", "on-request"]
depends_on = []
parameters = ["instrument_matrix"]

[[measures]]
id = "value"
kind = "reference"
unit = "per_cent"
decimals = 1
title.en = "Share with a Welsh equivalent"
title.cy = "Cyfran â chyfateb yng Nghymru"

[[measures]]
id = "devolved"
kind = "reference"
unit = "ratio"
decimals = 0
title.en = "Instruments within devolved powers"
title.cy = "Offerynnau o fewn pwerau datganoledig"

[[measures]]
id = "not_devolved"
kind = "reference"
unit = "ratio"
decimals = 0
title.en = "Instruments that are not devolved"
title.cy = "Offerynnau nad ydynt wedi'u datganoli"

[[measures]]
id = "undecided"
kind = "reference"
unit = "ratio"
decimals = 0
title.en = "Instruments of which it is not known"
title.cy = "Offerynnau nad yw'n hysbys"
---*/
WITH
-- The partner's instruments by whether Wales has the power.
counts AS (
    SELECT
        SUM(CASE WHEN m.devolved_to_wales AND m.nearest_welsh_equivalent IS NOT NULL THEN 1 ELSE 0 END) AS covered,
        SUM(CASE WHEN m.devolved_to_wales THEN 1 ELSE 0 END) AS devolved,
        SUM(CASE WHEN NOT m.devolved_to_wales THEN 1 ELSE 0 END) AS not_devolved,
        SUM(CASE WHEN m.devolved_to_wales IS NULL THEN 1 ELSE 0 END) AS undecided
    FROM instrument_matrix AS m
    WHERE m.region = 'PIEMONTE' AND m.exists
    HAVING COUNT(1) > 0
),
figures AS (
    SELECT
        'value' AS measure,
        CAST(CAST(100 * c.covered AS DECIMAL(20, 12)) / CAST(NULLIF(c.devolved, 0) AS DECIMAL(10, 0)) AS DECIMAL(38, 12)) AS value,
        CASE WHEN c.devolved = 0 THEN 'Z' END AS status
    FROM counts AS c
    UNION ALL
    SELECT 'devolved' AS measure, CAST(c.devolved AS DECIMAL(38, 12)) AS value, CAST(NULL AS TEXT) AS status FROM counts AS c
    UNION ALL
    SELECT 'not_devolved' AS measure, CAST(c.not_devolved AS DECIMAL(38, 12)) AS value, CAST(NULL AS TEXT) AS status FROM counts AS c
    UNION ALL
    SELECT 'undecided' AS measure, CAST(c.undecided AS DECIMAL(38, 12)) AS value, CAST(NULL AS TEXT) AS status FROM counts AS c
)
SELECT
    f.measure,
    'to ' || fin_quarter(CAST($period_end AS DATE)) AS time,
    'WALES' AS area_code,
    f.value,
    f.status,
    CAST(NULL AS TEXT) AS vintage,
    'WG' AS source
FROM figures AS f
ORDER BY f.measure
