//! The fixtures that ship hold, and broken or failing ones are told as an author needs it.

use std::path::Path;

use super::{Side, TestReport, Verdict};
use crate::config::{LoadOptions, load_settings};
use crate::pipeline::{PipelineError, Project};

/// The project that ships, spilling into a folder of the test.
fn project(scratch: &Path) -> Project {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).to_owned();
    let settings = load_settings(&LoadOptions { project: Some(root), ..LoadOptions::default() });
    let mut settings = settings.expect("the settings that ship are right");
    settings.spill_dir = scratch.join("spill");
    Project::load(settings).expect("the definitions that ship are right")
}

/// The same queries with other fixtures.
async fn tested(files: &[(&str, &str)], select: &[&str]) -> Result<TestReport, PipelineError> {
    let scratch = tempfile::tempdir().expect("a folder");
    let mut project = project(scratch.path());
    project.settings.project_dir = scratch.path().to_owned();
    let folder = scratch.path().join("queries/tests");
    std::fs::create_dir_all(&folder).expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("a file");
    }
    project.test_fixtures(&select.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()).await
}

fn told(result: Result<TestReport, PipelineError>) -> String {
    super::super::error::chain(&result.expect_err("it is broken"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fixture_that_ships_holds_and_every_query_has_one() {
    let scratch = tempfile::tempdir().expect("a folder");
    let project = project(scratch.path());
    let report = project.test_fixtures(&[]).await.expect("the fixtures that ship are whole");
    let failed: Vec<_> = report.fixtures.iter().filter(|outcome| outcome.verdict() == Verdict::Failed).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(report.fixtures.len() > 100, "{} cases", report.fixtures.len());
    assert_eq!(project.untested(&project.load_fixtures().expect("they load")), Vec::<String>::new());
}

#[tokio::test]
async fn what_differs_is_shown_row_by_row() {
    let fixture = r#"
        [[case]]
        name = "wrong on purpose"
        given.voucher_claims = """
        voucher_id, claim_no, paid_on   , paid_gbp
        IV-1      , 1       , 2020-03-31, 10.00
        IV-2      , 1       , 2020-03-31, 20.00
        """
        rows = """
        paid_gbp, voucher_id, paid_on
        10.000  , IV-1      , 2020-03-31
        21      , IV-2      , 2020-03-31
        30      , IV-3      , 2020-03-31
        """
    "#;
    let report = tested(&[("voucher_payments.toml", fixture)], &["voucher_payments"]).await.expect("it is whole");
    let [outcome] = report.fixtures.as_slice() else { panic!("one case") };
    let [difference] = outcome.differences.as_slice() else { panic!("one difference") };
    assert_eq!(difference.columns, ["voucher_id", "paid_on", "paid_gbp"]);
    let rows: Vec<(Side, Vec<&str>)> = difference
        .rows
        .iter()
        .map(|row| (row.side, row.cells.iter().map(|cell| cell.as_deref().unwrap_or("-")).collect()))
        .collect();
    assert_eq!(
        rows,
        [
            (Side::Expected, vec!["IV-2", "2020-03-31", "21"]),
            (Side::Actual, vec!["IV-2", "2020-03-31", "20"]),
            (Side::Expected, vec!["IV-3", "2020-03-31", "30"]),
        ]
    );
    assert_eq!(difference.differing(1), ["paid_gbp"]);
}

#[tokio::test]
async fn a_cell_that_is_not_listed_and_one_that_is_not_there_are_failures() {
    let fixture = r#"
        period = "2020-21-Q3"
        [[case]]
        name = "wrong on purpose"
        given.geography_lookup = "lad_code, objective1_area\nW06000016, WWV"
        given.firms = "business_id, resolved_id, group_id, lad_code\nWB-1, WB-1, WG-1, W06000016"
        given.rd_outcomes = """
        outcome_id, business_id, observed_on, outcome_type         , quantity, evidence_status
        O-1       , WB-1       , 2020-10-01 , NEW_TO_MARKET_PRODUCT, 1       , VERIFIED
        """
        cells = """
        measure, time         , area , value, n, largest, second
        value  , 2020-21-Q3   , WALES, 1    , 1, 1      ,
        value  , 2020-21-Q3   , EW   , 1    , 1, 1      ,
        value  , 2020-21-Q2   , WWV  , 0    , 0,        ,
        value  , to 2020-21-Q3, WALES, 1    , 1, 1      ,
        value  , to 2020-21-Q3, WWV  , 1    , 1, 1      ,
        """
    "#;
    let report = tested(&[("o03_new_to_market.toml", fixture)], &["O03"]).await.expect("it is whole");
    let difference = &report.fixtures[0].differences[0];
    let rows: Vec<String> = difference
        .rows
        .iter()
        .map(|row| format!("{:?} {}", row.side, row.cells.iter().flatten().cloned().collect::<Vec<_>>().join(" ")))
        .collect();
    assert_eq!(rows, ["Expected value 2020-21-Q3 EW 1 1 1", "Actual value 2020-21-Q3 WWV 1 1 1"]);
}

#[tokio::test]
async fn all_that_is_wrong_with_fixtures_is_told_at_once() {
    let view = r#"
        [[case]]
        name = "a"
        given.voucher_claim = "voucher_id\nIV-1"
        given.voucher_claims = """
        voucher_id, claimno, paid_on   , paid_gbp
        IV-1      , 1      , 31/03/2020, 1.005
        """
        rows = ""
        cells = ""
    "#;
    let indicator = "[[case]]\nname = \"b\"\ngiven.firms = \"reason\"\ncells = \"measure, tme\\nx, y\"";
    let files = [("voucher_payments.toml", view), ("o03_new_to_market.toml", indicator), ("d99_x.toml", indicator)];
    let told = told(tested(&files, &[]).await);
    for part in [
        "voucher_payments.toml > case `a` > given.voucher_claim: there is no dataset or staging view of this name; did you \
         mean `voucher_claims`?",
        "given.voucher_claims: there is no column `claimno`; did you mean `claim_no`?",
        "`31/03/2020` in column `paid_on` is not a day such as 2020-12-31",
        "`1.005` in column `paid_gbp` is not a decimal of at most 14 digits, 2 of them after the point",
        "case `a` > cells: belongs to indicators about firms",
        "o03_new_to_market.toml > case `b` > period: is missing",
        "cells: the column `time` is missing",
        "cells: `tme` is not a column of cells",
        "d99_x.toml > file: there is no query `d99_x`",
    ] {
        assert!(told.contains(part), "`{part}` is missing from\n{told}");
    }
}

#[tokio::test]
async fn the_whole_output_is_compared() {
    let fixture = "[[case]]\nname = \"a\"\ngiven.voucher_claims = \"voucher_id, paid_on, paid_gbp\\nIV-1, 2020-03-31, 1\"\n\
                   rows = \"voucher_id, paid\\nIV-1, 1\"";
    let told = told(tested(&[("voucher_payments.toml", fixture)], &["voucher_payments"]).await);
    let part = "`rows` does not name paid_on, paid_gbp and names, and the query does not give, paid; the query gives \
                voucher_id, paid_on, paid_gbp";
    assert!(told.contains(part), "{told}");
}

#[tokio::test]
async fn a_selection_that_means_nothing_is_an_error() {
    let told = told(tested(&[], &["D77"]).await);
    assert!(told.starts_with("`D77` selects nothing"), "{told}");
}
