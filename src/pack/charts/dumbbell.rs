//! The 21 components from their current to their target level: five panels of dot, bar, diamond.

use super::svg::{Anchor, Stroke, Svg, regular, semibold, solid};
use super::{WIDTH, colour};
use crate::pack::document::Drawing;
use crate::pack::fonts::{Weight, text_width, wrap};

/// One component.
pub(in crate::pack) struct DumbbellRow {
    /// Its name.
    pub(in crate::pack) name: String,
    /// Levels from 0 to 5; none if they may not be shown.
    pub(in crate::pack) levels: Option<(f64, f64)>,
    /// Current, target and distance as printed.
    pub(in crate::pack) columns: [String; 3],
}

/// One group of components.
pub(in crate::pack) struct DumbbellPanel {
    /// Its name.
    pub(in crate::pack) name: String,
    /// Widest distance first.
    pub(in crate::pack) rows: Vec<DumbbellRow>,
}

/// What the chart shows.
pub(in crate::pack) struct Dumbbell<'a> {
    /// The groups.
    pub(in crate::pack) panels: Vec<DumbbellPanel>,
    /// Words of the key: the blue and the red line.
    pub(in crate::pack) key: [&'a str; 2],
    /// Heads of the three columns.
    pub(in crate::pack) heads: [&'a str; 3],
    /// The picture's own title.
    pub(in crate::pack) title: &'a str,
}

const ZERO: f64 = 182.0;
const LEVEL: f64 = 34.45;
const ROW: f64 = 18.4;
const LABEL_WIDTH: f64 = 164.0;
const COLUMNS: [f64; 3] = [400.0, 436.0, WIDTH];

/// The chart.
pub(in crate::pack) fn dumbbell(chart: &Dumbbell<'_>) -> Drawing {
    let mut svg = Svg::new(WIDTH);
    key(&mut svg, chart);
    let mut y = 26.0;
    for panel in &chart.panels {
        y = draw_panel(&mut svg, panel, y);
    }
    svg.finish(y - 7.0, chart.title)
}

fn key(svg: &mut Svg, chart: &Dumbbell<'_>) {
    let y = 8.0;
    svg.line((0.0, y), (24.0, y), solid(colour::BLUE, 1.5));
    svg.disc((12.0, y), 3.6, colour::BLUE);
    svg.text((30.0, y + 3.2), Anchor::Start, regular(9.4, colour::INK), chart.key[0]);
    let second = 30.0 + text_width(chart.key[0], 9.4, Weight::Regular) + 26.0;
    svg.line((second, y), (second + 24.0, y), Stroke { colour: colour::ORANGE, width: 1.25, dash: "4 3" });
    svg.diamond((second + 12.0, y), 4.0, 1.5, colour::WHITE);
    svg.text((second + 30.0, y + 3.2), Anchor::Start, regular(9.4, colour::INK), chart.key[1]);
    for (x, head) in COLUMNS.into_iter().zip(chart.heads) {
        svg.text((x, y + 3.2), Anchor::End, regular(9.2, colour::SECONDARY), head);
    }
}

fn draw_panel(svg: &mut Svg, panel: &DumbbellPanel, top: f64) -> f64 {
    let head = top + 10.0;
    let size = [10.5, 10.0, 9.5, 9.0]
        .into_iter()
        .find(|size| text_width(&panel.name, *size, Weight::Semibold) < ZERO - 10.0)
        .unwrap_or(8.6);
    svg.text((0.0, head), Anchor::Start, semibold(size, colour::BLUE), &panel.name);
    for level in 0..=5_u8 {
        let x = ZERO + LEVEL * f64::from(level);
        svg.text((x, head), Anchor::Middle, regular(8.8, colour::SECONDARY), &level.to_string());
    }
    svg.line((0.0, head + 6.5), (WIDTH, head + 6.5), solid(colour::AXIS, 0.5));
    let rows = f64::from(u32::try_from(panel.rows.len()).unwrap_or(0));
    let first = head + 23.4;
    let last = first + ROW * (rows - 1.0);
    for level in 0..=5_u8 {
        let x = ZERO + LEVEL * f64::from(level);
        let stroke = if level == 0 { solid(colour::AXIS, 0.75) } else { solid(colour::GRID, 0.75) };
        svg.line((x, first - 9.0), (x, last + 9.0), stroke);
    }
    let place = |row: u32, level: f64| (ZERO + LEVEL * level, first + ROW * f64::from(row));
    let mut current = Vec::new();
    let mut target = Vec::new();
    for (index, row) in (0_u32..).zip(&panel.rows) {
        let (_, y) = place(index, 0.0);
        row_text(svg, row, y);
        if let Some((from, to)) = row.levels {
            svg.line(place(index, from), place(index, to), solid(colour::DUMBBELL_BAR, 2.5));
            current.push(place(index, from));
            target.push(place(index, to));
        }
    }
    svg.polyline(&target, Stroke { colour: colour::ORANGE, width: 1.25, dash: "4 3" });
    svg.polyline(&current, solid(colour::BLUE, 1.5));
    for at in &target {
        svg.diamond(*at, 4.0, 1.5, colour::WHITE);
    }
    for at in &current {
        svg.disc(*at, 3.6, colour::BLUE);
    }
    last + 17.0
}

fn row_text(svg: &mut Svg, row: &DumbbellRow, y: f64) {
    let lines = wrap(&row.name, 9.2, Weight::Regular, LABEL_WIDTH);
    match lines.as_slice() {
        [one] => svg.text((0.0, y + 3.2), Anchor::Start, regular(9.2, colour::INK), one),
        lines => {
            for (index, line) in (0_u32..).zip(lines) {
                let at = y - 2.0 + 8.8 * f64::from(index);
                svg.text((0.0, at), Anchor::Start, regular(8.6, colour::INK), line);
            }
        }
    }
    let faces = [regular(9.2, colour::BLUE), regular(9.2, colour::INK), semibold(9.2, colour::INK)];
    for ((x, text), face) in COLUMNS.into_iter().zip(&row.columns).zip(faces) {
        svg.text((x, y + 3.2), Anchor::End, face, text);
    }
}
