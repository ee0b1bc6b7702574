//! What a schema says about whole rows, whole extracts and their arrival. `schema_rules_load` reads it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::model::{RuleId, Severity, SupplierCode};

/// A rule over several columns of one row, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowRule {
    /// Its public id.
    pub id: RuleId,
    /// What a failure does; never [`Severity::Repair`].
    pub severity: Severity,
    /// The columns a person should look at.
    pub fields: Vec<String>,
    /// A boolean SQL expression over the row; true and null pass.
    pub expression: String,
    /// Why a failing row is wrong.
    pub reason: String,
    /// How to mend it.
    pub hint: String,
    /// The share of an extract's rows that may fail. A [`Severity::Refuse`] rule sets rows aside up to it.
    pub tolerance: Option<Decimal>,
}

/// A rule over several rows of an extract, or over other datasets, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetRule {
    /// Its public id.
    pub id: RuleId,
    /// What a failure does; never [`Severity::Repair`].
    pub severity: Severity,
    /// The columns a person should look at.
    pub fields: Vec<String>,
    /// SQL over [`SET_RULE_TABLE`], [`SET_RULE_REFUSED`] and the datasets of the lake that gives [`SET_RULE_ROW`] of each failing row.
    pub query: String,
    /// Why a failing row is wrong.
    pub reason: String,
    /// How to mend it.
    pub hint: String,
    /// The share of an extract's rows that may fail.
    pub tolerance: Option<Decimal>,
    /// The query gives pairs: a row, and as [`SET_RULE_TARGET`] one that it needs. A row fails when all that it needs are
    /// refused by another rule, or fail this one.
    pub follows: bool,
}

/// The table that a set rule reads: the accepted rows of the extract, all columns typed, [`SET_RULE_ROW`] and
/// [`super::LINEAGE_ROW`].
pub const SET_RULE_TABLE: &str = "incoming";

/// The table of the other rows of the extract, those that were refused before set rules were asked, with the same columns. A
/// cell that cannot be read is null.
pub const SET_RULE_REFUSED: &str = "refused";

/// The column by which a set rule names a row: its number in the extract, from 0.
pub const SET_RULE_ROW: &str = "_n";

/// The number of the row that a row needs, in a rule that follows others.
pub const SET_RULE_TARGET: &str = "_target";

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

/// When extracts are due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The rhythm.
    pub calendar: Calendar,
    /// Working days after the period's end.
    pub working_days_after: u32,
    /// What is different for some suppliers; these have no suppliers of their own.
    pub suppliers: BTreeMap<SupplierCode, Expected>,
}

impl Expected {
    /// When the extracts of one supplier are due.
    #[must_use]
    pub fn of(&self, supplier: &SupplierCode) -> &Self {
        self.suppliers.get(supplier).unwrap_or(self)
    }
}

/// How often extracts are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Calendar {
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every quarter of a financial year.
    Quarterly,
    /// Every year.
    Yearly,
    /// One time only.
    Once,
}

impl Calendar {
    /// As schemas write them.
    pub(super) const WORDS: [(&'static str, Self); 5] = [
        ("weekly", Self::Weekly),
        ("monthly", Self::Monthly),
        ("quarterly", Self::Quarterly),
        ("yearly", Self::Yearly),
        ("once", Self::Once),
    ];

    /// As a schema writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Yearly => "yearly",
            Self::Once => "once",
        }
    }
}

/// What a changed file does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drift {
    /// A column that the schema does not know.
    pub added: DriftAction,
    /// A column that the file does not have.
    pub missing: DriftAction,
    /// A column under a name that it has had elsewhere.
    pub renamed: DriftAction,
    /// Another order of columns.
    pub reordered: DriftAction,
    /// A column of which more than half is not of its type.
    pub retyped: DriftAction,
}

/// What to do about a changed file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriftAction {
    /// Refuse the file.
    Refuse,
    /// Go on and say so.
    Warn,
    /// Go on.
    Allow,
}
