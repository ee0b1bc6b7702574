//! Rows to stdout in the format that was asked for. A closed pipe ends the output without a complaint.

use std::io::{IsTerminal, Write};

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use comfy_table::{CellAlignment, Table, presets};
use std::sync::Arc;

use super::arguments::Format;
use super::error::CliError;

/// Prints one line to stdout. A reader that went away (`| head`) is nobody's fault and ends nothing.
pub(super) fn say(line: std::fmt::Arguments<'_>) {
    if let Err(error) = writeln!(std::io::stdout(), "{line}")
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        eprintln!("error: failed to write to standard output: {error}");
    }
}

/// Rows of text under named columns, for lists of our own.
pub(super) struct Rows {
    columns: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

impl Rows {
    /// No rows yet.
    pub(super) const fn new(columns: &'static [&'static str]) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row with one text a column.
    pub(super) fn push(&mut self, row: Vec<String>) {
        debug_assert_eq!(row.len(), self.columns.len(), "one text a column");
        self.rows.push(row);
    }

    /// Whether there is none.
    pub(super) const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Prints them.
    pub(super) fn print(self, format: Format) -> Result<(), CliError> {
        let fields: Vec<Field> = self.columns.iter().map(|name| Field::new(*name, DataType::Utf8, false)).collect();
        let schema = Arc::new(Schema::new(fields));
        let columns: Vec<ArrayRef> = (0..self.columns.len())
            .map(|index| {
                let texts = self.rows.iter().map(|row| row.get(index).map_or("", String::as_str));
                Arc::new(StringArray::from_iter_values(texts)) as ArrayRef
            })
            .collect();
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns).map_err(|source| CliError::Print { source })?;
        print_batches(&schema, &[batch], format)
    }
}

/// Prints record batches.
pub(super) fn print_batches(schema: &SchemaRef, batches: &[RecordBatch], format: Format) -> Result<(), CliError> {
    let stdout = std::io::stdout();
    let format = match format {
        Format::Automatic if stdout.is_terminal() => Format::Table,
        Format::Automatic => Format::Csv,
        other => other,
    };
    let mut out = std::io::BufWriter::new(stdout.lock());
    write_batches(&mut out, schema, batches, format)?;
    out.flush().map_err(|source| CliError::Output { source })
}

/// Record batches as the bytes of a file.
pub(super) fn encode_batches(schema: &SchemaRef, batches: &[RecordBatch], format: Format) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    write_batches(&mut bytes, schema, batches, format)?;
    Ok(bytes)
}

fn write_batches(
    mut out: &mut impl Write,
    schema: &SchemaRef,
    batches: &[RecordBatch],
    format: Format,
) -> Result<(), CliError> {
    match format {
        Format::Table | Format::Automatic => write_table(&mut out, schema, batches)?,
        Format::Csv => write_csv(&mut out, schema, batches)?,
        Format::Json => {
            let mut writer = arrow::json::WriterBuilder::new()
                .with_explicit_nulls(true)
                .build::<_, arrow::json::writer::JsonArray>(&mut out);
            write_json(&mut writer, batches)?;
            writeln!(out).map_err(|source| CliError::Output { source })?;
        }
        Format::NdJson => {
            let mut writer = arrow::json::WriterBuilder::new()
                .with_explicit_nulls(true)
                .build::<_, arrow::json::writer::LineDelimited>(&mut out);
            write_json(&mut writer, batches)?;
        }
    }
    Ok(())
}

pub(super) fn print_failed(source: arrow::error::ArrowError) -> CliError {
    match source {
        arrow::error::ArrowError::IoError(_, source) => CliError::Output { source },
        other => CliError::Print { source: other },
    }
}

fn write_json<W: Write, F: arrow::json::writer::JsonFormat>(
    writer: &mut arrow::json::Writer<W, F>,
    batches: &[RecordBatch],
) -> Result<(), CliError> {
    for batch in batches {
        writer.write(batch).map_err(print_failed)?;
    }
    writer.finish().map_err(print_failed)
}

fn write_csv(out: &mut impl Write, schema: &SchemaRef, batches: &[RecordBatch]) -> Result<(), CliError> {
    let mut writer = arrow::csv::WriterBuilder::new().with_header(true).build(out);
    if batches.is_empty() {
        // The writer prints its header with the first batch only.
        writer.write(&RecordBatch::new_empty(Arc::clone(schema))).map_err(print_failed)?;
    }
    for batch in batches {
        writer.write(batch).map_err(print_failed)?;
    }
    Ok(())
}

fn write_table(out: &mut impl Write, schema: &SchemaRef, batches: &[RecordBatch]) -> Result<(), CliError> {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(schema.fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>());
    let options = FormatOptions::default();
    for batch in batches {
        let formatters: Result<Vec<ArrayFormatter<'_>>, _> =
            batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options)).collect();
        let formatters = formatters.map_err(print_failed)?;
        for row in 0..batch.num_rows() {
            table.add_row(formatters.iter().map(|formatter| formatter.value(row).to_string()).collect::<Vec<_>>());
        }
    }
    for (index, field) in schema.fields().iter().enumerate() {
        if field.data_type().is_numeric()
            && let Some(column) = table.column_mut(index)
        {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    let noun = if rows == 1 { "row" } else { "rows" };
    writeln!(out, "{table}\n({rows} {noun})").map_err(|source| CliError::Output { source })
}
