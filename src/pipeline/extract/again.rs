//! Asks rules over several rows about rows that may leave the quarantine: over the extract as it would be then, read again
//! from its raw copy.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{AsArray, BooleanArray, Int64Array, RecordBatch};
use arrow::compute::{filter, filter_record_batch};
use arrow::datatypes::Int64Type;
use arrow::error::ArrowError;

use super::scratch::Scratch;
use super::set_rules;
use super::stage::{Stage, Targets};
use super::take_in::{on_a_thread, prepare};
use super::task::Task;
use crate::definitions::Schema;
use crate::intake::raw_path;
use crate::ledger::{ExtractRecord, RunId};
use crate::model::{ExtractName, Finding, Severity};
use crate::pipeline::{PipelineError, ProgressSink, Workspace};

/// What rules over several rows say against rows of an extract. `kept` are its rows that are in the lake, `candidates` those
/// that may join them; all others count as refused.
pub(in crate::pipeline) async fn check_sets_again(
    workspace: &Workspace,
    schema: &Schema,
    record: &ExtractRecord,
    run: RunId,
    kept: BTreeSet<u64>,
    candidates: BTreeSet<u64>,
) -> Result<BTreeMap<u64, Vec<Finding>>, PipelineError> {
    if schema.all_set_rules().is_empty() || candidates.is_empty() {
        return Ok(BTreeMap::new());
    }
    let raw = raw_path(&workspace.project.settings.raw_dir, &record.hash);
    let name = ExtractName {
        dataset: record.dataset.clone(),
        supplier: record.supplier.clone(),
        as_of: record.as_of,
        sequence: record.sequence,
        extension: String::new(),
    };
    let task = Task {
        path: raw.clone(),
        name,
        bytes: record.bytes,
        manifest: None,
        schema: Arc::new(schema.clone()),
        references: Arc::new(workspace.references(schema).await?),
        run,
        progress: ProgressSink::default(),
    };
    let reading = prepare(workspace, &task, &record.file_name, false);
    // The staged rows lie in it until the rules have been asked.
    let scratch = Arc::clone(&reading.scratch);
    let held = Arc::clone(&scratch);
    let own = task.schema.clone();
    let (staged, numbers) = on_a_thread(move || {
        let mut stage = open_stage(&own, &scratch)?;
        let mut numbers: BTreeMap<u64, u64> = BTreeMap::new();
        let mut first = 0_u64;
        reading.read_again(&raw, |chunk| {
            let mut ordinals = Vec::with_capacity(chunk.rows.len());
            let mut is_in = Vec::with_capacity(chunk.rows.len());
            for (number, row) in (first..).zip(&chunk.rows) {
                if candidates.contains(row) {
                    numbers.insert(number, *row);
                }
                ordinals.push(i64::try_from(number).ok());
                is_in.push(kept.contains(row) || candidates.contains(row));
            }
            first += u64::try_from(chunk.rows.len()).unwrap_or(0);
            let rows: Int64Array = chunk.rows.iter().map(|row| i64::try_from(*row).ok()).collect();
            write(&mut stage, &chunk.typed, &rows, &Int64Array::from(ordinals), &is_in)
        })?;
        Ok((stage.finish()?, numbers))
    })
    .await?;
    let Some(rows) = &staged.for_set_rules else { return Ok(BTreeMap::new()) };
    let failing = set_rules::find_failing(workspace, &task, rows, Some(&record.hash)).await?;
    drop(held);
    let mut found: BTreeMap<u64, Vec<Finding>> = BTreeMap::new();
    for (rule, failing) in schema.all_set_rules().iter().zip(&failing) {
        if rule.severity < Severity::Quarantine {
            continue;
        }
        for (_, row) in numbers.iter().filter(|(number, _)| failing.contains(**number)) {
            found.entry(*row).or_default().push(set_rules::finding(&record.file_name, rule, Some(*row), None));
        }
    }
    Ok(found)
}

fn open_stage(schema: &Schema, scratch: &Arc<Scratch>) -> Result<Stage, PipelineError> {
    Stage::open(&Targets { lakes: Vec::new(), for_set_rules: true }, schema, scratch)
}

fn write(
    stage: &mut Stage,
    typed: &RecordBatch,
    rows: &Int64Array,
    numbers: &Int64Array,
    is_in: &[bool],
) -> Result<(), PipelineError> {
    let failed = |source: ArrowError| PipelineError::Arrow { doing: "read an extract again".to_owned(), source };
    for wanted in [true, false] {
        let mask: BooleanArray = is_in.iter().map(|is_in| Some(*is_in == wanted)).collect();
        let part = filter_record_batch(typed, &mask).map_err(failed)?;
        let (rows, numbers) = (filter(rows, &mask).map_err(failed)?, filter(numbers, &mask).map_err(failed)?);
        let (rows, numbers) = (rows.as_primitive::<Int64Type>(), numbers.as_primitive::<Int64Type>());
        if wanted {
            stage.write(&part, rows, numbers)?;
        } else {
            stage.write_refused(&part, rows, numbers)?;
        }
    }
    Ok(())
}
