//! What all parts of one table have in common: its columns, limits, and how many rows were seen.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::datatypes::SchemaRef;

use crate::definitions::Schema;

use super::chunk::text_schema;
use super::dialect::Footnotes;
use super::footnotes::NotePolicy;
use super::{DecodeError, DecodeLimits};

/// One table without a layout.
pub(super) struct Table {
    pub(super) file: String,
    pub(super) schema: SchemaRef,
    /// Cells of the header as it stands in the file.
    pub(super) width: usize,
    pub(super) notes: NotePolicy,
    pub(super) footnotes: Footnotes,
    rows: AtomicU64,
    row_limit: u64,
}

impl Table {
    pub(super) fn new(
        file: &str,
        columns: &[String],
        width: usize,
        schema: &Schema,
        limits: &DecodeLimits,
        footnotes: Footnotes,
    ) -> Arc<Self> {
        Arc::new(Self {
            file: file.to_owned(),
            schema: text_schema(columns),
            width,
            notes: NotePolicy::new(columns, schema),
            footnotes,
            rows: AtomicU64::new(0),
            row_limit: limits.rows,
        })
    }

    pub(super) fn columns(&self) -> usize {
        self.schema.fields().len()
    }

    /// Counts rows of a part; fails when all together are too many.
    pub(super) fn admit(&self, rows: usize) -> Result<(), DecodeError> {
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        if self.rows.fetch_add(rows, Ordering::AcqRel).saturating_add(rows) > self.row_limit {
            return Err(DecodeError::Limit { file: self.file.clone(), what: "rows", limit: self.row_limit, row: None });
        }
        Ok(())
    }
}
