//! Tests of schemas: every kind of problem is found, and all of them at once.

use super::schema_check::check_rules_exist;
use super::schema_load::parse_schema;
use super::{Calendar, Columns, DriftAction, FieldKind, Sensitivity, load_schemas};
use crate::model::SupplierCode;

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
    assert_eq!(schema.fields[2].kind, FieldKind::Number { precision: 14, scale: 2 });
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

/// The good schema with everything that a schema can say beyond Table Schema.
const FULL: &str = r#"{
  "name": "vouchers",
  "fields": [
    {"name": "voucher_id", "type": "string", "constraints": {"required": true}, "mesur": {"sensitivity": "INT"}},
    {"name": "replaced_by", "type": "string", "mesur": {"sensitivity": "INT"}},
    {"name": "grant_gbp", "type": "number", "decimalChar": ",", "groupChar": " ", "bareNumber": false,
     "constraints": {"minimum": "1 000,5", "maximum": 2000},
     "mesur": {"sensitivity": "CSI", "precision": 14, "scale": 2, "aliases": ["Grant (£)"],
       "number": {"accounting": true, "currency": ["£"], "percent": "points", "suffixes": {"m": 1000000, "bn": 1000000000}},
       "status": {"codes": {"..": "x"}, "marks": {"e": "e", "[p]": "p"}}}},
    {"name": "jobs", "type": "integer", "mesur": {"sensitivity": "PUB", "status": {"codes": {"n/k": "UNKNOWN"}, "field": "note"}}},
    {"name": "note", "type": "string", "constraints": {"enum": ["UNKNOWN"]}, "mesur": {"sensitivity": "PUB"}},
    {"name": "began_on", "type": "date", "format": "%d/%m/%Y", "constraints": {"minimum": "31/01/2019"},
     "mesur": {"sensitivity": "INT", "dates": ["%m/%Y", "financial-year", "excel-serial"]}},
    {"name": "comment", "type": "string", "mesur": {"sensitivity": "INT", "freeText": true, "derived": true}}
  ],
  "primaryKey": "voucher_id",
  "mesur": {"version": 1, "mode": "snapshot", "suppliers": ["grants", "hand"], "successor": "replaced_by",
    "drift": {"renamed": "allow", "retyped": "warn"},
    "expected": {"calendar": "monthly", "working_days_after": 10, "suppliers": {"hand": {"working_days_after": 20}}},
    "stability": {"rowDrop": "0.05", "severity": "refuse", "shares": ["note"], "deviations": "3"},
    "rules": [{"id": "X101", "severity": "stop", "tolerance": "0.01", "fields": ["jobs"], "expression": "jobs > 0", "reason": "r"}],
    "setRules": [{"id": "X102", "severity": "refuse", "fields": ["jobs"], "query": "select _n from incoming", "reason": "r"}]}
}"#;

#[test]
fn everything_that_a_schema_can_say_is_read() {
    let (schema, problems) = parse_schema("schemas/vouchers.json", FULL);
    assert_eq!(problems, Vec::new());
    let schema = schema.expect("no problem");
    let grant = &schema.fields[2];
    assert_eq!(grant.constraints.minimum.as_ref().map(|b| b.stored), Some(100_050));
    assert_eq!(grant.constraints.maximum.as_ref().map(|b| b.stored), Some(200_000));
    assert_eq!(grant.number.suffixes.iter().map(|(s, _)| s.as_str()).collect::<Vec<_>>(), ["bn", "m"]);
    assert_eq!(schema.find_delivered("Grant (£)").map(|field| field.name.as_str()), Some("grant_gbp"));
    assert_eq!(schema.fields[5].dates.len(), 4);
    assert_eq!(schema.fields[5].constraints.minimum.as_ref().map(|b| b.stored), Some(17_927));
    let names = |part| schema.part(part).into_iter().map(|field| field.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(Columns::Personal), ["voucher_id", "comment"]);
    let open = ["voucher_id", "replaced_by", "grant_gbp", "jobs", "note", "began_on", "grant_gbp_status"];
    assert_eq!(names(Columns::Open), open);
    assert_eq!(schema.part(Columns::Open).last().map(|field| field.sensitivity), Some(Sensitivity::Csi));
    let tolerance = schema.tolerance(&schema.rules[0].id).map(|share| share.to_string());
    assert_eq!((tolerance.as_deref(), schema.tolerance(&schema.set_rules[0].id)), (Some("0.01"), None));
    let expected = schema.expected.as_ref().expect("stated");
    let days = |supplier: &str| expected.of(&SupplierCode::new(supplier).expect("a code")).working_days_after;
    assert_eq!((days("grants"), days("hand"), expected.calendar), (10, 20, Calendar::Monthly));
    assert_eq!((schema.drift.renamed, schema.drift.retyped), (DriftAction::Allow, DriftAction::Warn));
    let stability = schema.stability.as_ref().expect("stated");
    assert_eq!(stability.row_drop.map(|share| share.to_string()).as_deref(), Some("0.05"));
    let incoming = schema.incoming_schema();
    assert_eq!(incoming.fields().iter().rev().take(2).map(|f| f.name().as_str()).collect::<Vec<_>>(), ["_row", "_n"]);
}

