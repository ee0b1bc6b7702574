//! Rules over several rows, or over other datasets: run by the engine over the accepted rows of the extract, before any of
//! them is committed. Rows that fail go to the quarantine as they were delivered, and the staged files are written anew
//! without them.

use std::path::Path;

use arrow::array::{Array, BooleanArray, Int64Array, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::error::ArrowError;

use super::admission::{count, values};
use super::bits::Bits;
use super::followers::follow;
use super::quarantining::Quarantining;
use super::reading::{Content, Reading};
use super::stage::{ForSetRules, Stage, StagedRows, Targets};
use super::task::Task;
use crate::definitions::{Columns, ExtractMode, SET_RULE_REFUSED, SET_RULE_TABLE, SetRule};
use crate::engine::{FileTable, SessionSource};
use crate::lake::Staged;
use crate::model::{ContentHash, Finding, Place, Severity};
use crate::pipeline::{PipelineError, Workspace};

/// Runs every set rule of a schema; gives the numbers of the failing rows of each. What the extract replaces does not show: of
/// a snapshot, the rows that its supplier delivered before, and `except`, itself.
pub(super) async fn find_failing(
    workspace: &Workspace,
    task: &Task,
    rows: &ForSetRules<Staged>,
    except: Option<&ContentHash>,
) -> Result<Vec<Bits>, PipelineError> {
    let mut live = workspace.live(None).await?;
    let is_snapshot = task.schema.mode == ExtractMode::Snapshot;
    live.extracts.retain(|extract| {
        let is_replaced = is_snapshot && extract.dataset == task.name.dataset && extract.supplier == task.name.supplier;
        !is_replaced && Some(&extract.hash) != except
    });
    let snapshot = workspace.lake.pin()?;
    let table = |name: &str, description: &str, rows: &Staged| FileTable {
        name: name.to_owned(),
        description: description.to_owned(),
        schema: task.schema.incoming_schema(),
        files: rows.paths(),
    };
    let files = [
        table(SET_RULE_TABLE, "The accepted rows of the extract.", &rows.incoming),
        table(SET_RULE_REFUSED, "The rows of the extract that are refused already.", &rows.refused),
    ];
    let session = workspace.engine.open(SessionSource {
        lake: Some((&workspace.lake, &snapshot)),
        datasets: &workspace.project.open_datasets(),
        live: &live.hashes(),
        placed: &live.placed,
        files: &files,
        ..SessionSource::empty()
    })?;
    let rules = task.schema.all_set_rules();
    let mut failing = vec![Bits::default(); rules.len()];
    for (rule, own) in rules.iter().zip(&mut failing).filter(|(rule, _)| !rule.follows) {
        session
            .failing_rows(rule, task.name.as_of, |number| {
                own.insert(number);
            })
            .await?;
    }
    let refuses = |(rule, rows): (&SetRule, &Bits)| rule.severity >= Severity::Quarantine && rows.count() > 0;
    if rules.iter().zip(&failing).any(refuses) {
        let mut pairs = vec![Vec::new(); rules.len()];
        for (rule, needed) in rules.iter().zip(&mut pairs).filter(|(rule, _)| rule.follows) {
            session.needed_rows(rule, task.name.as_of, |row, target| needed.push((row, target))).await?;
        }
        follow(&rules, &mut failing, &pairs);
    }
    Ok(failing)
}

/// Counts the rows that fail, and takes those out that may not be accepted. `kept` is the raw copy; none when no
/// quarantine is written.
pub(super) fn apply(
    reading: &Reading,
    kept: Option<&Path>,
    failing: &[Bits],
    content: Content,
) -> Result<Content, PipelineError> {
    let Content { dialect, mut tally, staged, refused } = content;
    let StagedRows { lakes, for_set_rules } = staged;
    let Some(rows) = for_set_rules.filter(|_| failing.iter().any(|rows| rows.count() > 0)) else {
        return Ok(Content { dialect, tally, staged: StagedRows { lakes, for_set_rules: None }, refused });
    };
    let schema = &reading.task.schema;
    let all = schema.all_set_rules();
    let rules: Vec<(&SetRule, &Bits)> = all.iter().zip(failing).collect();
    let refusing =
        |number: u64| rules.iter().any(|(rule, rows)| rule.severity >= Severity::Quarantine && rows.contains(number));
    let targets = Targets { for_set_rules: false, ..reading.targets.clone() };
    let mut stage = Stage::open(&targets, schema, &reading.scratch)?;
    let (mut moved, mut moved_rows) = (Bits::default(), Bits::default());
    let typed_columns: Vec<usize> = (0..schema.arrow_schema(Columns::All).fields().len()).collect();
    for batch in rows.incoming.batches() {
        let batch = batch?;
        let (numbers, rows) = (whole(&batch, typed_columns.len())?, whole(&batch, typed_columns.len() + 1)?);
        let mut keep = Vec::with_capacity(batch.num_rows());
        for index in 0..batch.num_rows() {
            let number = u64::try_from(numbers.value(index)).unwrap_or(u64::MAX);
            let row = u64::try_from(rows.value(index)).ok();
            for (rule, _) in rules.iter().filter(|(_, rows)| rows.contains(number)) {
                tally.counts.add(&finding(&reading.file, rule, row, None));
            }
            let is_refused = refusing(number);
            if is_refused && moved.insert(number) {
                let was_repaired = tally.repaired_numbers.as_ref().is_some_and(|repaired| repaired.contains(number));
                tally.repaired -= u64::from(was_repaired);
                moved_rows.insert(row.unwrap_or(0));
            }
            keep.push(!is_refused);
        }
        let kept = filter_record_batch(&batch, &BooleanArray::from(keep)).map_err(failed)?;
        let typed = kept.project(&typed_columns).map_err(failed)?;
        stage.write(&typed, whole(&kept, typed_columns.len() + 1)?, whole(&kept, typed_columns.len())?)?;
    }
    if moved.count() == 0 {
        // Warnings only: what was staged first stands.
        return Ok(Content { dialect, tally, staged: StagedRows { lakes, for_set_rules: None }, refused });
    }
    drop(lakes);
    tally.accepted -= moved.count();
    let mut quarantine = Quarantining::resume(refused, &reading.strictness);
    match kept {
        Some(kept) => quarantine_moved(reading, kept, &rules, &moved, &mut quarantine)?,
        None => count_moved(reading, &rules, &moved, &moved_rows, &mut quarantine)?,
    }
    Ok(Content { dialect, tally, staged: stage.finish()?, refused: quarantine.into_refused() })
}

/// Reads the raw copy again, in which alone the rows are as they were delivered.
fn quarantine_moved(
    reading: &Reading,
    kept: &Path,
    rules: &[(&SetRule, &Bits)],
    moved: &Bits,
    quarantine: &mut Quarantining<'_>,
) -> Result<(), PipelineError> {
    let mut first = 0;
    reading.read_again(kept, |chunk| {
        for index in 0..chunk.rows.len() {
            let number = first + count(index);
            if !moved.contains(number) {
                continue;
            }
            let own = chunk.findings.iter().filter(|(at, _)| usize::try_from(*at) == Ok(index));
            let mut findings: Vec<Finding> = own.map(|(_, finding)| finding.clone()).collect();
            let failed = rules.iter().filter(|(_, rows)| rows.contains(number));
            let sheet = chunk.sheet.as_deref();
            findings.extend(failed.map(|(rule, _)| finding(&reading.file, rule, Some(chunk.rows[index]), sheet)));
            quarantine.add_counted(chunk.rows[index], values(&chunk.text, index)?, findings)?;
        }
        first += count(chunk.rows.len());
        Ok(())
    })
}

fn count_moved(
    reading: &Reading,
    rules: &[(&SetRule, &Bits)],
    moved: &Bits,
    moved_rows: &Bits,
    quarantine: &mut Quarantining<'_>,
) -> Result<(), PipelineError> {
    // Rows have the order of their numbers; those of several sheets, which may share a number, run out early.
    let mut in_file = moved_rows.iter();
    for number in moved.iter() {
        let failed = rules.iter().filter(|(_, rows)| rows.contains(number));
        let findings = failed.map(|(rule, _)| finding(&reading.file, rule, None, None)).collect();
        quarantine.add_counted(in_file.next().unwrap_or(0), Vec::new(), findings)?;
    }
    Ok(())
}

/// What a set rule says against a row.
pub(super) fn finding(file: &str, rule: &SetRule, row: Option<u64>, sheet: Option<&str>) -> Finding {
    Finding {
        rule: rule.id.clone(),
        severity: rule.severity,
        place: Place {
            file: file.to_owned(),
            sheet: sheet.map(str::to_owned),
            row,
            column: rule.fields.first().cloned(),
        },
        value: None,
        reason: rule.reason.clone(),
        hint: rule.hint.clone(),
    }
}

fn whole(batch: &RecordBatch, column: usize) -> Result<&Int64Array, PipelineError> {
    let wrong = || failed(ArrowError::SchemaError("rows for set rules are not as they were written".to_owned()));
    batch.column(column).as_any().downcast_ref().ok_or_else(wrong)
}

fn failed(source: ArrowError) -> PipelineError {
    PipelineError::Arrow { doing: "take failing rows out of an extract".to_owned(), source }
}
