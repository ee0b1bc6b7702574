//! Checks one extract chunk by chunk. Order: the number of cells, each column, rules over columns, references, and keys
//! last, because a key counts as taken only once its row is accepted.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, Field as ArrowField, Schema as ArrowSchema, SchemaRef};
use arrow::error::ArrowError;
use arrow::util::display::FormatOptions;

use crate::definitions::{Columns, CompiledRule, ForeignKey, LINEAGE_ROW, Schema};
use crate::model::{Finding, RuleId, Severity};

use super::columns::{RowNotes, type_column};
use super::keys::{KeyText, SeenKeys};
use super::{References, ValidateError, rules};

/// Checks one extract.
pub struct Validator<'a> {
    schema: &'a Schema,
    file: String,
    rules: Vec<CompiledRule>,
    /// Foreign keys with the keys they may lead to.
    references: Vec<(&'a ForeignKey, &'a HashSet<String>)>,
    /// Primary key first, then the other unique ones.
    keys: Vec<(RuleId, &'a [String], SeenKeys)>,
    typed_schema: SchemaRef,
    accepted_schema: SchemaRef,
    summary: Summary,
}

/// What became of a chunk.
#[derive(Debug)]
pub struct CheckedChunk {
    /// The accepted rows: all columns of the schema in its order, typed, then `_row` with the row in the file.
    pub accepted: RecordBatch,
    /// The others.
    pub quarantined: Vec<QuarantinedRow>,
    /// Warnings and repairs of accepted rows, by row.
    pub findings: Vec<Finding>,
}

/// A row that was refused. Its values are as delivered and go to the quarantine file only.
#[derive(Clone, PartialEq, Eq)]
pub struct QuarantinedRow {
    /// The row in the file.
    pub row: u64,
    /// Column and text, in the file's order.
    pub values: Vec<(String, String)>,
    /// Everything found about it, warnings and repairs included.
    pub findings: Vec<Finding>,
}

impl std::fmt::Debug for QuarantinedRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QuarantinedRow")
            .field("row", &self.row)
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

/// What became of an extract. `accepted + quarantined == rows_in`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Rows delivered.
    pub rows_in: u64,
    /// Rows accepted, repaired ones among them.
    pub accepted: u64,
    /// Rows set aside.
    pub quarantined: u64,
    /// Accepted rows in which something was mended.
    pub repaired: u64,
    /// Warnings about accepted rows.
    pub warnings: u64,
}

impl<'a> Validator<'a> {
    /// Prepares to check one extract of a dataset. `rules` are the schema's cross-column rules, compiled; `file` is the
    /// name that findings show. A foreign key to the dataset itself is checked only if its keys are supplied.
    ///
    /// # Errors
    /// When the keys of another dataset that a foreign key leads to are not among `references`.
    pub fn new(
        schema: &'a Schema,
        file: &str,
        references: &'a References,
        rules: Vec<CompiledRule>,
    ) -> Result<Self, ValidateError> {
        let mut resolved = Vec::new();
        for key in &schema.foreign_keys {
            match references.find(&key.resource, &key.reference_fields) {
                Some(known) => resolved.push((key, known)),
                None if key.resource == schema.dataset => {}
                None => {
                    return Err(ValidateError::MissingReference {
                        dataset: schema.dataset.clone(),
                        resource: key.resource.clone(),
                        fields: key.reference_fields.clone(),
                    });
                }
            }
        }
        let mut keys = vec![(rules::DUPLICATE_PRIMARY_KEY, schema.primary_key.as_slice(), SeenKeys::default())];
        for key in schema.unique_keys.iter().filter(|key| **key != schema.primary_key) {
            keys.push((rules::DUPLICATE_UNIQUE_KEY, key.as_slice(), SeenKeys::default()));
        }
        let typed_schema = schema.arrow_schema(Columns::All);
        let mut fields: Vec<ArrowField> = typed_schema.fields().iter().map(|field| field.as_ref().clone()).collect();
        fields.push(ArrowField::new(LINEAGE_ROW, DataType::Int64, true));
        Ok(Self {
            schema,
            file: file.to_owned(),
            rules,
            references: resolved,
            keys,
            typed_schema,
            accepted_schema: Arc::new(ArrowSchema::new(fields)),
            summary: Summary::default(),
        })
    }