#[test]
fn every_wrong_thing_that_a_schema_says_is_told() {
    for (good, bad, told) in [
        ("\"decimalChar\": \",\"", "\"decimalChar\": \"x\"", "decimalChar: is neither a point nor a comma"),
        ("\"groupChar\": \" \"", "\"groupChar\": \",\"", "groupChar: is the decimal character too"),
        ("[\"£\"]", "[\"5\"]", "number.currency: `5` can be part of a number"),
        ("\"m\": 1000000,", "\"m\": 0.5,", "number.suffixes: `m` is no letter with a whole factor"),
        ("\"percent\": \"points\"", "\"percent\": \"half\"", "number.percent: is `half`"),
        ("{\"..\": \"x\"}", "{\"..\": \"q\"}", "status.codes: `..` means no known status"),
        ("{\"..\": \"x\"}", "{\"\": \"x\"}", "status.codes: gives the empty text a status"),
        ("\"field\": \"note\"", "\"field\": \"nota\"", "status.field: `nota` is not a field"),
        ("\"field\": \"note\"", "\"field\": \"began_on\"", "status.field: `began_on` cannot take a status"),
        ("\"enum\": [\"UNKNOWN\"]", "\"enum\": [\"A\"]", "status: `UNKNOWN` is not among the values of `note`"),
        ("\"Grant (£)\"", "\"jobs\"", "aliases: `jobs` is the name of a field"),
        ("%d/%m/%Y", "%d/%m", "format: `%d/%m` must name the year once"),
        ("\"%m/%Y\"", "\"%H\"", "dates: `%H` knows %Y"),
        ("31/01/2019", "01.31.2019", "constraints.minimum: `01.31.2019` is not a value"),
        ("\"tolerance\": \"0.01\"", "\"tolerance\": \"1.5\"", "rules[0].tolerance: is not a share of the whole"),
        ("\"tolerance\": \"0.01\"", "\"tolerance\": 0.01", "rules[0].tolerance: is not a text"),
        ("X102", "X101", "setRules[0].id: `X101` is there twice"),
        ("\"query\"", "\"sql\"", "setRules[0].query: is missing"),
        (
            "\"fields\": [\"jobs\"], \"query\"",
            "\"fields\": [\"x\"], \"query\"",
            "setRules[0].fields: `x` is not a field",
        ),
        ("\"successor\": \"replaced_by\"", "\"successor\": \"jobs\"", "successor: `jobs` cannot name another"),
        ("\"calendar\": \"monthly\"", "\"calendar\": \"daily\"", "expected.calendar: is `daily`"),
        ("{\"hand\":", "{\"foot\":", "expected.suppliers: `foot` does not deliver"),
        ("\"shares\": [\"note\"]", "\"shares\": [\"x\"]", "stability.shares: `x` is not a field"),
        ("\"renamed\": \"allow\"", "\"renamed\": \"maybe\"", "drift.renamed: is `maybe`"),
        ("\"freeText\": true", "\"freeText\": 1", "freeText: is neither true nor false"),
    ] {
        assert!(FULL.contains(good), "{good}");
        let found = problems(&FULL.replacen(good, bad, 1));
        assert!(found.iter().any(|problem| problem.contains(told)), "{told} in {found:#?}");
    }
}

#[test]
fn a_schema_that_checks_nothing_is_a_problem() {
    let text = r#"{"name": "vouchers", "fields": [{"name": "id", "type": "string", "mesur": {"sensitivity": "PUB"}}],
        "primaryKey": "id", "mesur": {"version": 1, "mode": "snapshot"}}"#;
    let (bare, _) = parse_schema("schemas/vouchers.json", text);
    let (full, _) = parse_schema("schemas/vouchers.json", FULL);
    let check = |schema: Option<super::Schema>| {
        let schema = schema.expect("loads");
        let schemas = std::collections::BTreeMap::from([(schema.dataset.clone(), schema)]);
        check_rules_exist(&schemas).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let told = "schemas/vouchers.json > fields: no rule checks anything (add constraints to the fields, or rules under `mesur`)";
    assert_eq!((check(full), check(bare)), (Vec::new(), vec![told.to_owned()]));
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
