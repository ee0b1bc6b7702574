//! Builds one typed Arrow column from values in stored units.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, StringBuilder,
    TimestampMicrosecondBuilder,
};

use crate::definitions::FieldKind;

/// A typed column under construction.
pub(super) enum CellBuilder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Number(Decimal128Builder),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
    Boolean(BooleanBuilder),
}

impl CellBuilder {
    pub(super) fn new(kind: &FieldKind, rows: usize) -> Self {
        match kind {
            FieldKind::Text => Self::Text(StringBuilder::with_capacity(rows, rows * 8)),
            FieldKind::Integer { .. } => Self::Integer(Int64Builder::with_capacity(rows)),
            FieldKind::Number { .. } => {
                Self::Number(Decimal128Builder::with_capacity(rows).with_data_type(kind.arrow_type()))
            }
            FieldKind::Date => Self::Date(Date32Builder::with_capacity(rows)),
            FieldKind::Timestamp => {
                let builder = TimestampMicrosecondBuilder::with_capacity(rows);
                Self::Timestamp(builder.with_data_type(kind.arrow_type()))
            }
            FieldKind::Boolean { .. } => Self::Boolean(BooleanBuilder::with_capacity(rows)),
        }
    }

    /// Appends a value in stored units (its text, for a text column), or null.
    pub(super) fn append(&mut self, value: Option<(&str, i128)>) {
        match self {
            Self::Text(builder) => builder.append_option(value.map(|(text, _)| text)),
            Self::Integer(builder) => builder.append_option(value.and_then(|(_, v)| i64::try_from(v).ok())),
            Self::Number(builder) => builder.append_option(value.map(|(_, v)| v)),
            Self::Date(builder) => builder.append_option(value.and_then(|(_, v)| i32::try_from(v).ok())),
            Self::Timestamp(builder) => builder.append_option(value.and_then(|(_, v)| i64::try_from(v).ok())),
            Self::Boolean(builder) => builder.append_option(value.map(|(_, v)| v != 0)),
        }
    }

    pub(super) fn finish(self) -> ArrayRef {
        match self {
            Self::Text(mut builder) => Arc::new(builder.finish()),
            Self::Integer(mut builder) => Arc::new(builder.finish()),
            Self::Number(mut builder) => Arc::new(builder.finish()),
            Self::Date(mut builder) => Arc::new(builder.finish()),
            Self::Timestamp(mut builder) => Arc::new(builder.finish()),
            Self::Boolean(mut builder) => Arc::new(builder.finish()),
        }
    }
}
