//! `mesur check`: every problem of the definitions, no data touched.

use crate::definitions::{DefinitionsError, WorkingDays};
use crate::pipeline::Project;
use crate::schedule::load_timetables;

use super::error::CliError;

pub(super) async fn run(project: Project) -> Result<u8, CliError> {
    let calendar = &project.settings.calendar;
    let days = WorkingDays::new(&calendar.added, &calendar.removed);
    let problems = match load_timetables(&project.definitions.jobs, &days) {
        Ok(_) => Vec::new(),
        Err(DefinitionsError::Broken(problems)) => problems,
    };
    let report = project.check(problems).await?;
    for warning in report.untested.iter().chain(&report.unmet) {
        eprintln!("warning: {warning}");
    }
    say!(
        "{} schemas, {} layouts, {} indicators, {} data tests, {} jobs, {} messages in each of two languages: nothing wrong",
        report.schemas,
        report.layouts,
        report.indicators,
        report.checks,
        report.jobs,
        report.messages
    );
    Ok(0)
}
