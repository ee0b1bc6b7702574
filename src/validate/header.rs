//! Checks a file's header against its schema, before any row is read.

use std::collections::BTreeSet;

use crate::definitions::{DriftAction, Field, Schema};
use crate::model::{Finding, Place, RuleId, Severity};

use super::nearest::find_nearest;
use super::rules;

/// The findings about one header.
struct Header<'a> {
    file: &'a str,
    findings: Vec<Finding>,
}

impl Header<'_> {
    fn add(&mut self, rule: &RuleId, severity: Severity, column: Option<&str>, reason: String, hint: &str) {
        let column = column.map(str::to_owned);
        let place = Place { file: self.file.to_owned(), sheet: None, row: None, column };
        self.findings.push(Finding { rule: rule.clone(), severity, place, value: None, reason, hint: hint.to_owned() });
    }
}

/// Everything that is wrong with the header: findings of [`Severity::Refuse`] refuse the file, [`Severity::Warn`] ones
/// do not. `columns` are the names in the file's order.
#[must_use]
pub fn check_header(columns: &[String], schema: &Schema, file: &str) -> Vec<Finding> {
    let mut header = Header { file, findings: Vec::new() };
    let seen = check_names(columns, &mut header);
    let mut delivered: Vec<&Field> = Vec::with_capacity(columns.len());
    for column in columns.iter().filter(|column| schema.find_field(column).is_some()) {
        delivered.extend(schema.find_field(column));
    }
    let mut unknown: Vec<&str> = Vec::new();
    for column in seen.iter().filter(|column| schema.find_field(column).is_none()) {
        match schema.find_delivered(column) {
            None => unknown.push(column),
            Some(field) if delivered.iter().any(|other| other.name == field.name) => {
                let reason = format!("the file has `{}` under two names", field.name);
                header.add(&rules::DUPLICATE_COLUMN, Severity::Refuse, Some(column), reason, "keep one of them");
            }
            Some(field) => {
                delivered.push(field);
                if let Some(severity) = severity_of(schema.drift.renamed) {
                    let reason = format!("the column is `{}` under another name", field.name);
                    let hint = "deliver it under the agreed name";
                    header.add(&rules::RENAMED_COLUMN, severity, Some(column), reason, hint);
                }
            }
        }
    }
    let is_there = |field: &Field| delivered.iter().any(|other| other.name == field.name);
    let missing = || schema.fields.iter().filter(|field| !is_there(field) && !field.is_derived);
    if let Some(severity) = severity_of(schema.drift.added) {
        for column in unknown {
            let meant = find_nearest(column, missing().map(|field| field.name.as_str()));
            let hint = match meant {
                Some(name) => format!("was `{name}` meant?"),
                None => "leave it out, or add it to the schema".to_owned(),
            };
            let reason = "the schema does not know this column".to_owned();
            header.add(&rules::UNKNOWN_COLUMN, severity, Some(column), reason, &hint);
        }
    }
    for field in missing() {
        let action = if schema.is_required(field) { DriftAction::Refuse } else { schema.drift.missing };
        if let Some(severity) = severity_of(action) {
            let reason = "the file does not have this column".to_owned();
            let hint = "deliver it, empty if there is nothing to say";
            header.add(&rules::MISSING_COLUMN, severity, Some(&field.name), reason, hint);
        }
    }
    if let Some(severity) = severity_of(schema.drift.reordered)
        && header.findings.iter().all(|finding| finding.severity < Severity::Refuse)
        && is_reordered(columns, schema)
    {
        let reason = "the columns stand in another order than the schema's".to_owned();
        header.add(&rules::REORDERED_COLUMNS, severity, None, reason, "deliver them in the agreed order");
    }
    header.findings
}

/// Names that are missing or there twice; the set of the others.
fn check_names<'a>(columns: &'a [String], header: &mut Header<'_>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    for (index, column) in columns.iter().enumerate() {
        if column.is_empty() {
            let reason = format!("column {} has no name", index + 1);
            header.add(&rules::UNNAMED_COLUMN, Severity::Refuse, None, reason, "name it or leave it out");
        } else if !seen.insert(column.as_str()) {
            let reason = format!("column {} has a name that an earlier column has", index + 1);
            header.add(&rules::DUPLICATE_COLUMN, Severity::Refuse, Some(column), reason, "keep one of them");
        }
    }
    seen
}

fn is_reordered(columns: &[String], schema: &Schema) -> bool {
    let names = columns.iter().filter_map(|column| schema.find_delivered(column)).map(|field| field.name.as_str());
    let places = names.filter_map(|name| schema.fields.iter().position(|field| field.name == name));
    !places.is_sorted()
}

pub(super) const fn severity_of(action: DriftAction) -> Option<Severity> {
    match action {
        DriftAction::Refuse => Some(Severity::Refuse),
        DriftAction::Warn => Some(Severity::Warn),
        DriftAction::Allow => None,
    }
}
