//! Reads `schemas/*.json` and finds every problem in them at once. Never touches data, never runs SQL.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::schema::{Constraints, ExtractMode, Field, FieldKind, ForeignKey, Schema};
use super::schema_check::{check_keys, check_references};
use super::schema_check_forms::check_forms;
use super::schema_field::load_field;
use super::schema_node::{Node, Notes};
use super::schema_rules_load::{read_drift, read_expected, read_row_rules, read_set_rules, read_stability};
use super::{DefinitionsError, Problem};
use crate::model::{DatasetName, SupplierCode};

const TOP_KEYS: &[&str] = &[
    "$schema",
    "$id",
    "name",
    "title",
    "description",
    "fields",
    "fieldsMatch",
    "primaryKey",
    "uniqueKeys",
    "foreignKeys",
    "missingValues",
    "homepage",
    "sources",
    "licenses",
    "contributors",
    "keywords",
    "examples",
    "version",
    "created",
    "mesur",
];
const OWN_KEYS: &[&str] =
    &["version", "mode", "suppliers", "expected", "drift", "rules", "setRules", "successor", "stability", "datedBy"];

/// Loads every `*.json` of a folder, checked alone and against each other.
///
/// # Errors
/// [`DefinitionsError::Broken`] with every problem of every file.
pub fn load_schemas(dir: &Path) -> Result<BTreeMap<DatasetName, Schema>, DefinitionsError> {
    let mut problems = Vec::new();
    let mut schemas = BTreeMap::new();
    for (file, text) in read_files(dir, "json", &mut problems) {
        let (schema, found) = parse_schema(&file, &text);
        problems.extend(found);
        if let Some(schema) = schema {
            schemas.insert(schema.dataset.clone(), schema);
        }
    }
    if problems.is_empty() && schemas.is_empty() {
        problems.push(problem(&dir.display().to_string(), "holds no schema", "add one `<dataset>.json` a dataset"));
    }
    problems.extend(check_references(&schemas));
    problems.sort();
    if problems.is_empty() { Ok(schemas) } else { Err(DefinitionsError::Broken(problems)) }
}

/// The texts of a folder's files of one extension, by name; what cannot be read becomes a problem.
pub(super) fn read_files(dir: &Path, extension: &str, problems: &mut Vec<Problem>) -> Vec<(String, String)> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) => {
            problems.push(problem(&dir.display().to_string(), &format!("cannot be listed: {error}"), ""));
            return Vec::new();
        }
    };
    let folder = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut files = Vec::new();
    for path in entries.filter_map(|entry| entry.ok().map(|e| e.path())) {
        if path.extension().is_none_or(|found| found != extension) {
            continue;
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let file = format!("{folder}/{name}");
        match std::fs::read_to_string(&path) {
            Ok(text) => files.push((file, text)),
            Err(error) => problems.push(problem(&file, &format!("cannot be read: {error}"), "save it as UTF-8 text")),
        }
    }
    files.sort();
    files
}

fn problem(file: &str, what: &str, hint: &str) -> Problem {
    Problem { file: file.to_owned(), at: "file".to_owned(), what: what.to_owned(), hint: hint.to_owned() }
}

/// Reads one schema. The schema is absent when problems leave nothing to work with.
pub(super) fn parse_schema(file: &str, text: &str) -> (Option<Schema>, Vec<Problem>) {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            let at = format!("line {} column {}", error.line(), error.column());
            let what = format!("is not JSON: {error}");
            let mut broken = problem(file, &what, "check quotes, commas and brackets there");
            broken.at = at;
            return (None, vec![broken]);
        }
    };
    let notes = Notes::new(file);
    let schema = read_schema(file, &value, &notes);
    (schema, notes.into_problems())
}

