//! Exact percentiles by linear interpolation (type 7 of Hyndman and Fan 1996; domain, section 0.1).

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::MethodError;

/// The percentile `share` (0 to 1) of `values`: with n values in order and h = (n - 1) share, the value at h, linear
/// between its two neighbours. None of nothing.
///
/// # Errors
/// When `share` is not within 0 and 1, or a step does not fit.
pub fn percentile(mut values: Vec<Decimal>, share: Decimal) -> Result<Option<Decimal>, MethodError> {
    if share < Decimal::ZERO || share > Decimal::ONE {
        return Err(MethodError::argument("the share of a percentile", "a number from 0 to 1"));
    }
    let Some(last) = values.len().checked_sub(1) else { return Ok(None) };
    let place = Decimal::from(last).checked_mul(share).ok_or(MethodError::Overflow)?;
    let below = place.floor().to_usize().ok_or(MethodError::Overflow)?;
    let weight = place.fract();
    values.sort_unstable();
    let low = values[below];
    if weight.is_zero() {
        return Ok(Some(low));
    }
    let between = values[below + 1].checked_sub(low).and_then(|gap| gap.checked_mul(weight));
    between.and_then(|part| low.checked_add(part)).map(Some).ok_or(MethodError::Overflow)
}
