//! From floats back to decimals: twelve significant digits, so that the order of sums cannot show.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::MethodError;

/// Digits that are kept of a float.
const DIGITS: usize = 12;

/// A float as a decimal of twelve significant digits, half away from zero as printed.
pub(super) fn significant(value: f64) -> Result<Decimal, MethodError> {
    if !value.is_finite() {
        return Err(MethodError::Overflow);
    }
    let text = format!("{value:.*e}", DIGITS - 1);
    Decimal::from_scientific(&text).map(|decimal| decimal.normalize()).or_else(|_| tiny(value))
}

/// What is smaller than a decimal can hold is zero.
fn tiny(value: f64) -> Result<Decimal, MethodError> {
    if value.abs() < 1e-20 { Ok(Decimal::ZERO) } else { Err(MethodError::Overflow) }
}

/// The nearest float to a decimal.
pub(super) fn float(value: Decimal) -> f64 {
    value.to_f64().unwrap_or(f64::NAN)
}

/// A number of things as a float. Exact for any number of rows that fits in memory.
#[expect(clippy::cast_precision_loss, reason = "counts of rows stay far below 2^53")]
pub(super) const fn float_of(count: usize) -> f64 {
    count as f64
}
