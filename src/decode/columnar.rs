//! Parquet and Arrow files as text columns. Their types are not believed: the declared schema types the text again.

use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamReader;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

use super::chunk::{CHUNK_BYTES, ChunkBuilder, TextChunk, rows_per_chunk};
use super::columnar_guard::{check_arrow, check_parquet};
use super::columnar_text::{Texts, find_nested, texts_of};
use super::dialect::FileFormat;
use super::part::Part;
use super::source::Source;
use super::{DecodeError, DecodeLimits};

const BATCH_ROWS: usize = 8192;
/// An Arrow file is a stream behind its name and zeros, at most so many bytes.
const ARROW_HEAD_BYTES: u64 = 128;

type Batches = Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send>;

/// The columns and the rows of a Parquet or Arrow file.
pub(super) fn open_columnar(
    source: &Source,
    format: FileFormat,
    limits: &DecodeLimits,
) -> Result<(Vec<String>, ColumnarParts), DecodeError> {
    let opened = no_panic(|| match format {
        FileFormat::Parquet => open_parquet(source, limits),
        _ => open_arrow(source, limits),
    });
    let opened = opened.unwrap_or_else(|| Err(Fault::Refused("it is damaged".to_owned())));
    let (schema, batches) = opened.map_err(|fault| fault.explain(source))?;
    let names: Vec<String> = schema.fields().iter().map(|field| field.name().trim().to_owned()).collect();
    let builder = ChunkBuilder::new(&names);
    let parts = ColumnarParts {
        // What keeps an unpacked file there.
        source: source.clone(),
        limits: limits.clone(),
        batches,
        waiting: Vec::new(),
        builder,
        row: 0,
        finished: false,
    };
    Ok((names, parts))
}

/// Why a file is refused.
enum Fault {
    Decode(DecodeError),
    /// For people.
    Refused(String),
    TooMuch(&'static str, u64),
}

impl Fault {
    fn explain(self, source: &Source) -> DecodeError {
        let file = source.name.clone();
        match self {
            Self::Decode(error) => error,
            Self::Refused(what) => DecodeError::Columnar { file, what },
            Self::TooMuch(what, limit) => DecodeError::Limit { file, what, limit, row: None },
        }
    }
}

fn refused(error: &dyn std::error::Error) -> Fault {
    Fault::Refused(format!("it is damaged ({error})"))
}

fn open_parquet(source: &Source, limits: &DecodeLimits) -> Result<(Arc<Schema>, Batches), Fault> {
    let mut file = source.open().map_err(Fault::Decode)?;
    check_parquet(&mut file).map_err(Fault::Refused)?;
    // A schema that the writer hid in the file could ask for other types than the columns have.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let found = ArrowReaderMetadata::load(&file, options).map_err(|error| refused(&error))?;
    check_schema(found.schema(), limits)?;
    let metadata = found.metadata().clone();
    let rows = u64::try_from(metadata.file_metadata().num_rows()).unwrap_or(u64::MAX);
    if rows > limits.rows {
        return Err(Fault::TooMuch("rows", limits.rows));
    }
    let sizes = metadata.row_groups().iter().map(|group| u64::try_from(group.total_byte_size()).unwrap_or(u64::MAX));
    if sizes.fold(0, u64::saturating_add) > limits.expanded_bytes {
        return Err(Fault::TooMuch("bytes when unpacked", limits.expanded_bytes));
    }
    // Views share the texts of a dictionary: one text in a million rows takes its place once.
    let fields = found.schema().fields().iter().map(|field| match field.data_type() {
        DataType::Utf8 => Field::new(field.name(), DataType::Utf8View, field.is_nullable()),
        _ => Field::clone(field),
    });
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let options = ArrowReaderOptions::new().with_schema(schema.clone());
    let found = ArrowReaderMetadata::try_new(metadata, options).map_err(|error| refused(&error))?;
    let rows = rows_per_chunk(schema.fields().len()).min(BATCH_ROWS);
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, found).with_batch_size(rows).build();
    Ok((schema, Box::new(reader.map_err(|error| refused(&error))?)))
}

fn open_arrow(source: &Source, limits: &DecodeLimits) -> Result<(Arc<Schema>, Batches), Fault> {
    let open = || source.open().map_err(Fault::Decode);
    let start = find_stream(&mut open()?)?;
    let rows = check_arrow(open()?, start, limits).map_err(Fault::Refused)?;
    if rows > limits.rows {
        return Err(Fault::TooMuch("rows", limits.rows));
    }
    let mut file = open()?;
    file.seek(SeekFrom::Start(start)).map_err(|error| Fault::Decode(DecodeError::io(&source.path, error)))?;
    let reader = StreamReader::try_new(BufReader::new(file), None).map_err(|error| refused(&error))?;
    let schema = reader.schema();
    check_schema(&schema, limits)?;
    Ok((schema, Box::new(reader)))
}

