//! Takes checked rows in file order: parts them into accepted, refused and held ones, and counts.

use arrow::array::{Array, BooleanArray, Int64Array, RecordBatch, StringArray, UInt32Array};
use arrow::compute::{filter_record_batch, take_record_batch};
use arrow::error::ArrowError;

use super::bits::Bits;
use super::counts::RuleCounts;
use super::held::{HeldBatch, HeldRow};
use super::quarantining::Quarantining;
use super::stage::Stage;
use super::totals::Totals;
use super::uniqueness::{IN_TABLE, Taken, Uniqueness, Verdict};
use crate::definitions::Schema;
use crate::model::{Finding, Place, Severity};
use crate::pipeline::PipelineError;
use crate::validate::{CheckedChunk, TypeFit, rules};

/// What an extract comes to while it is read.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Rows read.
    pub(super) rows_in: u64,
    /// Rows accepted.
    pub(super) accepted: u64,
    /// Rows accepted after a repair.
    pub(super) repaired: u64,
    /// Which rules failed how often.
    pub(super) counts: RuleCounts,
    /// Sums and shares over all rows.
    pub(super) totals: Totals,
    /// How many cells of each field are not of its type.
    pub(super) fits: Vec<TypeFit>,
    /// Numbers of repaired rows, for set rules, which may refuse them yet.
    pub(super) repaired_numbers: Option<Bits>,
}

/// The one who admits rows.
pub(super) struct Admission<'a> {
    pub(super) file: &'a str,
    pub(super) schema: &'a Schema,
    pub(super) unique: Uniqueness,
    pub(super) quarantine: Quarantining<'a>,
    pub(super) stage: Stage,
    pub(super) tally: Tally,
}

