//! Prices and time: deflating, splicing, discounting (domain, section 2F; HM Treasury, Green Book; GDP deflator guide).

use rust_decimal::Decimal;

use super::MethodError;

/// A value in prices of the base year: value x index of the base / index of the year.
///
/// # Errors
/// When the index of the year is not above zero, or the result does not fit.
pub fn deflate(value: Decimal, index: Decimal, base_index: Decimal) -> Result<Decimal, MethodError> {
    if index <= Decimal::ZERO {
        return Err(MethodError::argument("the price index", "above zero"));
    }
    scaled(value, base_index, index)
}

/// An old index carried onto the basis of a new one: old x new at the link / old at the link.
///
/// # Errors
/// When the old index at the link is not above zero, or the result does not fit.
pub fn splice(old: Decimal, old_at_link: Decimal, new_at_link: Decimal) -> Result<Decimal, MethodError> {
    if old_at_link <= Decimal::ZERO {
        return Err(MethodError::argument("the old index at the link", "above zero"));
    }
    scaled(old, new_at_link, old_at_link)
}

/// value x over / under. Where the product does not fit, the quotient comes first.
fn scaled(value: Decimal, over: Decimal, under: Decimal) -> Result<Decimal, MethodError> {
    let exact = value.checked_mul(over).and_then(|product| product.checked_div(under));
    exact.or_else(|| over.checked_div(under)?.checked_mul(value)).ok_or(MethodError::Overflow)
}

/// A rate and the last year in which it holds; none for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscountStep {
    /// The annual rate, such as 0.035.
    pub rate: Decimal,
    /// The last year, counted from the base year 0.
    pub last_year: Option<u32>,
}

/// The most years that are discounted.
const MOST_YEARS: u32 = 500;

/// What one pound in year `year` is worth in year 0. Year 0 is not discounted; later years chain: each divides by one plus
/// the rate that holds in it (real rates for real flows only).
///
/// # Errors
/// When `year` is beyond 500, a rate is not above -1, or the steps do not go on to `year`.
pub fn discount_factor(year: u32, steps: &[DiscountStep]) -> Result<Decimal, MethodError> {
    if year > MOST_YEARS {
        return Err(MethodError::argument("the year that is discounted", "from 0 to 500"));
    }
    let mut factor = Decimal::ONE;
    for t in 1..=year {
        let step = steps.iter().find(|step| step.last_year.is_none_or(|last| t <= last));
        let rate = step.ok_or(MethodError::argument("the discount rates", "given for every year"))?.rate;
        let growth = Decimal::ONE + rate;
        if growth <= Decimal::ZERO {
            return Err(MethodError::argument("a discount rate", "above -1"));
        }
        factor = factor.checked_div(growth).ok_or(MethodError::Overflow)?;
    }
    Ok(factor)
}

/// A value of year `year` as it is worth in year 0.
///
/// # Errors
/// As [`discount_factor`], and when the result does not fit.
pub fn present_value(value: Decimal, year: u32, steps: &[DiscountStep]) -> Result<Decimal, MethodError> {
    value.checked_mul(discount_factor(year, steps)?).ok_or(MethodError::Overflow)
}
