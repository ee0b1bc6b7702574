//! The drawing on the cover: the 21 components, current below target. A decoration; readers of the text lose nothing.

use super::svg::{Stroke, Svg, solid};
use super::{WIDTH, colour};
use crate::pack::document::Drawing;

const HEIGHT: f64 = 160.0;

/// The drawing, from groups of (current, target) levels.
pub(in crate::pack) fn profile_cover(groups: &[Vec<(f64, f64)>]) -> Option<Drawing> {
    let count = groups.iter().map(Vec::len).sum::<usize>();
    if count < 2 {
        return None;
    }
    let pitch = (WIDTH - 12.0) / f64::from(u32::try_from(count - 1).unwrap_or(1));
    let all = groups.iter().flatten();
    let most = all.clone().map(|(_, target)| *target).fold(1.0, f64::max);
    let least = all.map(|(current, _)| *current).fold(5.0, f64::min);
    let y = |level: f64| 6.0 + (HEIGHT - 12.0) * (most - level) / (most - least).max(0.1);
    let mut svg = Svg::new(WIDTH);
    let mut index = 0_u32;
    for group in groups {
        let xs: Vec<f64> = (index..).take(group.len()).map(|i| 6.0 + pitch * f64::from(i)).collect();
        index += u32::try_from(group.len()).unwrap_or(0);
        let current: Vec<(f64, f64)> = xs.iter().zip(group).map(|(x, (level, _))| (*x, y(*level))).collect();
        let target: Vec<(f64, f64)> = xs.iter().zip(group).map(|(x, (_, level))| (*x, y(*level))).collect();
        for (from, to) in current.iter().zip(&target) {
            svg.line(*from, *to, solid("#7F9DB9", 0.6));
        }
        svg.polyline(&target, Stroke { colour: colour::ORANGE, width: 1.5, dash: "4 3" });
        svg.polyline(&current, solid(colour::WHITE, 2.0));
        for at in &target {
            svg.diamond(*at, 4.4, 1.5, colour::BLUE);
        }
        for at in &current {
            svg.disc(*at, 3.8, colour::WHITE);
        }
    }
    Some(svg.finish(HEIGHT, ""))
}
