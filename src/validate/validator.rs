//! Checks one extract chunk by chunk, each alone: the number of cells, each column, rules over columns, references. A
//! validator keeps nothing between chunks, so that several threads may use it at once.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::definitions::{Columns, CompiledRule, ForeignKey, Schema};
use crate::model::{RuleId, Severity};

use super::chunk::{CheckedChunk, TypeFit};
use super::columns::sparse_texts;
use super::keys::{KeyColumn, KeyHasher, KeySet};
use super::notes::RowNotes;
use super::plan::ColumnPlan;
use super::{References, ValidateError, rules};

/// Checks one extract.
pub struct Validator<'a> {
    schema: &'a Schema,
    file: String,
    rules: Vec<CompiledRule>,
    /// One a field.
    plans: Vec<ColumnPlan<'a>>,
    /// Fields in the order in which they are typed: those that take the status of others come last.
    order: Vec<usize>,
    /// Foreign keys with the keys they may lead to.
    references: Vec<(&'a ForeignKey, &'a KeySet)>,
    hasher: &'a KeyHasher,
    keys: Vec<(RuleId, &'a [String])>,
    typed_schema: SchemaRef,
}

impl std::fmt::Debug for Validator<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Validator")
            .field("dataset", &self.schema.dataset)
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

/// The statuses that fields give to others, by the field that takes them.
type Fills<'t> = Vec<Vec<(usize, &'t str)>>;

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
        let mut keys = vec![(rules::DUPLICATE_PRIMARY_KEY, schema.primary_key.as_slice())];
        for key in schema.unique_keys.iter().filter(|key| **key != schema.primary_key) {
            keys.push((rules::DUPLICATE_UNIQUE_KEY, key.as_slice()));
        }
        let mut order: Vec<usize> = (0..schema.fields.len()).collect();
        order.sort_by_key(|index| takes_status(schema, *index));
        Ok(Self {
            schema,
            file: file.to_owned(),
            rules,
            plans: schema.fields.iter().map(|field| ColumnPlan::new(field, schema)).collect(),
            order,
            references: resolved,
            hasher: references.hasher(),
            keys,
            typed_schema: schema.arrow_schema(Columns::All),
        })
    }

    /// The keys that no two rows share, in the order of [`CheckedChunk::keys`]: the rule that a second row breaks, and
    /// the fields.
    #[must_use]
    pub fn keys(&self) -> &[(RuleId, &'a [String])] {
        &self.keys
    }

    /// Checks some rows, each by itself: `batch` holds text columns under the file's names, `rows` the row in the file of
    /// each, `ragged` the numbers of rows with a wrong number of cells.
    ///
    /// # Errors
    /// When the chunk is not made as agreed, or a rule cannot be evaluated. Wrong rows are no error.
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
        let bad = vec![false; rows.len()];
        let mut notes = RowNotes { file: &self.file, sheet, rows, bad, findings: Vec::new() };
        note_ragged(&mut notes, ragged);
        note_headers(&mut notes, batch);
        let (typed, fits) = self.type_rows(batch, &mut notes)?;
        self.check_rules(&typed, &mut notes)?;
        self.check_references(&typed, &mut notes).map_err(|source| self.wrong_batch(source))?;
        let keys = self.keys.iter().map(|(_, fields)| self.fingerprints(&typed, fields));
        let keys = keys.collect::<Result<Vec<_>, _>>().map_err(|source| self.wrong_batch(source))?;
        let RowNotes { bad, mut findings, .. } = notes;
        findings.sort_by_key(|(index, _)| *index);
        let (rows, sheet, text) = (rows.to_vec(), sheet.cloned(), batch.clone());
        Ok(CheckedChunk { typed, rows, sheet, bad, findings, keys, fits, text })
    }

    fn type_rows(
        &self,
        batch: &RecordBatch,
        notes: &mut RowNotes<'_>,
    ) -> Result<(RecordBatch, Vec<TypeFit>), ValidateError> {
        let count = self.plans.len();
        let texts = self.plans.iter().map(|plan| self.find_texts(batch, plan)).collect::<Result<Vec<_>, _>>()?;
        let mut columns: Vec<Option<ArrayRef>> = vec![None; count];
        let mut fits = vec![TypeFit::default(); count];
        let mut implied: Vec<(String, ArrayRef)> = Vec::new();
        let mut fills: Fills<'_> = vec![Vec::new(); count];
        for index in &self.order {
            let (plan, fill) = (&self.plans[*index], std::mem::take(&mut fills[*index]));
            let statuses = match texts[*index] {
                None => {
                    columns[*index] = Some(plan.absent(&fill, notes));
                    Vec::new()
                }
                Some(texts) => {
                    let typed = plan.type_column(texts, &fill, notes).map_err(|source| self.wrong_batch(source))?;
                    columns[*index] = Some(typed.values);
                    fits[*index] = TypeFit { filled: typed.filled, misfits: typed.misfits };
                    typed.statuses
                }
            };
            let Some(codes) = &plan.field.status else { continue };
            match codes.field.as_ref().and_then(|name| self.position(name)) {
                None => {
                    let name = format!("{}_status", plan.field.name);
                    implied.push((name, sparse_texts(&statuses, batch.num_rows())));
                }
                Some(target) => {
                    fills[target].extend(statuses);
                    // Of several statuses for one cell the first field's stands.
                    fills[target].sort_by_key(|(row, _)| *row);
                    fills[target].dedup_by_key(|(row, _)| *row);
                }
            }
        }
        let mut all: Vec<ArrayRef> = columns.into_iter().flatten().collect();
        for field in &self.schema.implied {
            all.extend(implied.iter().find(|(name, _)| *name == field.name).map(|(_, column)| Arc::clone(column)));
        }
        let typed = RecordBatch::try_new(Arc::clone(&self.typed_schema), all);
        Ok((typed.map_err(|source| self.wrong_batch(source))?, fits))
    }

    /// The column of a field, under its own name or one that it has had.
    fn find_texts<'t>(
        &self,
        batch: &'t RecordBatch,
        plan: &ColumnPlan<'_>,
    ) -> Result<Option<&'t StringArray>, ValidateError> {
        let names = std::iter::once(&plan.field.name).chain(&plan.field.aliases);
        let Some(column) = names.into_iter().find_map(|name| batch.column_by_name(name)) else { return Ok(None) };
        let texts = column.as_any().downcast_ref::<StringArray>();
        texts.map(Some).ok_or_else(|| self.wrong_chunk("a column is not text"))
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.schema.fields.iter().position(|field| field.name == name)
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
            if passed.null_count() == 0 && passed.false_count() == 0 {
                continue;
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
            let keys = self.fingerprints(typed, &foreign.fields)?;
            // Neighbours often share a key: the last one that was found is not looked up again.
            let mut last = None;
            for index in 0..typed.num_rows() {
                let Some(key) = keys.get(index).filter(|key| Some(*key) != last) else { continue };
                if known.contains(key) {
                    last = Some(key);
                    continue;
                }
                let why = (
                    format!("there is no such row in `{}`", foreign.resource),
                    format!("deliver it in `{}` first, or mend the key", foreign.resource),
                );
                let column = foreign.fields.first().map(String::as_str);
                let value = shown_key(typed, &foreign.fields, index);
                notes.add(index, column, rules::UNKNOWN_REFERENCE, Severity::Quarantine, Some(&value), why);
            }
        }
        Ok(())
    }

    fn fingerprints(&self, typed: &RecordBatch, fields: &[String]) -> Result<KeyColumn, ArrowError> {
        let missing = |name: &String| ArrowError::SchemaError(format!("there is no column `{name}`"));
        let columns = fields.iter().map(|name| typed.column_by_name(name).cloned().ok_or_else(|| missing(name)));
        self.hasher.fingerprints(&columns.collect::<Result<Vec<_>, _>>()?)
    }

    fn wrong_chunk(&self, what: &'static str) -> ValidateError {
        ValidateError::Chunk { dataset: self.schema.dataset.clone(), what }
    }

    fn wrong_batch(&self, source: ArrowError) -> ValidateError {
        ValidateError::Batch { dataset: self.schema.dataset.clone(), source }
    }
}

