//! What an attacker can say about hidden sums without knowing them: no amount is negative, no suppressed count is zero.
//!
//! Bounds are carried from equation to equation until nothing moves. They contain the true range of what is possible, so a
//! range that is too narrow here is too narrow indeed; the exact range is for the audit.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::relations::Equation;
use super::variables::{VariableId, Variables};

/// Lower and upper end, where there are any.
pub(super) type Range = (Option<Decimal>, Option<Decimal>);

/// Rounds of carrying; each round only narrows, and what moves later moves little.
const ROUNDS: usize = 30;

/// Ranges of the hidden columns of some equations.
pub(super) fn ranges(
    hidden: &[VariableId],
    equations: &[&Equation],
    variables: &Variables,
) -> BTreeMap<VariableId, Range> {
    let mut ranges: BTreeMap<VariableId, Range> =
        hidden.iter().map(|id| (*id, (variables.get(*id).floor, None))).collect();
    let lines: Vec<(Vec<(VariableId, Decimal)>, Decimal)> =
        equations.iter().filter_map(|e| split(e, &ranges, variables)).collect();
    for _ in 0..ROUNDS {
        let mut moved = false;
        for (terms, target) in &lines {
            for (position, (id, factor)) in terms.iter().enumerate() {
                let Some(range) = implied(terms, *target, position, *factor, &ranges) else { continue };
                let entry = ranges.entry(*id).or_insert((None, None));
                let narrowed = (later(entry.0, range.0), earlier(entry.1, range.1));
                moved |= narrowed != *entry;
                *entry = narrowed;
            }
        }
        if !moved {
            break;
        }
    }
    ranges
}

/// Hidden terms, and what they must sum to.
fn split(
    equation: &Equation,
    hidden: &BTreeMap<VariableId, Range>,
    variables: &Variables,
) -> Option<(Vec<(VariableId, Decimal)>, Decimal)> {
    let mut terms = Vec::new();
    let mut target = Decimal::ZERO;
    for (id, factor) in &equation.0 {
        let factor = Decimal::from(*factor);
        if hidden.contains_key(id) {
            terms.push((*id, factor));
        } else {
            target = target.checked_sub(factor.checked_mul(variables.get(*id).value)?)?;
        }
    }
    Some((terms, target))
}

/// What the other terms of a line leave for one of them.
fn implied(
    terms: &[(VariableId, Decimal)],
    target: Decimal,
    position: usize,
    factor: Decimal,
    ranges: &BTreeMap<VariableId, Range>,
) -> Option<Range> {
    let (mut least, mut most) = (Some(Decimal::ZERO), Some(Decimal::ZERO));
    for (_, (id, factor)) in terms.iter().enumerate().filter(|(at, _)| *at != position) {
        let (low, high) = ranges[id];
        let (low, high) = if *factor > Decimal::ZERO { (low, high) } else { (high, low) };
        least = least.zip(low).and_then(|(sum, end)| sum.checked_add(end.checked_mul(*factor)?));
        most = most.zip(high).and_then(|(sum, end)| sum.checked_add(end.checked_mul(*factor)?));
    }
    let end = |others: Option<Decimal>| others.and_then(|sum| target.checked_sub(sum)?.checked_div(factor));
    let (one, other) = (end(most), end(least));
    if one.is_none() && other.is_none() {
        return None;
    }
    Some(if factor > Decimal::ZERO { (one, other) } else { (other, one) })
}

fn later(one: Option<Decimal>, other: Option<Decimal>) -> Option<Decimal> {
    one.max(other)
}

fn earlier(one: Option<Decimal>, other: Option<Decimal>) -> Option<Decimal> {
    match (one, other) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (end, None) | (None, end) => end,
    }
}
