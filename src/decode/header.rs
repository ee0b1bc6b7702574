//! Finds the header among the first rows of a table: the first row that holds most of the names the schema knows.

use std::collections::BTreeSet;

use crate::definitions::Schema;

/// The header is looked for in so many rows that are not blank.
pub(super) const HEADER_WITHIN: usize = 50;
/// Characters of a title that are kept.
const TITLE_CHARS: usize = 200;

/// A row's number and its cells.
pub(super) type NumberedRow = (u64, Vec<String>);

/// Header texts that the schema knows.
pub(super) struct KnownNames {
    names: BTreeSet<String>,
}

impl KnownNames {
    pub(super) fn of_schema(schema: &Schema) -> Self {
        Self { names: schema.fields.iter().map(|field| field.name.clone()).collect() }
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
    /// The header at `index` of the first rows.
    pub(super) fn at(rows: &[NumberedRow], index: usize) -> Self {
        let (row, cells) = &rows[index];
        let mut columns: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
        let width = columns.len();
        while columns.last().is_some_and(String::is_empty) {
            columns.pop();
        }
        Self { columns, row: *row, width, title: rows[..index].iter().map(|(_, cells)| title(cells)).collect() }
    }
}

fn title(cells: &[String]) -> String {
    let texts: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    texts.join(" ").chars().take(TITLE_CHARS).collect()
}
