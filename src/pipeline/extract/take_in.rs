//! The order of things for one extract: known already, read, set rules, verdict, checks of the whole, commit, ledger.

use std::sync::Arc;

use super::admission::Tally;
use super::known_keys::add_known_keys;
use super::reading::{Content, Read, Reading};
use super::redelivery::{self, Known, find_known};
use super::scratch::Scratch;
use super::set_rules;
use super::stage::{StagedRows, Targets};
use super::task::{Task, constants, file_name};
use super::uniqueness::Uniqueness;
use super::verdict::{Strictness, Verdict};
use crate::decode::DecodeLimits;
use crate::definitions::{Columns, find_layout};
use crate::intake::IntakeError;
use crate::ledger::{ExtractRecord, ExtractState};
use crate::model::{ContentHash, Severity};
use crate::pipeline::checks_before_commit::{Incoming, check_before_commit, is_held, read_manifest, record_totals};
use crate::pipeline::ingest::{ExtractReport, Outcome};
use crate::pipeline::stability::ExtractTotals;
use crate::pipeline::{PipelineError, Workspace};
use crate::validate::check_retyped;

/// Takes one extract in. A bad file is an outcome, not an error.
pub(in crate::pipeline) async fn take_in(workspace: &Workspace, task: &Task) -> Result<ExtractReport, PipelineError> {
    let file = file_name(&task.path);
    let known = match find_known(workspace, task, &file).await? {
        Known::New => None,
        Known::Told(report) => return Ok(report),
        // Its rows are judged as today, and nothing of them is written again.
        Known::Again(known) => Some(known),
    };
    let reading = Arc::new(prepare(workspace, task, &file, known.is_none()));
    let limit = workspace.project.settings.limits.memory_in_bytes() / 4;
    let mut unique = Uniqueness::new(&reading.scratch, task.bytes, limit);
    add_known_keys(workspace, task, &mut unique).await?;
    let read = {
        let reading = Arc::clone(&reading);
        on_a_thread(move || reading.read(unique)).await
    };
    let Read { taken, content } = match read {
        Ok(read) => read,
        // Not recorded: nobody knows which bytes were refused.
        Err(PipelineError::Intake(error @ IntakeError::Changed { .. })) => {
            let reasons = vec![format!("{file}: {error}")];
            return Ok(ExtractReport::of(file, Some(task), Outcome::Refused { reasons }));
        }
        Err(error) => return Err(error),
    };
    let content = match content {
        Ok(content) => content,
        Err(mut reasons) => {
            let manifest = read_manifest(incoming(task, &file, &taken.hash)).1;
            reasons.extend(manifest.iter().map(ToString::to_string));
            return keep_out(workspace, task, file, &taken.hash, ExtractState::Refused, reasons).await;
        }
    };
    let kept = taken.kept.map(|kept| kept.path);
    let content = match &content.staged.for_set_rules {
        None => content,
        Some(rows) => {
            let failing = set_rules::find_failing(workspace, task, rows, None).await?;
            let reading = Arc::clone(&reading);
            on_a_thread(move || set_rules::apply(&reading, kept.as_deref(), &failing, content)).await?
        }
    };
    conclude(workspace, task, file, &taken.hash, &reading.strictness, content, known.as_deref()).await
}

/// Everything that reading needs. `writes` says whether anything of it is kept.
pub(super) fn prepare(workspace: &Workspace, task: &Task, file: &str, writes: bool) -> Reading {
    let settings = &workspace.project.settings;
    let limits = &settings.limits;
    // Personal columns first: an open row is never without them.
    let lakes = [(&workspace.restricted, Columns::Personal), (&workspace.lake, Columns::Open)];
    let layouts = &workspace.project.definitions.layouts;
    Reading {
        task: task.clone(),
        file: file.to_owned(),
        layout: find_layout(layouts, &task.name.dataset, &task.name.supplier).cloned(),
        limits: DecodeLimits {
            file_bytes: limits.file_bytes,
            rows: limits.rows,
            columns: usize::try_from(limits.columns).unwrap_or(usize::MAX),
            cell_bytes: usize::try_from(limits.cell_bytes).unwrap_or(usize::MAX),
            expanded_bytes: limits.expanded_bytes,
            expansion_ratio: u64::from(limits.expansion_ratio),
        },
        threads: limits.threads,
        targets: Targets {
            lakes: lakes.into_iter().filter(|_| writes).map(|(lake, columns)| (lake.clone(), columns)).collect(),
            for_set_rules: !task.schema.all_set_rules().is_empty(),
        },
        raw_dir: writes.then(|| settings.raw_dir.clone()),
        restricted_dir: writes.then(|| settings.restricted_dir.clone()),
        scratch: Arc::new(Scratch::below(&settings.spill_dir)),
        strictness: Arc::new(Strictness::of(&task.schema)),
    }
}