    /// Checks some rows: `batch` holds text columns under the file's names, `rows` the row in the file of each, `ragged`
    /// the numbers of rows with a wrong number of cells.
    ///
    /// # Errors
    /// When the chunk is not so made, or a rule cannot be evaluated. Wrong rows are no error.
    pub fn check_chunk(
        &mut self,
        batch: &RecordBatch,
        rows: &[u64],
        sheet: Option<&str>,
        ragged: &[u64],
    ) -> Result<CheckedChunk, ValidateError> {
        if batch.num_rows() != rows.len() {
            return Err(self.wrong_chunk("there are not as many row numbers as rows"));
        }
        let file = self.file.clone();
        let mut notes = RowNotes { file: &file, sheet, rows, bad: vec![false; rows.len()], findings: Vec::new() };
        note_ragged(&mut notes, ragged);
        let typed = self.type_rows(batch, &mut notes)?;
        self.check_rules(&typed, &mut notes)?;
        self.check_references(&typed, &mut notes).map_err(|source| self.wrong_batch(source))?;
        self.check_keys(&typed, &mut notes).map_err(|source| self.wrong_batch(source))?;
        self.part(batch, &typed, notes)
    }

    /// Ends the extract.
    #[must_use]
    pub fn finish(self) -> Summary {
        self.summary
    }

