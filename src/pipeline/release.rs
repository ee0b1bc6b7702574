//! Lets rows out of quarantine: they are checked again as if they came today, and those that pass become a small batch of
//! their own in the lake, with the extract and row from which they came. Who, why and past which rules is recorded.
//!
//! Safe to repeat and to be killed at any instant: a row that is in a lake already is not written there again, and the
//! ledger moves its counts in one transaction at the end.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, Date32Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, Field, Int64Type, Schema as ArrowSchema, SchemaRef};
use sha2::{Digest, Sha256};

use crate::definitions::{Columns, LINEAGE_EXTRACT, LINEAGE_ROW, Schema, days_since_epoch, lineage_fields};
use crate::engine::Session;
use crate::lake::Lake;
use crate::ledger::{ExtractRecord, Release, RunId, RunState};
use crate::model::{ContentHash, ErrorClass, Finding, JobName, RuleId, Severity};
use crate::validate::{CheckedChunk, KeyHasher, Validator, rules};

use super::extract::{check_sets_again, compile_one};
use super::{ExtractRows, PipelineError, QuarantineLine, RefusedExtract, Workspace};

/// Which rows to let out, past which rules, by whom and why.
#[derive(Clone, Debug)]
pub struct ReleaseRequest {
    /// The extract and its rows; none for all.
    pub what: ExtractRows,
    /// Rules of the schema, over columns or over rows, that are set aside.
    pub overridden: BTreeSet<RuleId>,
    /// Who decides.
    pub by: String,
    /// Why.
    pub note: String,
}

/// What became of the rows.
#[derive(Clone, Debug)]
pub struct ReleaseReport {
    /// The extract, with its counts as they are now.
    pub record: ExtractRecord,
    /// Rows that are in the lake now.
    pub released: BTreeSet<u64>,
    /// Rows that were released before.
    pub already: BTreeSet<u64>,
    /// Rows that stay in quarantine, with what is wrong with them.
    pub kept: BTreeMap<u64, Vec<Finding>>,
}

impl ReleaseReport {
    /// Classes of what went wrong.
    #[must_use]
    pub fn failures(&self) -> Vec<ErrorClass> {
        if self.kept.is_empty() { Vec::new() } else { vec![ErrorClass::Data] }
    }
}

impl Workspace {
    /// Releases rows as a run of its own.
    ///
    /// # Errors
    /// When a row or a rule is not there, the extract is no longer live, another process works on the project, or
    /// ledger or lake cannot be used. A row that fails again is no error.
    pub async fn release(&self, request: &ReleaseRequest) -> Result<ReleaseReport, PipelineError> {
        let lock = self.lock()?;
        let clock = &self.project.settings.clock;
        self.ledger.abort_stale_runs(clock.now()).await?;
        let job = JobName::new("release").expect("a word is a job name");
        let run: RunId = self.ledger.begin_run(&job, None, clock.now()).await?;
        let watch = clock.start_stopwatch();
        let outcome = Box::pin(self.release_rows(request, run)).await;
        let (state, summary) = match &outcome {
            Ok(report) => (RunState::Complete, super::summary::of_release(report, request, watch.elapsed())),
            Err(error) => (RunState::Failed, serde_json::json!({ "error": [error.to_string()] })),
        };
        self.ledger.finish_run(&run, state, &summary, clock.now()).await?;
        drop(lock);
        outcome
    }

