//! `mesur quarantine`: rows that were refused. Only `show` prints a value, and into a pipe only when it is told to.

use std::io::IsTerminal;

use crate::model::{ErrorClass, Finding, Severity};
use crate::pipeline::{
    DraftMail, ExtractRows, QuarantineLine, RefusedFilter, ReleaseReport, ReleaseRequest, Workspace,
};

use super::arguments::{Format, QuarantineCommand, ReleaseArguments};
use super::error::CliError;
use super::ingest::grouped;
use super::output::Rows;
use super::row_printer::RowPrinter;

/// Stands in place of a value that is not shown.
const HIDDEN: &str = "(hidden; --values shows it)";

pub(super) async fn run(workspace: &Workspace, command: &QuarantineCommand) -> Result<u8, CliError> {
    match command {
        QuarantineCommand::List { dataset, extract, supplier, format } => {
            let filter =
                RefusedFilter { dataset: dataset.clone(), supplier: supplier.clone(), extract: extract.clone() };
            list(workspace, &filter, *format).await
        }
        QuarantineCommand::Show { what, values, format } => {
            show(workspace, what, *values || std::io::stdout().is_terminal(), *format).await
        }
        QuarantineCommand::Export { supplier, out, draft } => {
            let draft = if *draft { DraftMail::Write } else { DraftMail::Leave };
            let written = workspace.export_refused(supplier.clone(), out, draft).await?;
            if written.is_empty() {
                say!("no row is in quarantine: no workbook was written");
            }
            for one in written {
                say!("{}: {} rows of {} for {}", one.path.display(), one.rows, files(one.files), one.supplier);
                if let Some(draft) = &one.draft {
                    say!("{}: a draft to be forwarded", workspace.shown(draft));
                }
            }
            Ok(0)
        }
        QuarantineCommand::Release(arguments) => release(workspace, arguments).await,
    }
}

fn files(count: u64) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

async fn list(workspace: &Workspace, filter: &RefusedFilter, format: Format) -> Result<u8, CliError> {
    let columns = ["extract", "file", "sheet", "row", "column", "rule", "reason", "hint"];
    let mut rows = RowPrinter::new(&columns, format);
    workspace
        .for_each_refused(filter, |record, line| -> Result<(), CliError> {
            for finding in &line.findings {
                rows.push(vec![
                    record.hash.short().to_owned(),
                    record.file_name.clone(),
                    finding.place.sheet.clone().unwrap_or_default(),
                    line.row.to_string(),
                    finding.place.column.clone().unwrap_or_default(),
                    finding.rule.to_string(),
                    finding.reason.clone(),
                    finding.hint.clone(),
                ])?;
            }
            Ok(())
        })
        .await?;
    if rows.finish()? == 0 {
        eprintln!("no row is in quarantine");
    }
    Ok(0)
}

async fn show(workspace: &Workspace, what: &ExtractRows, values: bool, format: Format) -> Result<u8, CliError> {
    let refused = workspace.find_refused(&what.extract).await?;
    let mut rows = Rows::new(&["file", "sheet", "row", "column", "rule", "value", "reason", "hint"]);
    let wanted = |line: &&QuarantineLine| what.rows.is_empty() || what.rows.contains(&line.row);
    for line in refused.lines.iter().filter(wanted) {
        for finding in &line.findings {
            rows.push(vec![
                refused.record.file_name.clone(),
                finding.place.sheet.clone().unwrap_or_default(),
                line.row.to_string(),
                finding.place.column.clone().unwrap_or_default(),
                finding.rule.to_string(),
                value_of(line, finding, values),
                finding.reason.clone(),
                finding.hint.clone(),
            ]);
        }
    }
    for (row, release) in refused.released.iter().filter(|(row, _)| what.rows.is_empty() || what.rows.contains(row)) {
        eprintln!("row {row} was released on {} by {}: {}", release.at, release.by, release.note);
    }
    if rows.is_empty() {
        eprintln!("none of these rows is in quarantine");
    }
    rows.print(format)?;
    Ok(0)
}

/// The value as delivered: that of the finding, else that of its column.
fn value_of(line: &QuarantineLine, finding: &Finding, shown: bool) -> String {
    let of_column = || {
        let column = finding.place.column.as_ref()?;
        line.values.iter().find(|(name, _)| name == column).map(|(_, value)| value.clone())
    };
    match finding.value.clone().or_else(of_column) {
        Some(value) if shown || value.is_empty() => value,
        Some(_) => HIDDEN.to_owned(),
        None => String::new(),
    }
}

async fn release(workspace: &Workspace, arguments: &ReleaseArguments) -> Result<u8, CliError> {
    let request = ReleaseRequest {
        what: arguments.what.clone(),
        overridden: arguments.overridden.iter().cloned().collect(),
        by: arguments.by.clone(),
        note: arguments.note.clone(),
    };
    let report = workspace.release(&request).await?;
    print_release(&report);
    Ok(ErrorClass::combine(&report.failures()))
}

fn print_release(report: &ReleaseReport) {
    let record = &report.record;
    let list = |rows: &mut dyn Iterator<Item = &u64>| rows.map(u64::to_string).collect::<Vec<_>>().join(", ");
    if !report.released.is_empty() {
        say!("released    {}: row {}", record.file_name, list(&mut report.released.iter()));
    }
    if !report.already.is_empty() {
        say!("unchanged   {}: released before, row {}", record.file_name, list(&mut report.already.iter()));
    }
    for (row, findings) in &report.kept {
        for finding in findings.iter().filter(|finding| finding.severity >= Severity::Quarantine) {
            let column = finding.place.column.as_deref().map(|column| format!(" > {column}")).unwrap_or_default();
            say!("kept        row {row}{column}: {} {} ({})", finding.rule, finding.reason, finding.hint);
        }
    }
    say!(
        "now         {} rows in: {} accepted, {} quarantined",
        grouped(record.rows_in),
        grouped(record.accepted),
        grouped(record.quarantined)
    );
}
