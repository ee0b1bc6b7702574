//! Finds the header among the first rows of a table: the first row that holds most of the names the schema knows.

use std::collections::BTreeSet;

use crate::definitions::{Field, FieldKind, Schema};

use super::DecodeError;

/// The header is looked for in so many rows that are not blank.
pub(super) const HEADER_WITHIN: usize = 50;
/// Characters of a title that are kept.
const TITLE_CHARS: usize = 200;

/// A row's number and its cells.
pub(super) type NumberedRow = (u64, Vec<String>);

/// Header texts that the schema knows: names of fields and those under which they have come.
pub(super) struct KnownNames {
    names: BTreeSet<String>,
}

impl KnownNames {
    pub(super) fn of_schema(schema: &Schema) -> Self {
        let names = schema.fields.iter().flat_map(|field| std::iter::once(&field.name).chain(&field.aliases));
        Self { names: names.cloned().collect() }
    }

    pub(super) fn of_texts<'a>(texts: impl Iterator<Item = &'a String>) -> Self {
        Self { names: texts.cloned().collect() }
    }

    /// How many different known names a row holds.
    pub(super) fn matches(&self, cells: &[String]) -> usize {
        let texts: BTreeSet<&str> = cells.iter().map(|cell| cell.trim()).collect();
        texts.into_iter().filter(|text| self.names.contains(*text)).count()
    }

    /// The header's place in `rows`: of the rows at least half of whose filled cells are known names, the first with
    /// most of them; the first row when no row is like that.
    pub(super) fn find_header(&self, rows: &[NumberedRow]) -> usize {
        let mut best = (0, 0);
        for (index, (_, cells)) in rows.iter().take(HEADER_WITHIN).enumerate() {
            let matches = self.matches(cells);
            let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
            if matches * 2 >= filled && matches > best.1 {
                best = (index, matches);
            }
        }
        best.0
    }
}

/// A header as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Names without blanks around them, phantom columns at the end left out.
    pub(super) columns: Vec<String>,
    /// Its row.
    pub(super) row: u64,
    /// All its cells.
    pub(super) width: usize,
    /// What stands above it, a text a row.
    pub(super) title: Vec<String>,
}

impl Header {
    /// The header at `index` of the first rows. Fails where a row above it could be one of the table, as in a file that
    /// was sorted together with its header: such a row is not passed over as a title.
    pub(super) fn at(rows: &[NumberedRow], index: usize, schema: &Schema, file: &str) -> Result<Self, DecodeError> {
        let (row, cells) = &rows[index];
        let mut columns: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
        let width = columns.len();
        while columns.last().is_some_and(String::is_empty) {
            columns.pop();
        }
        let above = &rows[..index];
        if let Some((data, _)) = above.iter().find(|(_, cells)| may_be_row(cells, &columns, schema)) {
            return Err(DecodeError::DataAboveHeader { file: file.to_owned(), row: *data, header: *row });
        }
        Ok(Self { columns, row: *row, width, title: above.iter().map(|(_, cells)| title(cells)).collect() })
    }
}

/// Whether a row above the header could be one of the table: every column that must be filled is, and of the cells that
/// differ from headings by what they hold more are values than not.
fn may_be_row(cells: &[String], columns: &[String], schema: &Schema) -> bool {
    let (mut filled, mut values, mut others) = (0, 0, 0);
    for (index, name) in columns.iter().enumerate() {
        let Some(field) = schema.find_delivered(name) else { continue };
        let text = cells.get(index).map_or("", |cell| cell.trim());
        if text.is_empty() {
            if schema.is_required(field) {
                return false;
            }
            continue;
        }
        filled += 1;
        match is_value(text, field) {
            Some(true) => values += 1,
            Some(false) => others += 1,
            None => {}
        }
    }
    filled > 1 && values > others
}

/// Whether a text is a value of its column; nothing where any text is one.
fn is_value(text: &str, field: &Field) -> Option<bool> {
    let constraints = &field.constraints;
    if field.kind != FieldKind::Text {
        return Some(field.parse(text).is_ok());
    }
    if !constraints.allowed.is_empty() {
        return Some(constraints.allowed.iter().any(|value| value == text));
    }
    constraints.pattern.as_ref().map(|pattern| pattern.is_match(text))
}

fn title(cells: &[String]) -> String {
    let texts: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    texts.join(" ").chars().take(TITLE_CHARS).collect()
}