    fn type_rows(&self, batch: &RecordBatch, notes: &mut RowNotes<'_>) -> Result<RecordBatch, ValidateError> {
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields.len());
        for field in &self.schema.fields {
            let texts = match batch.column_by_name(&field.name) {
                None => None,
                Some(column) => {
                    let texts = column.as_any().downcast_ref::<StringArray>();
                    Some(texts.ok_or_else(|| self.wrong_chunk("a column is not text"))?)
                }
            };
            columns.push(type_column(texts, field, self.schema, notes));
        }
        RecordBatch::try_new(self.typed_schema.clone(), columns).map_err(|source| self.wrong_batch(source))
    }

    fn check_rules(&self, typed: &RecordBatch, notes: &mut RowNotes<'_>) -> Result<(), ValidateError> {
        for rule in &self.rules {
            let wrong =
                |source| ValidateError::Rule { dataset: self.schema.dataset.clone(), rule: rule.id.clone(), source };
            let passed = (rule.check)(typed).map_err(wrong)?;
            if passed.len() != typed.num_rows() {
                let what = format!("gave {} answers for {} rows", passed.len(), typed.num_rows());
                return Err(wrong(ArrowError::ComputeError(what)));
            }
            let column = rule.fields.first().map(String::as_str);
            for index in (0..passed.len()).filter(|index| passed.is_valid(*index) && !passed.value(*index)) {
                let why = (rule.reason.clone(), rule.hint.clone());
                notes.add(index, column, rule.id.clone(), rule.severity, None, why);
            }
        }
        Ok(())
    }

    fn check_references(&self, typed: &RecordBatch, notes: &mut RowNotes<'_>) -> Result<(), ArrowError> {
        let options = FormatOptions::default();
        let mut key = String::new();
        for (foreign, known) in &self.references {
            let text = KeyText::new(typed, &foreign.fields, &options)?;
            for index in 0..typed.num_rows() {
                if text.write(index, &mut key) && !known.contains(&key) {
                    let why = (
                        format!("there is no such row in `{}`", foreign.resource),
                        format!("deliver it in `{}` first, or mend the key", foreign.resource),
                    );
                    let column = foreign.fields.first().map(String::as_str);
                    notes.add(index, column, rules::UNKNOWN_REFERENCE, Severity::Quarantine, Some(&shown(&key)), why);
                }
            }
        }
        Ok(())
    }

    fn check_keys(&mut self, typed: &RecordBatch, notes: &mut RowNotes<'_>) -> Result<(), ArrowError> {
        let options = FormatOptions::default();
        let mut texts = Vec::with_capacity(self.keys.len());
        for (_, fields, _) in &self.keys {
            texts.push(KeyText::new(typed, fields, &options)?);
        }
        let mut key = String::new();
        let mut fresh = Vec::with_capacity(self.keys.len());
        for index in 0..typed.num_rows() {
            fresh.clear();
            for (number, (rule, fields, seen)) in self.keys.iter().enumerate() {
                if !texts[number].write(index, &mut key) {
                    continue;
                }
                let fingerprint = seen.fingerprint(&key);
                let Some(row) = seen.find(fingerprint) else {
                    fresh.push((number, fingerprint));
                    continue;
                };
                let why = (
                    format!("row {row} already has this {}", fields.join(" + ")),
                    "deliver each row once; the first one stands".to_owned(),
                );
                let column = fields.first().map(String::as_str);
                notes.add(index, column, rule.clone(), Severity::Quarantine, Some(&shown(&key)), why);
            }
            if !notes.bad[index] {
                for (number, fingerprint) in fresh.drain(..) {
                    self.keys[number].2.insert(fingerprint, notes.rows[index]);
                }
            }
        }
        Ok(())
    }

    /// Parts the rows into accepted and quarantined, and their findings with them.
    fn part(
        &mut self,
        batch: &RecordBatch,
        typed: &RecordBatch,
        notes: RowNotes<'_>,
    ) -> Result<CheckedChunk, ValidateError> {
        let RowNotes { rows, bad, mut findings, .. } = notes;
        findings.sort_by_key(|(index, _)| *index);
        let (mut accepted_findings, mut refused_findings) = (Vec::new(), Vec::<(usize, Finding)>::new());
        let mut repaired = HashSet::new();
        for (index, finding) in findings {
            if bad[index] {
                refused_findings.push((index, finding));
                continue;
            }
            match finding.severity {
                Severity::Repair => {
                    repaired.insert(index);
                }
                _ => self.summary.warnings += 1,
            }
            accepted_findings.push(finding);
        }
        let mut quarantined: Vec<QuarantinedRow> = Vec::new();
        let mut refused = refused_findings.into_iter().peekable();
        for index in (0..rows.len()).filter(|index| bad[*index]) {
            let mut own = Vec::new();
            while let Some((_, finding)) = refused.next_if(|(at, _)| *at == index) {
                own.push(finding);
            }
            quarantined.push(QuarantinedRow { row: rows[index], values: self.values(batch, index)?, findings: own });
        }
        let numbers: Int64Array = rows.iter().map(|row| i64::try_from(*row).ok()).collect();
        let mut columns = typed.columns().to_vec();
        columns.push(Arc::new(numbers));
        let keep: BooleanArray = bad.iter().map(|bad| Some(!bad)).collect();
        let accepted = RecordBatch::try_new(self.accepted_schema.clone(), columns)
            .and_then(|whole| filter_record_batch(&whole, &keep))
            .map_err(|source| self.wrong_batch(source))?;
        assert_eq!(accepted.num_rows() + quarantined.len(), rows.len(), "every row is accepted or quarantined");
        self.summary.rows_in += count(rows.len());
        self.summary.accepted += count(accepted.num_rows());
        self.summary.quarantined += count(quarantined.len());
        self.summary.repaired += count(repaired.len());
        Ok(CheckedChunk { accepted, quarantined, findings: accepted_findings })
    }

    fn values(&self, batch: &RecordBatch, index: usize) -> Result<Vec<(String, String)>, ValidateError> {
        let mut values = Vec::with_capacity(batch.num_columns());
        for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
            let texts = column.as_any().downcast_ref::<StringArray>();
            let texts = texts.ok_or_else(|| self.wrong_chunk("a column is not text"))?;
            let text = if texts.is_valid(index) { texts.value(index) } else { "" };
            values.push((field.name().clone(), text.to_owned()));
        }
        Ok(values)
    }

    fn wrong_chunk(&self, what: &'static str) -> ValidateError {
        ValidateError::Chunk { dataset: self.schema.dataset.clone(), what }
    }

    fn wrong_batch(&self, source: ArrowError) -> ValidateError {
        ValidateError::Batch { dataset: self.schema.dataset.clone(), source }
    }
}

fn note_ragged(notes: &mut RowNotes<'_>, ragged: &[u64]) {
    if ragged.is_empty() {
        return;
    }
    let ragged: HashSet<u64> = ragged.iter().copied().collect();
    for index in (0..notes.rows.len()).filter(|index| ragged.contains(&notes.rows[*index])) {
        let why = (
            "the row has more or fewer cells than the header".to_owned(),
            "put a value that holds the delimiter in quotes, or add the missing cells".to_owned(),
        );
        notes.add(index, None, rules::RAGGED_ROW, Severity::Quarantine, None, why);
    }
}

/// A key of several columns as people read it.
fn shown(key: &str) -> String {
    key.replace(super::KEY_SEPARATOR, " + ")
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
