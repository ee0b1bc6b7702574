//! One row on its way from a file to columns, and what gives rows.

use super::DecodeError;

/// A row of text cells. Reused from row to row.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// Its number in the file or sheet, from 1.
    pub(super) number: u64,
    /// Which of the source's sheets it belongs to, from 0.
    pub(super) sheet: usize,
    /// Its cells.
    pub(super) cells: csv::StringRecord,
}

impl Row {
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default()
    }
}

/// Gives rows in order, sheet after sheet, blank ones left out.
pub(super) trait RowSource: Send {
    /// Reads the next row into `row`; false at the end.
    fn read(&mut self, row: &mut Row) -> Result<bool, DecodeError>;

    /// Whether a row with fewer cells than the header is broken. In a workbook, cells that are not there are empty.
    fn is_fixed_width(&self) -> bool;

    /// The names of the sheets; empty for a file without sheets.
    fn sheets(&self) -> &[String];
}
