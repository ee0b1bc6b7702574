//! Bars by local authority, sorted, the two regions told apart by fill and outline.

use super::svg::{Anchor, Svg, regular, semibold, solid};
use super::{WIDTH, colour};
use crate::pack::document::Drawing;
use crate::pack::fonts::{Weight, text_width};

/// One authority.
pub(in crate::pack) struct Bar {
    /// Its name.
    pub(in crate::pack) name: String,
    /// The length; none if it may not be shown.
    pub(in crate::pack) value: Option<f64>,
    /// The figure as printed, or the mark in its place.
    pub(in crate::pack) label: String,
    /// Whether it lies in West Wales and the Valleys.
    pub(in crate::pack) focus: bool,
}

/// What the chart shows.
pub(in crate::pack) struct SortedBars<'a> {
    /// Authorities in order.
    pub(in crate::pack) bars: Vec<Bar>,
    /// Words of the key: focus, comparison.
    pub(in crate::pack) key: [String; 2],
    /// The picture's own title.
    pub(in crate::pack) title: &'a str,
}

const ROW: f64 = 11.9;
const BAR: f64 = 8.3;
const TOP: f64 = 19.0;

/// The chart.
pub(in crate::pack) fn sorted_bars(chart: &SortedBars<'_>) -> Drawing {
    let mut svg = Svg::new(WIDTH);
    let names = chart.bars.iter().map(|bar| text_width(&bar.name, 9.2, Weight::Regular)).fold(80.0, f64::max);
    let axis = names + 8.0;
    let longest = WIDTH - axis - 60.0;
    svg.rect((0.0, 3.0), (9.0, 7.0), colour::BLUE, None);
    svg.text((13.0, 10.0), Anchor::Start, regular(9.2, colour::INK), &chart.key[0]);
    let second = 13.0 + text_width(&chart.key[0], 9.2, Weight::Regular) + 14.0;
    svg.rect((second, 3.3), (8.7, 6.4), colour::COMPARISON, Some(solid(colour::AXIS, 0.6)));
    svg.text((second + 13.0, 10.0), Anchor::Start, regular(9.2, colour::INK), &chart.key[1]);
    let most = chart.bars.iter().filter_map(|bar| bar.value).fold(1.0, f64::max);
    for (index, bar) in (0_u32..).zip(&chart.bars) {
        let middle = TOP + ROW * (f64::from(index) + 0.5);
        svg.text((axis - 8.0, middle + 3.1), Anchor::End, regular(9.2, colour::INK), &bar.name);
        let length = bar.value.map_or(0.0, |value| longest * value / most);
        if bar.value.is_some() {
            let (corner, size) = ((axis, middle - BAR / 2.0), (length, BAR));
            if bar.focus {
                svg.rect(corner, size, colour::BLUE, None);
            } else {
                svg.rect(corner, size, colour::COMPARISON, Some(solid(colour::AXIS, 0.6)));
            }
        }
        svg.text((axis + length + 5.0, middle + 3.1), Anchor::Start, semibold(9.2, colour::INK), &bar.label);
    }
    let height = TOP + ROW * f64::from(u32::try_from(chart.bars.len()).unwrap_or(0));
    svg.line((axis, TOP - 3.0), (axis, height + 2.0), solid(colour::AXIS, 0.75));
    svg.finish(height + 4.0, chart.title)
}
