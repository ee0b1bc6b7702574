//! What comes out of a check.

use std::sync::Arc;

use arrow::array::RecordBatch;

use super::keys::KeyColumn;
use crate::model::Finding;

/// Rows that were checked one by one. What needs other rows (keys, tolerances, rules over sets) is still to be done.
#[derive(Debug)]
pub struct CheckedChunk {
    /// Every row, all columns of [`crate::definitions::Columns::All`], null where a cell could not be read.
    pub typed: RecordBatch,
    /// The row in the file of each.
    pub rows: Vec<u64>,
    /// Their sheet.
    pub sheet: Option<Arc<str>>,
    /// Rows that cannot be accepted.
    pub bad: Vec<bool>,
    /// What was found, with the index of the row here, by index.
    pub findings: Vec<(u32, Finding)>,
    /// One a key that no two rows share, the primary key first, then [`crate::definitions::Schema::unique_keys`] without
    /// those that equal it. [`super::Validator::keys`] names them.
    pub keys: Vec<KeyColumn>,
    /// How many cells of each field ([`crate::definitions::Schema::fields`], in order) are not of its type.
    pub fits: Vec<TypeFit>,
    /// The rows as delivered, for the quarantine.
    pub text: RecordBatch,
}

/// How well a column fits its type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TypeFit {
    /// Cells that hold something, codes for nothing left out.
    pub filled: u64,
    /// Those that are no value of the type.
    pub misfits: u64,
}

impl TypeFit {
    /// Adds the cells of another chunk.
    pub fn add(&mut self, other: Self) {
        self.filled += other.filled;
        self.misfits += other.misfits;
    }
}
