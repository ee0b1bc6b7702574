//! Difference in differences: what changed more in those who were treated (domain, section 2F).
//!
//! Within a cohort the effect is the mean change of the treated less the mean change of the controls. Over cohorts it is
//! their mean, weighted by the treated. With one cohort and each unit once the error is `sqrt(s_t^2/n_t + s_c^2/n_c)` with
//! the degrees of freedom of Welch (1947). Units that stand in several cohorts, as controls that were not treated yet do, are not
//! independent: their weighted deviations are added up before they are squared.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::MethodError;
use super::mean::{around, check_confidence, moments, quantile};
use super::significant::{float, float_of, significant};

/// Below this number in an arm a cohort has no spread and cannot be compared.
const LEAST_IN_ARM: usize = 2;

/// Who was treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Arm {
    /// Not treated, or not yet.
    Control,
    /// Treated.
    Treated,
}

/// What one unit changed by, within a cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Within which it is compared.
    pub cohort: u32,
    /// On which side.
    pub arm: Arm,
    /// Who; the same number wherever it is the same unit.
    pub unit: u32,
    /// By how much.
    pub change: Decimal,
}

/// An estimated effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// How much more the treated changed, exact.
    pub value: Decimal,
    /// Lower and upper end; none if nothing varies.
    pub interval: Option<(Decimal, Decimal)>,
    /// Treated units in it.
    pub treated: usize,
    /// Control units in it.
    pub controls: usize,
    /// Degrees of freedom; none if nothing varies.
    pub freedom: Option<Decimal>,
}

/// Changes of one arm of one cohort.
struct Side<'a> {
    rows: Vec<&'a Change>,
    mean: Decimal,
    spread: f64,
}

/// The effect at `confidence` (0.95). Cohorts with fewer than two in an arm are left out. None if nothing remains.
///
/// # Errors
/// When `confidence` is not between 0 and 1, or a sum does not fit.
pub fn effect(changes: &[Change], confidence: Decimal) -> Result<Option<Effect>, MethodError> {
    check_confidence(confidence)?;
    let mut ordered: Vec<&Change> = changes.iter().collect();
    ordered.sort_unstable();
    let mut cohorts: Vec<(Side<'_>, Side<'_>)> = Vec::new();
    for cohort in ordered.chunk_by(|a, b| a.cohort == b.cohort) {
        if let (Some(treated), Some(control)) = (side(cohort, Arm::Treated)?, side(cohort, Arm::Control)?) {
            cohorts.push((treated, control));
        }
    }
    let all: usize = cohorts.iter().map(|(treated, _)| treated.rows.len()).sum();
    if all == 0 {
        return Ok(None);
    }
    let value = weighted(&cohorts, all)?;
    let units = |pick: fn(&(Side<'_>, Side<'_>)) -> Vec<u32>| cohorts.iter().flat_map(pick).collect::<BTreeSet<_>>();
    let treated = units(|(treated, _)| treated.rows.iter().map(|row| row.unit).collect()).len();
    let controls = units(|(_, control)| control.rows.iter().map(|row| row.unit).collect()).len();
    let none = Effect { value, interval: None, treated, controls, freedom: None };
    let variance = variance(&cohorts, all)?;
    let Some(freedom) = freedom(&cohorts, all).filter(|_| variance > 0.0) else { return Ok(Some(none)) };
    let half = quantile(confidence, freedom)? * variance.sqrt();
    Ok(Some(Effect { interval: Some(around(value, half)?), freedom: Some(significant(freedom)?), ..none }))
}

fn side<'a>(cohort: &[&'a Change], arm: Arm) -> Result<Option<Side<'a>>, MethodError> {
    let rows: Vec<&Change> = cohort.iter().copied().filter(|row| row.arm == arm).collect();
    if rows.len() < LEAST_IN_ARM {
        return Ok(None);
    }
    let changes: Vec<Decimal> = rows.iter().map(|row| row.change).collect();
    Ok(moments(&changes)?.map(|(mean, spread)| Side { rows, mean, spread }))
}

/// `sum(n_g (mean_t - mean_c)) / sum(n_g)`, exact.
fn weighted(cohorts: &[(Side<'_>, Side<'_>)], all: usize) -> Result<Decimal, MethodError> {
    let mut sum = Decimal::ZERO;
    for (treated, control) in cohorts {
        let difference = treated.mean.checked_sub(control.mean);
        let part = difference.and_then(|d| d.checked_mul(Decimal::from(treated.rows.len())));
        sum = part.and_then(|part| sum.checked_add(part)).ok_or(MethodError::Overflow)?;
    }
    sum.checked_div(Decimal::from(all)).ok_or(MethodError::Overflow)
}

/// sum over units of (sum of their weighted deviations from the mean of their side)^2.
fn variance(cohorts: &[(Side<'_>, Side<'_>)], all: usize) -> Result<f64, MethodError> {
    let mut influence: BTreeMap<u32, f64> = BTreeMap::new();
    for (treated, control) in cohorts {
        let weight = float_of(treated.rows.len()) / float_of(all);
        for (side, sign) in [(treated, 1.0), (control, -1.0)] {
            let n = float_of(side.rows.len());
            let factor = sign * weight * (n / (n - 1.0)).sqrt() / n;
            for row in &side.rows {
                let apart = row.change.checked_sub(side.mean).ok_or(MethodError::Overflow)?;
                *influence.entry(row.unit).or_default() += factor * float(apart);
            }
        }
    }
    let mut squares: Vec<f64> = influence.values().map(|one| one * one).collect();
    squares.sort_by(f64::total_cmp);
    Ok(squares.iter().sum())
}

/// Satterthwaite's degrees of freedom over all sides; Welch's for one cohort. None if nothing varies.
fn freedom(cohorts: &[(Side<'_>, Side<'_>)], all: usize) -> Option<f64> {
    let (mut sum, mut below) = (0.0, 0.0);
    for (treated, control) in cohorts {
        let weight = float_of(treated.rows.len()) / float_of(all);
        for side in [treated, control] {
            let n = float_of(side.rows.len());
            let part = weight * weight * side.spread / n;
            sum += part;
            below += part * part / (n - 1.0);
        }
    }
    (below > 0.0).then(|| sum * sum / below)
}
