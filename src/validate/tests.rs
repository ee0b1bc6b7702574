//! Tests of rules: every one with a good and a bad sample, and the laws that hold for all chunks.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Field, Int64Type, Schema as ArrowSchema};
use proptest::prelude::*;

use super::{CheckedChunk, References, TypeFit, ValidateError, Validator, check_header, check_retyped, rules};
use crate::definitions::{CompiledRule, Drift, DriftAction, Schema, load_schemas};
use crate::model::{DatasetName, RuleId, Severity};

const SCHEMA: &str = r#"{
  "name": "things", "title": "Things", "description": "",
  "fields": [
    {"name": "id", "type": "string", "constraints": {"required": true, "pattern": "T-[0-9]{3}"},
     "mesur": {"sensitivity": "PUB", "repair": ["trim", "upper"]}},
    {"name": "number", "type": "integer", "constraints": {"minimum": 1, "maximum": 9}, "mesur": {"sensitivity": "PUB"}},
    {"name": "money", "type": "number", "constraints": {"minimum": 0},
     "mesur": {"sensitivity": "PUB", "precision": 6, "scale": 2}},
    {"name": "grouped", "type": "integer", "groupChar": ",", "mesur": {"sensitivity": "PUB"}},
    {"name": "day", "type": "date", "constraints": {"minimum": "2019-01-01"}, "mesur": {"sensitivity": "PUB"}},
    {"name": "instant", "type": "datetime", "mesur": {"sensitivity": "PUB"}},
    {"name": "flag", "type": "boolean", "mesur": {"sensitivity": "PUB"}},
    {"name": "word", "type": "string", "constraints": {"enum": ["A", "B"]}, "mesur": {"sensitivity": "PUB"}},
    {"name": "level", "type": "number", "constraints": {"enum": [0, 0.5, 1]},
     "mesur": {"sensitivity": "PUB", "precision": 2, "scale": 1}},
    {"name": "name", "type": "string", "constraints": {"minLength": 2, "maxLength": 4, "unique": true},
     "mesur": {"sensitivity": "PERS"}},
    {"name": "company", "type": "string",
     "mesur": {"sensitivity": "PUB", "repair": ["pad8", {"map": {"OLD": "NEW"}}]}},
    {"name": "firm", "type": "string", "mesur": {"sensitivity": "PUB"}},
    {"name": "offer", "type": "number", "groupChar": ",", "constraints": {"maximum": 20000000},
     "mesur": {"sensitivity": "CSI", "precision": 12, "scale": 2, "aliases": ["Offer (£)"],
       "number": {"accounting": true, "currency": ["£"], "suffixes": {"m": 1000000}},
       "status": {"codes": {"..": "x", ":": "x", "[c]": "c", "-": "z"}, "marks": {"e": "e", "[p]": "p", "c": "c"}}}},
    {"name": "rate", "type": "number", "decimalChar": ",", "groupChar": " ",
     "mesur": {"sensitivity": "PUB", "precision": 9, "scale": 2, "number": {"percent": "points"},
       "status": {"codes": {"n/a": "Z"}, "field": "rate_note"}}},
    {"name": "rate_note", "type": "string", "constraints": {"enum": ["Z", "OK"]}, "mesur": {"sensitivity": "PUB"}},
    {"name": "began", "type": "date", "mesur": {"sensitivity": "PUB",
       "dates": ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%m/%Y", "%d %B %Y", "financial-year", "excel-serial"]}},
    {"name": "oes", "type": "boolean", "trueValues": ["Oes", "Ydy", "ie"], "falseValues": ["Nac oes", "na"],
     "mesur": {"sensitivity": "PUB"}},
    {"name": "mail", "type": "string", "format": "email", "mesur": {"sensitivity": "PERS"}},
    {"name": "page", "type": "string", "format": "uri", "constraints": {"maxLength": 99}, "mesur": {"sensitivity": "PUB"}},
    {"name": "key", "type": "string", "format": "uuid", "mesur": {"sensitivity": "PUB"}},
    {"name": "worked_out", "type": "string", "constraints": {"required": true},
     "mesur": {"sensitivity": "PUB", "derived": true}}
  ],
  "primaryKey": "id",
  "foreignKeys": [{"fields": "firm", "reference": {"resource": "firms", "fields": "firm_id"}}],
  "missingValues": ["", "n/k"],
  "mesur": {"version": 1, "mode": "snapshot"}
}"#;

const FIRMS: &str = r#"{
  "name": "firms", "fields": [{"name": "firm_id", "type": "string", "mesur": {"sensitivity": "PUB"}}],
  "primaryKey": "firm_id", "mesur": {"version": 1, "mode": "snapshot"}
}"#;

