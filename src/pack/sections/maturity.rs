//! Section 4, Action 2: the 21 components from the blue to the red line, and how much of the gap is closed.

use rust_decimal::Decimal;

use super::writer::{Writer, row, strong};
use crate::model::{Observation, TimeKey};
use crate::pack::charts::{Dumbbell, DumbbellPanel, DumbbellRow, dumbbell, to_float};
use crate::pack::document::{Block, Cell, Chart, ColumnKind, Place, Section, TableModel};
use crate::pack::figures::Series;
use crate::pack::input::ComponentName;
use crate::pack::numbers::{self, Number};

/// A component with its two levels.
struct Level<'a> {
    component: &'a ComponentName,
    current: &'a Observation,
    target: &'a Observation,
}

impl Level<'_> {
    /// The distance, from unrounded levels.
    fn distance(&self) -> Option<Decimal> {
        Some(self.target.value()? - self.current.value()?)
    }

    fn distance_number(&self) -> Option<Number> {
        self.distance().map(|distance| numbers::plain(distance, 1))
    }
}

pub(super) fn write(writer: &Writer<'_>) -> Section {
    let label = writer.plain("section-maturity");
    let gap = gap_closed(writer);
    let (Some(current), Some(target)) = (writer.figures.find("M01", "current"), writer.figures.find("M01", "target"))
    else {
        let mut blocks = vec![Block::Paragraph(writer.plain("not-available"))];
        blocks.extend(gap.map(|(_, table)| Block::Table(table)));
        return Section { number: 4, label, title: writer.plain("maturity-title-none"), standfirst: None, blocks };
    };
    let time = TimeKey::ToDate(writer.input.period);
    let levels: Vec<Level<'_>> = writer
        .input
        .components
        .iter()
        .map(|component| Level {
            component,
            current: current.cell(time, "WALES", &component.code),
            target: target.cell(time, "WALES", &component.code),
        })
        .collect();
    let mut widest: Vec<&Level<'_>> = levels.iter().filter(|level| level.distance().is_some()).collect();
    widest.sort_by_key(|level| (std::cmp::Reverse(level.distance()), &level.component.code));
    let title = match widest.as_slice() {
        [first, second, ..] => writer.say(
            "maturity-title",
            &[
                ("first", first.component.name.get(writer.language).into()),
                ("second", second.component.name.get(writer.language).into()),
            ],
        ),
        _ => writer.plain("maturity-title-none"),
    };
    let groups = by_group(&levels);
    let mut blocks = vec![chart(writer, &current, &target, &groups, &widest), note(writer)];
    blocks.push(Block::PageBreak);
    if let Some((sentence, table)) = gap {
        blocks.push(Block::Paragraph(sentence));
        blocks.push(Block::Table(table));
    }
    blocks.push(Block::Table(table(writer, &current, &target, &groups)));
    Section { number: 4, label, title, standfirst: None, blocks }
}

/// Groups in the order of the components, widest distance first within each.
fn by_group<'a>(levels: &'a [Level<'a>]) -> Vec<Vec<&'a Level<'a>>> {
    let mut groups: Vec<Vec<&Level<'_>>> = Vec::new();
    for level in levels {
        match groups.iter_mut().find(|group| group[0].component.group == level.component.group) {
            Some(group) => group.push(level),
            None => groups.push(vec![level]),
        }
    }
    for group in &mut groups {
        group.sort_by_key(|level| (std::cmp::Reverse(level.distance()), &level.component.code));
    }
    groups
}

fn printed(series: &Series<'_>, observation: &Observation) -> String {
    observation.value().map_or_else(|| observation.shorthand(), |value| series.number(value).cell())
}

