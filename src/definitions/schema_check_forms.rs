//! Checks what the fields of a schema say of each other: names they have had, codes, keys, what is watched.

use std::collections::BTreeMap;

use super::schema::{Field, FieldKind, Schema};
use super::schema_node::Notes;

pub(super) fn check_forms(schema: &Schema, notes: &Notes) {
    check_aliases(schema, notes);
    for field in &schema.fields {
        check_status(schema, field, notes);
        let at = |key: &str| format!("fields {}.mesur.{key}", field.name);
        let is_key = schema.primary_key.contains(&field.name);
        if is_key && field.is_free_text {
            notes.add(at("freeText"), "is part of the primary key", "a key is no free text");
        }
        if is_key && field.is_derived {
            notes.add(at("derived"), "is part of the primary key", "a key comes with the file");
        }
    }
    check_successor(schema, notes);
    let hint = "name a field of this schema";
    let watched = schema.stability.iter().flat_map(|stability| &stability.shares);
    for name in watched.filter(|name| schema.find_field(name).is_none()) {
        notes.add("mesur.stability.shares", format!("`{name}` is not a field"), hint);
    }
    for supplier in schema.expected.iter().flat_map(|expected| expected.suppliers.keys()) {
        if !schema.suppliers.is_empty() && !schema.suppliers.contains(supplier) {
            let what = format!("`{supplier}` does not deliver this dataset");
            notes.add("mesur.expected.suppliers", what, "name one of `suppliers`");
        }
    }
}

/// A name leads to one column.
fn check_aliases(schema: &Schema, notes: &Notes) {
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for field in &schema.fields {
        for alias in &field.aliases {
            let at = format!("fields {}.mesur.aliases", field.name);
            if schema.find_field(alias).is_some() {
                notes.add(&at, format!("`{alias}` is the name of a field"), "leave it out");
            } else if let Some(other) = owners.insert(alias, &field.name) {
                notes.add(&at, format!("`{alias}` is an alias of `{other}` too"), "a name leads to one column");
            }
        }
    }
}

fn check_status(schema: &Schema, field: &Field, notes: &Notes) {
    let Some(status) = &field.status else { return };
    let at = format!("fields {}.mesur.status", field.name);
    if schema.primary_key.contains(&field.name) {
        notes.add(&at, "stands on a part of the primary key", "a key is never without a value");
    }
    let Some(target) = &status.field else {
        let name = format!("{}_status", field.name);
        if schema.find_field(&name).is_some() {
            notes.add(&at, format!("`{name}` is a field already"), format!("add \"field\": \"{name}\""));
        }
        return;
    };
    let Some(target) = schema.find_field(target) else {
        notes.add(format!("{at}.field"), format!("`{target}` is not a field"), "name a field of this schema");
        return;
    };
    if target.kind != FieldKind::Text || target.name == field.name || schema.primary_key.contains(&target.name) {
        let what = format!("`{}` cannot take a status", target.name);
        notes.add(format!("{at}.field"), what, "name another field, of type string, outside the primary key");
    }
    let words = status.codes.values().chain(status.marks.iter().map(|(_, word)| word));
    let allowed = &target.constraints.allowed;
    for word in words.filter(|word| !allowed.is_empty() && !allowed.contains(word)) {
        let what = format!("`{word}` is not among the values of `{}`", target.name);
        notes.add(&at, what, "add it to the enum there");
    }
}

/// The successor is named by the key of its row.
fn check_successor(schema: &Schema, notes: &Notes) {
    let Some(name) = &schema.successor else { return };
    let [key] = schema.primary_key.as_slice() else {
        notes.add("mesur.successor", "needs a primary key of one field", "");
        return;
    };
    let Some(field) = schema.find_field(name) else {
        notes.add("mesur.successor", format!("`{name}` is not a field"), "name a field of this schema");
        return;
    };
    let is_alike = schema.find_field(key).is_none_or(|key| key.kind.arrow_type() == field.kind.arrow_type());
    if name == key || !is_alike {
        notes.add("mesur.successor", format!("`{name}` cannot name another `{key}`"), "it holds keys of the same type");
    }
}
