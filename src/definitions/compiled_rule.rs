//! A cross-column rule that is ready to run over typed rows. `engine` compiles it, `validate` runs it; neither knows
//! the other, they meet here.

use std::fmt;

use arrow::array::{BooleanArray, RecordBatch};
use arrow::error::ArrowError;

use crate::model::{RuleId, Severity};

/// Evaluates a rule's expression over typed rows: one value a row; true and null pass, false fails.
pub type RowCheck = Box<dyn Fn(&RecordBatch) -> Result<BooleanArray, ArrowError> + Send + Sync>;

/// A cross-column rule of a schema with its expression compiled.
///
/// The batch that `check` is given holds all columns of the schema ([`super::Columns::All`]) in the schema's order; a
/// cell that could not be read is null there.
pub struct CompiledRule {
    /// Its public id.
    pub id: RuleId,
    /// What a failure does: [`Severity::Warn`] or [`Severity::Quarantine`].
    pub severity: Severity,
    /// The columns a person should look at; the first is named as the place of the finding.
    pub fields: Vec<String>,
    /// Why a failing row is wrong, without its values.
    pub reason: String,
    /// How to mend it.
    pub hint: String,
    /// The expression.
    pub check: RowCheck,
}

impl fmt::Debug for CompiledRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompiledRule").field("id", &self.id).field("severity", &self.severity).finish_non_exhaustive()
    }
}
