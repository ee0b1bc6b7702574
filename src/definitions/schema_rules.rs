//! Rules of a schema over several rows, and how much an extract may differ from the one before it.

use rust_decimal::Decimal;

use crate::model::{RuleId, Severity};

/// A rule over several rows of an extract, or over other datasets, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetRule {
    /// Its public id.
    pub id: RuleId,
    /// What a failure does; never [`Severity::Repair`].
    pub severity: Severity,
    /// The columns a person should look at.
    pub fields: Vec<String>,
    /// SQL over [`SET_RULE_TABLE`] and the datasets of the lake that gives [`SET_RULE_ROW`] of each failing row.
    pub query: String,
    /// Why a failing row is wrong.
    pub reason: String,
    /// How to mend it.
    pub hint: String,
    /// The share of an extract's rows that may fail.
    pub tolerance: Option<Decimal>,
}

/// The table that a set rule reads: the accepted rows of the extract, all columns typed, [`SET_RULE_ROW`] and
/// [`super::LINEAGE_ROW`].
pub const SET_RULE_TABLE: &str = "incoming";

/// The column by which a set rule names a row: its number in the extract, from 0.
pub const SET_RULE_ROW: &str = "_n";

/// How much an extract may differ from the one before it (domain, section 1.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stability {
    /// The share of rows that may be lost.
    pub row_drop: Option<Decimal>,
    /// What a failure does.
    pub severity: Severity,
    /// Columns whose distribution over their values is watched.
    pub shares: Vec<String>,
    /// By how many standard deviations a share may move.
    pub deviations: Decimal,
}
