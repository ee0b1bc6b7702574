//! Values of Arrow columns as canonical text: days and instants in ISO 8601, decimals exact, floating point numbers by the
//! shortest digits that mean the same number, `true` and `false`. No value is an empty text.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Float32Type, Float64Type, Schema};
use arrow::error::ArrowError;
use arrow::util::display::FormatOptions;

/// Columns that have no text, for people; nothing if all have.
pub(super) fn find_nested(schema: &Schema) -> Option<String> {
    let refused = schema.fields().iter().find(|field| !has_text(field.data_type()))?;
    Some(format!(
        "column `{}` is of type {}; deliver one column a value, as text, number, day or flag",
        refused.name(),
        refused.data_type()
    ))
}

fn has_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => !matches!(**values, DataType::Dictionary(..)) && has_text(values),
        // Older writers do not say that their texts are texts; bytes that are none fail when they are read.
        DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::Boolean
        | DataType::Null => true,
        kind => {
            kind.is_numeric()
                || matches!(kind, DataType::Date32 | DataType::Date64)
                || matches!(kind, DataType::Timestamp(..) | DataType::Time32(_) | DataType::Time64(_))
        }
    }
}

/// Texts of one column.
pub(super) enum Texts {
    Plain(ArrayRef),
    /// Texts, and which of them stands in each row.
    Indexed(ArrayRef, ArrayRef),
}

impl Texts {
    pub(super) fn of(column: &ArrayRef) -> Result<Self, ArrowError> {
        if let DataType::Dictionary(..) = column.data_type() {
            let dictionary = column.as_any_dictionary();
            let keys = cast(dictionary.keys(), &DataType::Int64)?;
            return Ok(Self::Indexed(text_array(dictionary.values())?, keys));
        }
        text_array(column).map(Self::Plain)
    }

    /// The text in a row.
    pub(super) fn get(&self, row: usize) -> &str {
        match self {
            Self::Plain(texts) => text_at(texts, row),
            Self::Indexed(texts, keys) => {
                let keys = keys.as_primitive::<arrow::datatypes::Int64Type>();
                let key = if keys.is_valid(row) { usize::try_from(keys.value(row)).ok() } else { None };
                key.filter(|key| *key < texts.len()).map_or("", |key| text_at(texts, key))
            }
        }
    }
}

/// The texts of all columns.
pub(super) fn texts_of(batch: &RecordBatch) -> Result<Vec<Texts>, ArrowError> {
    batch.columns().iter().map(Texts::of).collect()
}

fn text_at(texts: &ArrayRef, row: usize) -> &str {
    if texts.is_null(row) {
        return "";
    }
    match texts.data_type() {
        DataType::Utf8 => texts.as_string::<i32>().value(row),
        DataType::LargeUtf8 => texts.as_string::<i64>().value(row),
        DataType::Utf8View => texts.as_string_view().value(row),
        // A column without values has no texts.
        _ => "",
    }
}

/// Texts as one of Arrow's kinds of text; a column without values stays what it is.
fn text_array(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match column.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => Ok(column.clone()),
        DataType::Float64 => Ok(float_texts(column.as_primitive::<Float64Type>().iter())),
        DataType::Float32 => Ok(float_texts(column.as_primitive::<Float32Type>().iter())),
        DataType::Float16 => text_array(&cast(column, &DataType::Float32)?),
        DataType::Date64 => cast(&cast(column, &DataType::Date32)?, &DataType::Utf8),
        DataType::Timestamp(unit, Some(_)) => {
            let utc = cast(column, &DataType::Timestamp(*unit, Some("+00:00".into())))?;
            cast(&utc, &DataType::Utf8)
        }
        _ => cast(column, &DataType::Utf8),
    }
}

/// Fails where a value has no text, rather than leaving it out.
fn cast(column: &dyn Array, kind: &DataType) -> Result<ArrayRef, ArrowError> {
    cast_with_options(column, kind, &CastOptions { safe: false, format_options: FormatOptions::default() })
}

fn float_texts<T: std::fmt::Display>(numbers: impl Iterator<Item = Option<T>>) -> ArrayRef {
    let texts: arrow::array::StringArray = numbers.map(|number| number.map(|number| number.to_string())).collect();
    std::sync::Arc::new(texts)
}
