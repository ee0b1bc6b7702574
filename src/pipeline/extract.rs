//! One extract from the inbox to the lake: keep the bytes, decode, check, set bad rows aside, commit the good ones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Date32Array, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::SchemaRef;
use jiff::civil::Date;

use crate::decode::{self, DecodeLimits};
use crate::definitions::{
    Columns, CompiledRule, LINEAGE_ROW, RowRule, Schema, days_since_epoch, find_layout, lineage_fields,
};
use crate::engine::{self, EngineError, RuleText};
use crate::intake;
use crate::ledger::{ExtractRecord, ExtractState, RunId};
use crate::model::{ContentHash, ErrorClass, ExtractName, Finding, Severity};
use crate::validate::{self, References, Validator};

use super::admission::{Admission, QuarantinedRow, Summary};
use super::error::chain;
use super::ingest::{ExtractReport, Outcome, RuleCount};
use super::{PipelineError, Workspace, quarantine};

/// One extract to take in.
pub(super) struct Task<'a> {
    /// Where it lies.
    pub(super) path: PathBuf,
    /// Its name, or the one it is given.
    pub(super) name: ExtractName,
    /// Its size.
    pub(super) bytes: u64,
    /// Its dataset's schema.
    pub(super) schema: &'a Schema,
    /// Known keys of the datasets it points at.
    pub(super) references: &'a References,
    /// The run it belongs to; none in a dry run, which writes nothing.
    pub(super) run: Option<RunId>,
}

/// What decode and validate made of a file.
struct Checked {
    accepted: Vec<RecordBatch>,
    quarantined: Vec<QuarantinedRow>,
    rules: BTreeMap<(String, Severity), RuleCount>,
    summary: Summary,
    dialect: serde_json::Value,
}

/// Why a file was refused whole.
struct Refused(Vec<String>);

/// Compiles one rule of a schema.
pub(super) fn compile_one(schema: &Schema, rule: &RowRule, as_of: Date) -> Result<CompiledRule, EngineError> {
    let text = RuleText {
        dataset: schema.dataset.as_str(),
        id: &rule.id,
        severity: rule.severity,
        fields: &rule.fields,
        expression: &rule.expression,
        reason: &rule.reason,
        hint: &rule.hint,
    };
    engine::compile_rule(&schema.arrow_schema(Columns::All), text, as_of)
}

/// Takes one extract in. A bad file is an outcome, not an error.
pub(super) async fn take_in(workspace: &Workspace, task: &Task<'_>) -> Result<ExtractReport, PipelineError> {
    let file = file_name(&task.path);
    let hash = intake::fingerprint(&task.path)?;
    if let Some(known) = workspace.ledger.find_extract(&hash).await?
        && known.state == ExtractState::Committed
    {
        return Ok(ExtractReport::of(file, Some(task), Outcome::Already { first_name: known.file_name }));
    }
    let settings = &workspace.project.settings;
    if task.run.is_some() {
        intake::keep_raw(&task.path, &hash, &settings.raw_dir)?;
    }
    let checked = match check(workspace, task, &file)? {
        Ok(checked) => checked,
        Err(Refused(reasons)) => {
            if let Some(run) = task.run {
                let record = record(task, &file, &hash, run, workspace, ExtractState::Refused);
                workspace.ledger.record_extract(&ExtractRecord { reason: Some(reasons.join("\n")), ..record }).await?;
            }
            return Ok(ExtractReport::of(file, Some(task), Outcome::Refused { reasons }));
        }
    };
    let summary = checked.summary;
    if summary.accepted + summary.quarantined != summary.rows_in {
        return Err(PipelineError::RowsLost {
            file,
            rows_in: summary.rows_in,
            accepted: summary.accepted,
            quarantined: summary.quarantined,
        });
    }
    let outcome = Outcome::Taken {
        rows_in: summary.rows_in,
        accepted: summary.accepted,
        repaired: summary.repaired,
        quarantined: summary.quarantined,
        over_tolerance: over_tolerance(summary.quarantined, summary.rows_in, settings.limits.quarantine_share),
    };
    if let Some(run) = task.run {
        if !checked.quarantined.is_empty() {
            quarantine::write(&settings.restricted_dir, &hash, &file, &checked.quarantined)?;
        }
        commit(workspace, task, &hash, &checked.accepted).await?;
        let record = record(task, &file, &hash, run, workspace, ExtractState::Committed);
        workspace
            .ledger
            .record_extract(&ExtractRecord {
                rows_in: summary.rows_in,
                accepted: summary.accepted,
                quarantined: summary.quarantined,
                repaired: summary.repaired,
                dialect: Some(checked.dialect),
                ..record
            })
            .await?;
    }
    let mut report = ExtractReport::of(file, Some(task), outcome);
    report.rules = checked.rules.into_values().collect();
    Ok(report)
}

