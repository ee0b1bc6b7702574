//! A column that is no longer what it was: one finding instead of one a row.

use crate::definitions::Schema;
use crate::model::{Finding, Place};

use super::chunk::TypeFit;
use super::header::severity_of;
use super::rules;

/// Fewer cells say nothing about a column.
const LEAST_CELLS: u64 = 10;

/// The columns of which more than half is not of their type. `fits` are the sums over all chunks of an extract, one a
/// field. The severity is that of `mesur.drift.retyped`.
#[must_use]
pub fn check_retyped(fits: &[TypeFit], schema: &Schema, file: &str) -> Vec<Finding> {
    let Some(severity) = severity_of(schema.drift.retyped) else { return Vec::new() };
    let is_retyped = |fit: &TypeFit| fit.filled >= LEAST_CELLS && fit.misfits > fit.filled / 2;
    let columns = schema.fields.iter().zip(fits).filter(|(_, fit)| is_retyped(fit));
    let finding = |(field, fit): (&crate::definitions::Field, &TypeFit)| Finding {
        rule: rules::RETYPED_COLUMN,
        severity,
        place: Place { file: file.to_owned(), sheet: None, row: None, column: Some(field.name.clone()) },
        value: None,
        reason: format!("{} of {} values are not of the column's type", fit.misfits, fit.filled),
        hint: "deliver the column as agreed; if it has changed for good, change the schema".to_owned(),
    };
    columns.map(finding).collect()
}
