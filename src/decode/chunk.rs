//! Builds chunks of text columns. Keeps them small enough for memory and for Arrow's 32-bit offsets.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;

use super::DecodeError;
use super::records::WORD;

/// Rows of one chunk at most.
pub(super) const CHUNK_ROWS: usize = 64 << 10;
/// Bytes of text after which a chunk is full.
pub(super) const CHUNK_BYTES: usize = 8 << 20;
/// Cells of one chunk at most, empty ones included: each costs an offset.
pub(super) const CHUNK_CELLS: usize = 2 << 20;

/// Some rows of a file as text columns.
#[derive(Clone, Debug)]
pub struct TextChunk {
    /// One nullable `Utf8` column a column of the file; an empty cell is an empty text.
    pub batch: RecordBatch,
    /// The row in the file of each row here; rows that come from one row share its number.
    pub rows: Vec<u64>,
    /// The sheet they come from.
    pub sheet: Option<Arc<str>>,
    /// Numbers of rows with too many or too few cells; here they are cut or padded.
    pub ragged: Vec<u64>,
}

/// The columns of chunks: all are text, and there may be no row.
pub(super) fn text_schema(names: &[String]) -> SchemaRef {
    let fields: Vec<Field> = names.iter().map(|name| Field::new(name, DataType::Utf8, true)).collect();
    Arc::new(Schema::new(fields))
}

/// How many rows of so many columns one chunk takes.
pub(super) fn rows_per_chunk(columns: usize) -> usize {
    (CHUNK_CELLS / columns.max(1)).clamp(64, CHUNK_ROWS)
}

/// The texts of one column, one after the other.
#[derive(Debug)]
pub(super) struct TextColumn {
    values: Vec<u8>,
    ends: Vec<i32>,
}

impl TextColumn {
    pub(super) fn with_capacity(rows: usize, bytes: usize) -> Self {
        let mut ends = Vec::with_capacity(rows + 1);
        ends.push(0);
        Self { values: Vec::with_capacity(bytes), ends }
    }

    /// Adds to the cell that is open.
    #[inline]
    pub(super) fn push(&mut self, piece: &[u8]) {
        self.values.extend_from_slice(piece);
    }

    /// Adds the first bytes of a word.
    #[inline]
    pub(super) fn push_short(&mut self, word: [u8; WORD], length: usize) {
        let end = self.values.len() + length;
        self.values.extend_from_slice(&word);
        self.values.truncate(end);
    }

    /// Closes the open cell.
    #[inline]
    pub(super) fn end_cell(&mut self) {
        // A chunk's text is kept far below two gigabytes by whoever fills it.
        self.ends.push(i32::try_from(self.values.len()).unwrap_or(i32::MAX));
    }

    /// Takes the last cell back.
    pub(super) fn drop_last(&mut self) {
        if self.ends.len() > 1 {
            self.ends.pop();
        }
        self.values.truncate(self.ends.last().and_then(|end| usize::try_from(*end).ok()).unwrap_or(0));
    }

    /// The column; fails where a cell is not UTF-8.
    pub(super) fn finish(self) -> Result<ArrayRef, ArrowError> {
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.ends));
        Ok(Arc::new(StringArray::try_new(offsets, Buffer::from_vec(self.values), None)?))
    }
}

/// Fills chunks row by row.
pub(super) struct ChunkBuilder {
    schema: SchemaRef,
    columns: Vec<TextColumn>,
    rows: Vec<u64>,
    ragged: Vec<u64>,
    bytes: usize,
    row_limit: usize,
}

impl ChunkBuilder {
    pub(super) fn new(names: &[String]) -> Self {
        Self::with_schema(text_schema(names))
    }

    pub(super) fn with_schema(schema: SchemaRef) -> Self {
        let columns = empty_columns(&schema);
        let row_limit = rows_per_chunk(columns.len());
        Self { schema, columns, rows: Vec::new(), ragged: Vec::new(), bytes: 0, row_limit }
    }

    pub(super) fn push<'a>(&mut self, number: u64, cells: impl Iterator<Item = &'a str>, is_ragged: bool) {
        for (column, cell) in self.columns.iter_mut().zip(cells.chain(std::iter::repeat(""))) {
            column.push(cell.as_bytes());
            column.end_cell();
            self.bytes += cell.len();
        }
        self.rows.push(number);
        if is_ragged {
            self.ragged.push(number);
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= self.row_limit || self.bytes >= CHUNK_BYTES
    }

    /// Takes what is there; nothing if no row is.
    pub(super) fn take(&mut self, file: &str, sheet: Option<Arc<str>>) -> Option<Result<TextChunk, DecodeError>> {
        if self.rows.is_empty() {
            return None;
        }
        let columns = std::mem::replace(&mut self.columns, empty_columns(&self.schema));
        let rows = std::mem::take(&mut self.rows);
        let ragged = std::mem::take(&mut self.ragged);
        self.bytes = 0;
        let arrays: Result<Vec<ArrayRef>, ArrowError> = columns.into_iter().map(TextColumn::finish).collect();
        let batch = arrays.and_then(|arrays| RecordBatch::try_new(self.schema.clone(), arrays));
        let chunk = batch.map(|batch| TextChunk { batch, rows, sheet, ragged });
        Some(chunk.map_err(|source| DecodeError::Batch { file: file.to_owned(), source }))
    }
}

fn empty_columns(schema: &SchemaRef) -> Vec<TextColumn> {
    schema.fields().iter().map(|_| TextColumn::with_capacity(0, 0)).collect()
}
