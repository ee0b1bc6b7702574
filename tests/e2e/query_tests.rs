//! `mesur test`, and data tests as a step of a job.

use crate::bench::TestBench;

/// A data test that no lake passes once geography has come.
const IMPOSSIBLE: &str = "/*---\ntitle = \"No authority at all\"\nseverity = \"fail\"\nhint = \"Break the sea.\"\n---*/\n\
                          SELECT g.lad_code, g.name_en FROM geography_lookup AS g ORDER BY g.lad_code\n";

#[test]
fn fixtures_need_no_lake_and_an_empty_one_is_told() {
    let bench = TestBench::empty();
    let said = bench.expect(0, &["test", "-s", "voucher_payments"]);
    assert_eq!(
        said.stdout,
        "passed  voucher_payments  payments of one day add up, a clawback stays negative, what is not paid is no row\n\
         passed  voucher_payments  a payment and its recovery on one day are nothing together, and still a row\n\
         passed  voucher_payments  no claims\n\
         3 tests: 3 passed, 0 warned, 0 failed\n"
    );
    let said = bench.expect(0, &["test", "--only", "data"]);
    assert_eq!(
        said.stdout,
        "data tests did not run: the lake holds no extract that they look at (take some in with `mesur ingest`)\n\
         0 tests: 0 passed, 0 warned, 0 failed\n"
    );
    let csv = bench.expect(0, &["test", "-s", "statistical_areas", "--format", "csv"]);
    let rows = [
        "\"without people there is what fills an area exactly: WWV is one code of ITL 2021, 15 authorities, and nothing of ITL 2025\"",
        "a code that lies in an area in part counts by its people of the last year and vintage: 70 of 200 thousand of Mid Wales",
        "a retired authority is in no area; one of which the people are not known makes no estimate",
        "without authorities the codes stand for areas of which the edition says so",
    ];
    let rows: String =
        rows.iter().fold(String::new(), |rows, name| rows + &format!("passed,statistical_areas,{name},fixture,0\n"));
    assert_eq!(csv.stdout, format!("result,query,test,kind,wrong\n{rows}"));
    assert!(bench.expect(2, &["test", "-s", "D77"]).stderr.contains("`D77` selects nothing"));
}

#[test]
fn a_failure_shows_what_differs_and_a_broken_fixture_is_no_failure() {
    let bench = TestBench::empty();
    let file = bench.project().join("queries/tests/voucher_payments.toml");
    let case =
        "[[case]]\nname = \"x\"\ngiven.voucher_claims = \"voucher_id, paid_on, paid_gbp\\nIV-1, 2020-03-31, 2\"\n";
    let rows = "rows = \"voucher_id, paid_on, paid_gbp\\nIV-1, 2020-03-31, 1\"\n";
    std::fs::write(&file, format!("{case}{rows}")).expect("a file");
    let said = bench.expect(1, &["test", "-s", "voucher_payments"]);
    let lines: Vec<String> =
        said.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        lines,
        [
            "failed voucher_payments x",
            "queries/tests/voucher_payments.toml",
            "rows voucher_id paid_on paid_gbp differs in",
            "expected IV-1 2020-03-31 1",
            "actual IV-1 2020-03-31 2 paid_gbp",
            "1 test: 0 passed, 0 warned, 1 failed",
        ]
    );
    std::fs::write(&file, case).expect("a file");
    let said = bench.expect(2, &["test", "-s", "voucher_payments"]);
    assert!(said.stderr.contains("case `x`: expects nothing"), "{}", said.stderr);
    assert!(bench.expect(2, &["check"]).stderr.contains("case `x`: expects nothing"));
    std::fs::remove_file(&file).expect("it is there");
    let said = bench.expect(0, &["check"]);
    assert_eq!(said.stderr, "warning: voucher_payments has no test (write queries/tests/voucher_payments.toml)\n");
    bench.expect(2, &["test", "-s", "voucher_payments"]);
}

#[test]
fn data_tests_name_keys_and_never_other_values() {
    let bench = TestBench::with_examples();
    std::fs::write(bench.project().join("queries/checks/impossible.sql"), IMPOSSIBLE).expect("a file");
    bench.expect(0, &["ingest", "geography_lookup"]);
    let said = bench.expect(1, &["test", "--only", "data", "-s", "impossible", "-s", "authorities"]);
    assert_eq!(
        said.stdout,
        "passed  authorities  Twenty-two authorities, fifteen in West Wales and the Valleys\n\
         failed  impossible  No authority at all\n\
         \u{20}       impossible (No authority at all): 22 rows are wrong. Break the sea.\n\
         \u{20}       lad_code W06000001\n\
         \u{20}       lad_code W06000002\n\
         \u{20}       lad_code W06000003\n\
         \u{20}       lad_code W06000004\n\
         \u{20}       lad_code W06000005\n\
         \u{20}       and 17 more\n\
         2 tests: 1 passed, 0 warned, 1 failed\n"
    );
}

#[test]
fn a_failed_data_test_stops_the_job_before_anything_is_replaced() {
    let bench = TestBench::with_examples();
    bench.expect(0, &["run", "nightly"]);
    let before = bench.ask("select count(*) as n from indicators");
    assert_ne!(before, "0");
    std::fs::write(bench.project().join("queries/checks/impossible.sql"), IMPOSSIBLE).expect("a file");
    let said = bench.expect(1, &["run", "iacw-quarterly", "--period", "2020-21-Q2"]);
    assert!(said.stderr.contains("impossible (No authority at all): 22 rows are wrong"), "{}", said.stderr);
    assert!(!said.stderr.contains("W06000001"), "{}", said.stderr);
    assert_eq!(bench.ask("select count(*) as n from indicators"), before);
    assert_eq!(bench.ask("select count(*) as n from editions"), "0");
    assert_eq!(bench.ask("select state from runs order by run desc limit 1"), "failed");
}