struct Bench {
    schema: Schema,
    references: References,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join("things.json"), SCHEMA).expect("a file");
        std::fs::write(dir.path().join("firms.json"), FIRMS).expect("a file");
        let mut schemas = load_schemas(dir.path()).expect("good schemas");
        let firms = DatasetName::new("firms").expect("a name");
        let things = DatasetName::new("things").expect("a name");
        let mut references = References::new();
        let known: ArrayRef = Arc::new(StringArray::from(vec!["F1"]));
        let known = references.hasher().fingerprints(&[known]).expect("a text key");
        references.add(firms, vec!["firm_id".to_owned()], &known);
        Self { schema: schemas.remove(&things).expect("loaded"), references }
    }

    fn columns(&self) -> Vec<String> {
        let in_files = self.schema.fields.iter().filter(|field| !field.is_derived);
        in_files.map(|field| field.name.clone()).collect()
    }

    fn validator(&self, rules: Vec<CompiledRule>) -> Validator<'_> {
        Validator::new(&self.schema, "things.csv", &self.references, rules).expect("references are there")
    }

    /// Checks rows given as `column=text` pairs; the id comes by itself.
    fn check(&self, rows: &[&[(&str, &str)]]) -> CheckedChunk {
        run(&self.validator(Vec::new()), &self.texts(rows), 2)
    }

    fn texts(&self, rows: &[&[(&str, &str)]]) -> RecordBatch {
        let names = self.columns();
        let cell = |row: usize, name: &str| {
            let own = rows[row].iter().find(|(column, _)| *column == name).map(|(_, text)| (*text).to_owned());
            own.unwrap_or_else(|| if name == "id" { format!("T-{row:03}") } else { String::new() })
        };
        let columns = names.iter().map(|name| (0..rows.len()).map(|row| cell(row, name)).collect()).collect();
        batch(&names, columns)
    }

    /// The rule ids found for one value of a column.
    fn rules(&self, column: &str, text: &str) -> Vec<String> {
        ids(&self.check(&[&[(column, text)]]))
    }

    /// The value that a text becomes, as Arrow shows it, and its status.
    fn value(&self, column: &str, text: &str) -> String {
        let chunk = self.check(&[&[(column, text)]]);
        let shown = |name: &str| {
            let column = chunk.typed.column_by_name(name).filter(|column| column.is_valid(0))?;
            arrow::util::display::array_value_to_string(column, 0).ok()
        };
        let status = shown(&format!("{column}_status")).or_else(|| shown(&format!("{column}_note")));
        let found = ids(&chunk).join(" ");
        format!("{} {} {found}", shown(column).unwrap_or_default(), status.unwrap_or_default()).trim().to_owned()
    }
}

fn ids(chunk: &CheckedChunk) -> Vec<String> {
    chunk.findings.iter().map(|(_, finding)| finding.rule.to_string()).collect()
}

fn run(validator: &Validator<'_>, texts: &RecordBatch, first: u64) -> CheckedChunk {
    let numbers: Vec<u64> = (first..).take(texts.num_rows()).collect();
    validator.check_chunk(texts, &numbers, None, &[]).expect("checks")
}

