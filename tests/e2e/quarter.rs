//! The whole way through: example extracts to a mailed pack, by the commands that the README names.

use crate::bench::TestBench;

const RUN: [&str; 4] = ["run", "iacw-quarterly", "--period", "2020-21-Q3"];
const EDITION: &str = "editions/iacw-quarterly@2020-21-Q3.v1";

#[test]
fn the_second_run_changes_nothing_and_says_so() {
    let bench = TestBench::with_examples();
    let first = bench.expect(0, &RUN);
    assert!(first.stdout.contains("mailed      "), "{}", first.stdout);
    let edition = TestBench::files(&bench.var().join(EDITION));
    let outbox = TestBench::files(&bench.var().join("outbox"));
    assert!(!outbox.is_empty(), "messages lie in the outbox");
    let commits = commits_now(&bench);

    let second = bench.expect(0, &RUN);
    assert!(second.stdout.contains("nothing changed since it was built"), "{}", second.stdout);
    assert!(second.stdout.contains("mailed      0 sent"), "{}", second.stdout);
    assert_eq!(TestBench::files(&bench.var().join(EDITION)), edition);
    assert_eq!(TestBench::files(&bench.var().join("outbox")), outbox);
    assert_eq!(commits_now(&bench), commits);

    let status = bench.expect(0, &["edition", "status", "--format", "csv"]);
    assert!(status.stdout.contains("iacw-quarterly@2020-21-Q3.v1,sent,"), "{}", status.stdout);
}

#[test]
fn quarters_that_follow_each_other_all_go_out_and_stay_as_they_went() {
    let bench = TestBench::with_examples();
    let run = |quarter: &str| bench.expect(0, &["run", "iacw-quarterly", "--period", quarter]).stdout;
    let folder = |quarter: &str| bench.var().join(format!("editions/iacw-quarterly@{quarter}.v1"));
    let quarters = ["2020-21-Q1", "2020-21-Q2", "2020-21-Q3"];
    let mut went = Vec::new();
    for quarter in quarters {
        assert!(run(quarter).contains("mailed      4 sent"), "{quarter}");
        let files = TestBench::files(&folder(quarter));
        let review = String::from_utf8_lossy(&files[std::path::Path::new("review.txt")]).into_owned();
        assert!(review.contains("\nAudit passed: "), "{review}");
        went.push(files);
    }
    for (quarter, files) in quarters.into_iter().zip(went) {
        assert!(run(quarter).contains("mailed      0 sent"), "{quarter}");
        assert!(TestBench::files(&folder(quarter)) == files, "{quarter} is not as it went out");
    }
}

#[test]
fn a_statistic_that_is_not_out_yet_stops_the_edition() {
    let bench = TestBench::with_examples();
    let file = bench.inbox().join("ref_gva_productivity__ons__20230621__001.csv");
    let text = std::fs::read_to_string(&file).expect("an extract");
    std::fs::remove_file(&file).expect("the bench's own copy");
    std::fs::write(&file, text.replace("2023-04-25T08:30:00Z", "2999-01-01T08:30:00Z")).expect("the bench's own copy");
    let said = bench.expect(3, &RUN);
    assert!(said.stderr.contains("is released at 2999-01-01T08:30:00Z"), "{}", said.stderr);
    assert!(!bench.var().join(EDITION).exists());
    assert!(!bench.var().join("outbox").exists());
}

/// Every commit of every Delta table, by path.
fn commits_now(bench: &TestBench) -> Vec<String> {
    let is_commit = |name: &String| name.contains("_delta_log/0");
    TestBench::files(&bench.var().join("lake"))
        .keys()
        .map(|path| path.display().to_string())
        .filter(is_commit)
        .collect()
}

#[test]
fn the_same_extracts_give_the_same_bytes_anywhere() {
    let (one, other) = (TestBench::with_examples(), TestBench::with_examples());
    one.expect(0, &RUN);
    other.expect(0, &RUN);
    let pack = TestBench::files(&one.var().join(EDITION));
    assert_eq!(pack, TestBench::files(&other.var().join(EDITION)));
    for (name, bytes) in &pack {
        assert!(!bytes.is_empty(), "{} is empty", name.display());
    }
    compare_with_golden(&pack);
}

