//! Section 10: what was delivered, what was refused, and how much is confidential.

use rust_decimal::Decimal;

use super::writer::{Writer, row, strong};
use crate::pack::document::{Block, Cell, ColumnKind, Place, Section, TableModel};
use crate::pack::input::DatasetQuality;
use crate::pack::numbers;

pub(super) fn write(writer: &Writer<'_>) -> Section {
    let datasets = &writer.input.quality.datasets;
    let sum = |value: fn(&DatasetQuality) -> u64| datasets.iter().map(value).fold(0, u64::saturating_add);
    let rows_in = sum(|d| d.rows_in);
    let quarantined = sum(|d| d.quarantined);
    let refused = sum(|d| d.refused_files);
    let share = share_of(quarantined, rows_in);
    let share_text = share.as_ref().map_or_else(|| "[z]".to_owned(), numbers::Number::text);
    let count = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let title = if quarantined == 0 {
        writer.plain("quality-title-clean")
    } else {
        writer.say("quality-title", &[("share", (&share_text).into())])
    };
    let (files, rows_text) = (numbers::count(refused).text(), numbers::count(quarantined).text());
    let standfirst = writer.say(
        "quality-standfirst",
        &[
            ("rows", count(quarantined).into()),
            ("rows_text", (&rows_text).into()),
            ("files", count(refused).into()),
            ("files_text", (&files).into()),
        ],
    );
    let mut rows: Vec<_> = datasets
        .iter()
        .map(|d| {
            row(vec![
                Cell::Text(d.dataset.to_string()),
                Writer::counted(d.rows_in),
                Writer::counted(d.accepted),
                Writer::counted(d.repaired),
                Writer::counted(d.quarantined),
                share_cell(d.quarantined, d.rows_in),
                Writer::counted(d.refused_files),
            ])
        })
        .collect();
    rows.push(strong(vec![
        Cell::Text(writer.plain("row-all-datasets")),
        Writer::counted(rows_in),
        Writer::counted(sum(|d| d.accepted)),
        Writer::counted(sum(|d| d.repaired)),
        Writer::counted(quarantined),
        share_cell(quarantined, rows_in),
        Writer::counted(refused),
    ]));
    let as_of = writer.date(writer.input.as_of);
    let table = TableModel {
        id: "quality".to_owned(),
        title: writer.plain("quality-table-title"),
        subtitle: writer
            .say("quality-table-subtitle", &[("snapshot", writer.input.snapshot.into()), ("date", (&as_of).into())]),
        place: Place::Titled,
        columns: vec![
            writer.column("column-dataset", ColumnKind::Wide),
            writer.column("column-rows-in", ColumnKind::Number),
            writer.column("column-accepted", ColumnKind::Number),
            writer.column("column-repaired", ColumnKind::Number),
            writer.column("column-quarantined", ColumnKind::Number),
            writer.column("column-quarantined-share", ColumnKind::Number),
            writer.column("column-refused-files", ColumnKind::Number),
        ],
        rows,
        notes: vec![writer.plain("quality-note")],
    };
    let summary = writer.input.suppression;
    let (hidden, cells) = (numbers::count(summary.hidden).text(), numbers::count(summary.cells).text());
    let sentence = writer.say(
        "suppression-sentence",
        &[("count", count(summary.hidden).into()), ("hidden", (&hidden).into()), ("cells", (&cells).into())],
    );
    Section {
        number: 10,
        label: writer.plain("section-quality"),
        title,
        standfirst: Some(standfirst),
        blocks: vec![Block::Paragraph(sentence), Block::Table(table), Block::Table(breaks(writer))],
    }
}

fn share_of(part: u64, whole: u64) -> Option<numbers::Number> {
    (Decimal::from(part) * Decimal::ONE_HUNDRED).checked_div(Decimal::from(whole)).map(numbers::per_cent)
}

fn share_cell(part: u64, whole: u64) -> Cell {
    share_of(part, whole).map_or_else(|| Cell::absent("[z]"), Cell::derived)
}

/// Breaks in series that the edition's figures cross.
fn breaks(writer: &Writer<'_>) -> TableModel {
    TableModel {
        id: "breaks".to_owned(),
        title: writer.plain("breaks-title"),
        subtitle: writer.plain("breaks-subtitle"),
        place: Place::Titled,
        columns: vec![
            writer.column("column-from", ColumnKind::Text),
            writer.column("column-break", ColumnKind::Text),
            writer.column("column-how-to-read", ColumnKind::Wide),
        ],
        rows: vec![row(vec![
            Cell::Text(writer.date(jiff::civil::date(2020, 4, 1))),
            Cell::Text(writer.plain("break-remote")),
            Cell::Text(writer.plain("break-remote-reading")),
        ])],
        notes: Vec::new(),
    }
}