fn read_schema(file: &str, value: &Value, notes: &Notes) -> Option<Schema> {
    let top = Node::open(value, "", TOP_KEYS, notes)?;
    let dataset = top
        .text("name")
        .and_then(|name| DatasetName::new(name).map_err(|error| top.problem("name", error.to_string(), "")).ok());
    if let Some(dataset) = &dataset
        && !file.ends_with(&format!("/{dataset}.json"))
    {
        top.problem("name", format!("is `{dataset}`"), "give the file the name of its dataset");
    }
    top.require("fields");
    let fields: Vec<Field> =
        top.list("fields").into_iter().filter_map(|(path, item)| load_field(item, &path, notes)).collect();
    top.require("mesur");
    let own = top.child("mesur", OWN_KEYS);
    let foreign_keys = read_foreign_keys(&top, dataset.as_ref(), notes);
    let mut unique_keys: Vec<Vec<String>> = Vec::new();
    for (path, item) in top.list("uniqueKeys") {
        match item {
            Value::Array(names) => {
                unique_keys.push(names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect());
            }
            _ => notes.add(path, "is not a list of field names", "write [[\"a\", \"b\"]]"),
        }
    }
    for field in fields.iter().filter(|field| field.constraints.unique) {
        unique_keys.push(vec![field.name.clone()]);
    }
    let missing_values =
        if top.get("missingValues").is_some() { top.texts("missingValues") } else { vec![String::new()] };
    let own = own?;
    let schema = Schema {
        dataset: dataset?,
        title: top.find_text("title").unwrap_or_default(),
        description: top.find_text("description").unwrap_or_default(),
        version: own.require("version").and_then(|_| own.find_number("version")).unwrap_or(1),
        primary_key: top.texts("primaryKey"),
        unique_keys,
        foreign_keys,
        missing_values,
        mode: own
            .require("mode")
            .and_then(|_| {
                own.word("mode", &[("snapshot", ExtractMode::Snapshot), ("increment", ExtractMode::Increment)])
            })
            .unwrap_or(ExtractMode::Snapshot),
        suppliers: read_suppliers(&own),
        expected: read_expected(&own, notes),
        drift: read_drift(&own),
        rules: read_row_rules(&own, notes),
        set_rules: read_set_rules(&own, notes),
        successor: own.find_text("successor"),
        stability: read_stability(&own),
        dated_by: own.find_text("datedBy"),
        implied: fields.iter().filter_map(implied_status).collect(),
        fields,
    };
    check_keys(&schema, notes);
    check_forms(&schema, notes);
    Some(schema)
}

fn read_suppliers(own: &Node<'_>) -> Vec<SupplierCode> {
    let mut suppliers = Vec::new();
    for text in own.texts("suppliers") {
        match SupplierCode::new(text) {
            Ok(code) => suppliers.push(code),
            Err(error) => own.problem("suppliers", error.to_string(), ""),
        }
    }
    suppliers
}

/// The column for the codes of a field that names no other.
fn implied_status(field: &Field) -> Option<Field> {
    field.status.as_ref().filter(|status| status.field.is_none())?;
    Some(Field {
        name: format!("{}_status", field.name),
        title: format!("{}: status", field.title),
        description: "Why there is no value, or what kind of value it is; empty if it is an ordinary one.".to_owned(),
        kind: FieldKind::Text,
        unit: None,
        constraints: Constraints::default(),
        repairs: Vec::new(),
        status: None,
        aliases: Vec::new(),
        is_derived: true,
        ..field.clone()
    })
}

fn read_foreign_keys(top: &Node<'_>, dataset: Option<&DatasetName>, notes: &Notes) -> Vec<ForeignKey> {
    let mut keys = Vec::new();
    for (path, item) in top.list("foreignKeys") {
        let Some(node) = Node::open(item, &path, &["fields", "reference"], notes) else { continue };
        let Some(reference) = node.child("reference", &["resource", "fields"]) else {
            node.require("reference");
            continue;
        };
        let resource = reference.find_text("resource").unwrap_or_default();
        let resource = match (resource.is_empty(), dataset) {
            (true, Some(own)) => own.clone(),
            _ => match DatasetName::new(resource) {
                Ok(name) => name,
                Err(error) => {
                    reference.problem("resource", error.to_string(), "");
                    continue;
                }
            },
        };
        let key = ForeignKey { fields: node.texts("fields"), resource, reference_fields: reference.texts("fields") };
        if key.fields.is_empty() || key.fields.len() != key.reference_fields.len() {
            node.problem("fields", "does not pair with the fields of the reference", "name as many here as there");
        }
        keys.push(key);
    }
    keys
}