impl Admission<'_> {
    /// Admits the rows of a chunk.
    pub(super) fn admit(&mut self, chunk: &CheckedChunk, totals: Totals) -> Result<(), PipelineError> {
        let first = self.tally.rows_in;
        self.tally.rows_in += count(chunk.rows.len());
        self.tally.totals.add(totals);
        self.tally.fits.resize(chunk.fits.len(), TypeFit::default());
        for (sum, fit) in self.tally.fits.iter_mut().zip(&chunk.fits) {
            sum.add(*fit);
        }
        let verdicts = self.unique.check(&chunk.keys, &chunk.rows, &chunk.bad)?;
        let waits = |index: usize| verdicts[index] == Verdict::Perhaps;
        let keep: BooleanArray = (0..chunk.rows.len()).map(|index| Some(!chunk.bad[index] && !waits(index))).collect();
        let (mut held, mut findings) = (Vec::new(), chunk.findings.iter().peekable());
        let mut next_finding = findings.next();
        for index in 0..chunk.rows.len() {
            if keep.value(index) && next_finding.is_none_or(|(at, _)| place(*at) != index) {
                continue;
            }
            let mut own: Vec<Finding> = Vec::new();
            while let Some((at, finding)) = next_finding
                && place(*at) == index
            {
                own.push(finding.clone());
                next_finding = findings.next();
            }
            if keep.value(index) {
                self.note_accepted(first + count(index), &own);
                continue;
            }
            let wants_values = waits(index) || self.quarantine.wants_values();
            let values = if wants_values { values(&chunk.text, index)? } else { Vec::new() };
            if waits(index) {
                held.push((
                    index,
                    HeldRow {
                        row: chunk.rows[index],
                        number: first + count(index),
                        sheet: chunk.sheet.as_deref().map(str::to_owned),
                        is_bad: chunk.bad[index],
                        values,
                        findings: own,
                    },
                ));
            } else {
                self.quarantine.add(chunk.rows[index], values, own, &mut self.tally.counts)?;
            }
        }
        if self.stage.wants_refused() {
            let refused: Vec<usize> =
                (0..chunk.rows.len()).filter(|index| !keep.value(*index) && !waits(*index)).collect();
            self.note_refused(chunk, first, &refused)?;
        }
        self.hold(chunk, held)?;
        self.accept(chunk, first, &keep)
    }

    /// Set rules may count refused rows.
    fn note_refused(&mut self, chunk: &CheckedChunk, first: u64, refused: &[usize]) -> Result<(), PipelineError> {
        if refused.is_empty() {
            return Ok(());
        }
        let places: UInt32Array = refused.iter().map(|index| u32::try_from(*index).ok()).collect();
        let rows: Int64Array = refused.iter().map(|index| i64::try_from(chunk.rows[*index]).ok()).collect();
        let numbers: Int64Array = refused.iter().map(|index| i64::try_from(first + count(*index)).ok()).collect();
        let typed = take_record_batch(&chunk.typed, &places).map_err(failed)?;
        self.stage.write_refused(&typed, &rows, &numbers)
    }

    fn accept(&mut self, chunk: &CheckedChunk, first: u64, keep: &BooleanArray) -> Result<(), PipelineError> {
        let numbers = |wanted: &mut dyn Iterator<Item = u64>| -> Int64Array {
            wanted.map(|number| i64::try_from(number).ok()).collect()
        };
        let kept = keep.true_count();
        self.tally.accepted += count(kept);
        let places = || (0..chunk.rows.len()).filter(|index| keep.value(*index));
        let rows = numbers(&mut places().map(|index| chunk.rows[index]));
        let ordinals = numbers(&mut places().map(|index| first + count(index)));
        if kept == chunk.rows.len() {
            return self.stage.write(&chunk.typed, &rows, &ordinals);
        }
        let typed = filter_record_batch(&chunk.typed, keep).map_err(failed)?;
        self.stage.write(&typed, &rows, &ordinals)
    }

    fn hold(&mut self, chunk: &CheckedChunk, held: Vec<(usize, HeldRow)>) -> Result<(), PipelineError> {
        if held.is_empty() {
            return Ok(());
        }
        let places: UInt32Array = held.iter().map(|(index, _)| u32::try_from(*index).ok()).collect();
        let typed = take_record_batch(&chunk.typed, &places).map_err(failed)?;
        let keys = chunk.keys.iter().map(|key| held.iter().map(|(index, _)| key.fingerprints[*index]).collect());
        let keys = keys.collect();
        let rows = held.into_iter().map(|(_, row)| row).collect();
        self.unique.hold(HeldBatch { typed, rows, keys })
    }

    fn note_accepted(&mut self, number: u64, findings: &[Finding]) {
        for finding in findings {
            self.tally.counts.add(finding);
        }
        if findings.iter().any(|finding| finding.severity == Severity::Repair) {
            self.tally.repaired += 1;
            if let Some(numbers) = &mut self.tally.repaired_numbers {
                numbers.insert(number);
            }
        }
    }

    /// Settles the held rows and gives what the extract came to.
    pub(super) fn finish(self) -> Result<(Tally, Stage, super::quarantining::Refused), PipelineError> {
        let Self { file, schema, unique, mut quarantine, mut stage, mut tally } = self;
        let mut rest = Rest { file, schema, quarantine: &mut quarantine, stage: &mut stage, tally: &mut tally };
        unique.settle(|batch, taken| rest.settle(batch, taken))?;
        Ok((tally, stage, quarantine.into_refused()))
    }
}

/// What settled rows go to.
struct Rest<'a, 'b> {
    file: &'a str,
    schema: &'a Schema,
    quarantine: &'a mut Quarantining<'b>,
    stage: &'a mut Stage,
    tally: &'a mut Tally,
}

impl Rest<'_, '_> {
    fn settle(&mut self, batch: HeldBatch, taken: Vec<Vec<Taken>>) -> Result<(), PipelineError> {
        let (mut kept, mut refused) = (Places::default(), Places::default());
        for (index, (row, taken)) in batch.rows.into_iter().zip(taken).enumerate() {
            if taken.is_empty() && !row.is_bad {
                kept.add(index, &row);
                self.note_accepted(&row);
                continue;
            }
            refused.add(index, &row);
            let mut findings = row.findings.clone();
            findings.extend(taken.iter().map(|taken| duplicate(self.file, self.schema, &row, *taken)));
            self.quarantine.add(row.row, row.values, findings, &mut self.tally.counts)?;
        }
        self.tally.accepted += count(kept.index.len());
        let (typed, rows, numbers) = kept.of(&batch.typed)?;
        self.stage.write(&typed, &rows, &numbers)?;
        if self.stage.wants_refused() {
            let (typed, rows, numbers) = refused.of(&batch.typed)?;
            self.stage.write_refused(&typed, &rows, &numbers)?;
        }
        Ok(())
    }

