//! Section 12: how each figure is made, and the rules in general terms. Disclosure parameters are never printed.

use super::writer::{Writer, row};
use crate::pack::document::{Block, Cell, ColumnKind, Place, Section, TableModel};

pub(super) fn write(writer: &Writer<'_>) -> Section {
    let language = writer.language;
    let rows = writer
        .input
        .catalogue
        .iter()
        .map(|(id, entry)| {
            row(vec![
                Cell::Text(id.to_string()),
                Cell::Text(entry.title.get(language).to_owned()),
                Cell::Text(entry.formula.get(language).to_owned()),
                Cell::Text(entry.source.get(language).to_owned()),
            ])
        })
        .collect();
    let table = TableModel {
        id: "methods".to_owned(),
        title: writer.plain("methods-table-title"),
        subtitle: writer.plain("methods-table-subtitle"),
        place: Place::Titled,
        columns: vec![
            writer.column("column-id", ColumnKind::Text),
            writer.column("column-indicator", ColumnKind::Wide),
            writer.column("column-formula", ColumnKind::Wide),
            writer.column("column-source", ColumnKind::Wide),
        ],
        rows,
        notes: Vec::new(),
    };
    let limit = |share: rust_decimal::Decimal| (share * rust_decimal::Decimal::ONE_HUNDRED).normalize().to_string();
    let (on_track, at_risk) = (limit(writer.input.rag.on_track), limit(writer.input.rag.at_risk));
    let rounding = writer.input.rounding;
    let (counts, money) =
        (rounding.count_base.to_string(), crate::pack::numbers::count(rounding.money_base.into()).text());
    let rounding_text = if rounding.count_base > 1 {
        writer.say("methods-rounding", &[("base", (&counts).into()), ("money", (&money).into())])
    } else if rounding.by_size {
        writer.say("methods-rounding-ladder", &[("money", (&money).into())])
    } else {
        writer.plain("methods-rounding-none")
    };
    let version = writer.input.code_version;
    let mut blocks = vec![
        Block::Paragraph(writer.plain("methods-period")),
        Block::Paragraph(
            writer.say("methods-status", &[("on_track", (&on_track).into()), ("at_risk", (&at_risk).into())]),
        ),
        Block::Paragraph(writer.plain("methods-disclosure")),
        Block::Paragraph(rounding_text),
        Block::Paragraph(
            writer.say("methods-version", &[("version", version.into()), ("snapshot", writer.input.snapshot.into())]),
        ),
    ];
    blocks.push(Block::Table(table));
    Section {
        number: 12,
        label: writer.plain("section-methods"),
        title: writer.plain("methods-title"),
        standfirst: None,
        blocks,
    }
}
