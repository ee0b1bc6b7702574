//! What is found about the rows of a chunk while they are checked.

use std::sync::Arc;

use crate::model::{Finding, Place, RuleId, Severity};

/// The rows of a chunk and what was found about them.
pub(super) struct RowNotes<'a> {
    pub(super) file: &'a str,
    pub(super) sheet: Option<&'a Arc<str>>,
    pub(super) rows: &'a [u64],
    /// Which rows cannot be accepted.
    pub(super) bad: Vec<bool>,
    /// Findings with the index of their row in the chunk.
    pub(super) findings: Vec<(u32, Finding)>,
}

impl RowNotes<'_> {
    /// Notes a finding; one of [`Severity::Quarantine`] or graver makes the row unacceptable. Only such a one carries
    /// the value.
    #[cold]
    pub(super) fn add(
        &mut self,
        index: usize,
        column: Option<&str>,
        rule: RuleId,
        severity: Severity,
        value: Option<&str>,
        (reason, hint): (String, String),
    ) {
        let is_bad = severity >= Severity::Quarantine;
        self.bad[index] |= is_bad;
        let place = Place {
            file: self.file.to_owned(),
            sheet: self.sheet.map(ToString::to_string),
            row: Some(self.rows[index]),
            column: column.map(str::to_owned),
        };
        let value = value.filter(|_| is_bad).map(str::to_owned);
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        self.findings.push((index, Finding { rule, severity, place, value, reason, hint }));
    }
}
