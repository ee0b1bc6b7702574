//! Rows that wait for the end of the extract, because one of their keys may have been seen before: in memory first, then
//! in a scratch file.

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, SeekFrom};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, FixedSizeBinaryArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;

use super::journal::create;
use super::scratch::Scratch;
use crate::model::Finding;
use crate::pipeline::PipelineError;

/// Bytes that are kept in memory.
const IN_MEMORY: usize = 16 << 20;
/// About what a cell takes in memory beside its text, bytes: two texts with their allocations, and the typed value.
const CELL_BYTES: usize = 128;
/// About what a finding takes in memory, bytes.
const FINDING_BYTES: usize = 512;

/// What is known of a held row beside its typed values.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct HeldRow {
    /// Its row in the file.
    pub(super) row: u64,
    /// Its number in the extract, from 0.
    pub(super) number: u64,
    /// Its sheet.
    pub(super) sheet: Option<String>,
    /// Whether it is refused for other reasons already.
    pub(super) is_bad: bool,
    /// Column names and values as delivered.
    pub(super) values: Vec<(String, String)>,
    /// What was found so far.
    pub(super) findings: Vec<Finding>,
}

/// Some held rows.
#[derive(Debug)]
pub(super) struct HeldBatch {
    /// Their typed values.
    pub(super) typed: RecordBatch,
    /// One a row.
    pub(super) rows: Vec<HeldRow>,
    /// The keys of each row, salted; 0 where there is none.
    pub(super) keys: Vec<Vec<u128>>,
}

impl HeldBatch {
    /// About how much memory its rows take, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let cells = |row: &HeldRow| row.values.iter().map(|(_, text)| text.len() + CELL_BYTES).sum::<usize>();
        self.rows.iter().map(|row| cells(row) + row.findings.len() * FINDING_BYTES).sum()
    }
}

/// All held rows of an extract, in file order.
pub(super) struct Held {
    scratch: Arc<Scratch>,
    schema: Option<SchemaRef>,
    recent: Vec<RecordBatch>,
    recent_bytes: usize,
    file: Option<StreamWriter<BufWriter<File>>>,
    spilled: usize,
    rows: u64,
}

impl Held {
    pub(super) const fn new(scratch: Arc<Scratch>) -> Self {
        Self { scratch, schema: None, recent: Vec::new(), recent_bytes: 0, file: None, spilled: 0, rows: 0 }
    }

    /// How many rows there are.
    pub(super) const fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn push(&mut self, batch: &HeldBatch) -> Result<(), PipelineError> {
        let packed = pack(batch).map_err(failed)?;
        self.schema.get_or_insert_with(|| packed.schema());
        self.rows += u64::try_from(packed.num_rows()).unwrap_or(0);
        self.recent_bytes += packed.get_array_memory_size();
        self.recent.push(packed);
        if self.recent_bytes > IN_MEMORY { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> Result<(), PipelineError> {
        let Some(schema) = &self.schema else { return Ok(()) };
        let file = if let Some(file) = &mut self.file {
            file
        } else {
            let path = self.scratch.file("held")?;
            let made = create(&path);
            let made = made.map_err(|source| PipelineError::Io { doing: "hold rows aside in", path, source })?;
            self.file.insert(StreamWriter::try_new(BufWriter::new(made), schema).map_err(failed)?)
        };
        for batch in self.recent.drain(..) {
            file.write(&batch).map_err(failed)?;
            self.spilled += 1;
        }
        self.recent_bytes = 0;
        Ok(())
    }

    /// All rows, batch by batch, in file order.
    pub(super) fn into_batches(
        mut self,
    ) -> Result<impl Iterator<Item = Result<HeldBatch, PipelineError>>, PipelineError> {
        let reader = match self.file.take() {
            None => None,
            Some(mut writer) => {
                writer.finish().map_err(failed)?;
                let again = |source| PipelineError::Io {
                    doing: "read rows held aside in",
                    path: std::path::PathBuf::from("held"),
                    source,
                };
                let buffered = writer.into_inner().map_err(failed)?;
                let mut file = buffered.into_inner().map_err(|error| again(error.into_error()))?;
                file.seek(SeekFrom::Start(0)).map_err(again)?;
                Some(StreamReader::try_new(BufReader::new(file), None).map_err(failed)?)
            }
        };
        let spilled = reader.into_iter().flatten();
        let recent = self.recent.into_iter().map(Ok);
        Ok(spilled.chain(recent).map(|batch| batch.and_then(|batch| unpack(&batch)).map_err(failed)))
    }
}

fn failed(source: ArrowError) -> PipelineError {
    PipelineError::Arrow { doing: "hold rows aside".to_owned(), source }
}

/// The typed columns, then the rest as JSON, then one column a key.
fn pack(batch: &HeldBatch) -> Result<RecordBatch, ArrowError> {
    let mut fields: Vec<Arc<Field>> = batch.typed.schema().fields().iter().cloned().collect();
    let mut columns: Vec<ArrayRef> = batch.typed.columns().to_vec();
    let lines: Result<Vec<String>, _> = batch.rows.iter().map(serde_json::to_string).collect();
    let lines = lines.map_err(|source| ArrowError::ExternalError(Box::new(source)))?;
    fields.push(Arc::new(Field::new("line", DataType::Utf8, false)));
    columns.push(Arc::new(StringArray::from(lines)));
    for key in &batch.keys {
        let bytes = FixedSizeBinaryArray::try_from_iter(key.iter().map(|key| key.to_le_bytes()))?;
        fields.push(Arc::new(Field::new("key", DataType::FixedSizeBinary(16), false)));
        columns.push(Arc::new(bytes));
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

fn unpack(batch: &RecordBatch) -> Result<HeldBatch, ArrowError> {
    let schema = batch.schema();
    let keys = schema.fields().iter().filter(|field| *field.data_type() == DataType::FixedSizeBinary(16)).count();
    let typed_count = batch.num_columns() - keys - 1;
    let wrong = || ArrowError::SchemaError("a held batch is not as it was written".to_owned());
    let lines = batch.column(typed_count).as_any().downcast_ref::<StringArray>().ok_or_else(wrong)?;
    let rows: Result<Vec<HeldRow>, _> = lines.iter().flatten().map(serde_json::from_str).collect();
    let mut unpacked = Vec::with_capacity(keys);
    for column in &batch.columns()[typed_count + 1..] {
        let bytes = column.as_any().downcast_ref::<FixedSizeBinaryArray>().ok_or_else(wrong)?;
        let key = |index: usize| bytes.value(index).try_into().map(u128::from_le_bytes).map_err(|_| wrong());
        unpacked.push((0..bytes.len()).map(key).collect::<Result<Vec<u128>, _>>()?);
    }
    let typed = batch.project(&(0..typed_count).collect::<Vec<_>>())?;
    let rows = rows.map_err(|source| ArrowError::ExternalError(Box::new(source)))?;
    Ok(HeldBatch { typed, rows, keys: unpacked })
}
