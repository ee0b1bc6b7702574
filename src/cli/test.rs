//! `mesur test`: one line a test, what is different below those that failed, a summary.

use comfy_table::{Table, presets};

use crate::model::ErrorClass;
use crate::pipeline::{
    DataTestOutcome, Difference, FixtureOutcome, Project, Side, TestReport, TestRequest, Tests, Verdict,
};

use super::arguments::{Format, Only, TestArguments};
use super::error::CliError;
use super::output::Rows;

/// Rows of a difference that are shown.
const MOST_ROWS: usize = 20;

pub(super) async fn run(project: Project, arguments: &TestArguments) -> Result<u8, CliError> {
    let tests = match arguments.only {
        None => Tests::All,
        Some(Only::Fixtures) => Tests::Fixtures,
        Some(Only::Data) => Tests::Data,
    };
    let report = Box::pin(project.test(&TestRequest { tests, select: arguments.select.clone() })).await?;
    match arguments.format {
        Format::Table | Format::Automatic => print_lines(&report),
        format => print_rows(&report, format)?,
    }
    let failed = report.count(Verdict::Failed);
    Ok(if failed == 0 { 0 } else { ErrorClass::Data.exit_code() })
}

fn print_lines(report: &TestReport) {
    for outcome in &report.fixtures {
        say!("{}  {}  {}", outcome.verdict().as_str(), outcome.query, outcome.case);
        print_failure(outcome);
    }
    for outcome in &report.data {
        say!("{}  {}  {}", outcome.verdict().as_str(), outcome.name, outcome.title);
        print_wrong_rows(outcome);
    }
    if let Some(why) = report.skipped {
        say!("data tests did not run: {why}");
    }
    let total = report.fixtures.len() + report.data.len();
    let [passed, warned, failed] =
        [Verdict::Passed, Verdict::Warned, Verdict::Failed].map(|verdict| report.count(verdict));
    let noun = if total == 1 { "test" } else { "tests" };
    say!("{total} {noun}: {passed} passed, {warned} warned, {failed} failed");
}

fn print_failure(outcome: &FixtureOutcome) {
    if outcome.verdict() == Verdict::Passed {
        return;
    }
    say!("        {}", outcome.file);
    if let Some(error) = &outcome.error {
        say!("        it could not be run to its end: {error}");
    }
    for difference in &outcome.differences {
        for line in table_of(difference).lines() {
            say!("        {line}");
        }
        if difference.rows.len() > MOST_ROWS {
            say!("        and {} more", difference.rows.len() - MOST_ROWS);
        }
    }
}

/// Expected and actual rows below each other; the last column names what differs within a pair.
fn table_of(difference: &Difference) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let columns = difference.columns.iter().map(String::as_str);
    table.set_header([difference.what].into_iter().chain(columns).chain(["differs in"]));
    for (index, row) in difference.rows.iter().enumerate().take(MOST_ROWS) {
        let side = match row.side {
            Side::Expected => "expected",
            Side::Actual => "actual",
        };
        let cells = row.cells.iter().map(|cell| match cell.as_deref() {
            None => "-",
            Some("") => "\"\"",
            Some(text) => text,
        });
        let differing = difference.differing(index).join(", ");
        table.add_row([side].into_iter().chain(cells).chain([differing.as_str()]));
    }
    table.to_string()
}

/// Counts, and keys that are no secret.
fn print_wrong_rows(outcome: &DataTestOutcome) {
    if outcome.wrong == 0 {
        return;
    }
    say!("        {}", outcome.line());
    if outcome.keys.columns.is_empty() {
        return;
    }
    for row in &outcome.keys.rows {
        let cells: Vec<String> =
            outcome.keys.columns.iter().zip(row).map(|(column, cell)| format!("{column} {cell}")).collect();
        say!("        {}", cells.join(", "));
    }
    let named = u64::try_from(outcome.keys.rows.len()).unwrap_or(u64::MAX);
    if outcome.wrong > named {
        say!("        and {} more", outcome.wrong - named);
    }
}

/// One row a test, for other programs.
fn print_rows(report: &TestReport, format: Format) -> Result<(), CliError> {
    let mut rows = Rows::new(&["result", "query", "test", "kind", "wrong"]);
    for outcome in &report.fixtures {
        let wrong: usize = outcome.differences.iter().map(|difference| difference.rows.len()).sum();
        let result = outcome.verdict().as_str().to_owned();
        let wrong = wrong.max(usize::from(outcome.error.is_some())).to_string();
        rows.push(vec![result, outcome.query.clone(), outcome.case.clone(), "fixture".to_owned(), wrong]);
    }
    for outcome in &report.data {
        let result = outcome.verdict().as_str().to_owned();
        let (name, title, wrong) = (outcome.name.clone(), outcome.title.clone(), outcome.wrong.to_string());
        rows.push(vec![result, name, title, "data".to_owned(), wrong]);
    }
    rows.print(format)
}

/// The data tests of a job: a line, and one more for each that found something.
pub(super) fn print_data_tests(outcomes: &[DataTestOutcome]) {
    let warned: Vec<&DataTestOutcome> =
        outcomes.iter().filter(|outcome| outcome.verdict() == Verdict::Warned).collect();
    say!("data tests  {} passed, {} warned", outcomes.len() - warned.len(), warned.len());
    for outcome in warned {
        say!("            {}", outcome.line());
    }
}
