//! The last quarters of a headline as a line of 84 by 32 points, with its target as a dashed line.

use super::colour;
use super::svg::{Stroke, Svg, solid};
use crate::pack::document::Drawing;

const WIDTH: f64 = 84.0;
const HEIGHT: f64 = 32.0;
const LEFT: f64 = 1.0;
const END: f64 = 72.0;

/// The line; `from_zero` for counts and money. None if there are fewer than two figures.
pub(in crate::pack) fn sparkline(values: &[f64], target: Option<f64>, from_zero: bool, title: &str) -> Option<Drawing> {
    if values.len() < 2 {
        return None;
    }
    let all = values.iter().copied().chain(target);
    let most = all.clone().fold(f64::MIN, f64::max);
    let least = if from_zero { 0.0 } else { all.fold(f64::MAX, f64::min) };
    let range = if (most - least).abs() < f64::EPSILON { 1.0 } else { most - least };
    let y = |value: f64| (HEIGHT - 4.0) - (HEIGHT - 8.0) * (value - least) / range;
    let steps = f64::from(u32::try_from(values.len() - 1).unwrap_or(1));
    let points: Vec<(f64, f64)> =
        (0_u32..).zip(values).map(|(i, value)| (LEFT + (END - LEFT) * f64::from(i) / steps, y(*value))).collect();
    let mut svg = Svg::new(WIDTH);
    if let Some(target) = target {
        let dashed = Stroke { colour: colour::ORANGE, width: 1.25, dash: "4 3" };
        svg.line((LEFT, y(target)), (END + 3.0, y(target)), dashed);
    }
    svg.polyline(&points, solid(colour::BLUE, 1.5));
    if let Some(end) = points.last() {
        svg.disc(*end, 2.8, colour::BLUE);
    }
    if let Some(target) = target {
        svg.diamond((END + 7.5, y(target)), 3.2, 1.25, colour::WHITE);
    }
    Some(svg.finish(HEIGHT, title))
}
