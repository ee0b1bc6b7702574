//! A piece of a file that can be decoded on any thread. The pieces come in file order; each knows its rows.

use std::sync::Arc;

use arrow::array::RecordBatch;
use memchr::memchr;

use super::block::CellBlock;
use super::chunk::{TextChunk, TextColumn};
use super::error::Fault;
use super::records::{Grammar, count, read_records};
use super::sink::ColumnSink;
use super::split::Slice;
use super::table::Table;
use super::{DecodeError, DecodeLimits};

/// Some rows of a file, not yet text columns: at most about 64 thousand rows, or a megabyte of delimited text and one
/// row more.
pub struct Part(Content);

enum Content {
    Records(Box<Records>),
    Cells(Box<CellBlock>),
    Text(TextChunk),
}

/// Whole records of delimited text.
pub(super) struct Records {
    pub(super) slice: Slice,
    pub(super) grammar: Arc<Grammar>,
    pub(super) table: Arc<Table>,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            Content::Records(_) => "Part of delimited text",
            Content::Cells(_) => "Part of a sheet",
            Content::Text(_) => "Part of text columns",
        })
    }
}

impl Part {
    pub(super) fn records(records: Records) -> Self {
        Self(Content::Records(Box::new(records)))
    }

    pub(super) fn cells(block: CellBlock) -> Self {
        Self(Content::Cells(Box::new(block)))
    }

    pub(super) fn text(chunk: TextChunk) -> Self {
        Self(Content::Text(chunk))
    }

    /// Reads the rows into text columns. Needs the processor only; parts may be decoded on any thread in any order.
    ///
    /// # Errors
    /// When the file must be refused: wrong quotes, a limit exceeded, bytes that are no text. Of several errors, that of
    /// the earliest part is the first in the file.
    pub fn decode(self) -> Result<Vec<TextChunk>, DecodeError> {
        let chunk = match self.0 {
            Content::Records(records) => records.decode()?,
            Content::Cells(block) => block.decode()?,
            Content::Text(chunk) => chunk,
        };
        Ok(if chunk.rows.is_empty() { Vec::new() } else { vec![chunk] })
    }
}

impl Records {
    fn decode(self) -> Result<TextChunk, DecodeError> {
        let Self { slice, grammar, table } = self;
        let fail = |fault: Fault| fault.into_error(&table.file);
        let bytes = slice.bytes.as_slice();
        let rows = usize::try_from(slice.rows).unwrap_or(0);
        let mut sink = ColumnSink::new(table.columns(), table.width, rows, bytes.len());
        if let Some(nul) = memchr(0, bytes) {
            // What is wrong before it comes first; a quote that is open there is not.
            return match read_records(&bytes[..nul], slice.from, &grammar, &mut sink) {
                Err(fault @ (Fault::StrayQuote { .. } | Fault::Limit { .. })) => Err(fail(fault)),
                _ => Err(fail(Fault::Binary { line: slice.from.line + count(&bytes[..nul]) })),
            };
        }
        read_records(bytes, slice.from, &grammar, &mut sink).map_err(fail)?;
        let ColumnSink { columns, rows, ragged, .. } = sink;
        let arrays: Result<Vec<_>, _> = columns.into_iter().map(TextColumn::finish).collect();
        let batch = arrays.and_then(|arrays| RecordBatch::try_new(table.schema.clone(), arrays));
        let batch = batch.map_err(|source| match std::str::from_utf8(bytes) {
            Ok(_) => DecodeError::Batch { file: table.file.clone(), source },
            Err(error) => {
                let byte = slice.offset + u64::try_from(error.valid_up_to()).unwrap_or(0);
                DecodeError::Encoding { file: table.file.clone(), encoding: "UTF-8", byte }
            }
        })?;
        let mut chunk = TextChunk { batch, rows, sheet: None, ragged };
        if slice.is_last {
            table.footnotes.add(table.notes.strip(&mut chunk, slice.from.row));
        }
        table.admit(chunk.rows.len())?;
        Ok(chunk)
    }
}

impl Grammar {
    pub(super) fn new(delimiter: u8, quote: u8, limits: &DecodeLimits) -> Self {
        Self {
            delimiter,
            quote,
            cell_bytes: limits.cell_bytes,
            record_bytes: limits.record_bytes(),
            columns: limits.columns,
        }
    }
}
