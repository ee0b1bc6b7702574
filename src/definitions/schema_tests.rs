//! Tests of schemas: every kind of problem is found, and all of them at once.

use std::path::Path;

use super::schema_load::parse_schema;
use super::{Columns, FieldKind, Sensitivity, load_schemas};

pub(super) const GOOD: &str = r#"{
  "name": "vouchers", "title": "Vouchers", "description": "One row an application.",
  "fields": [
    {"name": "voucher_id", "type": "string", "constraints": {"required": true, "pattern": "IV-[0-9]{6}"},
     "mesur": {"sensitivity": "INT", "repair": ["trim", "upper"]}},
    {"name": "contact", "type": "string", "mesur": {"sensitivity": "PERS"}},
    {"name": "grant_gbp", "type": "number", "constraints": {"minimum": 0, "maximum": 100000.00},
     "mesur": {"sensitivity": "CSI", "precision": 14, "scale": 2, "unit": "GBP"}},
    {"name": "decided_on", "type": "date", "constraints": {"minimum": "2019-01-01"}, "mesur": {"sensitivity": "INT"}},
    {"name": "parent_id", "type": "string", "mesur": {"sensitivity": "INT"}}
  ],
  "primaryKey": ["voucher_id"],
  "foreignKeys": [{"fields": "parent_id", "reference": {"resource": "", "fields": "voucher_id"}}],
  "missingValues": [""],
  "mesur": {"version": 1, "mode": "snapshot", "suppliers": ["grants"],
    "drift": {"added": "refuse", "missing": "refuse", "reordered": "allow"},
    "rules": [{"id": "X101", "severity": "warn", "fields": ["grant_gbp"], "expression": "grant_gbp > 0",
               "reason": "the grant is nothing", "hint": "check it"}]}
}"#;

fn problems(text: &str) -> Vec<String> {
    parse_schema("schemas/vouchers.json", text).1.iter().map(ToString::to_string).collect()
}

#[test]
fn a_good_schema_loads() {
    let (schema, problems) = parse_schema("schemas/vouchers.json", GOOD);
    assert_eq!(problems, Vec::new());
    let schema = schema.expect("no problem");
    assert_eq!(schema.fields[2].kind, FieldKind::Number { precision: 14, scale: 2, group: None });
    assert_eq!(schema.fields[2].constraints.maximum.as_ref().map(|b| b.stored), Some(10_000_000));
    assert_eq!(schema.fields[1].sensitivity, Sensitivity::Pers);
    assert_eq!(schema.foreign_keys[0].resource.as_str(), "vouchers");
    let names = |part| {
        let fields = schema.part(part).into_iter().map(|field| field.name.clone());
        fields.collect::<Vec<_>>()
    };
    assert_eq!(names(Columns::Open), ["voucher_id", "grant_gbp", "decided_on", "parent_id"]);
    assert_eq!(names(Columns::Personal), ["voucher_id", "contact"]);
    assert_eq!(schema.arrow_schema(Columns::All).fields().len(), 5);
}

#[test]
fn a_missing_sensitivity_fails_the_load() {
    let text = GOOD.replace(r#""sensitivity": "PERS""#, "");
    assert_eq!(problems(&text), ["schemas/vouchers.json > fields[1] contact.mesur.sensitivity: is missing"]);
}

#[test]
fn every_problem_is_found_at_once() {
    let text = GOOD
        .replace(r#""version": 1"#, r#""version": 1, "colour": "red""#)
        .replace("IV-[0-9]{6}", "IV-[0-9")
        .replace(r#""primaryKey": ["voucher_id"]"#, r#""primaryKey": ["voucher"]"#)
        .replace(r#""fields": "parent_id""#, r#""fields": "parent""#)
        .replace(r#""minimum": 0"#, r#""minimum": 0.001"#)
        .replace(r#""maximum": 100000.00"#, r#""maxi": 5"#)
        .replace(r#""severity": "warn""#, r#""severity": "mild""#)
        .replace("\"2019-01-01\"", "\"01/01/2019\"");
    let found = problems(&text);
    for place in [
        "mesur.colour: is not a known key",
        "pattern: does not compile",
        "primaryKey: `voucher` is not a field",
        "foreignKeys[0].fields: `parent` is not a field",
        "constraints.minimum: `0.001` is not a value",
        "constraints.maxi: is not a known key",
        "mesur.rules[0].severity: is `mild`",
        "constraints.minimum: `01/01/2019` is not a value",
    ] {
        assert!(found.iter().any(|problem| problem.contains(place)), "{place} in {found:#?}");
    }
}

#[test]
fn text_that_is_not_json_is_placed() {
    let found = problems("{\n  \"name\": }");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("schemas/vouchers.json > line 2 column 11: is not JSON"), "{found:?}");
}

#[test]
fn references_must_lead_somewhere() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = dir.path().join("schemas");
    std::fs::create_dir(&folder).expect("a folder");
    let write = |text: &str| std::fs::write(folder.join("vouchers.json"), text).expect("a file");
    write(GOOD);
    assert_eq!(load_schemas(&folder).expect("good").len(), 1);
    write(&GOOD.replace(r#""resource": """#, r#""resource": "firms""#));
    let error = load_schemas(&folder).expect_err("no such dataset").to_string();
    assert!(error.contains("schemas/vouchers.json > foreignKeys[0].reference.resource: there is no dataset `firms`"));
    write(&GOOD.replace(r#""fields": "voucher_id"}"#, r#""fields": "grant_gbp"}"#));
    let error = load_schemas(&folder).expect_err("another type").to_string();
    assert!(error.contains("are of different types"), "{error}");
}
