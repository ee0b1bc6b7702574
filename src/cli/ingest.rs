//! `mesur ingest`: inbox to lake.

use crate::model::{ErrorClass, Severity};
use crate::pipeline::{
    Accept, ExtractReport, IngestReport, IngestRequest, Outcome, Project, Workspace, rehearse_ingest,
};

use super::arguments::IngestArguments;
use super::error::CliError;
use super::freshness::print_troubles;
use super::progress;

pub(super) async fn run(workspace: &Workspace, arguments: &IngestArguments) -> Result<u8, CliError> {
    let report = workspace.ingest_by_hand(&request(arguments)).await?;
    print_report(&report, true);
    if is_whole(arguments) {
        print_troubles(&workspace.freshness(None).await?);
    }
    Ok(ErrorClass::combine(&report.failures()))
}

/// Reports everything and writes nothing.
pub(super) async fn rehearse(project: Project, arguments: &IngestArguments) -> Result<u8, CliError> {
    let (report, freshness) = rehearse_ingest(project, &request(arguments)).await?;
    print_report(&report, true);
    if is_whole(arguments) {
        print_troubles(&freshness);
    }
    Ok(ErrorClass::combine(&report.failures()))
}

/// Whether the whole inbox is looked at.
fn is_whole(arguments: &IngestArguments) -> bool {
    arguments.datasets.is_empty() && arguments.file.is_none()
}

fn request(arguments: &IngestArguments) -> IngestRequest {
    IngestRequest {
        datasets: arguments.datasets.clone(),
        file: arguments.file.clone().zip(arguments.dataset.clone()),
        progress: progress::on_terminal(),
        accept: arguments.by.clone().zip(arguments.note.clone()).map(|(by, note)| Accept {
            rules: arguments.accept.clone(),
            by,
            note,
        }),
    }
}

/// What became of each file, then one line for all. `every_file` also lists files in which nothing is remarkable.
pub(super) fn print_report(report: &IngestReport, every_file: bool) {
    if report.extracts.is_empty() {
        say!("the inbox is empty: nothing to do");
        return;
    }
    for extract in &report.extracts {
        print_extract(extract, every_file);
    }
    let (mut rows_in, mut accepted, mut repaired, mut quarantined) = (0, 0, 0, 0);
    let (mut taken, mut again, mut already, mut refused, mut held) = (0, 0, 0, 0, 0);
    for extract in &report.extracts {
        match &extract.outcome {
            Outcome::Taken { rows_in: i, accepted: a, repaired: r, quarantined: q, .. } => {
                taken += 1;
                rows_in += i;
                accepted += a;
                repaired += r;
                quarantined += q;
            }
            Outcome::Again { .. } => again += 1,
            Outcome::Already { .. } => already += 1,
            Outcome::Refused { .. } => refused += 1,
            Outcome::Held { .. } => held += 1,
            Outcome::Skipped { .. } => {}
        }
    }
    let files = report.extracts.len();
    if taken + again + refused + held == 0 {
        say!("ingest      {files} files, all in the lake already: nothing changed");
        return;
    }
    let held = if held == 0 { String::new() } else { format!(", {held} held") };
    let again = if again == 0 { String::new() } else { format!(", {again} counted again") };
    let verb = if report.dry_run { "would be taken" } else { "taken" };
    say!("ingest      {files} files: {taken} {verb}{again}, {already} in the lake already, {refused} refused{held}");
    say!(
        "            {} rows in: {} accepted ({repaired} of them repaired), {quarantined} quarantined",
        grouped(rows_in),
        grouped(accepted)
    );
}

fn print_extract(extract: &ExtractReport, every_file: bool) {
    match &extract.outcome {
        Outcome::Taken { rows_in, accepted, repaired, quarantined, over_tolerance } => {
            if every_file || *quarantined > 0 {
                say!(
                    "{}: {} rows in, {} accepted, {repaired} repaired, {quarantined} quarantined{}",
                    extract.file,
                    grouped(*rows_in),
                    grouped(*accepted),
                    if *over_tolerance { ", more than limits.quarantine_share tolerates" } else { "" }
                );
            }
            let shown = |severity: Severity| every_file || severity >= Severity::Quarantine;
            for count in extract.rules.iter().filter(|count| shown(count.severity)) {
                let column = count.column.as_deref().map(|column| format!(" > {column}")).unwrap_or_default();
                let row = count.first_row.map(|row| format!(" > row {row}")).unwrap_or_default();
                let more = if count.rows > 1 { format!(" and {} more", count.rows - 1) } else { String::new() };
                say!("  {}{row}{column}{more}: {} {} ({})", extract.file, count.rule, count.reason, count.hint);
            }
        }
        Outcome::Again { first_name } => {
            say!("{}: the same bytes came before as {first_name}: their rows count again", extract.file);
        }
        Outcome::Already { first_name } if *first_name != extract.file => {
            say!("{}: the same bytes came before as {first_name}: nothing changed", extract.file);
        }
        Outcome::Already { .. } if every_file => say!("{}: in the lake already: nothing changed", extract.file),
        Outcome::Already { .. } => {}
        Outcome::Refused { reasons } | Outcome::Held { reasons } => {
            let is_held = matches!(extract.outcome, Outcome::Held { .. });
            say!("{}: {}", extract.file, if is_held { "held" } else { "refused" });
            for reason in reasons {
                say!("  {reason}");
            }
        }
        Outcome::Skipped { note } => say!("{}: skipped, {note}", extract.file),
    }
}

/// `12,345`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1000, 1_234_567].map(super::grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
