//! Checks an extract chunk by chunk, each for itself, so that several threads can: the number of cells, each column,
//! rules over columns, references. Gives the keys of rows and leaves it to the reader whether they were seen before.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;

use crate::definitions::{Columns, CompiledRule, ForeignKey, Schema};
use crate::model::{Finding, Severity};

use super::columns::{RowNotes, type_column};
use super::keys::{KeyColumn, KeyHasher, KeySet};
use super::{References, ValidateError, rules};

/// Checks one extract.
pub struct Validator<'a> {
    schema: &'a Schema,
    file: String,
    rules: Vec<CompiledRule>,
    /// Foreign keys with the keys they may lead to.
    references: Vec<(&'a ForeignKey, &'a KeySet)>,
    hasher: &'a KeyHasher,
    /// Primary key first, then the other unique ones.
    keys: Vec<&'a [String]>,
    typed_schema: SchemaRef,
}

/// Some rows, checked. What needs order or memory over rows (keys, tolerance, totals) is left to who reads them.
#[derive(Debug)]
pub struct CheckedChunk {
    /// Every row: all columns of the schema in its order, typed, null where a cell could not be read.
    pub typed: RecordBatch,
    /// The row in the file of each.
    pub rows: Vec<u64>,
    /// The sheet they come from.
    pub sheet: Option<Arc<str>>,
    /// Rows that cannot be accepted.
    pub bad: Vec<bool>,
    /// Everything found, with the index of its row; sorted by that.
    pub findings: Vec<(u32, Finding)>,
    /// One a unique key, the primary one first.
    pub keys: Vec<KeyColumn>,
    /// As delivered, for the quarantine.
    pub text: RecordBatch,
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
        let mut keys = vec![schema.primary_key.as_slice()];
        keys.extend(schema.unique_keys.iter().filter(|key| **key != schema.primary_key).map(Vec::as_slice));
        let typed_schema = schema.arrow_schema(Columns::All);
        let hasher = references.hasher();
        Ok(Self { schema, file: file.to_owned(), rules, references: resolved, hasher, keys, typed_schema })
    }

    /// Checks some rows: `batch` holds text columns under the file's names, `rows` the row in the file of each, `ragged`
    /// the numbers of rows with a wrong number of cells.
    ///
    /// # Errors
    /// When the chunk is not so made, or a rule cannot be evaluated. Wrong rows are no error.
    pub fn check_chunk(
        &self,
        batch: &RecordBatch,
        rows: &[u64],
        sheet: Option<&Arc<str>>,
        ragged: &[u64],
    ) -> Result<CheckedChunk, ValidateError> {
        if batch.num_rows() != rows.len() {
            return Err(self.wrong_chunk("there are not as many row numbers as rows"));
        }
        let mut notes = RowNotes {
            file: &self.file,
            sheet: sheet.map(AsRef::as_ref),
            rows,
            bad: vec![false; rows.len()],
            findings: Vec::new(),
        };
        note_ragged(&mut notes, ragged);
        let typed = self.type_rows(batch, &mut notes)?;
        self.check_rules(&typed, &mut notes)?;
        self.check_references(&typed, &mut notes).map_err(|source| self.wrong_batch(source))?;
        let keys = self.fingerprints(&typed).map_err(|source| self.wrong_batch(source))?;
        let RowNotes { bad, mut findings, .. } = notes;
        findings.sort_by_key(|(index, _)| *index);
        let findings = findings.into_iter().map(|(row, found)| (u32::try_from(row).unwrap_or(0), found)).collect();
        Ok(CheckedChunk { typed, rows: rows.to_vec(), sheet: sheet.cloned(), bad, findings, keys, text: batch.clone() })
    }

    fn fingerprints(&self, typed: &RecordBatch) -> Result<Vec<KeyColumn>, ArrowError> {
        self.keys.iter().map(|fields| self.hasher.fingerprints(&named(typed, fields)?)).collect()
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
        for (foreign, known) in &self.references {
            let keys = self.hasher.fingerprints(&named(typed, &foreign.fields)?)?;
            for index in 0..typed.num_rows() {
                if keys.get(index).is_some_and(|key| !known.contains(key)) {
                    let why = (
                        format!("there is no such row in `{}`", foreign.resource),
                        format!("deliver it in `{}` first, or mend the key", foreign.resource),
                    );
                    let column = foreign.fields.first().map(String::as_str);
                    notes.add(index, column, rules::UNKNOWN_REFERENCE, Severity::Quarantine, None, why);
                }
            }
        }
        Ok(())
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

fn named(batch: &RecordBatch, fields: &[String]) -> Result<Vec<ArrayRef>, ArrowError> {
    let find = |name: &String| {
        let column = batch.column_by_name(name).cloned();
        column.ok_or_else(|| ArrowError::SchemaError(format!("there is no column `{name}`")))
    };
    fields.iter().map(find).collect()
}
