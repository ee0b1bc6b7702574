//! Takes checked chunks in file order and decides which rows are accepted: keys are unique, and every row is accepted or
//! set aside.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow::array::{Array, BooleanArray, Int64Array, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, Field, Schema as ArrowSchema};
use arrow::error::ArrowError;

use crate::definitions::{LINEAGE_ROW, Schema};
use crate::model::{Finding, Place, Severity};
use crate::validate::{CheckedChunk, TypeFit, check_retyped, rules, shown_key};

/// A row that was refused. Its values are as delivered and go to the quarantine file only.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct QuarantinedRow {
    /// The row in the file.
    pub(super) row: u64,
    /// Column and text, in the file's order.
    pub(super) values: Vec<(String, String)>,
    /// Everything found about it, warnings and repairs included.
    pub(super) findings: Vec<Finding>,
}

/// What became of an extract. `accepted + quarantined == rows_in`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Summary {
    pub(super) rows_in: u64,
    pub(super) accepted: u64,
    pub(super) quarantined: u64,
    pub(super) repaired: u64,
}

/// What became of a chunk.
pub(super) struct Admitted {
    /// The accepted rows, typed, then `_row`.
    pub(super) accepted: RecordBatch,
    pub(super) quarantined: Vec<QuarantinedRow>,
    /// Warnings and repairs of accepted rows.
    pub(super) findings: Vec<Finding>,
}

/// The rows of one extract accepted so far.
pub(super) struct Admission<'a> {
    schema: &'a Schema,
    file: &'a str,
    keys: Vec<&'a [String]>,
    seen: Vec<HashMap<u128, u64>>,
    fits: Vec<TypeFit>,
    pub(super) summary: Summary,
}

impl<'a> Admission<'a> {
    pub(super) fn new(schema: &'a Schema, file: &'a str) -> Self {
        let mut keys = vec![schema.primary_key.as_slice()];
        keys.extend(schema.unique_keys.iter().filter(|key| **key != schema.primary_key).map(Vec::as_slice));
        let seen = keys.iter().map(|_| HashMap::new()).collect();
        let fits = vec![TypeFit::default(); schema.fields.len()];
        Self { schema, file, keys, seen, fits, summary: Summary::default() }
    }

    /// Parts the rows of the next chunk.
    pub(super) fn admit(&mut self, mut chunk: CheckedChunk) -> Result<Admitted, ArrowError> {
        for (sum, fit) in self.fits.iter_mut().zip(&chunk.fits) {
            sum.add(*fit);
        }
        self.check_keys(&mut chunk);
        let CheckedChunk { typed, rows, bad, findings, text, .. } = chunk;
        let repaired: HashSet<u32> = findings
            .iter()
            .filter(|(index, finding)| finding.severity == Severity::Repair && !bad[to_usize(*index)])
            .map(|(index, _)| *index)
            .collect();
        let mut quarantined: Vec<QuarantinedRow> = Vec::new();
        let mut waiting = findings.into_iter().peekable();
        let mut kept = Vec::new();
        for (index, is_bad) in bad.iter().enumerate() {
            let mut own = Vec::new();
            while let Some((_, finding)) = waiting.next_if(|(at, _)| to_usize(*at) == index) {
                own.push(finding);
            }
            if *is_bad {
                quarantined.push(QuarantinedRow { row: rows[index], values: values(&text, index), findings: own });
            } else {
                kept.extend(own);
            }
        }
        let mut fields: Vec<_> = typed.schema().fields().iter().cloned().collect();
        fields.push(Arc::new(Field::new(LINEAGE_ROW, DataType::Int64, true)));
        let numbers: Int64Array = rows.iter().map(|row| i64::try_from(*row).ok()).collect();
        let mut columns = typed.columns().to_vec();
        columns.push(Arc::new(numbers));
        let keep: BooleanArray = bad.iter().map(|bad| Some(!bad)).collect();
        let whole = RecordBatch::try_new(Arc::new(ArrowSchema::new(fields)), columns)?;
        let accepted = filter_record_batch(&whole, &keep)?;
        self.summary.rows_in += count(rows.len());
        self.summary.accepted += count(accepted.num_rows());
        self.summary.quarantined += count(quarantined.len());
        self.summary.repaired += count(repaired.len());
        Ok(Admitted { accepted, quarantined, findings: kept })
    }

    /// What is to be said of the extract as a whole.
    pub(super) fn finish(&self) -> Vec<Finding> {
        check_retyped(&self.fits, self.schema, self.file)
    }

    /// A key counts as taken once its row is accepted.
    fn check_keys(&mut self, chunk: &mut CheckedChunk) {
        for row in 0..chunk.rows.len() {
            let mut fresh = Vec::new();
            for (number, fields) in self.keys.iter().enumerate() {
                let Some(key) = chunk.keys[number].get(row) else { continue };
                let Some(first) = self.seen[number].get(&key) else {
                    fresh.push((number, key));
                    continue;
                };
                let rule = if number == 0 { rules::DUPLICATE_PRIMARY_KEY } else { rules::DUPLICATE_UNIQUE_KEY };
                let column = fields.first().cloned();
                let sheet = chunk.sheet.as_ref().map(ToString::to_string);
                let finding = Finding {
                    rule,
                    severity: Severity::Quarantine,
                    place: Place { file: self.file.to_owned(), sheet, row: Some(chunk.rows[row]), column },
                    value: Some(shown_key(&chunk.typed, fields, row)),
                    reason: format!("row {first} already has this {}", fields.join(" + ")),
                    hint: "deliver each row once; the first one stands".to_owned(),
                };
                chunk.bad[row] = true;
                chunk.findings.push((u32::try_from(row).unwrap_or(u32::MAX), finding));
            }
            if !chunk.bad[row] {
                for (number, key) in fresh {
                    self.seen[number].insert(key, chunk.rows[row]);
                }
            }
        }
        chunk.findings.sort_by_key(|(index, _)| *index);
    }
}

fn values(text: &RecordBatch, index: usize) -> Vec<(String, String)> {
    let mut values = Vec::with_capacity(text.num_columns());
    for (field, column) in text.schema().fields().iter().zip(text.columns()) {
        let texts = column.as_any().downcast_ref::<StringArray>();
        let cell = texts.filter(|texts| texts.is_valid(index)).map_or("", |texts| texts.value(index));
        values.push((field.name().clone(), cell.to_owned()));
    }
    values
}

fn to_usize(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
