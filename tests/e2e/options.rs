//! Options of commands, each with what it prints.

use std::collections::BTreeSet;

use crate::bench::TestBench;
use crate::small::set_now;

#[test]
fn every_format_prints_the_same_rows() {
    let bench = TestBench::empty();
    let printed = |format: &str| {
        let sql = "select 1 as a, 'x' as b, cast(null as varchar) as c";
        bench.expect(0, &["sql", "-c", sql, "--format", format]).stdout
    };
    assert_eq!(printed("csv"), "a,b,c\n1,x,\n");
    assert_eq!(printed("automatic"), "a,b,c\n1,x,\n", "a pipe gets CSV");
    assert_eq!(printed("json"), "[{\"a\":1,\"b\":\"x\",\"c\":null}]\n");
    assert_eq!(printed("nd-json"), "{\"a\":1,\"b\":\"x\",\"c\":null}\n");
    assert_eq!(printed("table"), "───────────\n a   b   c \n═══════════\n 1   x     \n───────────\n(1 row)\n");
    // A list of our own, with nothing in it.
    let list = |format: &str| bench.expect(0, &["quarantine", "list", "--format", format]).stdout;
    assert_eq!(list("csv"), "extract,file,sheet,row,column,rule,reason,hint\n");
    assert_eq!((list("json").as_str(), list("nd-json").as_str()), ("[]\n", ""));
}

#[test]
fn what_was_known_at_an_instant_is_computed_and_not_stored() {
    let mut bench = TestBench::with_examples();
    set_now(&mut bench, "2021-01-20T08:00:00Z");
    bench.expect(0, &["ingest"]);
    let before = bench.written();
    let early = ["build", "--period", "2020-21-Q3", "--select", "D06", "--as-known-at", "2021-01-01T00:00:00Z"];
    assert_eq!(bench.expect(2, &early).stdout, "", "nothing was known then");
    let then = ["build", "--period", "2020-21-Q3", "--select", "D06", "--as-known-at", "2021-01-21T00:00:00Z"];
    let known = bench.expect(0, &then).stdout;
    assert!(known.contains("indicators  1 in 3 tables"), "{known}");
    assert_eq!(bench.written(), before, "nothing is stored");
    bench.expect(0, &["build", "--period", "2020-21-Q3"]);
    assert_ne!(bench.written(), before);
}

#[test]
fn samples_keep_to_their_days() {
    let bench = TestBench::empty();
    let out = bench.project().join("made");
    let to = out.display().to_string();
    bench.expect(0, &["sample", "--firms", "20", "--out", &to, "--from", "2020-01-01", "--to", "2020-06-30"]);
    let days: BTreeSet<String> = TestBench::files(&out)
        .into_keys()
        .map(|path| path.to_string_lossy().split("__").nth(2).unwrap_or_default().to_owned())
        .collect();
    assert_eq!(days.into_iter().collect::<Vec<_>>(), ["20200630", "20230621"], "and the day of the published areas");
    let turned =
        bench.expect(2, &["sample", "--firms", "20", "--out", &to, "--from", "2020-07-01", "--to", "2020-06-30"]);
    assert_eq!(turned.stdout, "");
}

#[test]
fn more_is_said_on_standard_error_when_it_is_asked_for() {
    let mut bench = TestBench::with_examples();
    let quiet = bench.expect(0, &["ingest", "--dry-run", "geography_lookup"]);
    assert_eq!(quiet.stderr, "");
    let told =
        |said: &str| said.contains("geography_lookup__wg__20201231__001.csv") && said.contains("reading an extract");
    let said = bench.expect(0, &["ingest", "--dry-run", "geography_lookup", "-v"]);
    assert!(told(&said.stderr), "{}", said.stderr);
    assert_eq!(said.stdout, quiet.stdout);
    bench.set("MESUR_LOG", "mesur=info");
    assert!(told(&bench.expect(0, &["ingest", "--dry-run", "geography_lookup"]).stderr));
}

#[test]
fn only_fixtures_touch_no_data() {
    let bench = TestBench::empty();
    let said = bench.expect(0, &["test", "--only", "fixtures", "-s", "D06"]);
    assert!(
        said.stdout.lines().last().is_some_and(|line| line.ends_with("passed, 0 warned, 0 failed")),
        "{}",
        said.stdout
    );
    assert!(!bench.var().join("ledger").exists());
}

#[test]
fn a_gate_that_nobody_can_open_is_told() {
    let bench = TestBench::empty();
    let job = bench.project().join("jobs/iacw-quarterly.toml");
    let text = std::fs::read_to_string(&job).expect("a job");
    let send = text.replace("approvals = 0", "approvals = 2").replace("\"preflight\"", "\"preflight\", \"approve\"");
    assert_ne!(send, text);
    std::fs::write(&job, send).expect("written");
    let said = bench.expect(0, &["check"]);
    assert_eq!(
        said.stderr.lines().find(|line| line.contains("approvals")),
        Some(
            "warning: jobs/iacw-quarterly.toml: send.approvals is 2, and approvals cannot be recorded yet: the pack is built \
             and nothing is sent (set it to 0 and drop the step `approve`, or send the pack by hand)"
        )
    );
}