/// Where the stream begins.
fn find_stream(file: &mut File) -> Result<u64, Fault> {
    use std::io::Read;
    let mut head = Vec::new();
    file.by_ref().take(ARROW_HEAD_BYTES).read_to_end(&mut head).map_err(|error| refused(&error))?;
    let Some(rest) = head.strip_prefix(b"ARROW1") else { return Ok(0) };
    let mut tail = [0_u8; 6];
    let read = file.seek(SeekFrom::End(-6)).and_then(|_| file.read_exact(&mut tail));
    if read.is_err() || tail != *b"ARROW1" {
        return Err(Fault::Refused("it is cut short".to_owned()));
    }
    let zeros = rest.iter().take_while(|byte| **byte == 0).count();
    Ok(u64::try_from(zeros + head.len() - rest.len()).unwrap_or(0))
}

fn check_schema(schema: &Schema, limits: &DecodeLimits) -> Result<(), Fault> {
    if schema.fields().len() > limits.columns {
        return Err(Fault::TooMuch("columns", u64::try_from(limits.columns).unwrap_or(u64::MAX)));
    }
    if schema.fields().is_empty() {
        return Err(Fault::Refused("it has no columns".to_owned()));
    }
    find_nested(schema).map_or(Ok(()), |what| Err(Fault::Refused(what)))
}

/// Readers of foreign formats trust their input in places; a panic there is a damaged file.
fn no_panic<T>(read: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(read)).ok()
}

/// The rows as text columns.
pub(super) struct ColumnarParts {
    source: Source,
    limits: DecodeLimits,
    batches: Batches,
    /// Slices of the current batch, the next one last.
    waiting: Vec<RecordBatch>,
    builder: ChunkBuilder,
    row: u64,
    finished: bool,
}

impl ColumnarParts {
    fn read(&mut self) -> Result<Option<TextChunk>, DecodeError> {
        loop {
            let Some(batch) = self.next_batch()? else { return Ok(None) };
            if batch.num_rows() == 0 {
                continue;
            }
            if batch.num_rows() > rows_per_chunk(batch.num_columns()) {
                self.split(&batch);
                continue;
            }
            let texts =
                no_panic(|| texts_of(&batch)).unwrap_or_else(|| Err(ArrowError::ComputeError("damaged".into())));
            let texts = texts.map_err(|error| self.damaged(&error))?;
            if self.measure(&texts, batch.num_rows())? > CHUNK_BYTES && batch.num_rows() > 1 {
                self.split(&batch);
                continue;
            }
            for row in 0..batch.num_rows() {
                self.row += 1;
                self.builder.push(self.row, texts.iter().map(|column| column.get(row)), false);
            }
            if self.row > self.limits.rows {
                let (file, limit) = (self.source.name.clone(), self.limits.rows);
                return Err(DecodeError::Limit { file, what: "rows", limit, row: None });
            }
            return self.builder.take(&self.source.name, None).transpose();
        }
    }

    fn next_batch(&mut self) -> Result<Option<RecordBatch>, DecodeError> {
        if let Some(batch) = self.waiting.pop() {
            return Ok(Some(batch));
        }
        let batches = &mut self.batches;
        match no_panic(|| batches.next()) {
            Some(None) => Ok(None),
            Some(Some(Ok(batch))) => Ok(Some(batch)),
            Some(Some(Err(error))) => Err(self.damaged(&error)),
            None => Err(self.damaged(&ArrowError::ParseError("the reader gave up".to_owned()))),
        }
    }

    fn split(&mut self, batch: &RecordBatch) {
        let half = batch.num_rows() / 2;
        self.waiting.push(batch.slice(half, batch.num_rows() - half));
        self.waiting.push(batch.slice(0, half));
    }

    /// Bytes of text; fails when one cell has too many.
    fn measure(&self, texts: &[Texts], rows: usize) -> Result<usize, DecodeError> {
        let mut total = 0;
        for row in 0..rows {
            for column in texts {
                let length = column.get(row).len();
                if length > self.limits.cell_bytes {
                    let limit = u64::try_from(self.limits.cell_bytes).unwrap_or(u64::MAX);
                    let row = Some(self.row + u64::try_from(row).unwrap_or(0) + 1);
                    let file = self.source.name.clone();
                    return Err(DecodeError::Limit { file, what: "bytes in one cell", limit, row });
                }
                total += length;
            }
        }
        Ok(total)
    }

    fn damaged(&self, error: &dyn std::error::Error) -> DecodeError {
        refused(error).explain(&self.source)
    }
}

impl Iterator for ColumnarParts {
    type Item = Result<Part, DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        let chunk = self.read().transpose();
        self.finished = !matches!(chunk, Some(Ok(_)));
        chunk.map(|chunk| chunk.map(Part::text))
    }
}
