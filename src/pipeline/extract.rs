//! One extract from the inbox to the lake: keep the bytes, decode, check, set bad rows aside, commit the good ones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Date32Array, Decimal128Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::SchemaRef;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use jiff::civil::Date;

use crate::decode::{self, DecodeLimits};
use crate::definitions::{
    Columns, CompiledRule, FieldKind, LINEAGE_ROW, RowRule, Schema, days_since_epoch, find_layout, lineage_fields,
    parse_stored,
};
use crate::engine::{self, EngineError, RuleText};
use crate::intake;
use crate::ledger::{ExtractRecord, ExtractState, RunId};
use crate::model::{ContentHash, ErrorClass, ExtractName, Finding, Severity};
use crate::validate::{self, QuarantinedRow, References, Validator};

use super::checks_before_commit::{Incoming, check_before_commit, is_held, read_manifest, record_totals};
use super::error::chain;
use super::ingest::{ExtractReport, Outcome, RuleCount};
use super::stability::ExtractTotals;
use super::{PipelineError, Workspace, quarantine};

/// One extract to take in.
pub(super) struct Task<'a> {
    /// Where it lies.
    pub(super) path: PathBuf,
    /// Its name, or the one it is given.
    pub(super) name: ExtractName,
    /// Its size.
    pub(super) bytes: u64,
    /// The manifest beside it, if there is one.
    pub(super) manifest: Option<PathBuf>,
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
    summary: validate::Summary,
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
        if task.run.is_some() && known.file_name != file {
            let now = workspace.project.settings.clock.now();
            workspace.ledger.record_redelivery(&hash, &file, &task.name, now).await?;
        }
        return Ok(ExtractReport::of(file, Some(task), Outcome::Already { first_name: known.file_name }));
    }
    let settings = &workspace.project.settings;
    if task.run.is_some() {
        intake::keep_raw(&task.path, &hash, &settings.raw_dir)?;
    }
    let incoming = Incoming {
        file: &file,
        name: &task.name,
        hash: &hash,
        schema: task.schema,
        manifest: task.manifest.as_deref(),
    };
    let mut checked = match check(workspace, task, &file)? {
        Ok(checked) => checked,
        Err(Refused(mut reasons)) => {
            reasons.extend(read_manifest(incoming).1.iter().map(ToString::to_string));
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
    let totals = totals_of(task.schema, &checked);
    let findings = check_before_commit(workspace, incoming, &totals).await?;
    let reasons: Vec<String> =
        findings.iter().filter(|finding| finding.severity >= Severity::Refuse).map(ToString::to_string).collect();
    if !reasons.is_empty() {
        let held = is_held(&findings);
        if let Some(run) = task.run {
            let state = if held { ExtractState::Held } else { ExtractState::Refused };
            let record = record(task, &file, &hash, run, workspace, state);
            workspace.ledger.record_extract(&ExtractRecord { reason: Some(reasons.join("\n")), ..record }).await?;
        }
        let outcome = if held { Outcome::Held { reasons } } else { Outcome::Refused { reasons } };
        return Ok(ExtractReport::of(file, Some(task), outcome));
    }
    count(&mut checked.rules, &findings);
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
        record_totals(workspace, &hash, &totals).await?;
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
    let mut validator = Validator::new(task.schema, file, task.references, rules)?;
    let mut checked = Checked {
        accepted: Vec::new(),
        quarantined: Vec::new(),
        rules: BTreeMap::new(),
        summary: validate::Summary::default(),
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
        let part = validator.check_chunk(&chunk.batch, &chunk.rows, chunk.sheet.as_deref(), &chunk.ragged)?;
        count(&mut checked.rules, &part.findings);
        for row in &part.quarantined {
            count(&mut checked.rules, &row.findings);
        }
        if part.accepted.num_rows() > 0 {
            checked.accepted.push(part.accepted);
        }
        checked.quarantined.extend(part.quarantined);
    }
    checked.summary = validator.finish();
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

/// What is counted for the checks of a whole extract.
fn totals_of(schema: &Schema, checked: &Checked) -> ExtractTotals {
    let mut totals = ExtractTotals {
        rows_in: checked.summary.rows_in,
        accepted: checked.summary.accepted,
        quarantined: checked.summary.quarantined,
        ..ExtractTotals::default()
    };
    for field in &schema.fields {
        let scale = match field.kind {
            FieldKind::Integer { .. } => 0,
            FieldKind::Number { scale, .. } => u32::from(scale.unsigned_abs()),
            _ => continue,
        };
        let mut sum = 0_i128;
        for column in checked.accepted.iter().filter_map(|batch| batch.column_by_name(&field.name)) {
            if let Some(numbers) = column.as_any().downcast_ref::<Int64Array>() {
                sum += numbers.iter().flatten().map(i128::from).sum::<i128>();
            } else if let Some(numbers) = column.as_any().downcast_ref::<Decimal128Array>() {
                sum += numbers.iter().flatten().sum::<i128>();
            }
        }
        for (_, text) in checked.quarantined.iter().flat_map(|row| &row.values).filter(|(name, _)| *name == field.name)
        {
            sum += parse_stored(text, &field.kind).unwrap_or(0);
        }
        if let Ok(sum) = rust_decimal::Decimal::try_from_i128_with_scale(sum, scale) {
            totals.sums.insert(field.name.clone(), sum);
        }
    }
    for name in schema.stability.iter().flat_map(|rules| &rules.shares) {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for column in checked.accepted.iter().filter_map(|batch| batch.column_by_name(name)) {
            if let Ok(formatter) = ArrayFormatter::try_new(column.as_ref(), &FormatOptions::default()) {
                for row in 0..column.len() {
                    *counts.entry(formatter.value(row).to_string()).or_default() += 1;
                }
            }
        }
        totals.shares.insert(name.clone(), counts);
    }
    totals
}

/// The file name part of a path, for messages.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
