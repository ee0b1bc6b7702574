//! Arguments and results of functions: from Arrow's columns to plain values and back. Exact or an error.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, StringArray, StructArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::{exec_err, plan_err};
use datafusion::error::DataFusionError;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::engine::method::MethodError;
use crate::engine::parameters::days_since_epoch;

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Argument {
    /// A decimal, a whole number, or a literal with a point.
    Number,
    /// True or false, or a number that is not zero or zero.
    Flag,
    Text,
    Day,
}

/// What a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Yields {
    /// A decimal of so many digits after the point.
    Number(i8),
    Text,
    Day,
    /// Several numbers with names.
    Struct(&'static [(&'static str, Part)]),
}

/// What a number of several is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A decimal of so many digits after the point.
    Number(i8),
    /// A whole number.
    Count,
}

/// One argument of one row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    Number(Decimal),
    Text(String),
    Day(Date),
}

/// What a function says of one row or group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Null,
    Number(Decimal),
    Text(String),
    Day(Date),
    Struct(Vec<Option<Decimal>>),
}

impl From<Option<Decimal>> for Answer {
    fn from(number: Option<Decimal>) -> Self {
        number.map_or(Self::Null, Self::Number)
    }
}

impl Value {
    pub(super) fn number(&self) -> Result<Decimal, MethodError> {
        if let Self::Number(number) = self { Ok(*number) } else { Err(wrong("a number")) }
    }

    /// A whole number from 0.
    pub(super) fn count(&self) -> Result<u32, MethodError> {
        let number = self.number()?;
        number.is_integer().then(|| number.to_u32()).flatten().ok_or(wrong("a whole number from 0"))
    }

    /// A whole number.
    pub(super) fn integer(&self) -> Result<i32, MethodError> {
        let number = self.number()?;
        number.is_integer().then(|| number.to_i32()).flatten().ok_or(wrong("a whole number"))
    }

    pub(super) fn text(&self) -> Result<&str, MethodError> {
        if let Self::Text(text) = self { Ok(text) } else { Err(wrong("a text")) }
    }

    pub(super) fn day(&self) -> Result<Date, MethodError> {
        if let Self::Day(day) = self { Ok(*day) } else { Err(wrong("a date")) }
    }
}

/// What a function could not do.
#[derive(Debug, thiserror::Error)]
#[error("`{function}`: {source}")]
pub(in crate::engine) struct FunctionError {
    function: &'static str,
    source: MethodError,
}

/// An error of a method as `DataFusion` carries it.
pub(super) fn failed(function: &'static str, source: MethodError) -> DataFusionError {
    DataFusionError::External(Box::new(FunctionError { function, source }))
}

const fn wrong(rule: &'static str) -> MethodError {
    MethodError::Argument { name: "an argument", rule }
}

/// The type to which an argument is cast before a function sees it.
pub(super) fn coerced(function: &str, argument: Argument, given: &DataType) -> Result<DataType, DataFusionError> {
    use DataType::{
        Boolean, Date32, Date64, Decimal32, Decimal64, Decimal128, Dictionary, Float16, Float32, Float64, LargeUtf8,
        Null, Timestamp, Utf8, Utf8View,
    };
    if let Dictionary(_, values) = given {
        return coerced(function, argument, values);
    }
    let to = match (argument, given) {
        (Argument::Number | Argument::Flag, Decimal128(..)) => given.clone(),
        (Argument::Number | Argument::Flag, Decimal32(_, scale) | Decimal64(_, scale)) => Decimal128(38, *scale),
        (Argument::Number | Argument::Flag, kind) if kind.is_integer() => Decimal128(20, 0),
        (Argument::Number | Argument::Flag, Null) => Decimal128(38, 0),
        (Argument::Number, Float16 | Float32 | Float64) => Float64,
        (Argument::Flag, Boolean) => Boolean,
        (Argument::Text, Utf8 | Utf8View | LargeUtf8 | Null) => Utf8,
        (Argument::Day, Date32 | Date64 | Timestamp(..) | Utf8 | Utf8View | LargeUtf8 | Null) => Date32,
        _ => return plan_err!("`{function}` takes {} where it is given {given}", describe(argument)),
    };
    Ok(to)
}

pub(super) const fn describe(argument: Argument) -> &'static str {
    match argument {
        Argument::Number => "a decimal",
        Argument::Flag => "true or false",
        Argument::Text => "a text",
        Argument::Day => "a date",
    }
}

/// A column of arguments.
pub(super) enum Arguments {
    Decimals(Decimal128Array, u32),
    Floats(Float64Array),
    Flags(BooleanArray),
    Texts(StringArray),
    Days(Date32Array),
}

impl Arguments {
    pub(super) fn new(function: &str, array: &ArrayRef) -> Result<Self, DataFusionError> {
        let data = || array.to_data();
        Ok(match array.data_type() {
            DataType::Decimal128(_, scale) => {
                Self::Decimals(Decimal128Array::from(data()), u32::try_from(*scale).unwrap_or(0))
            }
            DataType::Float64 => Self::Floats(Float64Array::from(data())),
            DataType::Boolean => Self::Flags(BooleanArray::from(data())),
            DataType::Utf8 => Self::Texts(StringArray::from(data())),
            DataType::Utf8View => Self::Texts(StringArray::from(cast(array, &DataType::Utf8)?.to_data())),
            DataType::Date32 => Self::Days(Date32Array::from(data())),
            other => return exec_err!("`{function}` cannot take {other}"),
        })
    }