/// The released figures and the hashes of all files are kept in the repository; `UPDATE_GOLDEN=1` rewrites them, and
/// the difference is reviewed.
#[expect(clippy::disallowed_methods, reason = "a test may ask whether its golden files are to be written anew")]
fn compare_with_golden(pack: &std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>) {
    let golden = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    for name in ["manumix-2020-21-q3.csv", "manifest.json"] {
        let bytes = &pack[std::path::Path::new(name)];
        let path = golden.join(name);
        if update {
            std::fs::create_dir_all(&golden).expect("a folder");
            std::fs::write(&path, bytes).expect("a golden file");
        }
        let wanted = std::fs::read(&path).expect("a golden file; UPDATE_GOLDEN=1 writes it");
        assert!(
            *bytes == wanted,
            "{name} differs from tests/golden/{name}; look at the difference, then UPDATE_GOLDEN=1"
        );
    }
}

#[test]
fn accepted_and_quarantined_rows_are_all_rows() {
    let bench = TestBench::with_examples();
    bench.expect(0, &["run", "nightly"]);
    let lost = "select count(*) as n from extracts where state = 'committed' and accepted + quarantined <> rows_in";
    assert_eq!(bench.ask(lost), "0");
    assert_ne!(bench.ask("select sum(quarantined) as n from extracts"), "0", "bad rows are planted");
    let quarantined = bench.expect(0, &["quarantine", "list", "--format", "csv"]);
    assert!(quarantined.stdout.lines().count() > 3, "{}", quarantined.stdout);
}

#[test]
fn personal_columns_are_absent_from_sql() {
    let bench = TestBench::with_examples();
    bench.expect(0, &["ingest"]);
    for sql in ["select assessor_ref from diagnostics", "select * from recipients"] {
        let said = bench.expect(2, &["sql", "-c", sql]);
        assert!(said.stderr.starts_with("error: "), "{}", said.stderr);
    }
    let columns = "select count(*) as n from information_schema.columns \
                   where column_name in ('assessor_ref', 'email') or table_name = 'recipients'";
    assert_eq!(bench.ask(columns), "0");
}

#[test]
fn sql_only_reads() {
    let bench = TestBench::with_examples();
    bench.expect(0, &["ingest", "geography_lookup"]);
    let target = bench.project().join("stolen.csv");
    for sql in [
        "drop table geography_lookup",
        "create table t as select 1",
        "insert into geography_lookup select * from geography_lookup",
        "set datafusion.execution.batch_size = 1",
        &format!("copy (select 1) to '{}'", target.display()),
        &format!("explain analyze copy (select 1) to '{}'", target.display()),
        &format!("create external table t stored as csv location '{}'", bench.project().join("mesur.toml").display()),
    ] {
        bench.expect(2, &["sql", "-c", sql]);
    }
    assert!(!target.exists(), "nothing was written");
    assert_eq!(bench.ask("select count(*) as n from geography_lookup"), "22");
    assert_eq!(
        bench.ask("select count(*) as n from geography_lookup where objective1_area = 'WWV'"),
        "15",
        "15 of 22 authorities are West Wales and the Valleys"
    );
}

#[test]
fn killed_between_commit_and_send_still_gives_one_commit_and_one_mail() {
    let bench = TestBench::with_examples();
    let mut child = bench.start(&RUN);
    let editions = bench.var().join("editions");
    // The folder appears after all commits and before the first message.
    while child.try_wait().expect("a child").is_none() {
        if editions.join("iacw-quarterly@2020-21-Q3.v1").exists() {
            break;
        }
        std::thread::yield_now();
    }
    child.kill().expect("kill -9");
    child.wait().expect("it is dead");
    bench.expect(0, &RUN);
    for dataset in ["vouchers", "diagnostics", "businesses"] {
        let doubled = format!(
            "select count(*) as n from (select _extract_id, _row from {dataset} group by _extract_id, _row having count(*) > 1) d"
        );
        assert_eq!(bench.ask(&doubled), "0", "{dataset}: each row once");
    }
    let status = bench.expect(0, &["edition", "status", "--format", "csv"]);
    let line = status.stdout.lines().nth(1).expect("an edition");
    let sent: usize = line.split(',').nth(4).expect("a column").parse().expect("a number");
    let messages = TestBench::files(&bench.var().join("outbox"));
    assert_eq!(messages.len(), sent, "one message a recipient: {line}");
    assert!(sent > 0);
}

