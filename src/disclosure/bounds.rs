//! What an attacker can say about hidden sums without knowing them: no amount is negative.
//!
//! Bounds are carried from equation to equation until nothing moves. They contain the true range of what is possible, so a
//! range that is too narrow here is too narrow indeed; the exact range is for the audit.

use rust_decimal::Decimal;

use super::relations::Equation;
use super::variables::{VariableId, Variables};

/// Lower and upper end, where there are any.
pub(super) type Range = (Option<Decimal>, Option<Decimal>);

/// Rounds of carrying; each round only narrows, and what moves later moves little.
const ROUNDS: usize = 30;

/// Ranges of the hidden columns of some equations, in the order of `hidden`, which is sorted; `least` is the least that a
/// hidden count can be.
pub(super) fn ranges(
    hidden: &[VariableId],
    equations: &[&Equation],
    variables: &Variables,
    least: Decimal,
) -> Vec<Range> {
    let floor = |id: VariableId| {
        let variable = variables.get(id);
        variable.never_negative.then_some(if variable.counts { least } else { Decimal::ZERO })
    };
    let mut ranges: Vec<Range> = hidden.iter().map(|id| (floor(*id), None)).collect();
    let lines: Vec<Line> = equations.iter().filter_map(|equation| split(equation, hidden, variables)).collect();
    for _ in 0..ROUNDS {
        let mut moved = false;
        for line in &lines {
            moved |= carry(line, &mut ranges);
        }
        if !moved {
            break;
        }
    }
    ranges
}

/// Hidden terms as positions among the hidden columns, and what they must sum to.
type Line = (Vec<(usize, Decimal)>, Decimal);

fn split(equation: &Equation, hidden: &[VariableId], variables: &Variables) -> Option<Line> {
    let mut terms = Vec::new();
    let mut target = Decimal::ZERO;
    for (id, factor) in &equation.0 {
        let factor = Decimal::from(*factor);
        match hidden.binary_search(id) {
            Ok(position) => terms.push((position, factor)),
            Err(_) => target = target.checked_sub(factor.checked_mul(variables.get(*id).value)?)?,
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
fn carry((terms, target): &Line, ranges: &mut [Range]) -> bool {
    let (mut least, mut most) = (End::default(), End::default());
    let mut ends = Vec::with_capacity(terms.len());
    for (at, factor) in terms {
        let (low, high) = ranges[*at];
        let (low, high) = if *factor > Decimal::ZERO { (low, high) } else { (high, low) };
        let scaled = |end: Option<Decimal>| end.and_then(|end| times(end, *factor));
        let pair = (scaled(low), scaled(high));
        if least.add(pair.0).and_then(|()| most.add(pair.1)).is_none() {
            return false;
        }
        ends.push(pair);
    }
    let mut moved = false;
    for ((at, factor), (low, high)) in terms.iter().zip(ends) {
        let left = |others: Option<Decimal>| others.and_then(|sum| over(target.checked_sub(sum)?, *factor));
        let (one, other) = (left(most.without(high)), left(least.without(low)));
        if one.is_none() && other.is_none() {
            continue;
        }
        let implied = if *factor > Decimal::ZERO { (one, other) } else { (other, one) };
        let range = &mut ranges[*at];
        let narrowed = (later(range.0, implied.0), earlier(range.1, implied.1));
        moved |= narrowed != *range;
        *range = narrowed;
    }
    moved
}

/// Nearly all factors are one or minus one.
fn times(value: Decimal, factor: Decimal) -> Option<Decimal> {
    if factor == Decimal::ONE {
        return Some(value);
    }
    if factor == Decimal::NEGATIVE_ONE { Some(-value) } else { value.checked_mul(factor) }
}

fn over(value: Decimal, factor: Decimal) -> Option<Decimal> {
    if factor.abs() == Decimal::ONE { times(value, factor) } else { value.checked_div(factor) }
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
