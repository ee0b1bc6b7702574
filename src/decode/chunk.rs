//! Builds chunks of text columns. Keeps them small enough for memory and for Arrow's 32-bit offsets.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use super::DecodeError;

const CHUNK_ROWS: usize = 8192;
const CHUNK_BYTES: usize = 16 << 20;

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

pub(super) struct ChunkBuilder {
    schema: SchemaRef,
    columns: Vec<StringBuilder>,
    rows: Vec<u64>,
    ragged: Vec<u64>,
    bytes: usize,
}

impl ChunkBuilder {
    pub(super) fn new(names: &[String]) -> Self {
        let fields: Vec<Field> = names.iter().map(|name| Field::new(name, DataType::Utf8, true)).collect();
        Self {
            schema: Arc::new(Schema::new(fields)),
            columns: names.iter().map(|_| StringBuilder::new()).collect(),
            rows: Vec::new(),
            ragged: Vec::new(),
            bytes: 0,
        }
    }

    pub(super) fn push<'a>(&mut self, number: u64, cells: impl Iterator<Item = &'a str>, is_ragged: bool) {
        for (column, cell) in self.columns.iter_mut().zip(cells.chain(std::iter::repeat(""))) {
            column.append_value(cell);
            self.bytes += cell.len();
        }
        self.rows.push(number);
        if is_ragged {
            self.ragged.push(number);
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= CHUNK_ROWS || self.bytes >= CHUNK_BYTES
    }

    /// Takes what is there; nothing if no row is.
    pub(super) fn take(&mut self, file: &str, sheet: Option<Arc<str>>) -> Option<Result<TextChunk, DecodeError>> {
        if self.rows.is_empty() {
            return None;
        }
        let arrays: Vec<ArrayRef> =
            self.columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect();
        let rows = std::mem::take(&mut self.rows);
        let ragged = std::mem::take(&mut self.ragged);
        self.bytes = 0;
        let batch = RecordBatch::try_new(self.schema.clone(), arrays)
            .map_err(|source| DecodeError::Batch { file: file.to_owned(), source });
        Some(batch.map(|batch| TextChunk { batch, rows, sheet, ragged }))
    }
}

/// A piece of a file that can be decoded on any thread. The pieces come in file order; each knows its rows.
#[derive(Debug)]
pub struct Part(TextChunk);

impl Part {
    pub(super) const fn text(chunk: TextChunk) -> Self {
        Self(chunk)
    }

    /// Reads the rows into text columns. Needs the processor only; parts may be decoded on any thread in any order.
    ///
    /// # Errors
    /// When the file must be refused.
    pub fn decode(self) -> Result<Vec<TextChunk>, DecodeError> {
        Ok(vec![self.0])
    }
}
