//! A document's tables as an ODS workbook: cover, contents, notes, then one table a sheet.
//!
//! Written by ourselves: a workbook library keeps its styles in hash maps, so its bytes differ from run to run, and
//! ours must not (decision on golden packs). Numbers are numbers; marks stand in columns of their own.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::document::{Cell, ColumnKind, Document, TableModel};
use super::error::PackError;
use super::messages::Messages;
use super::ods_xml::{self, Look, Sheet, Width};
use crate::model::PlacedCells;

/// The row of a sheet in which a table's own rows begin, from 1: title, three lines and the heads stand above.
const FIRST_ROW: usize = 6;

/// A table's place in the workbook: name, sheet, last column, first and last row.
type Range = (String, String, usize, usize, usize);

/// Writes the workbook; gives with it where in it released cells stand.
pub(super) fn render_ods(document: &Document, messages: &Messages) -> Result<(Vec<u8>, PlacedCells), PackError> {
    let tables: Vec<&TableModel> = document.tables().collect();
    let mut sheets = vec![cover(document, messages)];
    let mut ranges: Vec<Range> = Vec::new();
    for (sheet, range) in [contents(&tables, messages), notes(&tables, messages)] {
        sheets.push(sheet);
        ranges.push(range);
    }
    let mut placed = PlacedCells::new();
    for table in &tables {
        let (sheet, range, cells) = data(table, messages);
        placed.insert(table.id.clone(), cells);
        sheets.push(sheet);
        ranges.push(range);
    }
    let language = document.language;
    let parts = [
        ("content.xml", ods_xml::content(&sheets, &ranges)),
        ("styles.xml", ods_xml::styles(language.tag())),
        ("meta.xml", ods_xml::meta(&document.meta.title, &document.meta.council, language.tag())),
        ("META-INF/manifest.xml", ods_xml::manifest()),
    ];
    let container = |source| PackError::Spreadsheet { language, source };
    let part = |source| PackError::SpreadsheetPart { language, source };
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default()).unix_permissions(0o644);
    zip.start_file("mimetype", options.compression_method(CompressionMethod::Stored)).map_err(container)?;
    zip.write_all(b"application/vnd.oasis.opendocument.spreadsheet").map_err(part)?;
    for (name, text) in parts {
        zip.start_file(name, options.compression_method(CompressionMethod::Deflated)).map_err(container)?;
        zip.write_all(text.as_bytes()).map_err(part)?;
    }
    Ok((zip.finish().map_err(container)?.into_inner(), placed))
}

fn cover(document: &Document, messages: &Messages) -> Sheet {
    let meta = &document.meta;
    let mut sheet = Sheet::new(&messages.plain("workbook-cover"), &[Width::Page]);
    sheet.line(Look::Title, &meta.title);
    for text in [&meta.council, &meta.quarter_long, &meta.months] {
        sheet.line(Look::Text, text);
    }
    for (label, value) in &meta.facts {
        sheet.line(Look::Text, &format!("{label}: {value}"));
    }
    sheet.line(Look::Text, &meta.welcome);
    sheet
}

fn contents(tables: &[&TableModel], messages: &Messages) -> (Sheet, Range) {
    let mut sheet = Sheet::new(&messages.plain("workbook-contents"), &[Width::Area, Width::Page]);
    sheet.line(Look::Title, &messages.plain("workbook-contents-title"));
    sheet.above(&messages.plain("workbook-contents-count"));
    let heads = ["workbook-column-sheet", "workbook-column-title"].map(|id| messages.plain(id));
    let rows: Vec<[String; 2]> =
        std::iter::once([messages.plain("workbook-notes"), messages.plain("workbook-notes-title")])
            .chain(tables.iter().map(|table| [table.id.clone(), format!("{}. {}", table.title, table.subtitle)]))
            .collect();
    let range = plain_table(&mut sheet, "contents", &heads, &rows);
    (sheet, range)
}