/// Verdict, checks of the whole, commit.
async fn conclude(
    workspace: &Workspace,
    task: &Task,
    file: String,
    hash: &ContentHash,
    strictness: &Strictness,
    content: Content,
    known: Option<&ExtractRecord>,
) -> Result<ExtractReport, PipelineError> {
    let Content { dialect, mut tally, staged, refused } = content;
    verify_no_row_lost(&file, &tally, &staged, refused.rows)?;
    let totals = ExtractTotals {
        rows_in: tally.rows_in,
        accepted: tally.accepted,
        quarantined: refused.rows,
        sums: tally.totals.sums(&task.schema),
        shares: tally.totals.shares(),
    };
    let mut found = check_before_commit(workspace, incoming(task, &file, hash), &totals).await?;
    found.extend(check_retyped(&tally.fits, &task.schema, &file));
    let general = workspace.project.settings.limits.quarantine_share;
    let verdict = strictness.judge(&file, &tally.counts, tally.rows_in, refused.strict_rows, general);
    let (mut reasons, mut stops) = (Vec::new(), Vec::new());
    for finding in &found {
        tally.counts.add(finding);
        match finding.severity {
            Severity::Stop => stops.push(finding.to_string()),
            Severity::Refuse => reasons.push(finding.to_string()),
            _ => {}
        }
    }
    let refused_by_rule = !matches!(verdict, Verdict::Take { .. });
    let over_tolerance = match verdict {
        Verdict::Take { over_tolerance } => over_tolerance,
        Verdict::Refuse(more) => {
            reasons.extend(more);
            false
        }
        Verdict::Stop(more) => {
            stops.extend(more);
            false
        }
    };
    let worse =
        known.map(|known| redelivery::why_not(workspace, known, &refused.numbers, &file)).transpose()?.flatten();
    let refused_otherwise = refused_by_rule || worse.is_some();
    reasons.extend(worse);
    if !stops.is_empty() {
        reasons.splice(0..0, stops.clone());
    }
    if !reasons.is_empty() {
        drop((staged, refused));
        // Held only if nothing else speaks against it.
        let held = stops.is_empty() && is_held(&found) && !refused_otherwise;
        let state = if held { ExtractState::Held } else { ExtractState::Refused };
        let mut report = keep_out(workspace, task, file.clone(), hash, state, reasons.clone()).await?;
        report.rules = tally.counts.into_sorted();
        return if stops.is_empty() { Ok(report) } else { Err(PipelineError::StoppedByRule { file, reasons }) };
    }
    if let Some(known) = known {
        redelivery::record(workspace, task, hash, &file).await?;
        let first_name = known.file_name.clone();
        return Ok(ExtractReport::of(file, Some(task), Outcome::Again { first_name }));
    }
    let outcome = Outcome::Taken {
        rows_in: tally.rows_in,
        accepted: tally.accepted,
        repaired: tally.repaired,
        quarantined: refused.rows,
        over_tolerance,
    };
    let record = ExtractRecord {
        rows_in: tally.rows_in,
        accepted: tally.accepted,
        quarantined: refused.rows,
        repaired: tally.repaired,
        dialect: Some(dialect),
        ..record(workspace, task, &file, hash, ExtractState::Committed)
    };
    if let Some(writer) = refused.writer {
        writer.commit(hash, &file)?;
    }
    record_totals(workspace, hash, &totals).await?;
    commit(task, staged, hash).await?;
    workspace.ledger.record_extract(&record).await?;
    let mut report = ExtractReport::of(file, Some(task), outcome);
    report.rules = tally.counts.into_sorted();
    Ok(report)
}

/// Every row read is accepted or refused, and every accepted one is written for every lake.
fn verify_no_row_lost(file: &str, tally: &Tally, staged: &StagedRows, refused: u64) -> Result<(), PipelineError> {
    let written = staged.lakes.iter().all(|(_, rows)| rows.rows() == tally.accepted);
    if written && tally.accepted + refused == tally.rows_in {
        return Ok(());
    }
    Err(PipelineError::RowsLost {
        file: file.to_owned(),
        rows_in: tally.rows_in,
        accepted: staged.lakes.iter().map(|(_, rows)| rows.rows()).min().unwrap_or(tally.accepted),
        quarantined: refused,
    })
}

/// Commits the accepted rows: personal columns to the restricted lake first, then the open ones. Each commit is
/// atomic and carries the extract's hash, so that doing it again changes nothing. What a killed process has committed
/// and not recorded is replaced, since other rows may be good by now.
async fn commit(task: &Task, staged: StagedRows, hash: &ContentHash) -> Result<(), PipelineError> {
    let constants = constants(&task.name, hash);
    for (lake, rows) in staged.lakes {
        lake.commit_unrecorded(rows, &constants, hash).await?;
    }
    Ok(())
}

/// Records a file that is refused, or held until a person lets it through.
async fn keep_out(
    workspace: &Workspace,
    task: &Task,
    file: String,
    hash: &ContentHash,
    state: ExtractState,
    reasons: Vec<String>,
) -> Result<ExtractReport, PipelineError> {
    let record = record(workspace, task, &file, hash, state);
    workspace.ledger.record_extract(&ExtractRecord { reason: Some(reasons.join("\n")), ..record }).await?;
    let outcome = match state {
        ExtractState::Held => Outcome::Held { reasons },
        _ => Outcome::Refused { reasons },
    };
    Ok(ExtractReport::of(file, Some(task), outcome))
}

fn incoming<'a>(task: &'a Task, file: &'a str, hash: &'a ContentHash) -> Incoming<'a> {
    Incoming { file, name: &task.name, hash, schema: &task.schema, manifest: task.manifest.as_deref() }
}

fn record(workspace: &Workspace, task: &Task, file: &str, hash: &ContentHash, state: ExtractState) -> ExtractRecord {
    ExtractRecord {
        hash: hash.clone(),
        dataset: task.name.dataset.clone(),
        supplier: task.name.supplier.clone(),
        as_of: task.name.as_of,
        sequence: task.name.sequence,
        file_name: file.to_owned(),
        bytes: task.bytes,
        state,
        rows_in: 0,
        accepted: 0,
        quarantined: 0,
        repaired: 0,
        reason: None,
        dialect: None,
        ingested_at: workspace.project.settings.clock.now(),
        run: Some(task.run),
    }
}

/// Runs work of the processor off the threads that serve timers and sockets.
pub(super) async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PipelineError> + Send + 'static,
) -> Result<T, PipelineError> {
    let joined = tokio::task::spawn_blocking(work).await;
    joined.map_err(|source| PipelineError::Panicked { doing: "the reading of an extract", source })?
}
