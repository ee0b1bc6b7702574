//! `mesur freshness`: which extracts are due, late, missing.

use crate::model::ErrorClass;
use crate::pipeline::{Freshness, FreshnessReport, Workspace};

use super::arguments::FreshnessArguments;
use super::error::CliError;
use super::output::Rows;

const COLUMNS: &[&str] =
    &["dataset", "supplier", "calendar", "period", "due", "state", "days_late", "came", "file", "note"];

pub(super) async fn run(workspace: &Workspace, arguments: &FreshnessArguments) -> Result<u8, CliError> {
    let report = workspace.freshness(arguments.period).await?;
    let mut rows = Rows::new(COLUMNS);
    for source in &report.sources {
        rows.push(row(source));
    }
    if rows.is_empty() {
        eprintln!("no schema says when its extracts are due (mesur.expected)");
    }
    rows.print(arguments.format)?;
    Ok(ErrorClass::combine(&report.failures()))
}

fn row(source: &Freshness) -> Vec<String> {
    let (file, came) = source.came.clone().map_or_else(Default::default, |(file, day)| (file, day.to_string()));
    vec![
        source.dataset.to_string(),
        source.supplier.to_string(),
        source.calendar.as_str().to_owned(),
        source.period.clone(),
        source.due.to_string(),
        source.state.as_str().to_owned(),
        if source.days_late == 0 { String::new() } else { source.days_late.to_string() },
        came,
        file,
        source.note.clone(),
    ]
}

/// One line each for what is late or missing and counts.
pub(super) fn print_troubles(report: &FreshnessReport) {
    for (number, source) in report.troubles().enumerate() {
        say!("{:<12}{}", if number == 0 { "missing" } else { "" }, source.to_line());
    }
}
