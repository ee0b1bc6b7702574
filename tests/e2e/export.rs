//! What leaves the terminal: the export gate of `mesur sql` on the examples, with exact words and exit codes.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::bench::{Said, TestBench};

const BY_SCHEME: &str = "select scheme, count(*) as vouchers from vouchers group by scheme order by scheme";

fn ingested() -> TestBench {
    let bench = TestBench::with_examples();
    bench.expect(0, &["ingest"]);
    bench
}

fn out(bench: &TestBench, name: &str) -> PathBuf {
    bench.project().join(name)
}

/// Asks for an export and gives what was said.
fn export(bench: &TestBench, code: i32, name: &str, sql: &str) -> Said {
    bench.expect(code, &["sql", "--export", &out(bench, name).display().to_string(), "-c", sql])
}

#[test]
fn a_safe_table_leaves_whole_and_private_and_a_second_time_changes_nothing() {
    let bench = ingested();
    let plain = bench.expect(0, &["sql", "-c", BY_SCHEME]).stdout;
    assert_eq!(plain, "scheme,vouchers\nIV,102\nIV_PLUS,48\nSMART_CYMRU,47\n");
    let path = out(&bench, "schemes.csv");
    let said = export(&bench, 0, "schemes.csv", BY_SCHEME);
    assert_eq!((said.stdout.as_str(), said.stderr), ("", format!("3 rows to `{}`\n", path.display())));
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), plain);
    assert_eq!(std::fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
    let said = export(&bench, 0, "schemes.csv", BY_SCHEME);
    assert_eq!(said.stderr, format!("3 rows; `{}` holds them already\n", path.display()));

    export(&bench, 0, "schemes.ndjson", BY_SCHEME);
    let lines = std::fs::read_to_string(out(&bench, "schemes.ndjson")).expect("a file");
    assert_eq!(lines.lines().next(), Some("{\"scheme\":\"IV\",\"vouchers\":102}"));
    let said = export(&bench, 2, "schemes.xlsx", BY_SCHEME);
    let name = out(&bench, "schemes.xlsx").display().to_string();
    assert_eq!(
        said.stderr,
        format!("error: `{name}` does not end in .csv, .json or .ndjson (name it so, or say --format)\n")
    );

    std::fs::write(&path, "mine").expect("a file");
    let said = export(&bench, 2, "schemes.csv", BY_SCHEME);
    let there =
        format!("error: `{}` is there and holds something else (name a new file, or remove it)\n", path.display());
    assert_eq!(said.stderr, there);
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), "mine");
}

#[test]
fn what_would_give_a_firm_away_is_refused_and_nothing_is_written() {
    let bench = ingested();
    export(
        &bench,
        0,
        "first.csv",
        "select count(*) as n, sum(grant_offered_gbp) as gbp from vouchers where scheme = 'IV'",
    );
    let coarser = "(hint: group more coarsely, or ask for more areas, schemes or quarters at once)";
    let few = |share: &str| {
        format!("error: nothing was exported: too few enterprise groups stand behind {share} cells {coarser}\n")
    };
    let form =
        "(hint: ask select <keys>, count(*), sum(...), avg(...) from ... group by <keys>, and leave out the rest)";
    let cases = [
        ("select * from vouchers limit 1", format!("error: let the result leave: rows of confidential tables do not leave {form}\n")),
        ("select count(*) from vouchers where business_id = 'WB-0000002'", few("1 of 1")),
        ("select status, count(*) from vouchers group by status", few("1 of 6")),
        (
            "select max(grant_offered_gbp) from vouchers",
            "error: let the result leave: `max` can show the value of one firm (hint: only count, sum and avg leave; the pack \
             has medians where they are safe)\n"
                .to_owned(),
        ),
        (
            "select sum(grant_offered_gbp) from vouchers where scheme = 'IV' and business_id <> 'WB-0000002'",
            "error: nothing was exported: 1 of 1 figures, marginal sums included, differ from an earlier release by too few \
             enterprise groups (hint: ask again what was exported before, or for something that differs by more firms)\n"
                .to_owned(),
        ),
    ];
    for (sql, expected) in cases {
        let said = export(&bench, 3, "refused.csv", sql);
        assert_eq!((said.stdout.as_str(), said.stderr), ("", expected), "{sql}");
        assert!(!out(&bench, "refused.csv").exists());
    }
}

#[test]
fn staging_views_are_followed_to_their_firms() {
    let bench = ingested();
    let said = "select lad_code, count(*) as n from approved_vouchers group by lad_code";
    export(&bench, 3, "lads.csv", said);
    for (name, sql) in [
        ("approved.csv", "select count(*) as n, sum(grant_offered_gbp) as gbp from approved_vouchers"),
        ("diagnosed.csv", "select count(*) as n from reported_diagnostics"),
        (
            "levels.csv",
            "select component_code, avg(current_level) as level from component_levels group by 1 order by 1",
        ),
        ("paid.csv", "select count(*) as n, sum(paid_gbp) as gbp from voucher_payments"),
        ("firms.csv", "select count(distinct resolved_id) as n from firms"),
        ("supported.csv", "select count(distinct resolved_id) as n from support_events"),
        (
            "gva.csv",
            "select area_code, year, gva_per_hour from area_productivity where area_code = 'WWV' order by year",
        ),
    ] {
        export(&bench, 0, name, sql);
        let plain = bench.expect(0, &["sql", "-c", sql, "--format", "csv"]).stdout;
        assert_eq!(std::fs::read_to_string(out(&bench, name)).expect("a file"), plain, "{sql}");
    }
}

#[test]
fn roles_decide_what_a_pipe_gets() {
    let mut bench = ingested();
    bench.expect(0, &["build", "--period", "2020-21-Q3"]);
    let rows = "select voucher_id from vouchers order by voucher_id limit 1";
    let as_role =
        |code: i32, role: &str, sql: &str| bench.expect(code, &["sql", "--role", role, "--user", "Ann", "-c", sql]);
    assert_eq!(as_role(0, "operator", rows).stdout, "voucher_id\nIP-000101\n");
    for role in ["analyst", "viewer"] {
        assert_eq!(as_role(3, role, rows).stdout, "");
        assert_eq!(as_role(0, role, BY_SCHEME).stdout, "scheme,vouchers\nIV,102\nIV_PLUS,48\nSMART_CYMRU,47\n");
        assert!(as_role(0, role, "select id, value from indicators where id = 'G03'").stdout.lines().count() > 1);
    }
    let raw = "select count(*) as n from indicators_raw";
    assert!(as_role(0, "operator", raw).stdout.starts_with("n\n"));
    let said = as_role(3, "analyst", raw).stderr;
    assert!(said.starts_with("error: let the result leave: `indicators_raw` is confidential"), "{said}");
    let said = as_role(2, "viewer", raw).stderr;
    assert!(said.contains("there is no table `indicators_raw`"), "{said}");
    bench.expect(2, &["sql", "--role", "king", "-c", rows]);
    bench.set("MESUR_SQL__ROLE", "viewer");
    bench.expect(3, &["sql", "-c", rows]);
    bench.expect(0, &["sql", "--role", "operator", "-c", rows]);
}
