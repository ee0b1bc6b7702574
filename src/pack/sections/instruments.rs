//! Section 5, Action 3: vouchers by scheme, and the way from a diagnostic to a result.

use rust_decimal::Decimal;

use super::writer::{Writer, row, strong};
use crate::model::{Observation, TOTAL_MEMBER, TimeKey};
use crate::pack::charts::{Funnel, FunnelRow, funnel, to_float};
use crate::pack::document::{Block, Cell, Chart, ColumnKind, Place, Row, Section, TableModel};
use crate::pack::figures::Series;
use crate::pack::numbers::{self, Number};

/// Stages in order, with the message that names each.
const STAGES: [(&str, &str); 6] = [
    ("DIAGNOSTIC", "stage-diagnostic"),
    ("ACTION_PLAN", "stage-action-plan"),
    ("VOUCHER_APPROVED", "stage-voucher"),
    ("PROJECT_STARTED", "stage-started"),
    ("PROJECT_COMPLETED", "stage-completed"),
    ("RD_OUTCOME", "stage-outcome"),
];
/// Stages whose lowest share stands out; the later ones have not had their time yet.
const EARLY: usize = 4;

/// A stage with its count and the share of the stage before.
struct Stage<'a> {
    name: String,
    key: &'static str,
    count: &'a Observation,
    share: Option<Number>,
}

pub(super) fn write(writer: &Writer<'_>) -> Section {
    let label = writer.plain("section-instruments");
    let series = writer.figures.find("D10", "firms");
    let stages = series.as_ref().map(|series| stages(writer, series, "WALES")).unwrap_or_default();
    let title = stages.get(2).and_then(|stage| stage.share.as_ref()).map_or_else(
        || writer.plain("instruments-title-none"),
        |share| writer.say("instruments-title", &[("share", (&share.text()).into())]),
    );
    let mut blocks = Vec::new();
    if let Some(series) = &series {
        blocks.extend(conversion(writer, series, &stages));
    }
    blocks.extend(vouchers(writer).map(Block::Table));
    if blocks.is_empty() {
        blocks.push(Block::Paragraph(writer.plain("not-available")));
    }
    Section { number: 5, label, title, standfirst: None, blocks }
}

fn stages<'a>(writer: &Writer<'_>, series: &Series<'a>, area: &str) -> Vec<Stage<'a>> {
    let time = TimeKey::ToDate(writer.input.period);
    let mut before: Option<Decimal> = None;
    STAGES
        .iter()
        .map(|(key, name)| {
            let count = series.cell(time, area, key);
            let share = before
                .zip(count.value())
                .and_then(|(before, now)| (now * Decimal::ONE_HUNDRED).checked_div(before))
                .map(numbers::per_cent);
            before = count.value();
            Stage { name: writer.plain(name), key, count, share }
        })
        .collect()
}