fn over_tolerance(quarantined: u64, rows_in: u64, share: rust_decimal::Decimal) -> bool {
    rust_decimal::Decimal::from(quarantined) > share * rust_decimal::Decimal::from(rows_in)
}

fn record(
    task: &Task<'_>,
    file: &str,
    hash: &ContentHash,
    run: RunId,
    workspace: &Workspace,
    state: ExtractState,
) -> ExtractRecord {
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
        run: Some(run),
    }
}

/// Decodes and checks a file. The inner error is a refusal: the file's fault, and no reason to stop.
fn check(workspace: &Workspace, task: &Task<'_>, file: &str) -> Result<Result<Checked, Refused>, PipelineError> {
    let layouts = &workspace.project.definitions.layouts;
    let layout = find_layout(layouts, &task.name.dataset, &task.name.supplier);
    let limits = &workspace.project.settings.limits;
    let limits = DecodeLimits {
        file_bytes: limits.file_bytes,
        rows: limits.rows,
        columns: usize::try_from(limits.columns).unwrap_or(usize::MAX),
        cell_bytes: usize::try_from(limits.cell_bytes).unwrap_or(usize::MAX),
        expanded_bytes: limits.expanded_bytes,
        expansion_ratio: u64::from(limits.expansion_ratio),
    };
    let decoded = match decode::open_extract(&task.path, task.schema, layout, &limits) {
        Ok(decoded) => decoded,
        Err(error) if error.class() == ErrorClass::Data => {
            return Ok(Err(Refused(vec![format!("{file}: {}", chain(&error))])));
        }
        Err(error) => return Err(error.into()),
    };
    let header = validate::check_header(&decoded.columns, task.schema, file);
    let refusals: Vec<String> =
        header.iter().filter(|f| f.severity >= Severity::Refuse).map(ToString::to_string).collect();
    if !refusals.is_empty() {
        return Ok(Err(Refused(refusals)));
    }
    let dialect = serde_json::to_value(&decoded.dialect).unwrap_or(serde_json::Value::Null);
    let mut rules = Vec::new();
    for rule in &task.schema.rules {
        rules.push(compile_one(task.schema, rule, task.name.as_of)?);
    }
    let validator = Validator::new(task.schema, file, task.references, rules)?;
    let mut admission = Admission::new(task.schema, file);
    let mut checked = Checked {
        accepted: Vec::new(),
        quarantined: Vec::new(),
        rules: BTreeMap::new(),
        summary: Summary::default(),
        dialect,
    };
    count(&mut checked.rules, &header);
    for chunk in decoded.chunks {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(error) if error.class() == ErrorClass::Data => {
                return Ok(Err(Refused(vec![format!("{file}: {}", chain(&error))])));
            }
            Err(error) => return Err(error.into()),
        };
        let sheet: Option<Arc<str>> = chunk.sheet.map(Into::into);
        let part = validator.check_chunk(&chunk.batch, &chunk.rows, sheet.as_ref(), &chunk.ragged)?;
        let part = admission.admit(part).map_err(|source| PipelineError::Arrow {
            doing: "part accepted rows from the others".to_owned(),
            source,
        })?;
        count(&mut checked.rules, &part.findings);
        for row in &part.quarantined {
            count(&mut checked.rules, &row.findings);
        }
        if part.accepted.num_rows() > 0 {
            checked.accepted.push(part.accepted);
        }
        checked.quarantined.extend(part.quarantined);
    }
    let whole = admission.finish();
    let refusals: Vec<String> =
        whole.iter().filter(|f| f.severity >= Severity::Refuse).map(ToString::to_string).collect();
    if !refusals.is_empty() {
        return Ok(Err(Refused(refusals)));
    }
    count(&mut checked.rules, &whole);
    checked.summary = admission.summary;
    Ok(Ok(checked))
}

