//! Text tables of a fixture to typed rows, and rows of a query to text. A text that is not a value of its column's type is a
//! problem, never null.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, StringArray, new_null_array};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::difference::plain_number;
use crate::config::find_nearest;
use crate::definitions::TextTable;

/// A text table as rows of a table of a known schema. Columns that it does not name are null.
///
/// # Errors
/// Every column that is unknown and every cell that cannot be read.
pub(super) fn typed(table: &TextTable, schema: &SchemaRef) -> Result<RecordBatch, Vec<String>> {
    let mut problems = Vec::new();
    for name in table.columns.iter().filter(|name| schema.field_with_name(name).is_err()) {
        let known: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let nearest = find_nearest(name, known.iter().copied());
        let meant =
            nearest.map_or_else(|| format!("there are: {}", known.join(", ")), |n| format!("did you mean `{n}`?"));
        problems.push(format!("there is no column `{name}`; {meant}"));
    }
    let mut columns = Vec::with_capacity(schema.fields().len());
    let mut fields = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        let kind = plain_type(field.data_type());
        fields.push(Field::new(field.name(), kind.clone(), true));
        columns.push(match table.find_column(field.name()) {
            Some(position) => typed_column(table, position, &kind, &mut problems),
            None => new_null_array(&kind, table.rows.len()),
        });
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(table.rows.len()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)
        .map_err(|error| vec![error.to_string()])
}

/// Texts as every part of the program reads them.
fn plain_type(kind: &DataType) -> DataType {
    match kind {
        DataType::Utf8View | DataType::LargeUtf8 | DataType::Null => DataType::Utf8,
        DataType::Dictionary(_, values) => plain_type(values),
        other => other.clone(),
    }
}

fn typed_column(table: &TextTable, position: usize, kind: &DataType, problems: &mut Vec<String>) -> ArrayRef {
    let texts: StringArray = table.rows.iter().map(|row| row[position].as_deref()).collect();
    if *kind == DataType::Utf8 {
        return Arc::new(texts);
    }
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    let readable = texts.iter().flatten().all(|text| fits(text, kind));
    if readable && let Ok(array) = cast_with_options(&texts, kind, &strict) {
        return array;
    }
    let column = &table.columns[position];
    for text in texts.iter().flatten() {
        let alone = StringArray::from(vec![text]);
        if !fits(text, kind) || cast_with_options(&alone, kind, &strict).is_err() {
            problems.push(format!("`{text}` in column `{column}` is not {}", in_words(kind)));
        }
    }
    new_null_array(kind, table.rows.len())
}

/// What Arrow's cast would take in silence: it rounds decimals, and reads many words as truths.
fn fits(text: &str, kind: &DataType) -> bool {
    match kind {
        DataType::Decimal128(_, scale) => {
            let decimals = plain_number(text).split_once('.').map_or(0, |(_, part)| part.len());
            i8::try_from(decimals).is_ok_and(|decimals| decimals <= *scale)
        }
        DataType::Boolean => matches!(text, "true" | "false"),
        DataType::Date32 => text.len() == 10,
        _ => true,
    }
}

fn in_words(kind: &DataType) -> String {
    match kind {
        DataType::Decimal128(precision, scale) => {
            format!("a decimal of at most {precision} digits, {scale} of them after the point")
        }
        DataType::Boolean => "`true` or `false`".to_owned(),
        DataType::Date32 => "a day such as 2020-12-31".to_owned(),
        DataType::Timestamp(..) => "an instant such as 2020-12-31T09:30:00Z".to_owned(),
        kind if kind.is_integer() => "a whole number".to_owned(),
        other => format!("a value of the type {other}"),
    }
}

/// Rows of a query as texts, numbers plain.
pub(super) fn as_texts(batches: &[RecordBatch]) -> Result<Vec<Vec<Option<String>>>, arrow::error::ArrowError> {
    let options = FormatOptions::default();
    let mut rows = Vec::new();
    for batch in batches {
        let columns = batch
            .columns()
            .iter()
            .map(|array| ArrayFormatter::try_new(array, &options))
            .collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().zip(&columns).map(|(array, shown)| {
                array.is_valid(row).then(|| plain(&shown.value(row).to_string(), array.data_type()))
            });
            rows.push(cells.collect());
        }
    }
    Ok(rows)
}

/// An expected text in the form in which [`as_texts`] gives a value of its type.
pub(super) fn plain(text: &str, kind: &DataType) -> String {
    if kind.is_numeric() { plain_number(text) } else { text.to_owned() }
}
