//! The contract of a dataset: a Frictionless Table Schema with our own keys under `mesur`. Here are the checked types;
//! `schema_load` reads them. Knows nothing of files being ingested.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::date_form::DateForm;
use super::number_form::NumberForm;
use super::schema_rules::{Drift, Expected, RowRule, SetRule, Stability};
use super::status_codes::StatusCodes;
use super::text_format::TextFormat;
use crate::model::{DatasetName, RuleId, SupplierCode};

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
    /// Columns of the lake beside them that no file has: `<name>_status` of each field whose codes go there.
    pub implied: Vec<Field>,
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
    /// Rules over several rows, or over other datasets.
    pub set_rules: Vec<SetRule>,
    /// The field that names the row by which a row was replaced; foreign keys follow it.
    pub successor: Option<String>,
    /// How much an extract may differ from the one before, if that is watched.
    pub stability: Option<Stability>,
    /// The field with the day that a row belongs to; rows that come or change after its quarter was closed are revisions.
    pub dated_by: Option<String>,
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
    /// How numbers may be written.
    pub number: NumberForm,
    /// How days may be written; never empty.
    pub dates: Vec<DateForm>,
    /// Texts that stand for no value, or beside one, and say why.
    pub status: Option<StatusCodes>,
    /// Other names under which the column has come.
    pub aliases: Vec<String>,
    /// Not expected in files.
    pub is_derived: bool,
    /// Text that people wrote: kept from SQL, in the restricted area.
    pub is_free_text: bool,
}

/// What a column's texts are read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Text as it is.
    Text,
    /// A whole number of 64 bits.
    Integer,
    /// An exact decimal.
    Number {
        /// All digits, at most 38.
        precision: u8,
        /// Digits after the point.
        scale: i8,
    },
    /// A day.
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
    /// The whole text is one of this kind.
    pub format: Option<TextFormat>,
    /// The pattern as written.
    pub pattern_source: Option<String>,
    /// The text is one of these. Empty: any.
    pub allowed: Vec<String>,
    /// The same in stored units, sorted. Empty for texts.
    pub allowed_stored: Vec<i128>,
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

impl Constraints {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let limits = self.minimum.is_some() || self.maximum.is_some();
        let lengths = self.min_length.is_some() || self.max_length.is_some();
        let texts = self.pattern.is_some() || self.format.is_some() || !self.allowed.is_empty();
        !(self.required || self.unique || limits || lengths || texts)
    }
}

impl Schema {
    /// The column of a name.
    #[must_use]
    pub fn find_field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The column of a name, or of one of the names it has had.
    #[must_use]
    pub fn find_delivered(&self, name: &str) -> Option<&Field> {
        let by_alias = || self.fields.iter().find(|field| field.aliases.iter().any(|alias| alias == name));
        self.find_field(name).or_else(by_alias)
    }

    /// The share of an extract's rows that may fail a rule of this schema, where it states one.
    #[must_use]
    pub fn tolerance(&self, rule: &RuleId) -> Option<Decimal> {
        let of_rows = self.rules.iter().find(|own| own.id == *rule).map(|own| own.tolerance);
        let of_sets = || self.set_rules.iter().find(|own| own.id == *rule).map(|own| own.tolerance);
        of_rows.or_else(of_sets).flatten()
    }

    /// Whether anything at all is checked beyond types and the primary key.
    #[must_use]
    pub fn has_rules(&self) -> bool {
        let keys = !self.unique_keys.is_empty() || !self.foreign_keys.is_empty();
        let rules = !self.rules.is_empty() || !self.set_rules.is_empty();
        keys || rules || self.fields.iter().any(|field| !field.constraints.is_empty())
    }

    /// Whether a column must have a value: it is required or part of the primary key.
    #[must_use]
    pub fn is_required(&self, field: &Field) -> bool {
        field.constraints.required || self.primary_key.contains(&field.name)
    }
}
