//! Means with Student's interval.

use rust_decimal::Decimal;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::MethodError;
use super::significant::{float, float_of, significant};

/// A mean and where the true one lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeanInterval {
    /// The mean, exact.
    pub mean: Decimal,
    /// Lower and upper end; none below two values.
    pub interval: Option<(Decimal, Decimal)>,
    /// How many values.
    pub count: usize,
}

/// The mean of `values` and its interval at `confidence` (0.95): mean -+ t s / sqrt(n), s being the sample's standard
/// deviation and t Student's quantile of n - 1 degrees of freedom. None of nothing.
///
/// # Errors
/// When `confidence` is not between 0 and 1, or a sum does not fit.
pub fn mean_interval(values: &[Decimal], confidence: Decimal) -> Result<Option<MeanInterval>, MethodError> {
    check_confidence(confidence)?;
    let Some((mean, spread)) = moments(values)? else { return Ok(None) };
    let count = values.len();
    if count < 2 {
        return Ok(Some(MeanInterval { mean, interval: None, count }));
    }
    let half = quantile(confidence, float_of(count - 1))? * (spread / float_of(count)).sqrt();
    Ok(Some(MeanInterval { mean, interval: Some(around(mean, half)?), count }))
}

/// The exact mean and the sample variance (of n - 1). None of nothing.
pub(super) fn moments(values: &[Decimal]) -> Result<Option<(Decimal, f64)>, MethodError> {
    if values.is_empty() {
        return Ok(None);
    }
    let sum = values.iter().try_fold(Decimal::ZERO, |sum, value| sum.checked_add(*value));
    let mean = sum.and_then(|sum| sum.checked_div(Decimal::from(values.len()))).ok_or(MethodError::Overflow)?;
    let mut squares = Vec::with_capacity(values.len());
    for value in values {
        let apart = float(value.checked_sub(mean).ok_or(MethodError::Overflow)?);
        squares.push(apart * apart);
    }
    squares.sort_by(f64::total_cmp);
    let spread = squares.iter().sum::<f64>() / float_of(values.len().saturating_sub(1).max(1));
    Ok(Some((mean, spread)))
}

/// Student's quantile that leaves half of what `confidence` lacks above it.
pub(super) fn quantile(confidence: Decimal, freedom: f64) -> Result<f64, MethodError> {
    let student = StudentsT::new(0.0, 1.0, freedom).map_err(|_| MethodError::Overflow)?;
    Ok(student.inverse_cdf(f64::midpoint(1.0, float(confidence))))
}

/// The two ends of an interval around a value.
pub(super) fn around(value: Decimal, half: f64) -> Result<(Decimal, Decimal), MethodError> {
    let half = significant(half)?;
    value.checked_sub(half).zip(value.checked_add(half)).ok_or(MethodError::Overflow)
}

pub(super) fn check_confidence(confidence: Decimal) -> Result<(), MethodError> {
    if confidence > Decimal::ZERO && confidence < Decimal::ONE {
        return Ok(());
    }
    Err(MethodError::argument("the confidence of an interval", "between 0 and 1"))
}
