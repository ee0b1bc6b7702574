//! Rows of a sheet on their way from the reader's thread to columns: cells as they were read, texts in one buffer.

use std::sync::Arc;

use arrow::array::RecordBatch;
use calamine::ExcelDateTime;

use super::DecodeError;
use super::cell::{Value, write_shown, write_value};
use super::chunk::{TextChunk, TextColumn};
use super::header::NumberedRow;
use super::table::Table;

/// A cell as it was read; texts lie in the block's buffer.
#[derive(Clone, Copy, Debug)]
enum Stored {
    Text(usize, usize),
    Integer(i64),
    Number(f64),
    Percent(f64),
    Time(ExcelDateTime),
    Clock(f64),
    Flag(bool),
    Error(&'static str),
    NotCalculated,
    Covered,
}

/// Rows with their cells, in the order of the sheet; blank rows are left out.
#[derive(Debug, Default)]
pub(super) struct RawBlock {
    text: String,
    cells: Vec<(usize, Stored)>,
    /// Each row's number and where its cells end.
    rows: Vec<(u64, usize)>,
}

impl RawBlock {
    pub(super) fn push(&mut self, column: usize, value: &Value<'_>) {
        let stored = match *value {
            Value::Text(text) => {
                let start = self.text.len();
                self.text.push_str(text);
                Stored::Text(start, self.text.len())
            }
            Value::Integer(number) => Stored::Integer(number),
            Value::Number(number) => Stored::Number(number),
            Value::Percent(number) => Stored::Percent(number),
            Value::Time(time) => Stored::Time(time),
            Value::Clock(days) => Stored::Clock(days),
            Value::Flag(flag) => Stored::Flag(flag),
            Value::Error(text) => Stored::Error(text),
            Value::NotCalculated => Stored::NotCalculated,
            Value::Covered => Stored::Covered,
        };
        self.cells.push((column, stored));
    }

    /// The columns of the row that is open.
    pub(super) fn open_columns(&self) -> impl Iterator<Item = usize> {
        self.cells[self.end()..].iter().map(|(column, _)| *column)
    }

    pub(super) fn end_row(&mut self, number: u64) {
        self.rows.push((number, self.cells.len()));
    }

    /// Takes the open row back.
    pub(super) fn drop_row(&mut self) {
        self.cells.truncate(self.end());
    }

    fn end(&self) -> usize {
        self.rows.last().map_or(0, |(_, end)| *end)
    }

    pub(super) fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// Bytes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + self.cells.len() * 16
    }

    pub(super) fn text_bytes(&self) -> usize {
        self.text.len()
    }

    /// Puts the rows of another block below.
    pub(super) fn append(&mut self, other: &Self) {
        let (text, cells) = (self.text.len(), self.cells.len());
        self.text.push_str(&other.text);
        self.cells.extend(other.cells.iter().map(|(column, stored)| match *stored {
            Stored::Text(start, end) => (*column, Stored::Text(start + text, end + text)),
            stored => (*column, stored),
        }));
        self.rows.extend(other.rows.iter().map(|(number, end)| (*number, end + cells)));
    }

    /// The cells of each row.
    fn rows(&self) -> impl Iterator<Item = (u64, &[(usize, Stored)])> {
        let starts = std::iter::once(0).chain(self.rows.iter().map(|(_, end)| *end));
        self.rows.iter().zip(starts).map(|((number, end), start)| (*number, &self.cells[start..*end]))
    }

    fn value(&self, stored: Stored) -> Value<'_> {
        match stored {
            Stored::Text(start, end) => Value::Text(&self.text[start..end]),
            Stored::Integer(number) => Value::Integer(number),
            Stored::Number(number) => Value::Number(number),
            Stored::Percent(number) => Value::Percent(number),
            Stored::Time(time) => Value::Time(time),
            Stored::Clock(days) => Value::Clock(days),
            Stored::Flag(flag) => Value::Flag(flag),
            Stored::Error(text) => Value::Error(text),
            Stored::NotCalculated => Value::NotCalculated,
            Stored::Covered => Value::Covered,
        }
    }

    /// The first cell with a formula that was never calculated: its row, from 1, and its column, from 0.
    pub(super) fn find_not_calculated(&self) -> Option<(u64, usize)> {
        let in_row =
            |cells: &[(usize, Stored)]| cells.iter().find(|(_, s)| matches!(s, Stored::NotCalculated)).copied();
        self.rows().find_map(|(number, cells)| in_row(cells).map(|(column, _)| (number, column)))
    }

    /// At most `limit` of the rows, as texts: numbers as they are stored, and nothing in cells that a merged one covers.
    pub(super) fn to_rows(&self, limit: usize) -> Vec<NumberedRow> {
        let text_row = |(number, cells): (u64, &[(usize, Stored)])| {
            let mut texts: Vec<String> = Vec::new();
            for (column, stored) in cells {
                if *column >= texts.len() {
                    texts.resize(column + 1, String::new());
                }
                texts[*column].clear();
                write_value(&mut texts[*column], &self.value(*stored));
            }
            (number, texts)
        };
        self.rows().take(limit).map(text_row).collect()
    }
}

/// Rows of a sheet that is a table.
pub(super) struct CellBlock {
    pub(super) block: RawBlock,
    pub(super) table: Arc<Table>,
    pub(super) sheet: Option<Arc<str>>,
    /// The header's row: it and what stands above are no data.
    pub(super) header_row: u64,
    pub(super) is_last: bool,
}

impl CellBlock {
    pub(super) fn decode(self) -> Result<TextChunk, DecodeError> {
        let Self { block, table, sheet, header_row, is_last } = self;
        let width = table.columns();
        let share = block.bytes() / width.max(1);
        let mut columns: Vec<TextColumn> =
            (0..width).map(|_| TextColumn::with_capacity(block.row_count(), share)).collect();
        let (mut rows, mut ragged) = (Vec::with_capacity(block.row_count()), Vec::new());
        let mut slots: Vec<Option<Stored>> = vec![None; width];
        let mut scratch = String::new();
        for (number, cells) in block.rows().filter(|(number, _)| *number > header_row) {
            let mut is_ragged = false;
            for (column, stored) in cells {
                match slots.get_mut(*column) {
                    Some(slot) => *slot = Some(*stored),
                    None => is_ragged = is_ragged || !block.value(*stored).is_blank(),
                }
            }
            for (slot, column) in slots.iter_mut().zip(&mut columns) {
                match slot.take() {
                    None => {}
                    Some(Stored::Text(start, end)) => column.push(&block.text.as_bytes()[start..end]),
                    Some(stored) => {
                        scratch.clear();
                        write_shown(&mut scratch, &block.value(stored));
                        column.push(scratch.as_bytes());
                    }
                }
                column.end_cell();
            }
            rows.push(number);
            if is_ragged {
                ragged.push(number);
            }
        }
        let arrays: Result<Vec<_>, _> = columns.into_iter().map(TextColumn::finish).collect();
        let batch = arrays.and_then(|arrays| RecordBatch::try_new(table.schema.clone(), arrays));
        let batch = batch.map_err(|source| DecodeError::Batch { file: table.file.clone(), source })?;
        let first = block.rows.first().map_or(0, |(number, _)| *number).max(header_row + 1);
        let mut chunk = TextChunk { batch, rows, sheet, ragged };
        if is_last {
            table.footnotes.add(table.notes.strip(&mut chunk, first));
        }
        table.admit(chunk.rows.len())?;
        Ok(chunk)
    }
}