fn chart(
    writer: &Writer<'_>,
    current: &Series<'_>,
    target: &Series<'_>,
    groups: &[Vec<&Level<'_>>],
    widest: &[&Level<'_>],
) -> Block {
    let panels = groups
        .iter()
        .map(|group| DumbbellPanel {
            name: group[0].component.group_name.get(writer.language).to_owned(),
            rows: group
                .iter()
                .map(|level| DumbbellRow {
                    name: level.component.name.get(writer.language).to_owned(),
                    levels: level.current.value().zip(level.target.value()).map(|(a, b)| (to_float(a), to_float(b))),
                    columns: [
                        printed(current, level.current),
                        printed(target, level.target),
                        level.distance_number().map_or_else(|| missing(level), |n| n.text()),
                    ],
                })
                .collect(),
        })
        .collect();
    let title = mean_distance(widest).map_or_else(
        || writer.plain("maturity-chart-title-plain"),
        |mean| {
            let mean = numbers::plain(mean, 1).text();
            let count = widest.len().to_string();
            writer.say("maturity-chart-title", &[("mean", (&mean).into()), ("count", (&count).into())])
        },
    );
    let quarter = writer.quarter(writer.input.period);
    let (blue, red) = (writer.plain("key-blue-line"), writer.plain("key-red-line"));
    let heads = [writer.plain("head-current"), writer.plain("head-target"), writer.plain("head-distance")];
    let drawing =
        dumbbell(&Dumbbell { panels, key: [&blue, &red], heads: [&heads[0], &heads[1], &heads[2]], title: &title });
    let alt = match (widest.first(), widest.last()) {
        (Some(first), Some(last)) => {
            let text = |level: &Level<'_>| level.distance_number().map(|n| n.text()).unwrap_or_default();
            writer.say(
                "maturity-chart-alt",
                &[
                    ("quarter", (&quarter).into()),
                    ("first", first.component.name.get(writer.language).into()),
                    ("widest", (&text(first)).into()),
                    ("last", last.component.name.get(writer.language).into()),
                    ("narrowest", (&text(last)).into()),
                ],
            )
        }
        _ => writer.say("maturity-chart-alt-plain", &[("quarter", (&quarter).into())]),
    };
    let subtitle = writer.say("maturity-chart-subtitle", &[("quarter", (&quarter).into())]);
    Block::Chart(Chart { title, subtitle, drawing, alt })
}

/// The shorthand of whichever level is missing.
fn missing(level: &Level<'_>) -> String {
    let from = if level.current.value().is_none() { level.current } else { level.target };
    from.shorthand()
}

fn mean_distance(levels: &[&Level<'_>]) -> Option<Decimal> {
    let sum: Decimal = levels.iter().filter_map(|level| level.distance()).sum();
    sum.checked_div(Decimal::from(levels.len()))
}

fn note(writer: &Writer<'_>) -> Block {
    Block::Note(format!("{} {}", writer.source("M01"), writer.plain("maturity-note")))
}

fn table(writer: &Writer<'_>, current: &Series<'_>, target: &Series<'_>, groups: &[Vec<&Level<'_>>]) -> TableModel {
    let quarter = writer.quarter(writer.input.period);
    let mut rows: Vec<_> = groups
        .iter()
        .flatten()
        .map(|level| {
            row(vec![
                Cell::Text(level.component.name.get(writer.language).to_owned()),
                Cell::Text(level.component.group_name.get(writer.language).to_owned()),
                Writer::cell(current, level.current),
                Writer::cell(target, level.target),
                level.distance_number().map_or_else(|| Cell::Mark(missing(level), None), Cell::derived),
            ])
        })
        .collect();
    let known: Vec<&Level<'_>> = groups.iter().flatten().copied().filter(|l| l.distance().is_some()).collect();
    let mean = |values: Vec<Option<Decimal>>| {
        let sum: Decimal = values.iter().flatten().sum();
        sum.checked_div(Decimal::from(values.len())).map(|mean| numbers::plain(mean, 1))
    };
    let currents = known.iter().map(|level| level.current.value()).collect();
    let targets = known.iter().map(|level| level.target.value()).collect();
    let distances = known.iter().map(|level| level.distance()).collect();
    rows.push(strong(vec![
        Cell::Text(writer.plain("row-all-components")),
        Cell::Text(writer.plain("row-simple-mean")),
        Writer::derived(mean(currents)),
        Writer::derived(mean(targets)),
        Writer::derived(mean(distances)),
    ]));
    TableModel {
        id: "M01_components".to_owned(),
        title: writer.plain("maturity-table-title"),
        subtitle: writer.say("maturity-chart-subtitle", &[("quarter", (&quarter).into())]),
        place: Place::Titled,
        columns: vec![
            writer.column("column-component", ColumnKind::Wide),
            writer.column("column-group", ColumnKind::Wide),
            writer.column("column-current", ColumnKind::Number),
            writer.column("column-target", ColumnKind::Number),
            writer.column("column-distance", ColumnKind::Number),
        ],
        rows,
        notes: vec![writer.source("M01"), writer.plain("maturity-note")],
    }
}

/// The share of the gap closed by area, with the sentence that says it.
fn gap_closed(writer: &Writer<'_>) -> Option<(String, TableModel)> {
    let series = writer.figures.find("M02", "value")?;
    let time = TimeKey::ToDate(writer.input.period);
    let now = series.total(time, "WALES");
    let sentence = match now.value() {
        Some(value) => writer.say("gap-sentence", &[("value", (&series.number(value).text()).into())]),
        None => writer.plain("gap-sentence-none"),
    };
    let rows = ["WWV", "EW", "WALES"]
        .into_iter()
        .map(|code| {
            let cells = vec![Cell::Text(writer.area(code)), Writer::cell(&series, series.total(time, code))];
            if code == "WALES" { strong(cells) } else { row(cells) }
        })
        .collect();
    let quarter = writer.quarter(writer.input.period);
    let table = TableModel {
        id: "M02_gap_closed".to_owned(),
        title: writer.plain("gap-table-title"),
        subtitle: writer.say("gap-table-subtitle", &[("quarter", (&quarter).into())]),
        place: Place::Titled,
        columns: vec![
            writer.column("column-area", ColumnKind::Text),
            writer.column("column-gap-closed", ColumnKind::Number),
        ],
        rows,
        notes: vec![writer.source("M02"), writer.plain("gap-note")],
    };
    Some((sentence, table))
}
