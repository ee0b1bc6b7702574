//! Figures that are no sums: medians, times to an event, growth, effects, and means with an interval. The formulas are
//! `engine::method`'s; here stands only what a row means in each of them.

use rust_decimal::Decimal;

use super::rows::{Row, Single};
use super::thresholds::Thresholds;
use crate::definitions::Measure;
use crate::engine::method::{
    Arm, Change, Followed, Grown, MethodError, SurvivalCurve, annual_rate, effect, mean_interval, percentile,
};
use crate::model::{Interval, Kind, ObsStatus, Unit};

/// A finished figure, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) value: Result<Decimal, ObsStatus>,
    pub(super) interval: Option<Interval>,
}

impl Figure {
    fn of(value: Option<Decimal>, otherwise: ObsStatus) -> Self {
        Self { value: value.ok_or(otherwise), interval: None }
    }
}

/// The figure of some rows. Rows stand for several equal observations, whose sums they hold.
pub(super) fn figure(measure: &Measure, rows: &[&Row], thresholds: &Thresholds) -> Result<Figure, MethodError> {
    match measure.kind {
        Kind::Median => {
            let values = singles(rows)?.into_iter().map(|one| one.value).collect();
            Ok(Figure::of(percentile(values, Decimal::new(5, 1))?, ObsStatus::NotApplicable))
        }
        Kind::SurvivalMedian => survival(rows, thresholds),
        Kind::Growth => growth(measure, rows),
        Kind::Estimate => estimate(rows, thresholds),
        _ => mean(measure, rows, thresholds),
    }
}

/// One observation.
struct One {
    value: Decimal,
    base: Decimal,
    of: Single,
}

/// Every observation by itself.
fn singles(rows: &[&Row]) -> Result<Vec<One>, MethodError> {
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(of) = row.single else { continue };
        let count = Decimal::from(of.observations);
        let part = |sum: Decimal| sum.checked_div(count).ok_or(MethodError::Overflow);
        let (value, base) = (part(row.numerator)?, part(row.denominator)?);
        all.extend((0..of.observations).map(|_| One { value, base, of }));
    }
    Ok(all)
}

fn survival(rows: &[&Row], thresholds: &Thresholds) -> Result<Figure, MethodError> {
    let followed: Vec<Followed> =
        singles(rows)?.iter().map(|one| Followed { days: one.value, event: !one.base.is_zero() }).collect();
    if followed.is_empty() {
        return Ok(Figure::of(None, ObsStatus::NotApplicable));
    }
    let curve = SurvivalCurve::new(followed)?;
    let mut figure = Figure::of(curve.median(), ObsStatus::NotYetDue);
    if figure.value.is_ok() {
        figure.interval = curve.median_interval(thresholds.confidence)?.map(interval);
    }
    Ok(figure)
}

fn growth(measure: &Measure, rows: &[&Row]) -> Result<Figure, MethodError> {
    let years_of = |row: &&Row| {
        let said = row.single.and_then(|single| single.years).or(measure.years.map(Decimal::from));
        said.ok_or(MethodError::Argument { name: "the years of growth", rule: "in a column or in the header" })
    };
    let grown = |row: &&Row| Ok(Grown { before: row.denominator, after: row.numerator, years: years_of(row)? });
    let rows = rows.iter().map(grown).collect::<Result<Vec<_>, MethodError>>()?;
    let rate = annual_rate(&rows)?;
    let factor = if measure.unit == Unit::PerCentAYear { Decimal::ONE_HUNDRED } else { Decimal::ONE };
    let rate = rate.map(|rate| rate.checked_mul(factor).ok_or(MethodError::Overflow)).transpose()?;
    Ok(Figure::of(rate, ObsStatus::NotApplicable))
}

fn estimate(rows: &[&Row], thresholds: &Thresholds) -> Result<Figure, MethodError> {
    let changes: Vec<Change> = singles(rows)?
        .iter()
        .map(|one| Change {
            cohort: one.of.cohort,
            arm: if one.base.is_zero() { Arm::Control } else { Arm::Treated },
            unit: one.of.business,
            change: one.value,
        })
        .collect();
    let found = effect(&changes, thresholds.confidence)?;
    let enough = |effect: &crate::engine::method::Effect| {
        effect.treated >= thresholds.minimum_treated && effect.controls >= thresholds.minimum_controls
    };
    let Some(effect) = found.filter(enough) else { return Ok(Figure::of(None, ObsStatus::LowReliability)) };
    Ok(Figure { value: Ok(effect.value), interval: effect.interval.map(interval) })
}

/// A mean's value is its quotient of sums, made elsewhere; here is its interval, in the unit of the printed figure.
fn mean(measure: &Measure, rows: &[&Row], thresholds: &Thresholds) -> Result<Figure, MethodError> {
    let values: Vec<Decimal> = singles(rows)?.iter().map(|one| one.value).collect();
    let factor = if measure.unit == Unit::PerCent { Decimal::ONE_HUNDRED } else { Decimal::ONE };
    let Some(found) = mean_interval(&values, thresholds.confidence)? else {
        return Ok(Figure::of(None, ObsStatus::NotApplicable));
    };
    let times = |end: Decimal| end.checked_mul(factor).ok_or(MethodError::Overflow);
    let ends = found.interval.map(|(lower, upper)| Ok((times(lower)?, times(upper)?))).transpose()?;
    Ok(Figure { value: Ok(times(found.mean)?), interval: ends.map(interval) })
}

const fn interval((lower, upper): (Decimal, Decimal)) -> Interval {
    Interval { lower, upper }
}