fn batch(names: &[String], columns: Vec<Vec<String>>) -> RecordBatch {
    let fields: Vec<Field> = names.iter().map(|name| Field::new(name, DataType::Utf8, true)).collect();
    let arrays = columns.into_iter().map(|texts| Arc::new(StringArray::from(texts)) as ArrayRef).collect();
    RecordBatch::try_new(Arc::new(ArrowSchema::new(fields)), arrays).expect("a batch")
}

#[test]
fn every_rule_has_a_good_and_a_bad_sample() {
    let bench = Bench::new();
    for (column, good, bad, rule) in [
        ("id", "T-123", "", rules::MISSING_REQUIRED),
        ("id", "T-123", "n/k", rules::MISSING_REQUIRED),
        ("id", "T-123", "  ", rules::MISSING_REQUIRED),
        ("id", "T-123", "T-1234", rules::PATTERN),
        ("number", "5", "5.0", rules::NOT_INTEGER),
        ("number", "1", "0", rules::BELOW_MINIMUM),
        ("number", "9", "10", rules::ABOVE_MAXIMUM),
        ("number", "n/k", "99999999999999999999", rules::NUMBER_TOO_LARGE),
        ("money", "9999.99", "1E3", rules::NOT_NUMBER),
        ("money", "1.500", "1.505", rules::TOO_MANY_DECIMALS),
        ("money", "0", "-0.01", rules::BELOW_MINIMUM),
        ("money", "1200", "1,200", rules::THOUSANDS),
        ("money", "1", "£1", rules::NOT_NUMBER),
        ("grouped", "1,200", "1,20", rules::THOUSANDS),
        ("day", "2020-02-29", "2019-02-29", rules::NOT_DATE),
        ("day", "2019-04-03", "03/04/2019", rules::AMBIGUOUS_DATE),
        ("day", "2019-01-01", "2018-12-31", rules::BELOW_MINIMUM),
        ("instant", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00", rules::NOT_TIMESTAMP),
        ("flag", "true", "yes", rules::NOT_BOOLEAN),
        ("word", "A", "a", rules::NOT_ALLOWED),
        ("level", "1.0", "0.7", rules::NOT_ALLOWED),
        ("name", "ŵŷôâ", "abcde", rules::TOO_LONG),
        ("name", "ab", "a", rules::TOO_SHORT),
        ("mail", "a.b@example.org", "not-an-address", rules::FORMAT),
        ("page", "https://example.org/a", "example.org/a", rules::FORMAT),
        ("key", "67e55044-10b1-426f-9247-bb680e5fe0c8", "67e55044", rules::FORMAT),
        ("firm", "F1", "F2", rules::UNKNOWN_REFERENCE),
    ] {
        assert_eq!(bench.rules(column, good), Vec::<String>::new(), "{column} {good}");
        assert!(bench.rules(column, bad).contains(&rule.to_string()), "{column} {bad}: {:?}", bench.rules(column, bad));
    }
}

#[test]
fn rule_ids_are_used_once_and_documented() {
    let documented = include_str!("../../docs/rules.md");
    let mut seen = HashSet::new();
    for rule in rules::ALL {
        assert!(seen.insert(rule.to_string()), "{rule} is there twice");
        assert!(documented.contains(&format!("| {rule} |")), "{rule} is not in docs/rules.md");
    }
}

#[test]
fn good_cells_become_exact_values() {
    let bench = Bench::new();
    let row: &[(&str, &str)] =
        &[("money", "-0"), ("grouped", "1,234,567"), ("day", "2019-01-02"), ("flag", "0"), ("number", "007")];
    let chunk = bench.check(&[row]);
    let column = |name| chunk.typed.column_by_name(name).expect("a column");
    assert_eq!(column("money").as_primitive::<Decimal128Type>().value(0), 0);
    assert_eq!(column("grouped").as_primitive::<Int64Type>().value(0), 1_234_567);
    assert_eq!(column("day").as_primitive::<Date32Type>().value(0), 17_898);
    assert!(!column("flag").as_boolean().value(0));
    assert_eq!(column("number").as_primitive::<Int64Type>().value(0), 7);
    assert!(column("word").is_null(0));
    assert_eq!((chunk.rows.as_slice(), chunk.bad.as_slice()), ([2].as_slice(), [false].as_slice()));
    assert_eq!(chunk.typed.schema(), bench.schema.arrow_schema(crate::definitions::Columns::All));
}

#[test]
fn declared_forms_are_read_exactly() {
    let bench = Bench::new();
    for (column, text, value) in [
        ("offer", "1,200", "1200.00"),
        ("offer", "£1,200.50", "1200.50"),
        ("offer", "(1,200.00)", "-1200.00"),
        ("offer", "(£12)", "-12.00"),
        ("offer", "-£12", "-12.00"),
        ("offer", "£16.7m", "16700000.00"),
        ("offer", "£ 5", "5.00"),
        ("offer", "..", "x"),
        ("offer", "-", "z"),
        ("offer", "12 e", "12.00 e"),
        ("offer", "12.5[p]", "12.50 p"),
        ("offer", ": c", "c"),
        ("offer", "0", "0.00"),
        ("offer", "[x]", "V014"),
        ("offer", "e", "V014"),
        ("offer", "--5", "V014"),
        ("offer", "((5))", "V014"),
        ("offer", "-(5)", "V014"),
        ("offer", "£1.234567m", "1234567.00"),
        ("offer", "£1.234567891m", "V015"),
        ("offer", "£20.1m", "V024"),
        ("offer", "12 e e", "V014"),
        ("rate", "50,38%", "50.38"),
        ("rate", "1 200,5", "1200.50"),
        ("rate", "1\u{a0}200,5 %", "1200.50"),
        ("rate", "1\u{202f}200", "1200.00"),
        ("rate", "12 00", "V027"),
        ("rate", "1.5", "V014"),
        ("rate", "n/a", "Z"),
        ("began", "2019-04-03", "2019-04-03"),
        ("began", "13/04/2019", "2019-04-13"),
        ("began", "04/13/2019", "2019-04-13"),
        ("began", "04/04/2019", "2019-04-04"),
        ("began", "03/04/2019", "V018"),
        ("began", "03/2007", "2007-03-01"),
        ("began", "3 March 2007", "2007-03-03"),
        ("began", "3 Mawrth 2007", "2007-03-03"),
        ("began", "2019-20", "2019-04-01"),
        ("began", "2019/20", "2019-04-01"),
        ("began", "2019-21", "V017"),
        ("began", "43558", "2019-04-03"),
        ("began", "60", "V017"),
        ("began", "31/02/2019", "V017"),
        ("oes", "Nac oes", "false"),
        ("oes", "Ydy", "true"),
        ("oes", "true", "V020"),
        ("name", "#REF!", "V028"),
    ] {
        assert_eq!(bench.value(column, text), value, "{column} {text}");
    }
}

#[test]
fn a_status_goes_beside_the_value_and_never_becomes_zero() {
    let bench = Bench::new();
    let chunk = bench.check(&[
        &[("offer", ".."), ("rate", "n/a")],
        &[("offer", "7 e"), ("rate", "n/a"), ("rate_note", "OK")],
        &[("offer", "8"), ("rate", "1")],
    ]);
    assert_eq!(ids(&chunk), Vec::<String>::new());
    let texts = |name| {
        let column = chunk.typed.column_by_name(name).expect("a column").as_string::<i32>().clone();
        column.iter().map(|text| text.map(str::to_owned)).collect::<Vec<_>>()
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(texts("offer_status"), [text("x"), text("e"), None]);
    assert_eq!(texts("rate_note"), [text("Z"), text("OK"), None]);
    let offer = chunk.typed.column_by_name("offer").expect("a column");
    assert_eq!(offer.as_primitive::<Decimal128Type>().iter().collect::<Vec<_>>(), [None, Some(700), Some(800)]);
    let fit = chunk.fits[bench.schema.fields.iter().position(|f| f.name == "offer").expect("a field")];
    assert_eq!(fit, TypeFit { filled: 2, misfits: 0 });
}

#[test]
fn repairs_are_recorded_and_the_row_accepted() {
    let bench = Bench::new();
    let chunk = bench.check(&[&[("id", " t-007 "), ("company", "123")], &[("company", "OLD")]]);
    let found: Vec<String> = chunk.findings.iter().map(|(_, f)| format!("{} {}", f.place, f.rule)).collect();
    assert_eq!(
        found,
        [
            "things.csv > row 2 > id V040",
            "things.csv > row 2 > id V041",
            "things.csv > row 2 > company V042",
            "things.csv > row 3 > company V043",
        ]
    );
    assert!(chunk.findings.iter().all(|(_, f)| f.severity == Severity::Repair && f.value.is_none()));
    let texts = |name| chunk.typed.column_by_name(name).expect("a column").as_string::<i32>().clone();
    assert_eq!((texts("id").value(0), texts("company").value(0)), ("T-007", "00000123"));
    assert_eq!(texts("company").value(1), "NEW");
    assert_eq!(chunk.bad, [false, false]);
}

#[test]
fn all_findings_of_a_row_come_at_once_and_reasons_hide_the_value() {
    let bench = Bench::new();
    let secret = "987654321.123";
    let row: &[(&str, &str)] =
        &[("id", "t-9999"), ("number", secret), ("money", secret), ("day", secret), ("flag", secret), ("firm", secret)];
    let chunk = bench.check(&[row]);
    assert_eq!(ids(&chunk), ["V041", "V021", "V013", "V015", "V017", "V020", "V032"]);
    for (_, finding) in &chunk.findings {
        assert!(!format!("{finding} {finding:?}").contains(secret));
        assert_eq!(finding.value.is_some(), finding.severity == Severity::Quarantine);
    }
    assert_eq!(chunk.bad, [true]);
    assert!(chunk.typed.columns().iter().all(|column| column.is_null(0) || column.data_type() == &DataType::Utf8));
}

#[test]
fn rows_of_one_key_have_one_fingerprint() {
    let bench = Bench::new();
    let validator = bench.validator(Vec::new());
    let rows: &[&[(&str, &str)]] = &[&[("id", "T-001"), ("name", "ab")], &[("id", " t-001")], &[("id", "T-02")]];
    let chunk = run(&validator, &bench.texts(rows), 2);
    let other = run(&validator, &bench.texts(&[&[("id", "T-001"), ("name", "ab")]]), 9);
    let names: Vec<_> = validator.keys().iter().map(|(rule, fields)| format!("{rule} {}", fields.join("+"))).collect();
    assert_eq!(names, ["V030 id", "V031 name"]);
    assert_eq!(chunk.keys[0].get(0), chunk.keys[0].get(1));
    assert_eq!(chunk.keys[0].get(0), other.keys[0].get(0));
    assert_eq!(chunk.keys[0].get(2), None);
    assert_eq!(chunk.keys[1].get(0), other.keys[1].get(0));
    assert_eq!(chunk.keys[1].get(1), None);
}

#[test]
fn rules_over_columns_warn_quarantine_refuse_or_stop() {
    let bench = Bench::new();
    let rule = |severity| CompiledRule {
        id: RuleId::of("X001"),
        severity,
        fields: vec!["number".to_owned()],
        reason: "the number is not five".to_owned(),
        hint: "make it five".to_owned(),
        check: Box::new(|batch: &RecordBatch| {
            let numbers = batch.column_by_name("number").expect("a column").as_primitive::<Int64Type>().clone();
            Ok(numbers.iter().map(|number| number.map(|n| n == 5)).collect::<BooleanArray>())
        }),
    };
    let rows: &[&[(&str, &str)]] = &[&[("number", "5")], &[("number", "6")], &[("number", "")], &[("number", "x")]];
    let check = |severity| run(&bench.validator(vec![rule(severity)]), &bench.texts(rows), 2);
    let chunk = check(Severity::Warn);
    assert_eq!(ids(&chunk), ["X001", "V013"]);
    assert_eq!(chunk.bad, [false, false, false, true]);
    for severity in [Severity::Quarantine, Severity::Refuse, Severity::Stop] {
        let chunk = check(severity);
        assert_eq!(chunk.bad, [false, true, false, true]);
        assert_eq!(chunk.findings[0].1.severity, severity);
    }
}

#[test]
fn ragged_rows_are_set_aside() {
    let bench = Bench::new();
    let validator = bench.validator(Vec::new());
    let texts = bench.texts(&[&[], &[]]);
    let chunk = validator.check_chunk(&texts, &[2, 4], Some(&"Sheet1".into()), &[4]).expect("checks");
    assert_eq!(
        chunk.findings[0].1.to_string().split(" (").next(),
        Some("things.csv > sheet Sheet1 > row 4: V010 the row has more or fewer cells than the header")
    );
}

#[test]
fn keys_that_nobody_supplied_are_a_defect() {
    let bench = Bench::new();
    let none = References::new();
    let error = Validator::new(&bench.schema, "f", &none, Vec::new()).expect_err("no keys");
    assert!(matches!(error, ValidateError::MissingReference { .. }), "{error}");
}

#[test]
fn headers_are_checked_against_the_schema() {
    let bench = Bench::new();
    let check = |columns: Vec<&str>| {
        let columns: Vec<String> = columns.into_iter().map(str::to_owned).collect();
        let findings = check_header(&columns, &bench.schema, "things.csv");
        findings.iter().map(|f| format!("{:?} {} {}", f.severity, f.rule, f.hint)).collect::<Vec<_>>()
    };
    let all = bench.columns();
    let good: Vec<&str> = all.iter().map(String::as_str).collect();
    assert_eq!(check(good.clone()), Vec::<String>::new());
    let mut other = good.clone();
    other.swap(0, 1);
    assert_eq!(check(other), Vec::<String>::new());
    let mut other = good.clone();
    other[2] = "mony";
    assert_eq!(
        check(other),
        ["Refuse V001 was `money` meant?", "Refuse V002 deliver it, empty if there is nothing to say"]
    );
    let mut other = good.clone();
    other.push("id");
    other.insert(0, "");
    assert_eq!(check(other), ["Refuse V004 name it or leave it out", "Refuse V003 keep one of them"]);
    let renamed: Vec<&str> = good.iter().map(|name| if *name == "offer" { "Offer (£)" } else { name }).collect();
    assert_eq!(check(renamed), ["Warn V006 deliver it under the agreed name"]);
    let mut twice = good.clone();
    twice.push("Offer (£)");
    assert_eq!(check(twice), ["Refuse V003 keep one of them"]);
}

#[test]
fn drift_does_what_the_schema_says() {
    let bench = Bench::new();
    let policies = [DriftAction::Refuse, DriftAction::Warn, DriftAction::Allow];
    let expected = [Some(Severity::Refuse), Some(Severity::Warn), None];
    for (action, severity) in policies.into_iter().zip(expected) {
        let mut schema = bench.schema.clone();
        schema.drift = Drift { added: action, missing: action, renamed: action, reordered: action, retyped: action };
        let check = |change: fn(&mut Vec<String>)| {
            let mut columns = bench.columns();
            change(&mut columns);
            let found = check_header(&columns, &schema, "things.csv");
            found.first().map(|finding| (finding.rule.clone(), finding.severity))
        };
        assert_eq!(check(|columns| columns.push("x".into())), severity.map(|s| (rules::UNKNOWN_COLUMN, s)));
        assert_eq!(check(|columns| drop(columns.remove(2))), severity.map(|s| (rules::MISSING_COLUMN, s)));
        assert_eq!(check(|columns| columns.swap(1, 2)), severity.map(|s| (rules::REORDERED_COLUMNS, s)));
        let rename: fn(&mut Vec<String>) = |columns| {
            for column in columns.iter_mut().filter(|column| *column == "offer") {
                *column = "Offer (£)".to_owned();
            }
        };
        assert_eq!(check(rename), severity.map(|s| (rules::RENAMED_COLUMN, s)));
        let mut fits = vec![TypeFit { filled: 100, misfits: 50 }; schema.fields.len()];
        assert_eq!(check_retyped(&fits, &schema, "things.csv"), Vec::new());
        fits[2].misfits = 51;
        fits[3] = TypeFit { filled: 9, misfits: 9 };
        let found = check_retyped(&fits, &schema, "things.csv");
        let found: Vec<_> = found.iter().map(|f| (f.severity, f.to_string())).collect();
        let text = "things.csv > money: V007 51 of 100 values are not of the column's type \
                    (deliver the column as agreed; if it has changed for good, change the schema)";
        assert_eq!(found, severity.map(|s| (s, text.to_owned())).into_iter().collect::<Vec<_>>());
    }
    // Whatever the policy, a file without a required column cannot be taken.
    let mut schema = bench.schema.clone();
    schema.drift.missing = DriftAction::Allow;
    let found = check_header(&bench.columns()[1..], &schema, "things.csv");
    assert_eq!(found.first().map(|f| (f.rule.clone(), f.severity)), Some((rules::MISSING_COLUMN, Severity::Refuse)));
}

#[test]
fn a_column_is_read_under_any_of_its_names() {
    let bench = Bench::new();
    let names = ["id".to_owned(), "Offer (£)".to_owned()];
    let texts = batch(&names, vec![vec!["T-001".to_owned()], vec!["£5".to_owned()]]);
    let chunk = run(&bench.validator(Vec::new()), &texts, 2);
    let offer = chunk.typed.column_by_name("offer").expect("a column");
    assert_eq!((offer.as_primitive::<Decimal128Type>().value(0), chunk.bad[0]), (500, false));
}

const TEXTS: &str = "( )?(T-[0-9]{3}|t-001|F1|F2|A|[ -]?£?[0-9,.]{0,6}[m%)e]?|[0-9]{1,2}/[0-9]{1,2}/20[0-9]{2}|20[0-9]{2}-[01][0-9]-[0-3][0-9]|\\.\\.|: c|n/a|n/k|OLD|a@b.org|https://b.org|Oes|true|\\PC{0,5})";

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chunks_may_be_split_anywhere_and_bad_rows_have_findings(
        cells in prop::collection::vec(prop::collection::vec(TEXTS, 21), 0..10),
        cut in 0usize..10,
    ) {
        let bench = Bench::new();
        let names = bench.columns();
        let columns = (0..names.len()).map(|c| cells.iter().map(|row| row[c].clone()).collect()).collect();
        let texts = batch(&names, columns);
        let validator = bench.validator(Vec::new());
        let whole = run(&validator, &texts, 2);
        let cut = cut.min(texts.num_rows());
        let first = run(&validator, &texts.slice(0, cut), 2);
        let rest = run(&validator, &texts.slice(cut, texts.num_rows() - cut), 2 + u64::try_from(cut).expect("small"));
        let typed = concat_batches(&whole.typed.schema(), [&first.typed, &rest.typed]).expect("same columns");
        prop_assert_eq!(&whole.typed, &typed);
        prop_assert_eq!(&whole.bad, &[first.bad.as_slice(), &rest.bad].concat());
        let found = |chunk: &CheckedChunk| chunk.findings.iter().map(|(_, f)| f.clone()).collect::<Vec<_>>();
        prop_assert_eq!(found(&whole), [found(&first), found(&rest)].concat());
        for (number, key) in whole.keys.iter().enumerate() {
            let halves = [&first.keys[number].fingerprints[..], &rest.keys[number].fingerprints[..]].concat();
            prop_assert_eq!(&key.fingerprints, &halves);
        }
        for (row, bad) in whole.bad.iter().enumerate() {
            let graver = |(index, f): &&(u32, crate::model::Finding)| {
                usize::try_from(*index) == Ok(row) && f.severity >= Severity::Quarantine
            };
            prop_assert_eq!(*bad, whole.findings.iter().any(|finding| graver(&finding)));
        }
    }
}
