//! Tests of rules: every one with a good and a bad sample, and the laws that hold for all chunks.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Field, Int64Type, Schema as ArrowSchema};
use proptest::prelude::*;

use super::{CheckedChunk, References, Summary, ValidateError, Validator, check_header, rules};
use crate::definitions::{CompiledRule, Schema, load_schemas};
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
    {"name": "firm", "type": "string", "mesur": {"sensitivity": "PUB"}}
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
        references.add(firms, vec!["firm_id".to_owned()], HashSet::from(["F1".to_owned()]));
        Self { schema: schemas.remove(&things).expect("loaded"), references }
    }

    fn columns(&self) -> Vec<String> {
        self.schema.fields.iter().map(|field| field.name.clone()).collect()
    }

    fn validator(&self, rules: Vec<CompiledRule>) -> Validator<'_> {
        Validator::new(&self.schema, "things.csv", &self.references, rules).expect("references are there")
    }

    /// Checks rows given as `column=text` pairs; the id comes by itself.
    fn check(&self, rows: &[&[(&str, &str)]]) -> (CheckedChunk, Summary) {
        let mut validator = self.validator(Vec::new());
        let chunk = self.run(&mut validator, rows, 2);
        (chunk, validator.finish())
    }

    fn run(&self, validator: &mut Validator<'_>, rows: &[&[(&str, &str)]], first: u64) -> CheckedChunk {
        let names = self.columns();
        let cell = |row: usize, name: &str| {
            let own = rows[row].iter().find(|(column, _)| *column == name).map(|(_, text)| (*text).to_owned());
            own.unwrap_or_else(|| if name == "id" { format!("T-{row:03}") } else { String::new() })
        };
        let columns = names.iter().map(|name| (0..rows.len()).map(|row| cell(row, name)).collect()).collect();
        let numbers: Vec<u64> = (first..).take(rows.len()).collect();
        validator.check_chunk(&batch(&names, columns), &numbers, None, &[]).expect("checks")
    }

    /// The rule ids found for one value of a column.
    fn rules(&self, column: &str, text: &str) -> Vec<String> {
        let (chunk, _) = self.check(&[&[(column, text)]]);
        let refused = chunk.quarantined.iter().flat_map(|row| &row.findings);
        refused.chain(&chunk.findings).map(|finding| finding.rule.to_string()).collect()
    }
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
    let (chunk, summary) = bench.check(&[row]);
    let batch = &chunk.accepted;
    assert_eq!(batch.schema().field(batch.num_columns() - 1).name(), "_row");
    let column = |name| batch.column_by_name(name).expect("a column");
    assert_eq!(column("money").as_primitive::<Decimal128Type>().value(0), 0);
    assert_eq!(column("grouped").as_primitive::<Int64Type>().value(0), 1_234_567);
    assert_eq!(column("day").as_primitive::<Date32Type>().value(0), 17_898);
    assert!(!column("flag").as_boolean().value(0));
    assert_eq!(column("number").as_primitive::<Int64Type>().value(0), 7);
    assert!(column("word").is_null(0));
    assert_eq!(column("_row").as_primitive::<Int64Type>().value(0), 2);
    assert_eq!(summary, Summary { rows_in: 1, accepted: 1, ..Summary::default() });
}

#[test]
fn repairs_are_recorded_and_the_row_accepted() {
    let bench = Bench::new();
    let (chunk, summary) = bench.check(&[&[("id", " t-007 "), ("company", "123")], &[("company", "OLD")]]);
    let found: Vec<String> = chunk.findings.iter().map(|f| format!("{} {}", f.place, f.rule)).collect();
    assert_eq!(
        found,
        [
            "things.csv > row 2 > id V040",
            "things.csv > row 2 > id V041",
            "things.csv > row 2 > company V042",
            "things.csv > row 3 > company V043",
        ]
    );
    assert!(chunk.findings.iter().all(|f| f.severity == Severity::Repair && f.value.is_none()));
    let texts = |name| chunk.accepted.column_by_name(name).expect("a column").as_string::<i32>().clone();
    assert_eq!((texts("id").value(0), texts("company").value(0)), ("T-007", "00000123"));
    assert_eq!(texts("company").value(1), "NEW");
    assert_eq!((summary.repaired, summary.accepted), (2, 2));
}

