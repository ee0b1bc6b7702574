//! Prints rows of text while they come, so that a list of any length takes little memory. Only a table for people is held
//! until its end, because its columns are as wide as their widest cell.

use std::io::{BufWriter, IsTerminal, Stdout, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::csv::Writer as CsvWriter;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::json::writer::{JsonArray, LineDelimited};
use arrow::json::{Writer as JsonWriter, WriterBuilder};

use super::arguments::Format;
use super::error::CliError;
use super::output::{print_batches, print_failed};

/// Rows that are printed together.
const TOGETHER: usize = 4096;

type Out = BufWriter<Stdout>;

/// Where rows go.
enum Sink {
    Table(Vec<RecordBatch>),
    Csv(Box<CsvWriter<Out>>),
    Json(JsonWriter<Out, JsonArray>),
    NdJson(JsonWriter<Out, LineDelimited>),
}

/// Takes rows of text under named columns.
pub(super) struct RowPrinter {
    schema: SchemaRef,
    waiting: Vec<Vec<String>>,
    sink: Sink,
    rows: u64,
}

impl RowPrinter {
    /// No rows yet.
    pub(super) fn new(columns: &[&str], format: Format) -> Self {
        let fields: Vec<Field> = columns.iter().map(|name| Field::new(*name, DataType::Utf8, false)).collect();
        let out = || BufWriter::new(std::io::stdout());
        let json = || WriterBuilder::new().with_explicit_nulls(true);
        let csv = || Sink::Csv(Box::new(arrow::csv::WriterBuilder::new().with_header(true).build(out())));
        let sink = match format {
            Format::Table => Sink::Table(Vec::new()),
            Format::Automatic if std::io::stdout().is_terminal() => Sink::Table(Vec::new()),
            Format::Automatic | Format::Csv => csv(),
            Format::Json => Sink::Json(json().build(out())),
            Format::NdJson => Sink::NdJson(json().build(out())),
        };
        Self { schema: Arc::new(Schema::new(fields)), waiting: Vec::new(), sink, rows: 0 }
    }

    /// Adds a row with one text a column.
    pub(super) fn push(&mut self, row: Vec<String>) -> Result<(), CliError> {
        self.rows += 1;
        self.waiting.push(row);
        if self.waiting.len() >= TOGETHER { self.write() } else { Ok(()) }
    }

    /// Prints the rest; gives how many rows there were.
    pub(super) fn finish(mut self) -> Result<u64, CliError> {
        self.write()?;
        let flush = |mut out: Out| out.flush().map_err(|source| CliError::Output { source });
        match self.sink {
            Sink::Table(batches) => print_batches(&self.schema, &batches, Format::Table)?,
            Sink::Csv(writer) => flush(writer.into_inner())?,
            Sink::Json(mut writer) => {
                writer.finish().map_err(print_failed)?;
                let mut out = writer.into_inner();
                writeln!(out).map_err(|source| CliError::Output { source })?;
                flush(out)?;
            }
            Sink::NdJson(mut writer) => {
                writer.finish().map_err(print_failed)?;
                flush(writer.into_inner())?;
            }
        }
        Ok(self.rows)
    }

    fn write(&mut self) -> Result<(), CliError> {
        let is_header_due = self.rows == 0 && matches!(self.sink, Sink::Csv(_));
        if self.waiting.is_empty() && !is_header_due {
            return Ok(());
        }
        let column = |index: usize| {
            let texts = self.waiting.iter().map(|row| row.get(index).map_or("", String::as_str));
            Arc::new(StringArray::from_iter_values(texts)) as ArrayRef
        };
        let columns = (0..self.schema.fields().len()).map(column).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns);
        let batch = batch.map_err(|source| CliError::Print { source })?;
        self.waiting.clear();
        match &mut self.sink {
            Sink::Table(batches) => batches.push(batch),
            Sink::Csv(writer) => writer.write(&batch).map_err(print_failed)?,
            Sink::Json(writer) => writer.write(&batch).map_err(print_failed)?,
            Sink::NdJson(writer) => writer.write(&batch).map_err(print_failed)?,
        }
        Ok(())
    }
}