fn count(rules: &mut BTreeMap<(String, Severity), RuleCount>, findings: &[Finding]) {
    for finding in findings {
        let column = finding.place.column.clone().unwrap_or_default();
        let key = (format!("{} {column}", finding.rule), finding.severity);
        let entry = rules.entry(key).or_insert_with(|| RuleCount {
            rule: finding.rule.clone(),
            severity: finding.severity,
            column: finding.place.column.clone(),
            reason: finding.reason.clone(),
            hint: finding.hint.clone(),
            rows: 0,
            first_row: finding.place.row,
        });
        entry.rows += 1;
    }
}

/// Commits the accepted rows: personal columns to the restricted lake first, then the open ones. Each commit is
/// atomic and carries the extract's hash, so that doing it again changes nothing.
async fn commit(
    workspace: &Workspace,
    task: &Task<'_>,
    hash: &ContentHash,
    accepted: &[RecordBatch],
) -> Result<(), PipelineError> {
    let table = task.name.dataset.as_str();
    for (lake, columns) in [(&workspace.restricted, Columns::Personal), (&workspace.lake, Columns::Open)] {
        let fields = task.schema.arrow_schema(columns);
        if fields.fields().is_empty() {
            continue;
        }
        let schema = with_lineage(&fields);
        let batches: Result<Vec<RecordBatch>, PipelineError> =
            accepted.iter().map(|batch| cut(batch, &fields, &schema, hash, &task.name)).collect();
        lake.commit_extract(table, schema, batches?, hash).await?;
    }
    Ok(())
}

/// The columns of a lake table: those of the dataset, then where each row came from.
pub(super) fn with_lineage(fields: &SchemaRef) -> SchemaRef {
    let mut all: Vec<_> = fields.fields().iter().cloned().collect();
    all.extend(lineage_fields().into_iter().map(Arc::new));
    Arc::new(arrow::datatypes::Schema::new(all))
}

fn cut(
    batch: &RecordBatch,
    fields: &SchemaRef,
    schema: &SchemaRef,
    hash: &ContentHash,
    name: &ExtractName,
) -> Result<RecordBatch, PipelineError> {
    let failed = |source| PipelineError::Arrow { doing: "put accepted rows into a batch".to_owned(), source };
    let rows = batch.num_rows();
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(schema.fields().len());
    for field in fields.fields() {
        let index = batch.schema().index_of(field.name()).map_err(failed)?;
        columns.push(Arc::clone(batch.column(index)));
    }
    let row = batch.schema().index_of(LINEAGE_ROW).map_err(failed)?;
    columns.push(Arc::new(StringArray::from_iter_values(std::iter::repeat_n(hash.as_str(), rows))));
    columns.push(Arc::clone(batch.column(row)));
    columns.push(Arc::new(StringArray::from_iter_values(std::iter::repeat_n(name.supplier.as_str(), rows))));
    columns.push(Arc::new(Date32Array::from_value(days_since_epoch(name.as_of), rows)));
    columns.push(Arc::new(Int32Array::from_value(i32::try_from(name.sequence).unwrap_or(i32::MAX), rows)));
    debug_assert!(columns.iter().all(|column| column.len() == rows), "every column has as many rows as its batch");
    RecordBatch::try_new(Arc::clone(schema), columns).map_err(failed)
}

/// The file name part of a path, for messages.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
