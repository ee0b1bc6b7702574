//! Charts, drawn by us as SVG with text as text, so that PDF, screen and print show the same marks.
//!
//! Measures are those of the pack's look: 476.2 points wide, marks and colours fixed. A chart gets figures that are
//! already released and words that are already in its language; it never rounds a figure that is printed.

mod cumulative;
mod dumbbell;
mod funnel;
mod index_lines;
mod profile_cover;
mod sorted_bars;
mod sparkline;
mod svg;

pub(super) use cumulative::{Cumulative, CumulativePoint, cumulative};
pub(super) use dumbbell::{Dumbbell, DumbbellPanel, DumbbellRow, dumbbell};
pub(super) use funnel::{Funnel, FunnelRow, funnel};
pub(super) use index_lines::{IndexLine, IndexLines, index_lines};
pub(super) use profile_cover::profile_cover;
pub(super) use sorted_bars::{Bar, SortedBars, sorted_bars};
pub(super) use sparkline::sparkline;
pub(super) use svg::to_float;

/// The width of a chart in points.
pub(super) const WIDTH: f64 = 476.2;

/// Colours by role.
mod colour {
    pub(super) const INK: &str = "#1F2933";
    pub(super) const SECONDARY: &str = "#4B5661";
    pub(super) const AXIS: &str = "#6B7680";
    pub(super) const GRID: &str = "#DDE2E7";
    pub(super) const BLUE: &str = "#12436D";
    pub(super) const ORANGE: &str = "#F46A25";
    pub(super) const COMPARISON: &str = "#D9DEE3";
    pub(super) const SECOND_LINE: &str = "#28A197";
    pub(super) const REFERENCE: &str = "#3D3D3D";
    pub(super) const DUMBBELL_BAR: &str = "#C9D1D8";
    pub(super) const WHITE: &str = "#FFFFFF";
}