fn takes_status(schema: &Schema, index: usize) -> bool {
    let name = &schema.fields[index].name;
    let statuses = schema.fields.iter().filter_map(|field| field.status.as_ref());
    statuses.filter_map(|status| status.field.as_ref()).any(|target| target == name)
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

/// A row whose every cell is the name of its column is a header once more, as where files were joined.
fn note_headers(notes: &mut RowNotes<'_>, batch: &RecordBatch) {
    let schema = batch.schema_ref();
    let columns: Vec<(&str, &StringArray)> = (schema.fields().iter().zip(batch.columns()))
        .filter_map(|(field, column)| Some((field.name().as_str(), column.as_any().downcast_ref::<StringArray>()?)))
        .collect();
    // One column may well hold its own name.
    let [(name, first), others @ ..] = columns.as_slice() else { return };
    if others.is_empty() {
        return;
    }
    for index in 0..batch.num_rows() {
        if first.value(index) == *name && others.iter().all(|(name, column)| column.value(index).trim() == *name) {
            let why = ("the row is the header once more".to_owned(), "leave it out".to_owned());
            notes.add(index, None, rules::REPEATED_HEADER, Severity::Quarantine, None, why);
        }
    }
}

/// The key of a row as people read it. It may be confidential: it goes to the quarantine only.
#[must_use]
pub fn shown_key(typed: &RecordBatch, fields: &[String], index: usize) -> String {
    let options = FormatOptions::default();
    let mut parts = Vec::with_capacity(fields.len());
    for column in fields.iter().filter_map(|name| typed.column_by_name(name)) {
        let shown = ArrayFormatter::try_new(column.as_ref(), &options).map(|shown| shown.value(index).to_string());
        parts.push(shown.unwrap_or_default());
    }
    parts.join(" + ")
}
