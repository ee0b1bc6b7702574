//! The cumulative line against its profile. The data table's columns stand under the quarters.

use super::svg::{Anchor, Stroke, Svg, regular, semibold, solid};
use super::{WIDTH, colour};
use crate::pack::document::Drawing;

/// One quarter.
pub(in crate::pack) struct CumulativePoint {
    /// `Q3`.
    pub(in crate::pack) quarter: String,
    /// `2020-21`.
    pub(in crate::pack) year: String,
    /// What was reached; none if it may not be shown.
    pub(in crate::pack) actual: Option<f64>,
    /// What should have been reached.
    pub(in crate::pack) profile: Option<f64>,
}

/// What the chart shows.
pub(in crate::pack) struct Cumulative<'a> {
    /// Quarters in order, at most twelve.
    pub(in crate::pack) points: Vec<CumulativePoint>,
    /// After which point a break in the series falls, with the word on each side.
    pub(in crate::pack) break_after: Option<(usize, &'a str, &'a str)>,
    /// Number and word at the end of the actual line.
    pub(in crate::pack) actual_label: (String, &'a str),
    /// Number and word at the end of the profile, if there is one.
    pub(in crate::pack) profile_label: Option<(String, &'a str)>,
    /// The picture's own title.
    pub(in crate::pack) title: &'a str,
}

const FIRST: f64 = 89.7;
const LAST: f64 = 392.3;
const GRID_FROM: f64 = 66.1;
const GRID_TO: f64 = 400.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 146.0;

/// The chart, and the widths of the table's columns under it.
pub(in crate::pack) fn cumulative(chart: &Cumulative<'_>) -> (Drawing, Vec<f64>) {
    let mut svg = Svg::new(WIDTH);
    let highest = chart.points.iter().flat_map(|p| [p.actual, p.profile]).flatten().fold(1.0, f64::max);
    let step = tick_step(highest);
    let count = u32::try_from(chart.points.len()).unwrap_or(1);
    let pitch = if count > 1 { (LAST - FIRST) / f64::from(count - 1) } else { LAST - FIRST };
    let x = |index: u32| FIRST + pitch * f64::from(index);
    let y = |value: f64| BOTTOM - (BOTTOM - TOP) * value / highest;

    let mut tick = 0.0;
    while tick <= highest {
        let stroke = if tick > 0.0 { solid(colour::GRID, 0.75) } else { solid(colour::AXIS, 0.75) };
        svg.line((GRID_FROM, y(tick)), (GRID_TO, y(tick)), stroke);
        let label = crate::pack::numbers::digits(rust_decimal::Decimal::try_from(tick).unwrap_or_default(), 0);
        svg.text((GRID_FROM - 8.5, y(tick) + 3.2), Anchor::End, regular(9.2, colour::SECONDARY), &label);
        tick += step;
    }
    if let Some((after, before_word, after_word)) = chart.break_after {
        let at = x(u32::try_from(after).unwrap_or(0)) + pitch / 2.0;
        let dotted = Stroke { colour: colour::REFERENCE, width: 0.75, dash: "1 3" };
        svg.line((at, TOP + 5.0), (at, BOTTOM), dotted);
        svg.text((at - 6.0, TOP + 13.0), Anchor::End, regular(9.2, colour::SECONDARY), before_word);
        svg.text((at + 6.0, BOTTOM - 16.5), Anchor::Start, regular(9.2, colour::SECONDARY), after_word);
    }

    let place = |value: fn(&CumulativePoint) -> Option<f64>| -> Vec<(f64, f64)> {
        (0..).zip(&chart.points).filter_map(|(i, p)| value(p).map(|v| (x(i), y(v)))).collect()
    };
    let profile = place(|p| p.profile);
    let actual = place(|p| p.actual);
    svg.polyline(&profile, Stroke { colour: colour::ORANGE, width: 1.75, dash: "6 4" });
    svg.polyline(&actual, solid(colour::BLUE, 2.25));
    for at in &profile {
        svg.diamond(*at, 3.8, 1.5, colour::WHITE);
    }
    for at in &actual {
        svg.disc(*at, 3.2, colour::BLUE);
    }
    end_labels(&mut svg, chart, actual.last().copied(), profile.last().copied());
    quarter_labels(&mut svg, chart, pitch);

    let mut widths = vec![FIRST - pitch.min(43.2) / 2.0];
    let narrow = pitch.min(43.2);
    for index in 0..chart.points.len() {
        let is_first = index == 0;
        widths.push(if is_first { narrow.midpoint(pitch) } else { pitch });
    }
    if let Some(last) = widths.last_mut() {
        *last = narrow.midpoint(pitch);
    }
    (svg.finish(BOTTOM + 34.0, chart.title), widths)
}

fn end_labels(svg: &mut Svg, chart: &Cumulative<'_>, actual: Option<(f64, f64)>, profile: Option<(f64, f64)>) {
    let at = LAST + 13.0;
    let mut labels: Vec<(f64, &str, &str, bool)> = Vec::new();
    if let (Some((_, y)), Some((number, word))) = (profile, &chart.profile_label) {
        labels.push((y, number, word, false));
    }
    if let Some((_, y)) = actual {
        labels.push((y, &chart.actual_label.0, chart.actual_label.1, true));
    }
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    if let [first, second] = labels.as_mut_slice()
        && second.0 - first.0 < 13.0
    {
        let middle = first.0.midpoint(second.0);
        first.0 = middle - 6.5;
        second.0 = middle + 6.5;
    }
    for (y, number, word, is_actual) in labels {
        let fill = if is_actual { colour::BLUE } else { colour::INK };
        svg.text((at, y + 3.4), Anchor::Start, semibold(9.8, fill), number);
        let offset = crate::pack::fonts::text_width(number, 9.8, crate::pack::fonts::Weight::Semibold) + 4.0;
        let face = if is_actual { semibold(9.4, fill) } else { regular(9.4, fill) };
        svg.text((at + offset, y + 3.4), Anchor::Start, face, word);
    }
}

fn quarter_labels(svg: &mut Svg, chart: &Cumulative<'_>, pitch: f64) {
    let mut start = 0;
    while let Some(point) = chart.points.get(start) {
        let length = chart.points[start..].iter().take_while(|p| p.year == point.year).count();
        let (from, to) = (
            FIRST + pitch * f64::from(u32::try_from(start).unwrap_or(0)),
            FIRST + pitch * f64::from(u32::try_from(start + length - 1).unwrap_or(0)),
        );
        if length > 1 {
            svg.line((from - 12.0, BOTTOM + 19.0), (to + 12.0, BOTTOM + 19.0), solid(colour::AXIS, 0.5));
        }
        svg.text((from.midpoint(to), BOTTOM + 30.5), Anchor::Middle, regular(9.2, colour::SECONDARY), &point.year);
        start += length;
    }
    for (index, point) in (0_u32..).zip(&chart.points) {
        let at = FIRST + pitch * f64::from(index);
        svg.text((at, BOTTOM + 14.0), Anchor::Middle, regular(9.2, colour::INK), &point.quarter);
    }
}

/// A round step that gives four to six ticks including zero.
fn tick_step(highest: f64) -> f64 {
    let rough = highest / 3.5;
    let power = 10_f64.powf(rough.log10().floor());
    let choice = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|factor| factor * power >= rough).unwrap_or(10.0);
    (choice * power).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::tick_step;

    #[test]
    fn ticks_are_round() {
        for (highest, step) in [(700.0, 200.0), (430.0, 200.0), (90.0, 50.0), (12.0, 5.0), (1.0, 1.0)] {
            assert!((tick_step(highest) - step).abs() < 1e-9, "{highest}: {}", tick_step(highest));
        }
    }
}
