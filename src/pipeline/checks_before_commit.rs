//! What is asked about a whole extract before it is committed: whether it agrees with its manifest, and with the extract
//! before it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{PipelineError, Workspace};
use crate::definitions::Schema;
use crate::model::{ContentHash, ExtractName, Finding};

/// What an extract adds up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtractTotals {
    /// Rows read.
    pub rows_in: u64,
    /// Rows accepted.
    pub accepted: u64,
    /// Rows set aside.
    pub quarantined: u64,
    /// By column of numbers: the sum over all rows read. A sum of more than 28 digits is left out.
    pub sums: BTreeMap<String, Decimal>,
    /// By column that the schema watches and category: rows read.
    pub shares: BTreeMap<String, BTreeMap<String, u64>>,
}

/// The extract that is about to be committed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) path: &'a std::path::Path,
    pub(super) name: &'a ExtractName,
    pub(super) schema: &'a Schema,
    pub(super) hash: &'a ContentHash,
}

/// Everything that speaks against committing the extract, or is to be said about it.
#[expect(clippy::unused_async, reason = "the checks read the ledger")]
pub(super) async fn check_before_commit(
    _workspace: &Workspace,
    _candidate: Candidate<'_>,
    _totals: &ExtractTotals,
) -> Result<Vec<Finding>, PipelineError> {
    Ok(Vec::new())
}
