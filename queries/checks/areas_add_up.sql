/*---
title = "Areas put together agree with what was published"
severity = "fail"
hint = "Compare the members in the view statistical_areas with the release; area_differences shows every difference. indicators.area_tolerance_per_cent says how far they may lie apart."
---*/
-- Offending: an area whose parts add up to something else than the figure published in the same vintage, beyond the tolerance.
-- Estimates and other vintages differ for good reasons; they are in the view and not judged.
SELECT
    d.area_code, d.year, d.quantity, d.published_edition, d.built_edition, d.published_vintage, d.published, d.built,
    d.difference, d.difference_per_cent
FROM area_differences AS d
WHERE d.built_vintage = d.published_vintage AND NOT d.is_estimate
    AND COALESCE(
        ABS(d.difference_per_cent) > (SELECT MAX(s.value) FROM settings_parameters AS s WHERE s.name = 'area_tolerance_per_cent'), TRUE
    )
ORDER BY d.area_code, d.year, d.quantity, d.published_edition, d.built_edition
