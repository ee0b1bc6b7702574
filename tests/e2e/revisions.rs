//! Rows that arrived, changed or went after their quarter was closed.

use crate::bench::TestBench;
use crate::small::{deliver, name, set_now, small};

const HEADER: &str = "id,area,granted,spent,owner,day\n";
const WHAT: &str = "select dataset, period, key, what, cast(first_known_at as varchar) as first_known_at, \
                    cast(closed_at as varchar) as closed_at, supplier, _row from revisions order by period, key";

/// The small project, with the day to which a row belongs.
fn dated() -> TestBench {
    let bench = small();
    let path = bench.project().join("schemas/things.json");
    let text = std::fs::read_to_string(&path).expect("a schema");
    let day = r#"{"name": "day", "type": "date", "mesur": {"sensitivity": "PUB"}},
    {"name": "owner""#;
    let text = text.replace(r#"{"name": "owner""#, day).replace(r#""rowDrop": "0.05""#, r#""rowDrop": "0.9""#);
    let text = text.replace(r#""mode": "snapshot","#, r#""mode": "snapshot", "datedBy": "day","#);
    std::fs::write(&path, text).expect("written");
    bench
}

fn revisions(bench: &TestBench, more: &[&str]) -> Vec<String> {
    let said = bench.expect(0, &[&["sql", "-c", WHAT, "--format", "csv"], more].concat()).stdout;
    said.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn what_came_changed_or_went_after_a_quarter_was_closed_is_a_revision() {
    let mut bench = dated();
    assert_eq!(revisions(&bench, &[]), [""; 0]);
    let third = "T-001,A,10,5,Ann,2020-11-02\nT-002,A,10,5,Ann,2020-12-01\nT-003,A,10,5,Ann,2020-12-02\n";
    deliver(&bench, &name("c1", "20201231", 1), &format!("{HEADER}{third}"));
    bench.expect(0, &["ingest"]);
    assert_eq!(revisions(&bench, &[]), [""; 0], "the quarter is closed by what reaches its last day");
    set_now(&mut bench, "2021-04-09T08:00:00Z");
    let fourth = "T-001,A,10,5,Bob,2020-11-02\nT-002,A,10,7,Ann,2020-12-01\nT-004,A,10,5,Ann,2020-12-20\n\
                  T-005,A,10,5,Ann,2021-02-01\nT-007,A,10,5,Ann,\n";
    deliver(&bench, &name("c1", "20210331", 1), &format!("{HEADER}{fourth}"));
    bench.expect(0, &["ingest"]);
    let first = [
        "things,2020-21-Q3,T-002,changed,2021-04-09T08:00:00Z,2021-01-08T08:00:00Z,c1,3",
        "things,2020-21-Q3,T-003,removed,2021-04-09T08:00:00Z,2021-01-08T08:00:00Z,c1,4",
        "things,2020-21-Q3,T-004,added,2021-04-09T08:00:00Z,2021-01-08T08:00:00Z,c1,4",
    ];
    assert_eq!(revisions(&bench, &[]), first);
    set_now(&mut bench, "2021-04-10T08:00:00Z");
    deliver(&bench, &name("c1", "20210331", 2), &format!("{HEADER}{fourth}T-006,A,1,1,Ann,2021-03-01\n"));
    bench.expect(0, &["ingest"]);
    let late = "things,2020-21-Q4,T-006,added,2021-04-10T08:00:00Z,2021-04-09T08:00:00Z,c1,7";
    assert_eq!(revisions(&bench, &[]), [&first[..], &[late]].concat());
    assert_eq!(revisions(&bench, &["--as-known-at", "2021-04-09T12:00:00Z"]), first);
    assert_eq!(revisions(&bench, &["--as-known-at", "2021-02-01T00:00:00Z"]), [""; 0]);
}

#[test]
fn a_row_released_after_its_quarter_was_closed_is_a_revision() {
    let mut bench = dated();
    let file = name("c1", "20201231", 1);
    deliver(&bench, &file, &format!("{HEADER}T-001,A,10,5,Ann,2020-11-02\nT-002,A,10,50,Ann,2020-12-01\n"));
    bench.expect(1, &["ingest"]);
    set_now(&mut bench, "2021-01-20T08:00:00Z");
    let row = format!("{file}:3");
    let release = ["quarantine", "release", &row, "--by", "Ann Price", "--note", "right", "--override", "X901"];
    bench.expect(0, &release);
    assert_eq!(
        revisions(&bench, &[]),
        ["things,2020-21-Q3,T-002,added,2021-01-20T08:00:00Z,2021-01-08T08:00:00Z,c1,3"]
    );
}

#[test]
fn two_rows_with_the_same_values_have_the_same_hash() {
    let bench = dated();
    deliver(&bench, &name("c1", "20201231", 1), &format!("{HEADER}T-001,A,10,5,Ann,\nT-002,A,10,5,Ann,2020-12-01\n"));
    bench.expect(0, &["ingest"]);
    let sql =
        "select row_hash(area, granted, day) as of_row, row_hash(area, granted) as of_two from things order by id";
    let said = bench.expect(0, &["sql", "-c", sql, "--format", "csv"]).stdout;
    let rows: Vec<Vec<&str>> = said.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0][1], rows[1][1]);
    assert_ne!(rows[0][0], rows[1][0]);
    assert_eq!(rows[0][1].len(), 32);
}
