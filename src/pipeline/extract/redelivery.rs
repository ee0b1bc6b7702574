//! Bytes that are in the lake already and come again: under their own name, which says nothing new; under another one that
//! changes nothing of what is live; or as the last word after other bytes, so that their rows count again.

use std::collections::BTreeSet;

use super::bits::Bits;
use super::task::Task;
use crate::definitions::ExtractMode;
use crate::intake;
use crate::ledger::{Delivery, ExtractRecord, ExtractState, live_of};
use crate::model::{ContentHash, ExtractName};
use crate::pipeline::ingest::{ExtractReport, Outcome};
use crate::pipeline::quarantine::QuarantineFile;
use crate::pipeline::{PipelineError, Workspace};

/// Rows that a reason names.
const NAMED: usize = 5;

/// What is known of a file before its rows are read.
pub(super) enum Known {
    /// Nothing.
    New,
    /// All: nothing is to be done.
    Told(ExtractReport),
    /// Its rows are in the lake and do not count now; by its name they are the last word.
    Again(Box<ExtractRecord>),
}

/// A file whose bytes are in the lake is not read twice for it: it is hashed before anything else if, and only if, an
/// extract of the same size is committed.
pub(super) async fn find_known(workspace: &Workspace, task: &Task, file: &str) -> Result<Known, PipelineError> {
    if !workspace.ledger.has_committed_of_size(task.bytes).await? {
        return Ok(Known::New);
    }
    let hash = intake::fingerprint(&task.path)?;
    let known = workspace.ledger.find_extract(&hash).await?.filter(|known| known.state == ExtractState::Committed);
    let Some(known) = known else { return Ok(Known::New) };
    let told = |outcome| Ok(Known::Told(ExtractReport::of(file.to_owned(), Some(task), outcome)));
    let already = || Outcome::Already { first_name: known.file_name.clone() };
    let is_empty = task.schema.mode == ExtractMode::Increment && known.rows_in == 0;
    let is_of_source = known.dataset == task.name.dataset && (known.supplier == task.name.supplier || is_empty);
    if !is_of_source {
        let is_by_hand = |name: &str| ExtractName::parse(name).is_err();
        if known.file_name == file || is_by_hand(file) || is_by_hand(&known.file_name) {
            return told(already());
        }
        return told(Outcome::Refused { reasons: vec![of_another_source(file, &known.file_name)] });
    }
    let mut deliveries = workspace.ledger.list_deliveries().await?;
    deliveries.retain(|other| other.dataset == task.name.dataset && other.supplier == task.name.supplier);
    let last = deliveries.iter().filter(|other| other.file_name == file).max_by_key(|other| other.came_at);
    if last.is_some_and(|last| last.hash == hash) {
        return told(already());
    }
    if counts_now(task, &deliveries, &delivery(workspace, task, &hash, file)) {
        return Ok(Known::Again(Box::new(known)));
    }
    record(workspace, task, &hash, file).await?;
    told(already())
}

/// Records the delivery.
pub(super) async fn record(
    workspace: &Workspace,
    task: &Task,
    hash: &ContentHash,
    file: &str,
) -> Result<(), PipelineError> {
    let now = workspace.project.settings.clock.now();
    Ok(workspace.ledger.record_redelivery(hash, file, &task.name, now).await?)
}

/// Why rows that were good when their bytes came first may not count again: some would be refused today. Rows that were
/// refused then stay in quarantine, from where they can be released.
pub(super) fn why_not(
    workspace: &Workspace,
    known: &ExtractRecord,
    refused_now: &Bits,
    file: &str,
) -> Result<Option<String>, PipelineError> {
    let mut refused_then = Bits::default();
    let restricted = &workspace.project.settings.restricted_dir;
    QuarantineFile::for_each(restricted, &known.hash, |line| {
        refused_then.insert(line.row);
        Ok::<(), PipelineError>(())
    })?;
    let worse: Vec<u64> = refused_now.iter().filter(|row| !refused_then.contains(*row)).collect();
    if worse.is_empty() {
        return Ok(None);
    }
    let named = worse.iter().take(NAMED).map(u64::to_string).collect::<Vec<_>>().join(", ");
    let more = if worse.len() > NAMED { format!(" and {} more", worse.len() - NAMED) } else { String::new() };
    Ok(Some(format!(
        "{file}: the same bytes came before as `{}`, and of the rows that were good then some would be refused today: row \
         {named}{more} (deliver a corrected file; or the same bytes with one more line break at the end, so that these rows \
         are set aside)",
        known.file_name
    )))
}

fn of_another_source(file: &str, first: &str) -> String {
    format!(
        "{file}: the same bytes came before as `{first}`, of another dataset or supplier (deliver the file that belongs \
         under this name)"
    )
}

fn delivery(workspace: &Workspace, task: &Task, hash: &ContentHash, file: &str) -> Delivery {
    Delivery {
        number: u64::MAX,
        hash: hash.clone(),
        file_name: file.to_owned(),
        dataset: task.name.dataset.clone(),
        supplier: task.name.supplier.clone(),
        as_of: task.name.as_of,
        sequence: task.name.sequence,
        came_at: workspace.project.settings.clock.now(),
    }
}

/// Whether other extracts would be live with one delivery more. `deliveries` are those of its source, in order.
fn counts_now(task: &Task, deliveries: &[Delivery], more: &Delivery) -> bool {
    let increments = BTreeSet::from_iter((task.schema.mode == ExtractMode::Increment).then(|| more.dataset.clone()));
    let live = |deliveries: &[Delivery]| -> BTreeSet<ContentHash> {
        live_of(deliveries, &increments).into_values().flatten().map(|extract| extract.hash).collect()
    };
    let before = live(deliveries);
    let place = |delivery: &Delivery| (delivery.as_of, delivery.sequence);
    let at = deliveries.partition_point(|other| place(other) <= place(more));
    let mut with = deliveries.to_vec();
    with.insert(at, more.clone());
    live(&with) != before
}
