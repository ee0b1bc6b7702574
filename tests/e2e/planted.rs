//! Every defect that `sample --dirt` plants is found in its row under its rule, and nothing else is found.

use std::collections::{BTreeMap, BTreeSet};

use crate::bench::TestBench;

/// File, row and rule of a finding.
type Found = (String, u64, String);

/// Findings that keep their row, by file and rule: how many, and the first row.
type Kept = BTreeMap<(String, String), (u64, u64)>;

/// A line of the list of planted defects.
#[derive(Debug, serde::Deserialize)]
struct Planted {
    file: String,
    row: Option<u64>,
    case: String,
    rule: String,
    severity: String,
}

fn read_list(bench: &TestBench) -> Vec<Planted> {
    let path = bench.inbox().join("planted/planted.csv");
    let mut reader = csv::Reader::from_path(path).expect("a list");
    reader.deserialize().map(|line| line.expect("a line of the list")).collect()
}

fn refused(bench: &TestBench) -> BTreeSet<Found> {
    let said = bench.expect(0, &["quarantine", "list", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(said.stdout.as_bytes());
    let columns = reader.headers().expect("a header").clone();
    let place = |name: &str| columns.iter().position(|column| column == name).expect("a column");
    let (file, row, rule) = (place("file"), place("row"), place("rule"));
    let found = reader.records().map(|line| {
        let line = line.expect("a line");
        (line[file].to_owned(), line[row].parse().expect("a row"), line[rule].to_owned())
    });
    found.collect()
}

/// Reads `  FILE > row 12 > column and 3 more: X110 reason (hint)`.
fn counted(report: &str) -> Kept {
    let mut kept = Kept::new();
    for line in report.lines().filter(|line| line.starts_with("  ") && line.contains(" > row ")) {
        let (place, rest) = line.split_once(": ").expect("a place and a reason");
        let rule = rest.split(' ').next().expect("a rule");
        let mut parts = place.trim().split(" > ");
        let file = parts.next().expect("a file");
        let row = parts.next().and_then(|row| row.strip_prefix("row ")).expect("a row");
        let row: u64 = row.split(' ').next().expect("a number").parse().expect("a row");
        let more = place.rsplit_once(" and ").and_then(|(_, more)| more.strip_suffix(" more"));
        let rows = 1 + more.map_or(0, |more| more.replace(',', "").parse::<u64>().expect("a number"));
        let entry = kept.entry((file.to_owned(), rule.to_owned())).or_insert((0, row));
        *entry = (entry.0 + rows, entry.1.min(row));
    }
    kept
}

#[test]
fn planted_defects_are_found_and_nothing_else_is() {
    let bench = TestBench::empty();
    let inbox = bench.inbox().display().to_string();
    bench.expect(0, &["sample", "--firms", "2000", "--seed", "7", "--dirt", "0.02", "--out", &inbox]);
    let list = read_list(&bench);
    let cases: BTreeSet<&str> = list.iter().map(|planted| planted.case.as_str()).collect();
    assert!(cases.len() > 90, "only {} kinds of defects: {cases:?}", cases.len());

    let said = bench.mesur(&["ingest"]);
    assert!([0, 1].contains(&said.code), "{}\n{}", said.code, said.stderr);

    let of = |severity: &'static str| list.iter().filter(move |planted| planted.severity == severity);
    let row = |planted: &Planted| planted.row.expect("a finding has a row");
    let expected: BTreeSet<Found> = of("quarantine").map(|p| (p.file.clone(), row(p), p.rule.clone())).collect();
    let found = refused(&bench);
    let missed: Vec<_> = expected.difference(&found).collect();
    let unexpected: Vec<_> = found.difference(&expected).collect();
    assert!(missed.is_empty() && unexpected.is_empty(), "missed: {missed:#?}\nunexpected: {unexpected:#?}");

    let mut kept = Kept::new();
    for planted in of("warn").chain(of("repair")) {
        let entry = kept.entry((planted.file.clone(), planted.rule.clone())).or_insert((0, row(planted)));
        *entry = (entry.0 + 1, entry.1.min(row(planted)));
    }
    let refusing: BTreeSet<&str> = expected.iter().map(|(_, _, rule)| rule.as_str()).collect();
    let mut told = counted(&said.stdout);
    told.retain(|(_, rule), _| !refusing.contains(rule.as_str()));
    assert_eq!(told, kept);

    for (file, case) in of("kept").filter(|planted| planted.row.is_none()).map(|p| (&p.file, p.case.as_str())) {
        if case == "whole-file-again" {
            assert!(said.stdout.contains(&format!("{file}: the same bytes came before")), "{file}");
        } else {
            assert!(said.stdout.contains(&format!("{file}: 2 rows in, 2 accepted")), "{file}:\n{}", said.stdout);
        }
    }
}