fn notes(tables: &[&TableModel], messages: &Messages) -> (Sheet, Range) {
    let mut sheet = Sheet::new(&messages.plain("workbook-notes"), &[Width::Area, Width::Page]);
    sheet.line(Look::Title, &messages.plain("workbook-notes-title"));
    sheet.above(&messages.plain("workbook-notes-count"));
    let heads = ["workbook-column-sheet", "workbook-column-text"].map(|id| messages.plain(id));
    let rows: Vec<[String; 2]> =
        tables.iter().flat_map(|table| table.notes.iter().map(|note| [table.id.clone(), note.clone()])).collect();
    let range = plain_table(&mut sheet, "notes", &heads, &rows);
    (sheet, range)
}

/// A table of two columns of words under two lines.
fn plain_table(sheet: &mut Sheet, name: &str, heads: &[String; 2], rows: &[[String; 2]]) -> Range {
    for cells in std::iter::once(heads).chain(rows) {
        sheet.start_row();
        for cell in cells {
            let look = if std::ptr::eq(cells, heads) { Look::Head } else { Look::Text };
            sheet.text(look, cell);
        }
        sheet.end_row();
    }
    (name.to_owned(), sheet.name().to_owned(), 1, 3, rows.len() + 3)
}

/// One table on a sheet of its own.
fn data(table: &TableModel, messages: &Messages) -> (Sheet, Range, BTreeMap<String, String>) {
    let marked: Vec<bool> = (0..table.columns.len()).map(|index| has_marks(table, index)).collect();
    let mut widths = Vec::new();
    for (column, marked) in table.columns.iter().zip(&marked) {
        widths.push(match column.kind {
            ColumnKind::Text => Width::Area,
            ColumnKind::Wide => Width::Note,
            ColumnKind::Number => Width::Number,
            ColumnKind::Status => Width::Status,
        });
        if *marked {
            widths.push(Width::Status);
        }
    }
    let mut sheet = Sheet::new(&table.id, &widths);
    sheet.line(Look::Title, &table.title);
    sheet.above(&table.subtitle);
    sheet.above(&messages.plain("workbook-one-table"));
    sheet.above(&messages.plain("workbook-see-notes"));
    sheet.start_row();
    for (column, marked) in table.columns.iter().zip(&marked) {
        let look = if column.kind == ColumnKind::Number { Look::NumberHead } else { Look::Head };
        sheet.text(look, &column.title);
        if *marked {
            sheet.text(Look::Head, &messages.say("workbook-status-of", &[("column", (&column.title).into())]));
        }
    }
    sheet.end_row();
    let mut placed = BTreeMap::new();
    for (number, row) in (FIRST_ROW..).zip(&table.rows) {
        sheet.start_row();
        let mut column = 0;
        for (cell, marked) in row.cells.iter().zip(&marked) {
            if let Some(address) = cell.address() {
                placed.insert(format!("{}{number}", ods_xml::column_name(column)), address.to_string());
            }
            column += 1 + usize::from(*marked);
            match cell {
                Cell::Text(text) | Cell::Status(_, text) => sheet.text(Look::Text, text),
                Cell::Mark(mark, _) => sheet.text(Look::Mark, mark),
                Cell::Number(number, ..) => sheet.number(number.value, number.decimals, &number.cell()),
            }
            if *marked {
                let none = messages.plain("workbook-no-mark");
                sheet.text(
                    Look::Text,
                    match cell {
                        Cell::Mark(mark, _) => mark,
                        Cell::Number(_, marks, _) if !marks.is_empty() => marks,
                        _ => &none,
                    },
                );
            }
        }
        sheet.end_row();
    }
    let range = (table.id.clone(), table.id.clone(), widths.len() - 1, FIRST_ROW - 1, table.rows.len() + FIRST_ROW - 1);
    (sheet, range, placed)
}

/// Whether a column of numbers has marks, beside or in the place of numbers.
fn has_marks(table: &TableModel, index: usize) -> bool {
    table.columns[index].kind == ColumnKind::Number
        && table.rows.iter().filter_map(|row| row.cells.get(index)).any(|cell| match cell {
            Cell::Mark(..) => true,
            Cell::Number(_, marks, _) => !marks.is_empty(),
            _ => false,
        })
}