fn conversion(writer: &Writer<'_>, series: &Series<'_>, stages: &[Stage<'_>]) -> Vec<Block> {
    let lowest = stages
        .iter()
        .take(EARLY)
        .enumerate()
        .filter_map(|(index, stage)| stage.share.as_ref().map(|share| (share.value, index)))
        .min()
        .map(|(_, index)| index);
    let rows = stages
        .iter()
        .enumerate()
        .map(|(index, stage)| FunnelRow {
            name: stage.name.clone(),
            count: stage.count.value().map(|v| to_float(series.number(v).value)),
            label: Writer::figure(series, stage.count),
            share: stage.share.as_ref().map(Number::text).unwrap_or_default(),
            strong: lowest == Some(index),
        })
        .collect();
    let title = lowest.map_or_else(
        || writer.plain("funnel-chart-title-plain"),
        |index| writer.plain(&format!("funnel-chart-title-{index}")),
    );
    let date = writer.date(writer.input.period.last_day());
    let subtitle = writer.say("funnel-chart-subtitle", &[("date", (&date).into())]);
    let drawing = funnel(&Funnel { rows, share_head: &writer.plain("funnel-share-head"), title: &title });
    let figure = |index: usize| stages.get(index).map_or_else(String::new, |s| Writer::figure(series, s.count));
    let alt = writer.say(
        "funnel-chart-alt",
        &[
            ("date", (&date).into()),
            ("first", (&figure(0)).into()),
            ("voucher", (&figure(2)).into()),
            ("last", (&figure(5)).into()),
        ],
    );
    vec![
        Block::Chart(Chart { title: title.clone(), subtitle: subtitle.clone(), drawing, alt }),
        Block::Table(stage_table(writer, series, stages, title, subtitle)),
    ]
}

fn stage_table(
    writer: &Writer<'_>,
    series: &Series<'_>,
    stages: &[Stage<'_>],
    title: String,
    subtitle: String,
) -> TableModel {
    let time = TimeKey::ToDate(writer.input.period);
    let rows = stages
        .iter()
        .enumerate()
        .map(|(index, stage)| {
            let share = match &stage.share {
                Some(share) => Cell::derived(share.clone()),
                None if index == 0 => Cell::absent("[z]"),
                None => Cell::absent("[x]"),
            };
            row(vec![
                Cell::Text(stage.name.clone()),
                Writer::cell(series, series.cell(time, "WWV", stage.key)),
                Writer::cell(series, series.cell(time, "EW", stage.key)),
                Writer::cell(series, stage.count),
                share,
            ])
        })
        .collect();
    let notes = vec![writer.source("D10"), writer.plain("funnel-note")];
    TableModel {
        id: "D10_funnel".to_owned(),
        title,
        subtitle,
        place: Place::UnderChart(None),
        columns: vec![
            writer.column("column-stage", ColumnKind::Wide),
            writer.column("column-wwv", ColumnKind::Number),
            writer.column("column-ew", ColumnKind::Number),
            writer.column("column-wales", ColumnKind::Number),
            writer.column("column-share-before", ColumnKind::Number),
        ],
        rows,
        notes: notes.into_iter().chain(writer.rounding_note()).collect(),
    }
}

/// Vouchers approved and grant committed by scheme and area.
fn vouchers(writer: &Writer<'_>) -> Option<TableModel> {
    let approved = writer.figures.find("D06", "approved")?;
    let committed = writer.figures.find("D06", "committed");
    let time = TimeKey::ToDate(writer.input.period);
    let mut schemes = approved.members();
    if let Some(committed) = &committed {
        schemes.extend(committed.members());
    }
    schemes.sort();
    schemes.dedup();
    schemes.push(TOTAL_MEMBER.to_owned());
    let mut rows: Vec<Row> = Vec::new();
    for scheme in &schemes {
        let money = |area: &str| match &committed {
            Some(series) => Writer::cell(series, series.cell(time, area, scheme)),
            None => Cell::absent("[x]"),
        };
        let count = |area: &str| Writer::cell(&approved, approved.cell(time, area, scheme));
        let total = scheme == TOTAL_MEMBER;
        let cells = vec![
            Cell::Text(scheme_name(writer, scheme)),
            count("WWV"),
            count("EW"),
            count("WALES"),
            money("WWV"),
            money("EW"),
            money("WALES"),
        ];
        rows.push(if total { strong(cells) } else { row(cells) });
    }
    let value = Writer::figure(&approved, approved.total(time, "WALES"));
    let quarter = writer.quarter(writer.input.period);
    let mut notes = vec![writer.source("D06"), writer.plain("vouchers-note")];
    let confidential =
        rows.iter().flat_map(|row| &row.cells).any(|cell| matches!(cell, Cell::Mark(mark, _) if mark == "[c]"));
    if confidential {
        notes.push(writer.plain("note-confidential"));
    }
    Some(TableModel {
        id: "D06_vouchers".to_owned(),
        title: writer.say("vouchers-table-title", &[("value", (&value).into())]),
        subtitle: writer.say("vouchers-table-subtitle", &[("quarter", (&quarter).into())]),
        place: Place::Titled,
        columns: vec![
            writer.column("column-scheme", ColumnKind::Wide),
            writer.column("column-vouchers-wwv", ColumnKind::Number),
            writer.column("column-vouchers-ew", ColumnKind::Number),
            writer.column("column-vouchers-wales", ColumnKind::Number),
            writer.column("column-grant-wwv", ColumnKind::Number),
            writer.column("column-grant-ew", ColumnKind::Number),
            writer.column("column-grant-wales", ColumnKind::Number),
        ],
        rows,
        notes,
    })
}

fn scheme_name(writer: &Writer<'_>, scheme: &str) -> String {
    match scheme {
        "IV" => writer.plain("scheme-iv"),
        "IV_PLUS" => writer.plain("scheme-iv-plus"),
        "SMART_CYMRU" => writer.plain("scheme-smart-cymru"),
        TOTAL_MEMBER => writer.plain("row-all-schemes"),
        other => other.to_owned(),
    }
}
