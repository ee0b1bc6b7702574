//! Annual rates of growth (domain, section 2A G08).

use rust_decimal::Decimal;

use super::MethodError;
use super::significant::{float, significant};

/// The compound annual rate from `before` to `after` in so many years, as a fraction: (after / before)^(1/years) - 1. None
/// where before is not above zero, after is below it, or no time has passed.
///
/// # Errors
/// When the result does not fit.
pub fn compound_growth(before: Decimal, after: Decimal, years: Decimal) -> Result<Option<Decimal>, MethodError> {
    if before <= Decimal::ZERO || after < Decimal::ZERO || years <= Decimal::ZERO {
        return Ok(None);
    }
    let factor = (float(after) / float(before)).powf(1.0 / float(years));
    significant(factor - 1.0).map(Some)
}

/// What one contributor had before and after, and the years between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grown {
    /// Before.
    pub before: Decimal,
    /// After.
    pub after: Decimal,
    /// Years between.
    pub years: Decimal,
}

/// The one annual rate at which everything before would have become everything after: the g of
/// sum(before (1+g)^years) = sum(after), as a fraction. For equal years it is [`compound_growth`] of the sums. None where
/// nothing was there before, or less than nothing after.
///
/// # Errors
/// When something before or a number of years is negative, or the result does not fit.
pub fn annual_rate(rows: &[Grown]) -> Result<Option<Decimal>, MethodError> {
    if rows.iter().any(|row| row.before < Decimal::ZERO) {
        return Err(MethodError::argument("what was there before", "zero or more"));
    }
    if rows.iter().any(|row| row.years <= Decimal::ZERO) {
        return Err(MethodError::argument("the years of growth", "above zero"));
    }
    let sum = |of: fn(&Grown) -> Decimal| {
        rows.iter().try_fold(Decimal::ZERO, |sum, row| sum.checked_add(of(row))).ok_or(MethodError::Overflow)
    };
    let (before, after) = (sum(|row| row.before)?, sum(|row| row.after)?);
    if before.is_zero() || after < Decimal::ZERO {
        return Ok(None);
    }
    let years: Vec<Decimal> = rows.iter().filter(|row| !row.before.is_zero()).map(|row| row.years).collect();
    if let [first, rest @ ..] = years.as_slice()
        && rest.iter().all(|other| other == first)
    {
        return compound_growth(before, after, *first);
    }
    let mut ordered: Vec<(f64, f64)> = rows.iter().map(|row| (float(row.before), float(row.years))).collect();
    ordered.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let grown = |factor: f64| ordered.iter().map(|(before, years)| before * factor.powf(*years)).sum::<f64>();
    significant(root(grown, float(after))? - 1.0).map(Some)
}

/// The factor at which an increasing function reaches `target`, by halving.
fn root(value_at: impl Fn(f64) -> f64, target: f64) -> Result<f64, MethodError> {
    let (mut low, mut high) = (0.0_f64, 2.0_f64);
    while value_at(high) < target {
        high *= 2.0;
        if high > 1e12 {
            return Err(MethodError::Overflow);
        }
    }
    // Each step halves the distance; 200 leave nothing of it.
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if value_at(middle) < target {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(f64::midpoint(low, high))
}
