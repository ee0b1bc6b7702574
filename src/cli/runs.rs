//! `mesur runs`: what ran, from the ledger.

use crate::ledger::RunRecord;
use crate::pipeline::Workspace;

use super::arguments::RunsCommand;
use super::error::CliError;
use super::output::Rows;
use super::run_screen::print_run;

pub(super) async fn run(workspace: &Workspace, command: &RunsCommand) -> Result<u8, CliError> {
    match command {
        RunsCommand::List { count, format } => {
            let mut rows = Rows::new(&["run", "job", "period", "state", "started", "seconds"]);
            for record in workspace.list_runs(*count).await? {
                rows.push(vec![
                    record.id.to_string(),
                    record.job.to_string(),
                    record.period.map(|period| period.to_string()).unwrap_or_default(),
                    record.state.as_str().to_owned(),
                    record.started_at.to_string(),
                    seconds(&record),
                ]);
            }
            if rows.is_empty() {
                eprintln!("nothing has run yet");
            }
            rows.print(*format)?;
        }
        RunsCommand::Show { id } => {
            let records = workspace.list_runs(10_000).await?;
            let found = match id {
                None => records.first(),
                Some(id) => records.iter().find(|record| record.id.to_string() == *id),
            };
            let Some(record) = found else {
                return Err(CliError::NoRun { id: id.clone().unwrap_or_else(|| "latest".to_owned()) });
            };
            print_run(record, &records);
        }
    }
    Ok(0)
}

pub(super) fn seconds(record: &RunRecord) -> String {
    let Some(ended) = record.finished_at else { return String::new() };
    let millis = ended.as_millisecond().saturating_sub(record.started_at.as_millisecond());
    format!("{}.{:03}", millis / 1000, millis % 1000)
}
