//! `mesur runs`: what ran, from the ledger.

use crate::ledger::RunRecord;
use crate::pipeline::Workspace;

use super::arguments::RunsCommand;
use super::error::CliError;
use super::output::Rows;

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
                None => records.into_iter().next(),
                Some(id) => records.into_iter().find(|record| record.id.to_string() == *id),
            };
            let Some(record) = found else {
                return Err(CliError::NoRun { id: id.clone().unwrap_or_else(|| "latest".to_owned()) });
            };
            print_run(&record);
        }
    }
    Ok(0)
}

fn seconds(record: &RunRecord) -> String {
    let Some(ended) = record.finished_at else { return String::new() };
    let millis = ended.as_millisecond().saturating_sub(record.started_at.as_millisecond());
    format!("{}.{:03}", millis / 1000, millis % 1000)
}

fn print_run(record: &RunRecord) {
    say!("run         {}", record.id);
    say!("job         {}", record.job);
    say!("period      {}", record.period.map_or_else(|| "none named".to_owned(), |period| period.to_string()));
    say!("state       {}", record.state.as_str());
    say!("started     {}", record.started_at);
    say!("took        {} s", seconds(record));
    let nothing = serde_json::Value::Null;
    let summary = record.summary.as_ref().unwrap_or(&nothing);
    for step in summary["steps"].as_array().into_iter().flatten() {
        print_step(step);
    }
    for line in summary["error"].as_array().into_iter().flatten() {
        say!("error       {}", line.as_str().unwrap_or_default());
    }
}

fn print_step(step: &serde_json::Value) {
    let name = step["step"].as_str().unwrap_or_default();
    if name != "ingest" {
        let facts: Vec<String> = step
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(key, _)| key.as_str() != "step")
            .map(|(key, value)| match value {
                serde_json::Value::String(text) => format!("{key} {text}"),
                serde_json::Value::Array(list) => format!("{key} {}", list.len()),
                other => format!("{key} {other}"),
            })
            .collect();
        say!("{name:<12}{}", facts.join(", "));
        return;
    }
    for extract in step["extracts"].as_array().into_iter().flatten() {
        let file = extract["file"].as_str().unwrap_or_default();
        match extract["outcome"].as_str() {
            Some("taken") => say!(
                "ingest      {file}: {} rows in, {} accepted, {} repaired, {} quarantined",
                extract["rows_in"],
                extract["accepted"],
                extract["repaired"],
                extract["quarantined"]
            ),
            Some("refused") => {
                say!("ingest      {file}: refused");
                for reason in extract["reasons"].as_array().into_iter().flatten() {
                    say!("            {}", reason.as_str().unwrap_or_default());
                }
            }
            other => say!("ingest      {file}: {}", other.unwrap_or_default()),
        }
    }
}
