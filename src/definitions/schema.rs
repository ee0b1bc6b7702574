//! The contract of a dataset: a Frictionless Table Schema with our own keys under `mesur`. Here are the checked types;
//! `schema_load` reads them. Knows nothing of files being ingested.

use std::collections::BTreeMap;

use super::schema_rules::{Expected, Stability};
use crate::model::{DatasetName, RuleId, Severity, SupplierCode};

/// A dataset's contract, checked.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The dataset it describes.
    pub dataset: DatasetName,
    /// A short name for people.
    pub title: String,
    /// What one row is.
    pub description: String,
    /// Rises with every change of the contract.
    pub version: u32,
    /// The columns, in order.
    pub fields: Vec<Field>,
    /// Names of the fields that identify a row; never empty.
    pub primary_key: Vec<String>,
    /// Other sets of fields that no two rows share.
    pub unique_keys: Vec<Vec<String>>,
    /// Where values must exist elsewhere.
    pub foreign_keys: Vec<ForeignKey>,
    /// Texts that stand for no value.
    pub missing_values: Vec<String>,
    /// How extracts of one supplier follow each other.
    pub mode: ExtractMode,
    /// Who may deliver it. Empty: anybody.
    pub suppliers: Vec<SupplierCode>,
    /// When it is due, if that is fixed.
    pub expected: Option<Expected>,
    /// What a changed header does.
    pub drift: Drift,
    /// Rules over several columns of one row.
    pub rules: Vec<RowRule>,
    /// How much an extract may differ from the one before, if that is watched.
    pub stability: Option<Stability>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in files, tables and SQL.
    pub name: String,
    /// A short name for people.
    pub title: String,
    /// What it holds.
    pub description: String,
    /// What its texts are read as.
    pub kind: FieldKind,
    /// Who may see it.
    pub sensitivity: Sensitivity,
    /// What it is measured in.
    pub unit: Option<String>,
    /// What its values must satisfy.
    pub constraints: Constraints,
    /// Fixed mendings, tried in order before anything is checked.
    pub repairs: Vec<Repair>,
}

/// What a column's texts are read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Text as it is.
    Text,
    /// A whole number of 64 bits.
    Integer {
        /// The thousands separator, where the supplier writes one.
        group: Option<char>,
    },
    /// An exact decimal.
    Number {
        /// All digits, at most 38.
        precision: u8,
        /// Digits after the point.
        scale: i8,
        /// The thousands separator, where the supplier writes one.
        group: Option<char>,
    },
    /// A day, `YYYY-MM-DD`.
    Date,
    /// An instant, ISO 8601 with its offset from UTC; kept in microseconds.
    Timestamp,
    /// True or false.
    Boolean {
        /// Texts for true.
        truths: Vec<String>,
        /// Texts for false.
        falsehoods: Vec<String>,
    },
}

/// Who may see a column (domain, section 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Sensitivity {
    /// Anybody.
    Pub,
    /// The organisation.
    Int,
    /// Personal data: kept apart, never seen by SQL.
    Pers,
    /// Commercially sensitive: leaves only through disclosure control.
    Csi,
}

/// What the values of a column must satisfy. Limits hold for the typed value and are included.
#[derive(Clone, Debug, Default)]
pub struct Constraints {
    /// A value must be there.
    pub required: bool,
    /// No two rows share a value.
    pub unique: bool,
    /// The whole text matches.
    pub pattern: Option<regex::Regex>,
    /// The pattern as written.
    pub pattern_source: Option<String>,
    /// The text is one of these. Empty: any.
    pub allowed: Vec<String>,
    /// Not below.
    pub minimum: Option<Bound>,
    /// Not above.
    pub maximum: Option<Bound>,
    /// At least so many characters.
    pub min_length: Option<usize>,
    /// At most so many characters.
    pub max_length: Option<usize>,
}

/// A limit in the units in which the column is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// An integer; a decimal times ten to its scale; days, or microseconds, since 1970-01-01.
    pub stored: i128,
    /// As written, for messages.
    pub text: String,
}

/// A fixed mending of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// White space at both ends goes.
    Trim,
    /// Capital letters.
    Upper,
    /// A number of fewer than eight digits gets leading zeros, as company numbers have.
    Pad8,
    /// A known wrong value becomes the right one.
    Map(BTreeMap<String, String>),
}

/// Values of `fields` must exist as `reference_fields` of another dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// Columns here.
    pub fields: Vec<String>,
    /// The other dataset; this one when it refers to itself.
    pub resource: DatasetName,
    /// Columns there.
    pub reference_fields: Vec<String>,
}

/// How extracts of one supplier follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ExtractMode {
    /// Each extract is the whole truth of its supplier and replaces the one before.
    Snapshot,
    /// Each extract adds to those before.
    Increment,
}

/// What a changed header does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drift {
    /// A column that the schema does not know.
    pub added: DriftAction,
    /// A column that the file does not have.
    pub missing: DriftAction,
    /// Another order of columns.
    pub reordered: DriftAction,
}

/// What to do about a changed header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriftAction {
    /// Refuse the file.
    Refuse,
    /// Go on and say so.
    Warn,
    /// Go on.
    Allow,
}

/// A rule over several columns of one row, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowRule {
    /// Its public id.
    pub id: RuleId,
    /// [`Severity::Warn`] or [`Severity::Quarantine`].
    pub severity: Severity,
    /// The columns a person should look at.
    pub fields: Vec<String>,
    /// A boolean SQL expression over the row; true and null pass.
    pub expression: String,
    /// Why a failing row is wrong.
    pub reason: String,
    /// How to mend it.
    pub hint: String,
}

impl Schema {
    /// The column of a name.
    #[must_use]
    pub fn find_field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether a column must have a value: it is required or part of the primary key.
    #[must_use]
    pub fn is_required(&self, field: &Field) -> bool {
        field.constraints.required || self.primary_key.contains(&field.name)
    }
}