    async fn release_rows(&self, request: &ReleaseRequest, run: RunId) -> Result<ReleaseReport, PipelineError> {
        let refused = self.find_refused(&request.what.extract).await?;
        let record = &refused.record;
        let fail = |why: String| PipelineError::Release { extract: record.file_name.clone(), why };
        let Some(schema) = self.project.definitions.schemas.get(&record.dataset) else {
            return Err(fail(format!("the project has no dataset `{}`", record.dataset)));
        };
        check_overrides(schema, &request.overridden).map_err(&fail)?;
        let (lines, already) = choose(&refused, &request.what.rows).map_err(&fail)?;
        if lines.is_empty() {
            return Ok(ReleaseReport {
                record: record.clone(),
                released: BTreeSet::new(),
                already,
                kept: BTreeMap::new(),
            });
        }
        let pinned = self.pin().await?;
        if !pinned.extracts.iter().any(|live| live.hash == record.hash) {
            return Err(fail("a later delivery has replaced it: release the rows of that one".to_owned()));
        }
        let restricted = self.pin_restricted(schema).await?;
        let sessions = Sessions { open: &pinned.session, restricted: &restricted };
        let stored = sessions.rows_of(schema, &record.hash).await?;
        let (passed, mut kept) = self.check_again(schema, record, &lines, &request.overridden).await?;
        let (passed, doubled) = sessions.part_by_keys(schema, record, passed, &stored).await?;
        kept.extend(doubled);
        let in_lake: BTreeSet<u64> = stored.open.union(&stored.restricted).copied().collect();
        let mut against = check_sets_again(self, schema, record, run, in_lake, rows_in(&passed)?).await?;
        for findings in against.values_mut() {
            findings.retain(|finding| !request.overridden.contains(&finding.rule));
        }
        against.retain(|_, findings| !findings.is_empty());
        let passed = keep(&passed, |row| !against.contains_key(&row))?;
        kept.extend(against);
        let released = rows_in(&passed)?;
        for (lake, columns, known) in
            [(&self.restricted, Columns::Personal, &stored.restricted), (&self.lake, Columns::Open, &stored.open)]
        {
            commit(lake, columns, schema, record, &passed, known).await?;
        }
        if !released.is_empty() {
            let release = Release {
                id: identity(&record.hash, &released),
                extract: record.hash.clone(),
                rows: released.clone(),
                overridden: request.overridden.clone(),
                by: request.by.clone(),
                note: request.note.clone(),
                at: self.project.settings.clock.now(),
            };
            self.ledger.record_release(&release).await?;
        }
        let record = self.ledger.find_extract(&record.hash).await?.unwrap_or_else(|| record.clone());
        Ok(ReleaseReport { record, released, already, kept })
    }

    /// Asks every rule of the schema again, but for those that were set aside, and all references as they are now.
    async fn check_again(
        &self,
        schema: &Schema,
        record: &ExtractRecord,
        lines: &[&QuarantineLine],
        overridden: &BTreeSet<RuleId>,
    ) -> Result<(RecordBatch, BTreeMap<u64, Vec<Finding>>), PipelineError> {
        let mut compiled = Vec::new();
        for rule in &schema.rules {
            let mut rule = compile_one(schema, rule, record.as_of)?;
            if overridden.contains(&rule.id) {
                rule.severity = Severity::Warn;
            }
            compiled.push(rule);
        }
        let references = self.references(schema).await?;
        let validator = Validator::new(schema, &record.file_name, &references, compiled)?;
        let numbers: Vec<u64> = lines.iter().map(|line| line.row).collect();
        // Cells of a ragged row may stand under a wrong name, which nothing in the row itself can tell.
        let is_ragged = |line: &&&QuarantineLine| line.findings.iter().any(|finding| finding.rule == rules::RAGGED_ROW);
        let ragged: Vec<u64> = lines.iter().filter(is_ragged).map(|line| line.row).collect();
        let checked = validator.check_chunk(&text_batch(lines)?, &numbers, None, &ragged)?;
        let mut kept: BTreeMap<u64, Vec<Finding>> = BTreeMap::new();
        for (index, finding) in &checked.findings {
            let index = usize::try_from(*index).unwrap_or(usize::MAX);
            if finding.severity >= Severity::Quarantine && checked.bad[index] {
                kept.entry(checked.rows[index]).or_default().push(finding.clone());
            }
        }
        // Rules over several rows are asked later; one that the schema no longer has cannot be.
        let asked = |rule: &RuleId| {
            let is_own = schema.rules.iter().any(|own| own.id == *rule);
            rule.0.starts_with('V') || is_own || schema.set_rules.iter().any(|own| own.id == *rule)
        };
        for line in lines {
            if kept.contains_key(&line.row) {
                continue;
            }
            let grave = line.findings.iter().filter(|finding| finding.severity >= Severity::Quarantine);
            let unasked: Vec<Finding> = grave.filter(|finding| !asked(&finding.rule)).cloned().collect();
            if !unasked.is_empty() {
                kept.insert(line.row, unasked);
            }
        }
        let accepted = keep(&numbered(&checked)?, |row| !kept.contains_key(&row))?;
        Ok((accepted, kept))
    }
}