#[test]
fn a_published_cell_leads_back_to_rows_of_extracts() {
    let bench = TestBench::with_examples();
    bench.expect(0, &RUN);
    let total = "to 2020-21-Q3/WALES/_T;_T;_T";
    let said = bench.expect(0, &["why", "2020-21-Q3", "D06/approved", total]).stdout;
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "D06/approved/to 2020-21-Q3/WALES/_T;_T;_T in iacw-quarterly@2020-21-Q3.v1");
    let published = lines[1].trim_start_matches("  published").trim();
    let own = "select count(*) as n from vouchers where decision = 'APPROVED' and decided_on between '2019-01-01' and '2020-12-31'";
    assert_eq!(published, bench.ask(own));
    // Every application of a supported firm stands in its extract, under the row that the lake gives it.
    let count = "select count(*) as n from vouchers v where v.business_id in (select f.business_id from firms f where \
                 f.resolved_id in (select a.resolved_id from approved_vouchers a where a.decided_on <= '2020-12-31'))";
    let grants = lines.iter().find(|line| line.contains("vouchers__grants__")).expect("the extract of vouchers");
    assert!(grants.contains(&format!(" {} rows of these firms: ", bench.ask(count))), "{grants}");
    assert!(said.contains("FROM approved_vouchers AS v"), "the SQL is shown");

    // The workbook's own names lead to the same cell.
    let folder = bench.var().join(EDITION);
    let cells: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("cells.json")).expect("is there")).expect("JSON");
    let address = "G03/value/2019/UK";
    let sheets = cells["sheets"].as_object().expect("sheets");
    let (sheet, cell) = sheets
        .iter()
        .find_map(|(sheet, cells)| {
            let cells = cells.as_object()?;
            Some((sheet, cells.iter().find(|(_, found)| *found == address)?.0))
        })
        .expect("the workbook shows it");
    let said = bench.expect(0, &["why", &EDITION["editions/".len()..], sheet, cell]).stdout;
    assert!(said.starts_with("G03/value/2019/UK in "), "{said}");

    // A confidential cell tells a viewer nothing, an analyst all.
    let csv = std::fs::read_to_string(folder.join("manumix-2020-21-q3.csv")).expect("is there");
    let hidden =
        csv.lines().find(|line| line.starts_with("D01,") && line.contains(",to_date,") && line.contains(",[c],"));
    let fields: Vec<&str> = hidden.expect("a confidential cell").split(',').collect();
    let members: Vec<&str> = fields[9].split(';').filter_map(|part| part.split_once('=')).map(|pair| pair.1).collect();
    let cell = format!("to {}/{}/{}", fields[5], fields[6], members.join(";"));
    let refused = bench.expect(3, &["why", "2020-21-Q3", "D01/value", &cell, "--role", "viewer"]);
    assert_eq!(refused.stdout, "");
    let said = bench.expect(0, &["why", "2020-21-Q3", "D01/value", &cell, "--role", "analyst"]).stdout;
    assert!(said.contains("published   [c]") && said.contains("Firms (enterprise: group)"), "{said}");

    for (table, cell) in
        [("D99/value", total), ("nowhere", "B7"), ("D01_profile", "ZZ9"), ("D06/approved", "to 2031-32-Q1/UK")]
    {
        bench.expect(2, &["why", "2020-21-Q3", table, cell]);
    }
    bench.expect(2, &["why", "2031-32-Q1", "D01/value", total]);
}