#[test]
fn all_findings_of_a_row_come_at_once_and_reasons_hide_the_value() {
    let bench = Bench::new();
    let secret = "987654321.123";
    let row: &[(&str, &str)] =
        &[("id", "t-9999"), ("number", secret), ("money", secret), ("day", secret), ("flag", secret), ("firm", secret)];
    let (chunk, _) = bench.check(&[row]);
    let refused = &chunk.quarantined[0];
    let ids: Vec<String> = refused.findings.iter().map(|f| f.rule.to_string()).collect();
    assert_eq!(ids, ["V041", "V021", "V013", "V015", "V017", "V020", "V032"]);
    for finding in &refused.findings {
        assert!(!format!("{finding} {finding:?}").contains(secret));
        assert_eq!(finding.value.is_some(), finding.severity == Severity::Quarantine);
    }
    assert!(refused.values.contains(&("id".to_owned(), "t-9999".to_owned())));
    assert!(chunk.findings.is_empty());
    assert!(!format!("{refused:?}").contains(secret));
}

#[test]
fn the_first_accepted_row_keeps_a_key() {
    let bench = Bench::new();
    let mut validator = bench.validator(Vec::new());
    let refused = |chunk: &CheckedChunk| -> Vec<(u64, Vec<String>)> {
        let ids = |row: &super::QuarantinedRow| row.findings.iter().map(|f| f.rule.to_string()).collect();
        chunk.quarantined.iter().map(|row| (row.row, ids(row))).collect()
    };
    let first = bench.run(
        &mut validator,
        &[
            &[("id", "T-001"), ("number", "77")],
            &[("id", "T-001"), ("name", "ab")],
            &[("id", " t-001")],
            &[("id", "T-002"), ("name", "ab")],
        ],
        2,
    );
    assert_eq!(
        refused(&first),
        [
            (2, vec!["V024".to_owned()]),
            (4, vec!["V040".to_owned(), "V041".to_owned(), "V030".to_owned()]),
            (5, vec!["V031".to_owned()]),
        ]
    );
    let second = bench.run(&mut validator, &[&[("id", "T-001")], &[("id", "T-002")]], 6);
    assert_eq!(refused(&second), [(6, vec!["V030".to_owned()])]);
    assert_eq!(second.quarantined[0].findings[0].reason, "row 3 already has this id");
    let summary = validator.finish();
    assert_eq!((summary.rows_in, summary.accepted, summary.quarantined), (6, 2, 4));
}

#[test]
fn rules_over_columns_warn_or_quarantine() {
    let bench = Bench::new();
    let rule = |id: &'static str, severity| CompiledRule {
        id: RuleId::of(id),
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
    let mut validator = bench.validator(vec![rule("X001", Severity::Warn)]);
    let chunk = bench.run(&mut validator, rows, 2);
    assert_eq!((chunk.accepted.num_rows(), chunk.quarantined.len()), (3, 1));
    assert_eq!(chunk.findings.iter().map(|f| f.place.row).collect::<Vec<_>>(), [Some(3)]);
    assert_eq!(validator.finish().warnings, 1);
    let mut validator = bench.validator(vec![rule("X001", Severity::Quarantine)]);
    let chunk = bench.run(&mut validator, rows, 2);
    assert_eq!(chunk.quarantined.iter().map(|row| row.row).collect::<Vec<_>>(), [3, 5]);
}

#[test]
fn ragged_rows_are_set_aside() {
    let bench = Bench::new();
    let mut validator = bench.validator(Vec::new());
    let names = bench.columns();
    let mut columns: Vec<Vec<String>> = vec![vec![String::new(); 2]; names.len()];
    columns[0] = vec!["T-001".to_owned(), "T-002".to_owned()];
    let chunk = validator.check_chunk(&batch(&names, columns), &[2, 4], Some("Sheet1"), &[4]).expect("checks");
    assert_eq!(
        chunk.quarantined[0].findings[0].to_string().split(" (").next(),
        Some("things.csv > sheet Sheet1 > row 4: V010 the row has more or fewer cells than the header")
    );
}

#[test]
fn keys_that_nobody_supplied_are_a_defect() {
    let bench = Bench::new();
    let none = References::new();
    let error = Validator::new(&bench.schema, "f", &none, Vec::new()).err().expect("no keys");
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
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_row_is_accepted_or_quarantined(
        cells in prop::collection::vec(("[ tT0-9-]{0,6}", "[0-9.,E£ -]{0,6}", "[0-9/-]{0,10}", "(F1|F2|)"), 0..30),
    ) {
        let bench = Bench::new();
        let rows: Vec<Vec<(&str, &str)>> = cells
            .iter()
            .map(|(id, money, day, firm)| {
                vec![("id", id.as_str()), ("money", money.as_str()), ("day", day.as_str()), ("firm", firm.as_str())]
            })
            .collect();
        let rows: Vec<&[(&str, &str)]> = rows.iter().map(Vec::as_slice).collect();
        let (chunk, summary) = bench.check(&rows);
        prop_assert_eq!(chunk.accepted.num_rows() + chunk.quarantined.len(), rows.len());
        prop_assert_eq!(summary.accepted + summary.quarantined, summary.rows_in);
        prop_assert!(chunk.quarantined.iter().all(|row| !row.findings.is_empty()));
    }
}