/// Only a rule of the schema over columns or rows can be set aside: what cannot be read stays unread.
fn check_overrides(schema: &Schema, overridden: &BTreeSet<RuleId>) -> Result<(), String> {
    let of_rows = schema.rules.iter().map(|rule| (&rule.id, rule.severity));
    let of_sets = schema.set_rules.iter().map(|rule| (&rule.id, rule.severity));
    let grave = of_rows.chain(of_sets).filter(|(_, severity)| *severity >= Severity::Quarantine);
    let known: Vec<&RuleId> = grave.map(|(id, _)| id).collect();
    match overridden.iter().find(|rule| !known.contains(rule)) {
        None => Ok(()),
        Some(rule) => {
            let known = known.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            Err(format!("`{rule}` cannot be overridden; of this dataset these can: {known}"))
        }
    }
}

/// The lines that were asked for and are in quarantine still, and the rows that were released before.
fn choose<'a>(
    refused: &'a RefusedExtract,
    rows: &BTreeSet<u64>,
) -> Result<(Vec<&'a QuarantineLine>, BTreeSet<u64>), String> {
    let wanted = |row: u64| rows.is_empty() || rows.contains(&row);
    let lines: Vec<&QuarantineLine> = refused.lines.iter().filter(|line| wanted(line.row)).collect();
    let already: BTreeSet<u64> = refused.released.keys().copied().filter(|row| wanted(*row)).collect();
    let mut seen = BTreeSet::new();
    if let Some(line) = lines.iter().find(|line| !seen.insert(line.row)) {
        return Err(format!("row {} stands on several sheets: deliver a corrected file", line.row));
    }
    let unknown: Vec<String> =
        rows.iter().filter(|row| !seen.contains(row) && !already.contains(row)).map(ToString::to_string).collect();
    if unknown.is_empty() {
        Ok((lines, already))
    } else {
        Err(format!("not in quarantine: row {}", unknown.join(", ")))
    }
}

/// Rows of an extract that lie in a lake already.
struct Stored {
    open: HashSet<u64>,
    restricted: HashSet<u64>,
}

/// SQL over the live rows, and over their personal columns.
struct Sessions<'a> {
    open: &'a Session,
    restricted: &'a Session,
}

