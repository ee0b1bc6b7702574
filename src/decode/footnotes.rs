//! Notes below a table: rows at its end, after a blank one, in which only the first cell is filled, and which could not be
//! accepted as rows. Whatever could be a row stays one, and is then judged like any other.

use arrow::array::{Array, StringArray};

use crate::definitions::Schema;
use crate::model::COVERED_CELL;

use super::chunk::TextChunk;

/// More are no notes.
const MAX_NOTES: usize = 200;

/// Which rows can be notes at all.
pub(super) struct NotePolicy {
    /// A column other than the first must be filled: a row with the first cell alone can never be accepted.
    needs_more: bool,
}

impl NotePolicy {
    pub(super) fn new(columns: &[String], schema: &Schema) -> Self {
        let others = columns.iter().skip(1).filter_map(|name| schema.find_delivered(name));
        Self { needs_more: others.into_iter().any(|field| schema.is_required(field)) }
    }

    /// Takes notes off the end of the last chunk. `first` is the row at which its part begins. Gives how many they are.
    pub(super) fn strip(&self, chunk: &mut TextChunk, first: u64) -> u64 {
        let rows = chunk.rows.len();
        if !self.needs_more || rows == 0 {
            return 0;
        }
        let columns: Vec<&StringArray> =
            chunk.batch.columns().iter().filter_map(|c| c.as_any().downcast_ref()).collect();
        let is_note = |row: usize| {
            let text = columns.first().map_or("", |column| column.value(row)).trim();
            let is_blank = |text: &str| text.trim().is_empty() || text == COVERED_CELL;
            let others = columns.iter().skip(1).all(|column| is_blank(column.value(row)));
            // A key or a code has no blank or colon in it; a sentence has.
            others && text.contains([' ', ':', '\u{a0}'])
        };
        let mut start = rows;
        while start > 0 && rows - start <= MAX_NOTES && is_note(start - 1) {
            start -= 1;
        }
        // The block begins behind the first blank row in it, or right before it.
        let before = |row: usize| if row == 0 { first.saturating_sub(1) } else { chunk.rows[row - 1] };
        while start < rows && chunk.rows[start] <= before(start) + 1 {
            start += 1;
        }
        if start == rows || rows - start > MAX_NOTES {
            return 0;
        }
        let cut = chunk.rows[start];
        chunk.ragged.retain(|row| *row < cut);
        chunk.rows.truncate(start);
        chunk.batch = chunk.batch.slice(0, start);
        u64::try_from(rows - start).unwrap_or(0)
    }
}
