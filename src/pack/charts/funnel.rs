//! The funnel: firms that reached each stage, as bars, with the share of the stage before.

use super::svg::{Anchor, Svg, regular, semibold, solid};
use super::{WIDTH, colour};
use crate::pack::document::Drawing;

/// One stage.
pub(in crate::pack) struct FunnelRow {
    /// Its name.
    pub(in crate::pack) name: String,
    /// How many, for the bar; none if it may not be shown.
    pub(in crate::pack) count: Option<f64>,
    /// The count as printed, or the mark in its place.
    pub(in crate::pack) label: String,
    /// The share of the stage before as printed, or empty.
    pub(in crate::pack) share: String,
    /// Whether the share stands out.
    pub(in crate::pack) strong: bool,
}

/// What the chart shows.
pub(in crate::pack) struct Funnel<'a> {
    /// Stages in order.
    pub(in crate::pack) rows: Vec<FunnelRow>,
    /// The head of the column of shares.
    pub(in crate::pack) share_head: &'a str,
    /// The picture's own title.
    pub(in crate::pack) title: &'a str,
}

const AXIS: f64 = 122.0;
const LONGEST: f64 = 242.0;
const ROW: f64 = 26.0;
const BAR: f64 = 16.0;
const TOP: f64 = 16.0;

/// The chart.
pub(in crate::pack) fn funnel(chart: &Funnel<'_>) -> Drawing {
    let mut svg = Svg::new(WIDTH);
    svg.text((WIDTH, 9.0), Anchor::End, regular(9.0, colour::SECONDARY), chart.share_head);
    let most = chart.rows.iter().filter_map(|row| row.count).fold(1.0, f64::max);
    for (index, row) in (0_u32..).zip(&chart.rows) {
        let middle = TOP + ROW * (f64::from(index) + 0.5);
        svg.text((AXIS - 8.0, middle + 3.2), Anchor::End, regular(9.4, colour::INK), &row.name);
        let length = row.count.map_or(0.0, |count| LONGEST * count / most);
        svg.rect((AXIS, middle - BAR / 2.0), (length, BAR), colour::BLUE, None);
        svg.text((AXIS + length + 6.0, middle + 3.2), Anchor::Start, semibold(9.4, colour::INK), &row.label);
        let face = if row.strong { semibold(9.4, colour::INK) } else { regular(9.4, colour::INK) };
        svg.text((WIDTH, middle + 3.2), Anchor::End, face, &row.share);
    }
    let height = TOP + ROW * f64::from(u32::try_from(chart.rows.len()).unwrap_or(0));
    svg.line((AXIS, TOP), (AXIS, height), solid(colour::AXIS, 0.75));
    svg.finish(height + 2.0, chart.title)
}
