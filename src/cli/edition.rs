//! `mesur edition status`: editions, their states, who has them.

use crate::pipeline::Workspace;

use super::arguments::EditionCommand;
use super::error::CliError;
use super::output::Rows;

pub(super) async fn run(workspace: &Workspace, command: &EditionCommand) -> Result<u8, CliError> {
    let EditionCommand::Status { format } = command;
    let mut rows =
        Rows::new(&["edition", "state", "snapshot", "built", "sent", "failed", "unknown", "pending", "folder"]);
    for status in workspace.edition_statuses().await? {
        rows.push(vec![
            status.record.id.to_string(),
            status.record.state.as_str().to_owned(),
            status.record.snapshot.chars().take(8).collect(),
            status.record.built_at.to_string(),
            status.sent.to_string(),
            status.failed.to_string(),
            status.unknown.to_string(),
            status.pending.to_string(),
            workspace.shown(&status.record.path).to_string(),
        ]);
    }
    if rows.is_empty() {
        eprintln!("no edition has been built yet");
    }
    rows.print(*format)?;
    Ok(0)
}
