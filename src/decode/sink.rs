//! What becomes of the cells of delimited text: columns, rows one by one, or nothing.

use super::chunk::TextColumn;
use super::records::{RecordSink, WORD};

/// Drops everything; for finding out what is wrong.
pub(super) struct NoSink;

impl RecordSink for NoSink {
    fn push(&mut self, _: &[u8]) {}

    fn end_cell(&mut self) {}

    fn end_row(&mut self, _: u64, _: usize) -> bool {
        true
    }
}

/// Columns. Blank rows are left out; rows of another width than the header's are cut or padded and noted.
pub(super) struct ColumnSink {
    pub(super) columns: Vec<TextColumn>,
    pub(super) rows: Vec<u64>,
    pub(super) ragged: Vec<u64>,
    /// Cells of the header as it stands in the file: phantoms behind the columns kept are no fault.
    width: usize,
    cell: usize,
    is_filled: bool,
    is_filled_beyond: bool,
}

impl ColumnSink {
    pub(super) fn new(columns: usize, width: usize, rows: usize, bytes: usize) -> Self {
        let share = bytes / columns.max(1);
        Self {
            columns: (0..columns).map(|_| TextColumn::with_capacity(rows, share)).collect(),
            rows: Vec::with_capacity(rows),
            ragged: Vec::new(),
            width,
            cell: 0,
            is_filled: false,
            is_filled_beyond: false,
        }
    }
}

impl RecordSink for ColumnSink {
    #[inline]
    fn push(&mut self, piece: &[u8]) {
        match self.columns.get_mut(self.cell) {
            Some(column) => {
                column.push(piece);
                if !self.is_filled {
                    self.is_filled = has_text(piece);
                }
            }
            None => self.is_filled_beyond = self.is_filled_beyond || has_text(piece),
        }
    }

    #[inline]
    fn push_short(&mut self, word: [u8; WORD], length: usize) {
        match self.columns.get_mut(self.cell) {
            Some(column) => {
                column.push_short(word, length);
                if !self.is_filled {
                    self.is_filled = has_text(&word[..length]);
                }
            }
            None => self.is_filled_beyond = self.is_filled_beyond || has_text(&word[..length]),
        }
    }

    #[inline]
    fn end_cell(&mut self) {
        if let Some(column) = self.columns.get_mut(self.cell) {
            column.end_cell();
        }
        self.cell += 1;
    }

    #[inline]
    fn end_row(&mut self, row: u64, cells: usize) -> bool {
        for column in self.columns.iter_mut().skip(cells) {
            column.end_cell();
        }
        if self.is_filled || self.is_filled_beyond {
            self.rows.push(row);
            if cells < self.columns.len() || cells > self.width || self.is_filled_beyond {
                self.ragged.push(row);
            }
        } else {
            self.columns.iter_mut().for_each(TextColumn::drop_last);
        }
        (self.cell, self.is_filled, self.is_filled_beyond) = (0, false, false);
        true
    }
}

/// Whether there is anything but white space.
#[inline]
fn has_text(piece: &[u8]) -> bool {
    match piece.first() {
        None => false,
        Some(b'!'..=b'~') => true,
        Some(_) => !String::from_utf8_lossy(piece).trim().is_empty(),
    }
}

/// Rows one by one, blank ones left out.
#[derive(Default)]
pub(super) struct RowSink {
    pub(super) rows: Vec<(u64, Vec<String>)>,
    cells: Vec<String>,
    cell: Vec<u8>,
    limit: usize,
}

impl RowSink {
    /// Stops after so many rows.
    pub(super) fn with_limit(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }
}

impl RecordSink for RowSink {
    fn push(&mut self, piece: &[u8]) {
        self.cell.extend_from_slice(piece);
    }

    fn end_cell(&mut self) {
        self.cells.push(String::from_utf8_lossy(&self.cell).into_owned());
        self.cell.clear();
    }

    fn end_row(&mut self, row: u64, _: usize) -> bool {
        let cells = std::mem::take(&mut self.cells);
        if cells.iter().any(|cell| !cell.trim().is_empty()) {
            self.rows.push((row, cells));
        }
        self.rows.len() < self.limit
    }
}