    fn note_accepted(&mut self, row: &HeldRow) {
        for finding in &row.findings {
            self.tally.counts.add(finding);
        }
        if row.findings.iter().any(|finding| finding.severity == Severity::Repair) {
            self.tally.repaired += 1;
            if let Some(numbers) = &mut self.tally.repaired_numbers {
                numbers.insert(row.number);
            }
        }
    }
}

/// Some of the rows of a batch.
#[derive(Default)]
struct Places {
    index: Vec<Option<u32>>,
    rows: Vec<Option<i64>>,
    numbers: Vec<Option<i64>>,
}

impl Places {
    fn add(&mut self, index: usize, row: &HeldRow) {
        self.index.push(u32::try_from(index).ok());
        self.rows.push(i64::try_from(row.row).ok());
        self.numbers.push(i64::try_from(row.number).ok());
    }

    /// Their values, their rows in the file and their numbers in the extract.
    fn of(self, typed: &RecordBatch) -> Result<(RecordBatch, Int64Array, Int64Array), PipelineError> {
        let typed = take_record_batch(typed, &UInt32Array::from(self.index)).map_err(failed)?;
        Ok((typed, Int64Array::from(self.rows), Int64Array::from(self.numbers)))
    }
}

/// The finding about a key that an earlier row has. A row of another supplier is never cited.
fn duplicate(file: &str, schema: &Schema, row: &HeldRow, taken: Taken) -> Finding {
    let others = schema.unique_keys.iter().filter(|key| **key != schema.primary_key);
    let all: Vec<&Vec<String>> = std::iter::once(&schema.primary_key).chain(others).collect();
    let fields = all.get(taken.key).copied().unwrap_or(&schema.primary_key);
    let rule = if taken.key == 0 { rules::DUPLICATE_PRIMARY_KEY } else { rules::DUPLICATE_UNIQUE_KEY };
    let (reason, hint) = if taken.first == IN_TABLE {
        let reason = format!("this {} exists already in the table", fields.join(" + "));
        (reason, "it was delivered by somebody else; deliver each row once".to_owned())
    } else {
        let reason = format!("row {} already has this {}", taken.first, fields.join(" + "));
        (reason, "deliver each row once; the first one stands".to_owned())
    };
    let value = |field: &String| row.values.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone());
    let values: Vec<String> = fields.iter().filter_map(value).collect();
    Finding {
        rule,
        severity: Severity::Quarantine,
        place: Place {
            file: file.to_owned(),
            sheet: row.sheet.clone(),
            row: Some(row.row),
            column: fields.first().cloned(),
        },
        value: Some(values.join(" + ")),
        reason,
        hint,
    }
}

/// A row's column names and texts as delivered.
pub(super) fn values(text: &RecordBatch, index: usize) -> Result<Vec<(String, String)>, PipelineError> {
    let mut values = Vec::with_capacity(text.num_columns());
    for (field, column) in text.schema().fields().iter().zip(text.columns()) {
        let no_text = || failed(ArrowError::SchemaError(format!("the column `{}` is not text", field.name())));
        let texts = column.as_any().downcast_ref::<StringArray>().ok_or_else(no_text)?;
        let text = if texts.is_valid(index) { texts.value(index) } else { "" };
        values.push((field.name().clone(), text.to_owned()));
    }
    Ok(values)
}

fn failed(source: ArrowError) -> PipelineError {
    PipelineError::Arrow { doing: "part accepted rows from refused ones".to_owned(), source }
}

fn place(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

pub(super) fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
