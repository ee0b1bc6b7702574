//! Section 13: words in both languages, and what the marks mean.

use super::writer::{Writer, row};
use crate::model::Language;
use crate::pack::document::{Block, Cell, ColumnKind, Place, Section, TableModel};
use crate::pack::messages::Messages;

/// Marks in the order of the alphabet, with the message of each.
pub(super) const MARKS: [(&str, &str); 11] = [
    ("[b]", "mark-b"),
    ("[c]", "mark-c"),
    ("[e]", "mark-e"),
    ("[f]", "mark-f"),
    ("[low]", "mark-low"),
    ("[p]", "mark-p"),
    ("[r]", "mark-r"),
    ("[u]", "mark-u"),
    ("[w]", "mark-w"),
    ("[x]", "mark-x"),
    ("[z]", "mark-z"),
];

/// Terms whose names stand in both message files.
const TERMS: [&str; 11] = [
    "term-iacw",
    "term-wwv",
    "term-ew",
    "term-sme",
    "term-diagnostic",
    "term-blue-line",
    "term-red-line",
    "term-voucher",
    "term-gva",
    "term-gva-hour",
    "term-profile",
];

pub(super) fn write(writer: &Writer<'_>) -> Section {
    let (cy, en) = (Messages::load(Language::Cy), Messages::load(Language::En));
    let marks = TableModel {
        id: "marks".to_owned(),
        title: writer.plain("marks-title"),
        subtitle: writer.plain("marks-subtitle"),
        place: Place::Titled,
        columns: vec![
            writer.column("column-mark", ColumnKind::Text),
            writer.column("column-welsh", ColumnKind::Wide),
            writer.column("column-english", ColumnKind::Wide),
        ],
        rows: MARKS
            .iter()
            .map(|(mark, id)| {
                row(vec![Cell::Text((*mark).to_owned()), Cell::Text(cy.plain(id)), Cell::Text(en.plain(id))])
            })
            .collect(),
        notes: Vec::new(),
    };
    let terms = TableModel {
        id: "glossary".to_owned(),
        title: writer.plain("glossary-table-title"),
        subtitle: writer.plain("glossary-table-subtitle"),
        place: Place::Titled,
        columns: vec![
            writer.column("column-welsh", ColumnKind::Wide),
            writer.column("column-english", ColumnKind::Wide),
            writer.column("column-meaning", ColumnKind::Wide),
        ],
        rows: TERMS
            .iter()
            .map(|id| {
                let meaning = writer.plain(&format!("{id}-meaning"));
                row(vec![Cell::Text(cy.plain(id)), Cell::Text(en.plain(id)), Cell::Text(meaning)])
            })
            .collect(),
        notes: Vec::new(),
    };
    Section {
        number: 13,
        label: writer.plain("section-glossary"),
        title: writer.plain("glossary-title"),
        standfirst: None,
        blocks: vec![Block::Table(marks), Block::Table(terms)],
    }
}
