//! Section 8: published productivity of the regions as context. Official statistics keep their vintage.

use rust_decimal::Decimal;

use super::writer::{Writer, row, strong};
use crate::model::{TimeKey, Unit};
use crate::pack::charts::{IndexLine, IndexLines, index_lines, to_float};
use crate::pack::document::{Block, Chart, Column, ColumnKind, Place, Row, Section, TableModel};
use crate::pack::figures::Series;

/// Focus first, then the comparison, then the whole.
const AREAS: [&str; 3] = ["WWV", "EW", "WALES"];
/// Years that fit side by side on a page.
const MOST_YEARS: usize = 7;

pub(super) fn write(writer: &Writer<'_>) -> Section {
    let label = writer.plain("section-productivity");
    let index = writer.figures.find("G06", "per_hour");
    let latest = index.as_ref().and_then(|series| {
        let year =
            *series.years("WWV").iter().rev().find(|y| series.total(TimeKey::Year(**y), "WWV").value().is_some())?;
        Some((year, series.total(TimeKey::Year(year), "WWV").value()?))
    });
    let title = match (&index, latest) {
        (Some(series), Some((year, value))) => {
            let (value, year) = (series.number(value).text(), year.to_string());
            writer.say("productivity-title", &[("value", (&value).into()), ("year", (&year).into())])
        }
        _ => writer.plain("productivity-title-none"),
    };
    let mut blocks = Vec::new();
    if let (Some(series), Some(_)) = (&index, latest) {
        blocks.extend(chart(writer, series));
    }
    for (id, measure, key) in [("G09", "points", "g09"), ("G03", "value", "g03"), ("G04", "value", "g04")] {
        let series = writer.figures.find(id, measure).or_else(|| writer.figures.find(id, "value"));
        blocks.extend(series.map(|series| Block::Table(levels(writer, &series, id, key))));
    }
    if let Some(series) = writer.figures.find("G06", "per_job") {
        blocks.push(Block::Table(levels(writer, &series, "G06", "g06-job")));
    }
    if blocks.is_empty() {
        blocks.push(Block::Paragraph(writer.plain("not-available")));
    }
    Section { number: 8, label, title, standfirst: Some(writer.plain("productivity-standfirst")), blocks }
}

fn chart(writer: &Writer<'_>, series: &Series<'_>) -> Vec<Block> {
    let value = |area: &str, year: i16| series.total(TimeKey::Year(year), area).value();
    let lines: Vec<IndexLine> = AREAS
        .iter()
        .map(|area| {
            let points: Vec<(i16, Decimal)> =
                series.years(area).into_iter().filter_map(|year| Some((year, value(area, year)?))).collect();
            IndexLine {
                name: writer.area(area),
                label: points.last().map(|(_, v)| series.number(*v).text()).unwrap_or_default(),
                points: points.into_iter().map(|(year, v)| (year, to_float(v))).collect(),
            }
        })
        .filter(|line| !line.points.is_empty())
        .collect();
    let years = series.years("WWV");
    let (first, last) = (years.first().copied().unwrap_or(0), years.last().copied().unwrap_or(0));
    let lowest = lines.iter().flat_map(|l| l.points.iter().map(|p| p.1)).fold(100.0, f64::min);
    let mut scale_start = 100;
    while f64::from(scale_start) > lowest - 1.0 && scale_start > 0 {
        scale_start -= 5;
    }
    let points = |year: i16| value("WWV", year).map(|v| series.number(v).text()).unwrap_or_default();
    let (from, to, scale) = (first.to_string(), last.to_string(), scale_start.to_string());
    let (first_value, last_value) = (points(first), points(last));
    let east = value("EW", last).map_or_else(|| "[x]".to_owned(), |v| series.number(v).text());
    let title = writer.say(
        "productivity-chart-title",
        &[
            ("first", (&first_value).into()),
            ("last", (&last_value).into()),
            ("from", (&from).into()),
            ("to", (&to).into()),
        ],
    );
    let subtitle = writer.say(
        "productivity-chart-subtitle",
        &[("from", (&from).into()), ("to", (&to).into()), ("scale", (&scale).into())],
    );
    let reference = writer.plain("unit-index-uk-100");
    let drawing = index_lines(&IndexLines { lines, reference: &reference, scale_start, title: &title });
    let alt = writer.say(
        "productivity-chart-alt",
        &[
            ("from", (&from).into()),
            ("to", (&to).into()),
            ("first", (&first_value).into()),
            ("last", (&last_value).into()),
            ("east", (&east).into()),
        ],
    );
    let mut table = levels(writer, series, "G06", "g06-hour");
    table.place = Place::UnderChart(None);
    vec![Block::Chart(Chart { title, subtitle, drawing, alt }), Block::Table(table)]
}

/// A table of areas by year: the first year and the latest ones.
fn levels(writer: &Writer<'_>, series: &Series<'_>, indicator: &str, key: &str) -> TableModel {
    let years = series.years("WWV");
    let shown: Vec<i16> = if years.len() > MOST_YEARS {
        let recent = &years[years.len() - (MOST_YEARS - 1)..];
        std::iter::once(years[0]).chain(recent.iter().copied()).collect()
    } else {
        years
    };
    let mut columns = vec![writer.column("column-area", ColumnKind::Wide)];
    columns.extend(shown.iter().map(|year| Column { title: year.to_string(), kind: ColumnKind::Number }));
    let mut rows: Vec<Row> = Vec::new();
    for area in ["WWV", "EW", "WALES", "UK"] {
        // The UK is 100, or its own gap of nothing, by definition.
        let trivial = area == "UK" && matches!(series.header().unit, Unit::IndexUk100 | Unit::Points);
        if trivial || series.years(area).is_empty() {
            continue;
        }
        let mut cells = vec![crate::pack::document::Cell::Text(writer.area(area))];
        cells.extend(shown.iter().map(|year| Writer::cell(series, series.total(TimeKey::Year(*year), area))));
        rows.push(if area == "WWV" { strong(cells) } else { row(cells) });
    }
    let mut notes = vec![match &series.header().vintage {
        Some(vintage) => writer.say("source-vintage", &[("vintage", vintage.into())]),
        None => writer.source(indicator),
    }];
    notes.push(writer.plain("productivity-note"));
    TableModel {
        id: format!("{indicator}_{}", series.header().measure),
        title: writer.plain(&format!("table-title-{key}")),
        subtitle: writer.plain(&format!("table-subtitle-{key}")),
        place: Place::Titled,
        columns,
        rows,
        notes,
    }
}
