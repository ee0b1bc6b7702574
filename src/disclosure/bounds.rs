//! What an attacker can say about hidden sums without knowing them: no amount is negative.
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

/// Ranges of the hidden columns of some equations; `least` is the least that a hidden count can be.
pub(super) fn ranges(
    hidden: &[VariableId],
    equations: &[&Equation],
    variables: &Variables,
    least: Decimal,
) -> BTreeMap<VariableId, Range> {
    let floor = |id: VariableId| {
        let variable = variables.get(id);
        variable.never_negative.then_some(if variable.counts { least } else { Decimal::ZERO })
    };
    let mut ranges: BTreeMap<VariableId, Range> = hidden.iter().map(|id| (*id, (floor(*id), None))).collect();
    let lines: Vec<(Vec<(VariableId, Decimal)>, Decimal)> =
        equations.iter().filter_map(|e| split(e, &ranges, variables)).collect();
    for _ in 0..ROUNDS {
        let mut moved = false;
        for (terms, target) in &lines {
            moved |= carry(terms, *target, &mut ranges);
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

/// One end of a sum of terms: the sum of the ends that there are, and how many there are not.
#[derive(Clone, Copy, Default)]
struct End {
    sum: Decimal,
    open: usize,
}

impl End {
    fn add(&mut self, end: Option<Decimal>) -> Option<()> {
        match end {
            Some(end) => self.sum = self.sum.checked_add(end)?,
            None => self.open += 1,
        }
        Some(())
    }

    /// The end of the sum without one of its terms.
    fn without(self, end: Option<Decimal>) -> Option<Decimal> {
        match (end, self.open) {
            (Some(end), 0) => self.sum.checked_sub(end),
            (None, 1) => Some(self.sum),
            _ => None,
        }
    }
}

/// Narrows each term of a line to what the others leave for it. Says whether anything moved.
fn carry(terms: &[(VariableId, Decimal)], target: Decimal, ranges: &mut BTreeMap<VariableId, Range>) -> bool {
    let (mut least, mut most) = (End::default(), End::default());
    let mut ends = Vec::with_capacity(terms.len());
    for (id, factor) in terms {
        let (low, high) = ranges[id];
        let (low, high) = if *factor > Decimal::ZERO { (low, high) } else { (high, low) };
        let scaled = |end: Option<Decimal>| end.and_then(|end| end.checked_mul(*factor));
        let pair = (scaled(low), scaled(high));
        if least.add(pair.0).and_then(|()| most.add(pair.1)).is_none() {
            return false;
        }
        ends.push(pair);
    }
    let mut moved = false;
    for ((id, factor), (low, high)) in terms.iter().zip(ends) {
        let left = |others: Option<Decimal>| others.and_then(|sum| target.checked_sub(sum)?.checked_div(*factor));
        let (one, other) = (left(most.without(high)), left(least.without(low)));
        if one.is_none() && other.is_none() {
            continue;
        }
        let implied = if *factor > Decimal::ZERO { (one, other) } else { (other, one) };
        let Some(range) = ranges.get_mut(id) else { continue };
        let narrowed = (later(range.0, implied.0), earlier(range.1, implied.1));
        moved |= narrowed != *range;
        *range = narrowed;
    }
    moved
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
