//! `mesur quarantine list`: every finding of every refused row. Never a value.

use crate::pipeline::Workspace;

use super::arguments::QuarantineCommand;
use super::error::CliError;
use super::output::Rows;

pub(super) async fn run(workspace: &Workspace, command: &QuarantineCommand) -> Result<u8, CliError> {
    let QuarantineCommand::List { format } = command;
    let mut rows = Rows::new(&["extract", "file", "sheet", "row", "column", "rule", "reason", "hint"]);
    for (head, lines) in workspace.quarantined().await? {
        for line in &lines {
            for finding in &line.findings {
                rows.push(vec![
                    head.extract.short().to_owned(),
                    head.file.clone(),
                    finding.place.sheet.clone().unwrap_or_default(),
                    line.row.to_string(),
                    finding.place.column.clone().unwrap_or_default(),
                    finding.rule.to_string(),
                    finding.reason.clone(),
                    finding.hint.clone(),
                ]);
            }
        }
    }
    if rows.is_empty() {
        eprintln!("no row is in quarantine");
    }
    rows.print(*format)?;
    Ok(0)
}
