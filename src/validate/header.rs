//! Checks a file's header against its schema, before any row is read.

use std::collections::BTreeSet;

use crate::definitions::{DriftAction, Schema};
use crate::model::{Finding, Place, RuleId, Severity};

use super::nearest::find_nearest;
use super::rules;

/// Everything that is wrong with the header: findings of [`Severity::Refuse`] refuse the file, [`Severity::Warn`] ones
/// do not. `columns` are the names in the file's order.
#[must_use]
pub fn check_header(columns: &[String], schema: &Schema, file: &str) -> Vec<Finding> {
    let finding = |rule: &RuleId, severity, column: Option<&str>, reason: String, hint: String| Finding {
        rule: rule.clone(),
        severity,
        place: Place { file: file.to_owned(), sheet: None, row: None, column: column.map(str::to_owned) },
        value: None,
        reason,
        hint,
    };
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, column) in columns.iter().enumerate() {
        if column.is_empty() {
            let reason = format!("column {} has no name", index + 1);
            let hint = "name it or leave it out".to_owned();
            findings.push(finding(&rules::UNNAMED_COLUMN, Severity::Refuse, None, reason, hint));
        } else if !seen.insert(column.as_str()) {
            let reason = format!("column {} has a name that an earlier column has", index + 1);
            let hint = "keep one of them".to_owned();
            findings.push(finding(&rules::DUPLICATE_COLUMN, Severity::Refuse, Some(column), reason, hint));
        }
    }
    let missing = || schema.fields.iter().filter(|field| !seen.contains(field.name.as_str()));
    for column in seen.iter().filter(|column| schema.find_field(column).is_none()) {
        if let Some(severity) = severity_of(schema.drift.added) {
            let meant = find_nearest(column, missing().map(|field| field.name.as_str()));
            let hint = match meant {
                Some(name) => format!("was `{name}` meant?"),
                None => "leave it out, or add it to the schema".to_owned(),
            };
            let reason = "the schema does not know this column".to_owned();
            findings.push(finding(&rules::UNKNOWN_COLUMN, severity, Some(column), reason, hint));
        }
    }
    for field in missing() {
        let action = if schema.is_required(field) { DriftAction::Refuse } else { schema.drift.missing };
        if let Some(severity) = severity_of(action) {
            let reason = "the file does not have this column".to_owned();
            let hint = "deliver it, empty if there is nothing to say".to_owned();
            findings.push(finding(&rules::MISSING_COLUMN, severity, Some(&field.name), reason, hint));
        }
    }
    let delivered = columns.iter().filter(|column| schema.find_field(column).is_some());
    let agreed = schema.fields.iter().map(|field| &field.name).filter(|name| seen.contains(name.as_str()));
    if let Some(severity) = severity_of(schema.drift.reordered)
        && findings.is_empty()
        && !delivered.eq(agreed)
    {
        let reason = "the columns stand in another order than the schema's".to_owned();
        let hint = "deliver them in the agreed order".to_owned();
        findings.push(finding(&rules::REORDERED_COLUMNS, severity, None, reason, hint));
    }
    findings
}

const fn severity_of(action: DriftAction) -> Option<Severity> {
    match action {
        DriftAction::Refuse => Some(Severity::Refuse),
        DriftAction::Warn => Some(Severity::Warn),
        DriftAction::Allow => None,
    }
}
