//! Rules over several rows: what was delivered, rows that point at others of their dataset, releases; and dry runs, which know
//! of all files of the inbox.

use crate::bench::TestBench;
use crate::small::{deliver, name, small};

/// The small project with a change of its schema.
fn with_schema(change: impl Fn(String) -> String) -> TestBench {
    let bench = small();
    let path = bench.project().join("schemas/things.json");
    let text = std::fs::read_to_string(&path).expect("a schema");
    std::fs::write(&path, change(text)).expect("written");
    bench
}

fn with_set_rule(query: &str) -> TestBench {
    let rule = format!(
        r#""setRules": [{{"id": "X902", "severity": "quarantine", "fields": ["area"], "query": "{query}",
           "reason": "the area is not as it should be", "hint": "mend it"}}], "rules": ["#
    );
    with_schema(|text| text.replace(r#""rules": ["#, &rule))
}

const HEADER: &str = "id,area,granted,spent,owner\n";
/// Which rows of which supplier are live.
const LIVE: &str = "select string_agg(id || _supplier, ' ' order by id) from things";

/// The rows in quarantine: row and rule.
fn set_aside(bench: &TestBench) -> String {
    let said = bench.expect(0, &["quarantine", "list", "--format", "csv"]).stdout;
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        format!("{} {}", cells[3], cells[5])
    };
    said.lines().skip(1).map(row).collect::<Vec<_>>().join("; ")
}

#[test]
fn what_was_delivered_counts_and_not_what_is_left_after_another_rule() {
    let bench = with_set_rule(
        "with delivered as (select area from incoming union all select area from refused), odd as (select area from \
         delivered group by area having count(1) <> 2) select i._n from incoming as i inner join odd as o on o.area = i.area",
    );
    let text =
        format!("{HEADER}T-001,A,10,5,Ann\nT-002,A,10,20,Ann\nT-003,B,10,5,Ann\nT-003,B,10,5,Ann\nT-004,C,10,5,Ann\n");
    deliver(&bench, &name("c1", "20201231", 1), &text);
    bench.expect(1, &["ingest"]);
    assert_eq!(set_aside(&bench), "3 X901; 5 V030; 6 X902");
    assert_eq!(bench.ask(LIVE), "T-001c1 T-003c1");
}

#[test]
fn a_row_may_point_at_another_one_of_its_dataset_and_at_none_that_is_gone() {
    let own =
        r#""primaryKey": "id", "foreignKeys": [{"fields": "area", "reference": {"resource": "", "fields": "id"}}],"#;
    let bench = with_schema(|text| text.replace(r#""primaryKey": "id","#, own));
    let text = format!("{HEADER}T-001,T-002,10,5,Ann\nT-002,,10,5,Ann\nT-003,T-009,10,5,Ann\n");
    deliver(&bench, &name("c1", "20201231", 1), &text);
    bench.expect(1, &["ingest"]);
    assert_eq!(set_aside(&bench), "4 V032");
    deliver(&bench, &name("c2", "20201231", 1), &format!("{HEADER}T-501,T-001,10,5,Ann\n"));
    bench.expect(0, &["ingest"]);
    assert_eq!(bench.ask(LIVE), "T-001c1 T-002c1 T-501c2");
    // The next snapshot does without the row that another one points at.
    deliver(
        &bench,
        &name("c1", "20201231", 2),
        &format!("{HEADER}T-001,T-002,10,5,Ann\nT-004,,10,5,Ann\nT-005,,1,1,A\n"),
    );
    bench.expect(1, &["ingest"]);
    assert_eq!(bench.ask(LIVE), "T-004c1 T-005c1 T-501c2");
}

#[test]
fn a_row_that_points_at_a_refused_one_is_refused_with_it() {
    let own =
        r#""primaryKey": "id", "foreignKeys": [{"fields": "area", "reference": {"resource": "", "fields": "id"}}],"#;
    let bench = with_schema(|text| text.replace(r#""primaryKey": "id","#, own));
    let rows = "T-001,T-009,10,5,Ann\nT-002,T-001,10,5,Ann\nT-003,T-002,10,5,Ann\nT-004,T-005,10,5,Ann\n\
                T-005,T-004,10,5,Ann\nT-006,,10,5,Ann\n";
    deliver(&bench, &name("c1", "20201231", 1), &format!("{HEADER}{rows}"));
    bench.expect(1, &["ingest"]);
    assert_eq!(set_aside(&bench), "2 V032; 3 V032; 4 V032");
    assert_eq!(bench.ask(LIVE), "T-004c1 T-005c1 T-006c1");
}

#[test]
fn a_released_row_is_judged_among_the_rows_that_are_live() {
    let bench = with_set_rule(
        "with rich as (select area from incoming group by area having sum(granted) > 1000) select i._n from incoming as i \
         inner join rich as r on r.area = i.area",
    );
    let file = name("c1", "20201231", 1);
    deliver(&bench, &file, &format!("{HEADER}T-001,A,100,5,Ann\nT-002,A,950,5,Ann\nT-003,B,10,5,Ann\n"));
    bench.expect(1, &["ingest"]);
    assert_eq!(set_aside(&bench), "2 X902; 3 X902");
    let release = |rows: &str, code: i32, more: &[&str]| {
        let what = format!("{file}:{rows}");
        let arguments = ["quarantine", "release", &what, "--by", "Ann Price", "--note", "agreed with C1"];
        bench.expect(code, &[&arguments[..], more].concat()).stdout
    };
    release("2,3", 1, &[]);
    assert_eq!(bench.ask(LIVE), "T-003c1");
    release("2", 0, &[]);
    assert_eq!(bench.ask(LIVE), "T-001c1 T-003c1");
    let kept = release("3", 1, &[]);
    assert!(kept.contains("row 3 > area: X902 the area is not as it should be (mend it)"), "{kept}");
    release("3", 0, &["--override", "X902"]);
    assert_eq!(bench.ask(LIVE), "T-001c1 T-002c1 T-003c1");
    assert_eq!(set_aside(&bench), "");
}

#[test]
fn a_dry_run_says_what_the_ingest_will_say_and_leaves_nothing() {
    let bench = TestBench::with_examples();
    let inbox = TestBench::files(&bench.project());
    let dry = bench.expect(0, &["ingest", "--dry-run"]);
    assert!(!bench.var().exists(), "nothing is written, not even a folder");
    assert_eq!(TestBench::files(&bench.project()), inbox);
    let real = bench.expect(0, &["ingest"]);
    assert_eq!(dry.stdout, real.stdout.replace(" taken, ", " would be taken, "));
    // With a state: files that are known, and a correction.
    let file = "vouchers__grants__20201231__002.csv";
    let text = std::fs::read_to_string(bench.inbox().join("vouchers__grants__20201231__001.csv")).expect("a file");
    std::fs::write(bench.inbox().join(file), text + "\n").expect("written");
    let before = bench.written();
    let dry = bench.expect(0, &["ingest", "--dry-run"]).stdout;
    assert!(dry.contains("1 would be taken"), "{dry}");
    assert_eq!(bench.written(), before);
    assert_eq!(bench.ask("select count(*) from extracts where file = 'vouchers__grants__20201231__002.csv'"), "0");
    assert_eq!(bench.expect(0, &["ingest"]).stdout, dry.replace(" would be taken, ", " taken, "));
}
