//! `mesur quarantine list`: refused rows by extract, rule and column. Never a value.

use std::collections::BTreeMap;

use crate::pipeline::Workspace;

use super::arguments::QuarantineCommand;
use super::error::CliError;
use super::output::Rows;

pub(super) async fn run(workspace: &Workspace, command: &QuarantineCommand) -> Result<u8, CliError> {
    let QuarantineCommand::List { format } = command;
    let mut rows = Rows::new(&["extract", "file", "rule", "column", "rows", "first_row", "reason", "hint"]);
    for (head, lines) in workspace.quarantined().await? {
        let mut counts: BTreeMap<(String, String), (u64, u64, String, String)> = BTreeMap::new();
        for line in &lines {
            for finding in &line.findings {
                let key = (finding.rule.to_string(), finding.place.column.clone().unwrap_or_default());
                let fresh = || (0, line.row, finding.reason.clone(), finding.hint.clone());
                let entry = counts.entry(key).or_insert_with(fresh);
                entry.0 += 1;
            }
        }
        for ((rule, column), (count, first, reason, hint)) in counts {
            let extract = head.extract.short().to_owned();
            let file = head.file.clone();
            rows.push(vec![extract, file, rule, column, count.to_string(), first.to_string(), reason, hint]);
        }
    }
    if rows.is_empty() {
        eprintln!("no row is in quarantine");
    }
    rows.print(*format)?;
    Ok(0)
}
