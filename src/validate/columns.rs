//! Types one column of a chunk: repairs, missing values, checks. Notes findings by row and leaves null where a cell
//! could not be read.

use arrow::array::{Array, ArrayRef, StringArray};

use crate::definitions::{Field, Schema};
use crate::model::{Finding, Place, Severity};

use super::cells::CellBuilder;
use super::checks::check_value;
use super::repair::repair_text;
use super::rules;

/// The rows of a chunk while they are checked.
pub(super) struct RowNotes<'a> {
    pub(super) file: &'a str,
    pub(super) sheet: Option<&'a str>,
    pub(super) rows: &'a [u64],
    /// Which rows cannot be accepted.
    pub(super) bad: Vec<bool>,
    /// Findings with the index of their row in the chunk.
    pub(super) findings: Vec<(usize, Finding)>,
}

impl RowNotes<'_> {
    /// Notes a finding; one of [`Severity::Quarantine`] makes the row unacceptable. Only such a one carries the value.
    pub(super) fn add(
        &mut self,
        index: usize,
        column: Option<&str>,
        rule: crate::model::RuleId,
        severity: Severity,
        value: Option<&str>,
        (reason, hint): (String, String),
    ) {
        let quarantines = severity >= Severity::Quarantine;
        self.bad[index] |= quarantines;
        let place = Place {
            file: self.file.to_owned(),
            sheet: self.sheet.map(str::to_owned),
            row: Some(self.rows[index]),
            column: column.map(str::to_owned),
        };
        let value = value.filter(|_| quarantines).map(str::to_owned);
        self.findings.push((index, Finding { rule, severity, place, value, reason, hint }));
    }
}

/// Types the cells of a column. `texts` is absent when the file does not have the column.
pub(super) fn type_column(
    texts: Option<&StringArray>,
    field: &Field,
    schema: &Schema,
    notes: &mut RowNotes<'_>,
) -> ArrayRef {
    let count = notes.rows.len();
    let mut builder = CellBuilder::new(&field.kind, count);
    let required = schema.is_required(field);
    let is_missing = |text: &str| schema.missing_values.iter().any(|missing| missing == text);
    let (mut repairs, mut failures) = (Vec::new(), Vec::new());
    for index in 0..count {
        let delivered = texts.filter(|texts| texts.is_valid(index)).map_or("", |texts| texts.value(index));
        if is_missing(delivered) || texts.is_none() {
            if required {
                let why = ("a value is required".to_owned(), "deliver it".to_owned());
                notes.add(
                    index,
                    Some(&field.name),
                    rules::MISSING_REQUIRED,
                    Severity::Quarantine,
                    Some(delivered),
                    why,
                );
            }
            builder.append(None);
            continue;
        }
        let text = repair_text(delivered, &field.repairs, &mut repairs);
        for repaired in repairs.drain(..) {
            let why = (repaired.reason.to_owned(), "deliver it so".to_owned());
            notes.add(index, Some(&field.name), repaired.rule, Severity::Repair, None, why);
        }
        if is_missing(&text) {
            if required {
                let why = ("a value is required".to_owned(), "deliver it".to_owned());
                notes.add(
                    index,
                    Some(&field.name),
                    rules::MISSING_REQUIRED,
                    Severity::Quarantine,
                    Some(delivered),
                    why,
                );
            }
            builder.append(None);
            continue;
        }
        let stored = check_value(&text, field, &mut failures);
        builder.append(stored.map(|stored| (text.as_ref(), stored)));
        for (rule, reason, hint) in failures.drain(..) {
            notes.add(index, Some(&field.name), rule, Severity::Quarantine, Some(delivered), (reason, hint));
        }
    }
    builder.finish()
}