impl Sessions<'_> {
    async fn rows_of(&self, schema: &Schema, extract: &ContentHash) -> Result<Stored, PipelineError> {
        let mut stored = Stored { open: HashSet::new(), restricted: HashSet::new() };
        for (session, columns, rows) in
            [(self.open, Columns::Open, &mut stored.open), (self.restricted, Columns::Personal, &mut stored.restricted)]
        {
            if schema.arrow_schema(columns).fields().is_empty() {
                continue;
            }
            // The name comes from a schema and the hash has hexadecimal digits only.
            let sql = format!("select {LINEAGE_ROW} from {} where {LINEAGE_EXTRACT} = '{extract}'", schema.dataset);
            for batch in session.query(&sql).await?.collect().await? {
                let numbers = batch.column(0).as_primitive_opt::<Int64Type>();
                rows.extend(numbers.into_iter().flatten().flatten().filter_map(|row| u64::try_from(row).ok()));
            }
        }
        Ok(stored)
    }

    /// Parts rows into those whose keys are free and those whose keys a live row or an earlier one of them has. A row
    /// that lies in a lake already, from a release that was cut off, is not compared with itself.
    async fn part_by_keys(
        &self,
        schema: &Schema,
        record: &ExtractRecord,
        rows: RecordBatch,
        stored: &Stored,
    ) -> Result<(RecordBatch, BTreeMap<u64, Vec<Finding>>), PipelineError> {
        let mut doubled: BTreeMap<u64, Vec<Finding>> = BTreeMap::new();
        let numbers = row_numbers(&rows)?;
        let unique = schema.unique_keys.iter().filter(|key| **key != schema.primary_key);
        let keys = std::iter::once((rules::DUPLICATE_PRIMARY_KEY, &schema.primary_key))
            .chain(unique.map(|key| (rules::DUPLICATE_UNIQUE_KEY, key)));
        for (rule, key) in keys {
            let failed = |source| PipelineError::Arrow { doing: "read keys of quarantined rows".to_owned(), source };
            let hasher = KeyHasher::new();
            let mut taken = HashSet::new();
            let mut live = self.session_for(schema, key).columns_of(schema.dataset.as_str(), key).await?;
            while let Some(batch) = live.next().await {
                taken.extend(hasher.fingerprints(batch?.columns()).map_err(failed)?.fingerprints);
            }
            let own: Result<Vec<ArrayRef>, _> = key
                .iter()
                .map(|name| rows.schema().index_of(name).map(|index| Arc::clone(rows.column(index))))
                .collect();
            let own = hasher.fingerprints(&own.map_err(failed)?).map_err(failed)?;
            for (index, row) in numbers.iter().enumerate() {
                let Some(fingerprint) = own.get(index) else { continue };
                let is_here = stored.open.contains(row) || stored.restricted.contains(row);
                if !taken.insert(fingerprint) && !is_here {
                    let column = key.first().cloned();
                    doubled.entry(*row).or_default().push(doubled_key(&rule, record, *row, column, &key.join(" + ")));
                }
            }
        }
        let free = keep(&rows, |row| !doubled.contains_key(&row))?;
        Ok((free, doubled))
    }

    fn session_for(&self, schema: &Schema, key: &[String]) -> &Session {
        let open = schema.arrow_schema(Columns::Open);
        if key.iter().all(|name| open.column_with_name(name).is_some()) { self.open } else { self.restricted }
    }
}

fn doubled_key(rule: &RuleId, record: &ExtractRecord, row: u64, column: Option<String>, key: &str) -> Finding {
    Finding {
        rule: rule.clone(),
        severity: Severity::Quarantine,
        place: crate::model::Place { file: record.file_name.clone(), sheet: None, row: Some(row), column },
        value: None,
        reason: format!("an accepted row already has this {key}"),
        hint: "deliver each row once; the first one stands".to_owned(),
    }
}

/// The typed rows with the row of the file beside each.
fn numbered(checked: &CheckedChunk) -> Result<RecordBatch, PipelineError> {
    let mut fields: Vec<_> = checked.typed.schema().fields().iter().cloned().collect();
    fields.push(Arc::new(Field::new(LINEAGE_ROW, DataType::Int64, true)));
    let mut columns = checked.typed.columns().to_vec();
    let rows: Int64Array = checked.rows.iter().map(|row| i64::try_from(*row).ok()).collect();
    columns.push(Arc::new(rows));
    RecordBatch::try_new(Arc::new(ArrowSchema::new(fields)), columns)
        .map_err(|source| PipelineError::Arrow { doing: "number quarantined rows".to_owned(), source })
}

/// The columns of a dataset, then those that tell where a row comes from.
fn with_lineage(fields: &SchemaRef) -> SchemaRef {
    let own = fields.fields().iter().cloned();
    Arc::new(ArrowSchema::new(own.chain(lineage_fields().into_iter().map(Arc::new)).collect::<Vec<_>>()))
}

