//! Typed columns of a record batch, by name. Decimals leave exactly or not at all.

use arrow::array::{Array, Decimal128Array, Int32Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field};
use rust_decimal::Decimal;

use super::IndicatorError;
use crate::model::IndicatorId;

/// The columns of one batch of one indicator.
pub(super) struct Columns<'a> {
    pub(super) indicator: &'a IndicatorId,
    pub(super) batch: &'a RecordBatch,
}

/// Exact decimals of one column.
pub(super) struct Decimals<'a> {
    indicator: &'a IndicatorId,
    values: Decimal128Array,
    scale: u32,
}

impl<'a> Columns<'a> {
    fn cast(&self, column: &str, to: &DataType) -> Result<arrow::array::ArrayRef, IndicatorError> {
        let array = self.batch.column_by_name(column).ok_or_else(|| IndicatorError::MissingColumn {
            indicator: self.indicator.clone(),
            column: column.to_owned(),
        })?;
        if array.data_type() == to {
            return Ok(array.clone());
        }
        cast(array, to).map_err(|source| self.wrong_type(column, source))
    }

    fn wrong_type(&self, column: &str, source: arrow::error::ArrowError) -> IndicatorError {
        IndicatorError::ColumnType { indicator: self.indicator.clone(), column: column.to_owned(), source }
    }

    fn no_nulls(&self, column: &str, array: &dyn Array) -> Result<(), IndicatorError> {
        if array.null_count() == 0 {
            return Ok(());
        }
        Err(IndicatorError::Null { indicator: self.indicator.clone(), column: column.to_owned() })
    }

    /// Texts, none of them NULL.
    pub(super) fn texts(&self, column: &str) -> Result<StringArray, IndicatorError> {
        let texts = self.optional_texts(column)?;
        self.no_nulls(column, &texts)?;
        Ok(texts)
    }

    /// Texts, some of which may be NULL.
    pub(super) fn optional_texts(&self, column: &str) -> Result<StringArray, IndicatorError> {
        let array = self.cast(column, &DataType::Utf8)?;
        Ok(StringArray::from(array.to_data()))
    }

    /// Whether there is such a column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.batch.column_by_name(column).is_some()
    }

    /// Texts of a column that need not be there.
    pub(super) fn find_texts(&self, column: &str) -> Result<Option<StringArray>, IndicatorError> {
        self.has(column).then(|| self.optional_texts(column)).transpose()
    }

    /// Whole numbers, none of them NULL.
    pub(super) fn integers(&self, column: &str) -> Result<Int32Array, IndicatorError> {
        let array = self.cast(column, &DataType::Int32)?;
        self.no_nulls(column, &array)?;
        Ok(Int32Array::from(array.to_data()))
    }

    /// Decimals, some of which may be NULL. Floats are refused: a sum of them depends on the order of rows.
    pub(super) fn decimals(&self, column: &str) -> Result<Decimals<'a>, IndicatorError> {
        let data_type = self.batch.column_by_name(column).map(|array| array.data_type().clone());
        let (to, scale) = match data_type {
            Some(DataType::Decimal128(precision, scale)) if scale >= 0 => {
                (DataType::Decimal128(precision, scale), u32::from(scale.unsigned_abs()))
            }
            Some(DataType::Int64 | DataType::Int32 | DataType::Null) | None => (DataType::Decimal128(38, 0), 0),
            Some(other) => {
                let field = Field::new(column, other, true);
                let source =
                    arrow::error::ArrowError::CastError(format!("{} is not an exact decimal", field.data_type()));
                return Err(self.wrong_type(column, source));
            }
        };
        let array = self.cast(column, &to)?;
        Ok(Decimals { indicator: self.indicator, values: Decimal128Array::from(array.to_data()), scale })
    }
}

impl Decimals<'_> {
    /// The value of one row; none for NULL.
    pub(super) fn find(&self, row: usize) -> Result<Option<Decimal>, IndicatorError> {
        if self.values.is_null(row) {
            return Ok(None);
        }
        exact(self.values.value(row), self.scale)
            .map(Some)
            .ok_or_else(|| IndicatorError::Overflow { indicator: self.indicator.clone() })
    }
}

/// A decimal of 28 digits from one of 38, if no digit is lost.
pub(super) fn exact(mut value: i128, mut scale: u32) -> Option<Decimal> {
    while scale > 0 && value % 10 == 0 {
        value /= 10;
        scale -= 1;
    }
    Decimal::try_from_i128_with_scale(value, scale).ok()
}
