//! `mesur check`: every problem of the definitions, no data touched.

use crate::pipeline::Project;

use super::error::CliError;

pub(super) async fn run(project: Project) -> Result<u8, CliError> {
    let report = project.check().await?;
    println!(
        "{} schemas, {} layouts, {} indicators, {} jobs, {} messages in each of two languages: nothing wrong",
        report.schemas, report.layouts, report.indicators, report.jobs, report.messages
    );
    Ok(0)
}
