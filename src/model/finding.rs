//! Findings: failed checks, which are data and not errors.

use std::borrow::Cow;
use std::fmt;

/// A public, never reused rule id such as `V012`. Listed in `docs/rules.md`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct RuleId(pub Cow<'static, str>);

impl RuleId {
    /// A rule id of the program's own.
    #[must_use]
    pub const fn of(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What a failed check does to its row, its file or the run. Ordered from harmless to grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Mended by a fixed rule; the row is accepted.
    Repair,
    /// Kept and flagged.
    Warn,
    /// The row is set aside.
    Quarantine,
    /// The file is refused.
    Refuse,
    /// The run stops.
    Stop,
}

/// Stands in the text of a workbook's cell whose formula has no stored value; checking it gives a finding.
pub const NOT_CALCULATED: &str = "#NOT CALCULATED!";

/// Stands in the text of a workbook's cell over which the one on its left is merged; checking it gives a finding.
pub const COVERED_CELL: &str = "#MERGED!";

/// Where a finding lies. Rows count from 1 as in the file, header included, so that a person finds the row at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// The file's name without its folder.
    pub file: String,
    /// The sheet, where the file has sheets.
    pub sheet: Option<String>,
    /// The row in the file.
    pub row: Option<u64>,
    /// The column's name.
    pub column: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(f, " > sheet {sheet}")?;
        }
        if let Some(row) = self.row {
            write!(f, " > row {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, " > {column}")?;
        }
        Ok(())
    }
}

/// One failed check.
///
/// `value` may be personal or commercially sensitive: it goes to the quarantine file and nowhere else. `Debug` and
/// `Display` leave it out.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Finding {
    /// Which rule failed.
    pub rule: RuleId,
    /// What the failure does.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// The value as delivered, for the quarantine file only.
    pub value: Option<String>,
    /// Why, without the value.
    pub reason: String,
    /// How to mend it.
    pub hint: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {} ({})", self.place, self.rule, self.reason, self.hint)
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finding")
            .field("rule", &self.rule)
            .field("severity", &self.severity)
            .field("place", &self.place)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}