    /// The argument of a row; none for null.
    pub(super) fn value(&self, row: usize) -> Result<Option<Value>, MethodError> {
        let number = |number: Option<Decimal>| number.map(Value::Number).map(Some).ok_or(MethodError::Overflow);
        match self {
            Self::Decimals(array, scale) if array.is_valid(row) => number(exact(array.value(row), *scale)),
            // As it is written: the shortest digits that mean this float.
            Self::Floats(array) if array.is_valid(row) => number(array.value(row).to_string().parse().ok()),
            Self::Flags(array) if array.is_valid(row) => number(Some(Decimal::from(u8::from(array.value(row))))),
            Self::Texts(array) if array.is_valid(row) => Ok(Some(Value::Text(array.value(row).to_owned()))),
            Self::Days(array) if array.is_valid(row) => {
                let since = jiff::Span::new().try_days(array.value(row));
                let day =
                    since.and_then(|days| date(1970, 1, 1).checked_add(days)).map_err(|_| MethodError::Overflow)?;
                Ok(Some(Value::Day(day)))
            }
            _ => Ok(None),
        }
    }
}

/// A decimal of 28 digits from one of 38, if no digit is lost.
fn exact(mut value: i128, mut scale: u32) -> Option<Decimal> {
    while scale > 0 && value % 10 == 0 {
        value /= 10;
        scale -= 1;
    }
    Decimal::try_from_i128_with_scale(value, scale).ok()
}

/// The type of what a function gives.
pub(super) fn result_type(yields: Yields) -> DataType {
    match yields {
        Yields::Number(scale) => DataType::Decimal128(38, scale),
        Yields::Text => DataType::Utf8,
        Yields::Day => DataType::Date32,
        Yields::Struct(parts) => DataType::Struct(fields(parts)),
    }
}

fn fields(parts: &[(&str, Part)]) -> Fields {
    let field = |(name, part): &(&str, Part)| Field::new(*name, part_type(*part), true);
    parts.iter().map(field).collect()
}

const fn part_type(part: Part) -> DataType {
    match part {
        Part::Number(scale) => DataType::Decimal128(38, scale),
        Part::Count => DataType::Int64,
    }
}

/// The column of some answers.
pub(super) fn column_of(
    function: &'static str,
    yields: Yields,
    answers: &[Answer],
) -> Result<ArrayRef, DataFusionError> {
    Ok(match yields {
        Yields::Number(scale) => {
            let number = |answer: &Answer| if let Answer::Number(number) = answer { Some(*number) } else { None };
            numbers(function, answers.iter().map(number), Part::Number(scale))?
        }
        Yields::Text => {
            let text = |answer: &Answer| if let Answer::Text(text) = answer { Some(text.clone()) } else { None };
            Arc::new(answers.iter().map(text).collect::<StringArray>())
        }
        Yields::Day => {
            let day = |answer: &Answer| if let Answer::Day(day) = answer { Some(days_since_epoch(*day)) } else { None };
            Arc::new(answers.iter().map(day).collect::<Date32Array>())
        }
        Yields::Struct(parts) => {
            let mut columns = Vec::with_capacity(parts.len());
            for (at, (_, part)) in parts.iter().enumerate() {
                let number =
                    |answer: &Answer| if let Answer::Struct(all) = answer { all.get(at).copied()? } else { None };
                columns.push(numbers(function, answers.iter().map(number), *part)?);
            }
            let there = answers.iter().map(|answer| matches!(answer, Answer::Struct(_))).collect::<Vec<_>>();
            Arc::new(StructArray::try_new(fields(parts), columns, Some(there.into()))?)
        }
    })
}

fn numbers(
    function: &'static str,
    values: impl Iterator<Item = Option<Decimal>>,
    part: Part,
) -> Result<ArrayRef, DataFusionError> {
    match part {
        Part::Number(scale) => {
            let scaled = values.map(|value| {
                value.map(|value| rescaled(value, scale).map_err(|error| failed(function, error))).transpose()
            });
            let array = scaled.collect::<Result<Decimal128Array, _>>()?;
            Ok(Arc::new(array.with_precision_and_scale(38, scale)?))
        }
        Part::Count => Ok(Arc::new(values.map(|value| value.and_then(|value| value.to_i64())).collect::<Int64Array>())),
    }
}

/// A decimal as Arrow holds it, rounded half away from zero to so many digits after the point.
fn rescaled(value: Decimal, scale: i8) -> Result<i128, MethodError> {
    let scale = u32::try_from(scale).unwrap_or(0);
    let rounded = value.round_dp_with_strategy(scale, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    let missing = scale.saturating_sub(rounded.scale());
    let held = 10_i128.checked_pow(missing).and_then(|power| rounded.mantissa().checked_mul(power));
    // 38 digits are what such a column may hold.
    held.filter(|held| held.unsigned_abs() < 10_u128.pow(38)).ok_or(MethodError::Overflow)
}
