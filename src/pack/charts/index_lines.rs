//! Index lines by year, UK = 100: the focus area thick, the others thinner, each labelled at its end.

use super::svg::{Anchor, Svg, regular, semibold, solid};
use super::{WIDTH, colour};
use crate::pack::document::Drawing;
use crate::pack::fonts::{Weight, text_width, wrap};

/// One area.
pub(in crate::pack) struct IndexLine {
    /// Its name.
    pub(in crate::pack) name: String,
    /// Year and index, in order of years.
    pub(in crate::pack) points: Vec<(i16, f64)>,
    /// The last figure as printed.
    pub(in crate::pack) label: String,
}

/// What the chart shows: focus first, then East Wales, then Wales.
pub(in crate::pack) struct IndexLines<'a> {
    /// At most three areas.
    pub(in crate::pack) lines: Vec<IndexLine>,
    /// `UK = 100`.
    pub(in crate::pack) reference: &'a str,
    /// Where the scale starts; a multiple of five.
    pub(in crate::pack) scale_start: i32,
    /// The picture's own title.
    pub(in crate::pack) title: &'a str,
}

const LEFT: f64 = 24.2;
const RIGHT: f64 = 346.4;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 200.6;
const LABEL: f64 = RIGHT + 13.0;

/// The chart.
pub(in crate::pack) fn index_lines(chart: &IndexLines<'_>) -> Drawing {
    let mut svg = Svg::new(WIDTH);
    let years: Vec<i16> = chart.lines.iter().flat_map(|line| line.points.iter().map(|(year, _)| *year)).collect();
    let (first, last) = (years.iter().min().copied().unwrap_or(0), years.iter().max().copied().unwrap_or(0));
    let span = f64::from((last - first).max(1));
    let most = chart.lines.iter().flat_map(|line| line.points.iter().map(|p| p.1)).fold(100.0, f64::max);
    let low = f64::from(chart.scale_start);
    let x = |year: i16| LEFT + (RIGHT - LEFT) * f64::from(year - first) / span;
    let mut top_tick = 100;
    while f64::from(top_tick) < most {
        top_tick += 5;
    }
    let range = f64::from(top_tick) - low;
    let y = |value: f64| BOTTOM - (BOTTOM - TOP) * (value - low) / range;
    let step = if top_tick - chart.scale_start > 30 { 10 } else { 5 };
    let mut tick = chart.scale_start;
    while tick <= top_tick {
        let at = y(f64::from(tick));
        svg.text((LEFT - 7.0, at + 3.2), Anchor::End, regular(9.2, colour::SECONDARY), &tick.to_string());
        if tick != 100 && tick != chart.scale_start {
            svg.line((LEFT, at), (RIGHT, at), solid(colour::GRID, 0.75));
        }
        tick += step;
    }
    svg.line((LEFT, y(100.0)), (RIGHT, y(100.0)), solid(colour::REFERENCE, 1.25));
    svg.text((LABEL - 4.0, y(100.0) + 3.2), Anchor::Start, semibold(9.2, colour::REFERENCE), chart.reference);
    year_axis(&mut svg, first, last, x);

    let strokes = [solid(colour::BLUE, 2.5), solid(colour::SECOND_LINE, 1.75), solid(colour::AXIS, 1.5)];
    for (index, line) in chart.lines.iter().enumerate().rev() {
        let stroke = strokes[index.min(2)];
        let points: Vec<(f64, f64)> = line.points.iter().map(|(year, value)| (x(*year), y(*value))).collect();
        svg.polyline(&points, stroke);
        if let Some(end) = points.last() {
            match index {
                0 => svg.disc(*end, 3.8, stroke.colour),
                1 => svg.square(*end, 6.4, stroke.colour),
                _ => svg.triangle(*end, 7.5, stroke.colour),
            }
        }
    }
    line_labels(&mut svg, chart, y);
    svg.finish(BOTTOM + 18.0, chart.title)
}

fn year_axis(svg: &mut Svg, first: i16, last: i16, x: impl Fn(i16) -> f64) {
    svg.line((LEFT, BOTTOM), (RIGHT, BOTTOM), solid(colour::AXIS, 0.75));
    let step = ((last - first + 4) / 5).max(1);
    for year in first..=last {
        let labelled = year == last || ((year - first) % step == 0 && last - year >= step.min(2));
        let length = if labelled { 4.0 } else { 2.0 };
        svg.line((x(year), BOTTOM), (x(year), BOTTOM + length), solid(colour::AXIS, 0.75));
        if labelled {
            svg.text((x(year), BOTTOM + 14.0), Anchor::Middle, regular(9.2, colour::INK), &year.to_string());
        }
    }
}

fn line_labels(svg: &mut Svg, chart: &IndexLines<'_>, y: impl Fn(f64) -> f64) {
    let mut labels: Vec<(f64, usize, Vec<String>)> = chart
        .lines
        .iter()
        .enumerate()
        .filter_map(|(index, line)| {
            let weight = if index == 0 { Weight::Semibold } else { Weight::Regular };
            let offset = text_width(&line.label, 9.8, Weight::Semibold) + 4.0;
            let lines = wrap(&line.name, 9.2, weight, WIDTH - (LABEL - 4.0) - offset);
            line.points.last().map(|(_, value)| (y(*value), index, lines))
        })
        .collect();
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = f64::MIN;
    for (at, index, lines) in labels {
        let at = at.max(free);
        let line = &chart.lines[index];
        let (fill, weight) = if index == 0 { (colour::BLUE, Weight::Semibold) } else { (colour::INK, Weight::Regular) };
        svg.text((LABEL - 4.0, at + 3.3), Anchor::Start, semibold(9.8, fill), &line.label);
        let x = LABEL + text_width(&line.label, 9.8, Weight::Semibold);
        for (row, text) in (0_u32..).zip(&lines) {
            let face = super::svg::Face { size: 9.2, weight, fill };
            svg.text((x, at + 3.3 + 11.0 * f64::from(row)), Anchor::Start, face, text);
        }
        free = at + 13.0 * f64::from(u32::try_from(lines.len()).unwrap_or(1));
    }
}
