//! Checks a schema against itself and against the others: names that must exist. Reads no files.

use std::collections::{BTreeMap, BTreeSet};

use super::Problem;
use super::schema::{FieldKind, Schema};
use super::schema_node::Notes;
use crate::model::DatasetName;

/// Every name that a schema uses must be one of its fields; every rule id is used once.
pub(super) fn check_keys(schema: &Schema, notes: &Notes) {
    let mut seen = BTreeSet::new();
    for field in schema.fields.iter().filter(|field| !seen.insert(field.name.as_str())) {
        notes.add(format!("fields {}", field.name), "is there twice", "field names are unique");
    }
    if schema.fields.is_empty() {
        notes.add("fields", "is empty", "a dataset has columns");
    }
    if schema.primary_key.is_empty() {
        notes.add("primaryKey", "is missing", "name the fields that identify a row");
    }
    let known = |name: &String| schema.find_field(name).is_some();
    let hint = "name a field of this schema";
    for name in schema.primary_key.iter().filter(|name| !known(name)) {
        notes.add("primaryKey", format!("`{name}` is not a field"), hint);
    }
    for (index, key) in schema.unique_keys.iter().enumerate() {
        for name in key.iter().filter(|name| !known(name)) {
            notes.add(format!("uniqueKeys[{index}]"), format!("`{name}` is not a field"), hint);
        }
    }
    for (index, key) in schema.foreign_keys.iter().enumerate() {
        for name in key.fields.iter().filter(|name| !known(name)) {
            notes.add(format!("foreignKeys[{index}].fields"), format!("`{name}` is not a field"), hint);
        }
    }
    if let Some(name) = &schema.dated_by {
        let is_day = |name| schema.find_field(name).is_some_and(|field| matches!(field.kind, FieldKind::Date));
        if !is_day(name) {
            notes.add("mesur.datedBy", format!("`{name}` is not a date field"), "name a field of type `date`");
        }
    }
    let rows = schema.rules.iter().enumerate();
    let rows = rows.map(|(index, rule)| (format!("mesur.rules[{index}]"), &rule.id, &rule.fields));
    let sets = schema.set_rules.iter().enumerate();
    let sets = sets.map(|(index, rule)| (format!("mesur.setRules[{index}]"), &rule.id, &rule.fields));
    let mut ids = BTreeSet::new();
    for (at, id, fields) in rows.chain(sets) {
        for name in fields.iter().filter(|name| !known(name)) {
            notes.add(format!("{at}.fields"), format!("`{name}` is not a field"), hint);
        }
        if fields.is_empty() {
            notes.add(format!("{at}.fields"), "is missing", "name the columns a person should look at");
        }
        if !ids.insert(id.clone()) {
            notes.add(format!("{at}.id"), format!("`{id}` is there twice"), "rule ids are unique");
        }
        let digits = id.0.strip_prefix('X').is_some_and(|d| d.len() == 3 && d.bytes().all(|b| b.is_ascii_digit()));
        if !digits {
            notes.add(format!("{at}.id"), format!("`{id}` is not a rule id of a schema"), "write X and three digits");
        }
    }
}

/// A schema that checks nothing would let everything pass.
pub(super) fn check_rules_exist(schemas: &BTreeMap<DatasetName, Schema>) -> Vec<Problem> {
    let without = schemas.iter().filter(|(_, schema)| !schema.has_rules());
    let problem = |(dataset, _): (&DatasetName, &Schema)| Problem {
        file: format!("schemas/{dataset}.json"),
        at: "fields".to_owned(),
        what: "no rule checks anything".to_owned(),
        hint: "add constraints to the fields, or rules under `mesur`".to_owned(),
    };
    without.map(problem).collect()
}

/// Foreign keys must lead to fields that exist and are of the same kind; a rule id means one thing only.
pub(super) fn check_references(schemas: &BTreeMap<DatasetName, Schema>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut owners: BTreeMap<&str, &DatasetName> = BTreeMap::new();
    for (dataset, schema) in schemas {
        let mut add = |at: String, what: String, hint: &str| {
            problems.push(Problem { file: format!("schemas/{dataset}.json"), at, what, hint: hint.to_owned() });
        };
        let ids = schema.rules.iter().map(|rule| &rule.id).chain(schema.set_rules.iter().map(|rule| &rule.id));
        for id in ids {
            if let Some(other) = owners.insert(&id.0, dataset)
                && other != dataset
            {
                let what = format!("`{id}` already names a rule of `{other}`");
                add(format!("rule {id}"), what, "rule ids are public and name one rule");
            }
        }
        for (index, key) in schema.foreign_keys.iter().enumerate() {
            let at = format!("foreignKeys[{index}].reference");
            let Some(target) = schemas.get(&key.resource) else {
                add(format!("{at}.resource"), format!("there is no dataset `{}`", key.resource), "add its schema");
                continue;
            };
            for (own, other) in key.fields.iter().zip(&key.reference_fields) {
                let Some(there) = target.find_field(other) else {
                    add(format!("{at}.fields"), format!("`{other}` is not a field of `{}`", key.resource), "");
                    continue;
                };
                if let Some(here) = schema.find_field(own)
                    && here.kind.arrow_type() != there.kind.arrow_type()
                {
                    let what = format!("`{own}` and `{}.{other}` are of different types", key.resource);
                    add(format!("{at}.fields"), what, "");
                }
            }
        }
    }
    problems
}