/// The lines as text columns under the names that the file gave them.
fn text_batch(lines: &[&QuarantineLine]) -> Result<RecordBatch, PipelineError> {
    let names: Vec<&String> = lines.first().into_iter().flat_map(|line| &line.values).map(|(name, _)| name).collect();
    let fields: Vec<Field> = names.iter().map(|name| Field::new(name.as_str(), DataType::Utf8, true)).collect();
    let column = |name: &String| {
        let value = |line: &&QuarantineLine| {
            line.values.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        Arc::new(StringArray::from_iter_values(lines.iter().map(value))) as ArrayRef
    };
    let columns: Vec<ArrayRef> = names.iter().map(|name| column(name)).collect();
    RecordBatch::try_new(Arc::new(ArrowSchema::new(fields)), columns)
        .map_err(|source| PipelineError::Arrow { doing: "read quarantined rows".to_owned(), source })
}

/// Rows of the file, in the order of the batch.
fn row_numbers(rows: &RecordBatch) -> Result<Vec<u64>, PipelineError> {
    let column = rows.column_by_name(LINEAGE_ROW).and_then(|column| column.as_any().downcast_ref::<Int64Array>());
    let numbers = column.ok_or_else(|| PipelineError::Arrow {
        doing: "number quarantined rows".to_owned(),
        source: arrow::error::ArrowError::SchemaError(format!("there is no column `{LINEAGE_ROW}`")),
    })?;
    Ok(numbers.iter().flatten().filter_map(|row| u64::try_from(row).ok()).collect())
}

fn rows_in(rows: &RecordBatch) -> Result<BTreeSet<u64>, PipelineError> {
    Ok(row_numbers(rows)?.into_iter().collect())
}

fn keep(rows: &RecordBatch, wanted: impl Fn(u64) -> bool) -> Result<RecordBatch, PipelineError> {
    let mask: BooleanArray = row_numbers(rows)?.into_iter().map(|row| Some(wanted(row))).collect();
    filter_record_batch(rows, &mask)
        .map_err(|source| PipelineError::Arrow { doing: "part quarantined rows".to_owned(), source })
}

/// Adds the rows that a lake does not hold yet, in one commit whose transaction names exactly them.
async fn commit(
    lake: &Lake,
    columns: Columns,
    schema: &Schema,
    record: &ExtractRecord,
    rows: &RecordBatch,
    known: &HashSet<u64>,
) -> Result<(), PipelineError> {
    let fields = schema.arrow_schema(columns);
    let rows = keep(rows, |row| !known.contains(&row))?;
    if fields.fields().is_empty() || rows.num_rows() == 0 {
        return Ok(());
    }
    let failed = |source| PipelineError::Arrow { doing: "put released rows into a batch".to_owned(), source };
    let count = rows.num_rows();
    let mut cut: Vec<ArrayRef> = Vec::new();
    for field in fields.fields() {
        cut.push(Arc::clone(rows.column(rows.schema().index_of(field.name()).map_err(failed)?)));
    }
    let text = |value: &str| Arc::new(StringArray::from_iter_values(std::iter::repeat_n(value, count))) as ArrayRef;
    cut.push(text(record.hash.as_str()));
    cut.push(Arc::clone(rows.column(rows.schema().index_of(LINEAGE_ROW).map_err(failed)?)));
    cut.push(text(record.supplier.as_str()));
    cut.push(Arc::new(Date32Array::from_value(days_since_epoch(record.as_of), count)));
    cut.push(Arc::new(Int32Array::from_value(i32::try_from(record.sequence).unwrap_or(i32::MAX), count)));
    let stored = with_lineage(&fields);
    let batch = RecordBatch::try_new(Arc::clone(&stored), cut).map_err(failed)?;
    let id = identity(&record.hash, &rows_in(&rows)?);
    lake.commit_extract(record.dataset.as_str(), stored, vec![batch], &id).await?;
    Ok(())
}

/// The identity of a release: a hash of the extract and the rows, the same whenever they are released.
fn identity(extract: &ContentHash, rows: &BTreeSet<u64>) -> ContentHash {
    let mut hasher = Sha256::new();
    hasher.update(format!("release {extract}\n"));
    for row in rows {
        hasher.update(format!("{row}\n"));
    }
    ContentHash::from_digest(&hasher.finalize().into())
}
