//! Primary rules: which sums may not be published for their own sake (domain, section 3.2).

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::knowledge::{Role, Share, shares, unknown_shares, viewers};
use super::policy::{Dominance, Policy, Waivers};
use crate::model::{GroupId, Kind, RawCell, TableHeader, Unit};

/// How far an attacker's interval must reach around a confidential value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Need {
    /// It must reach up to here, or further.
    pub(super) upper: Decimal,
    /// It must reach down to here, or further.
    pub(super) lower: Decimal,
}

impl Need {
    /// The wider of two needs; none needs nothing.
    pub(super) fn wider(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (one, other) {
            (Some(a), Some(b)) => Some(Self { upper: a.upper.max(b.upper), lower: a.lower.min(b.lower) }),
            (need, None) | (None, need) => need,
        }
    }
}

/// A median, a growth rate or an estimated effect: unsafe when too few groups stand behind it (domain, section 3.2). Nothing adds
/// up to it, so nothing else need be hidden for it.
fn level_rule(header: &TableHeader, cell: &RawCell, policy: &Policy) -> bool {
    let groups: BTreeSet<&GroupId> = cell.contributions.iter().map(|contribution| &contribution.group).collect();
    groups.len() < policy.fewest_groups(header.kind)
}

/// What it takes to protect one of a cell's sums, if it is confidential for its own sake. It must be safe from everybody:
/// what a contractor does not know of it, and what nobody can look up, must pass the rules as well.
pub(super) fn need_of(
    header: &TableHeader,
    cell: &RawCell,
    role: Role,
    policy: &Policy,
    waivers: &Waivers,
) -> Option<Need> {
    let total = role.sum(cell);
    if role == Role::Numerator && tells_nothing_of_all(header, cell, policy) {
        let upper = if header.kind == Kind::Count { Decimal::ONE } else { Decimal::ZERO };
        return Some(Need { upper, lower: Decimal::ZERO });
    }
    let mut need = None;
    for viewer in viewers(cell) {
        let left = unknown_shares(cell, role, viewer);
        need = Need::wider(need, rule(header, role, &left, total, policy, waivers));
    }
    need
}

/// The rules for a sum of which a viewer does not know these shares.
pub(super) fn rule(
    header: &TableHeader,
    role: Role,
    left: &[Share<'_>],
    total: Decimal,
    policy: &Policy,
    waivers: &Waivers,
) -> Option<Need> {
    let nonzero = left.iter().filter(|(_, value)| !value.is_zero()).count();
    // Those that add nothing to the numerator of a ratio are known to be in its denominator.
    let groups = if role == Role::Numerator && header.kind != Kind::Magnitude { left.len() } else { nonzero };
    match (header.kind, header.unit) {
        (Kind::Count, Unit::People) => {
            let amount = magnitude_rule(left, nonzero, total, policy.fewest_groups(Kind::Count), policy, waivers);
            Need::wider(amount, persons_rule(left, total, policy))
        }
        (Kind::Count, _) => count_rule(left, total, policy),
        (kind, _) => magnitude_rule(left, groups, total, policy.fewest_groups(kind), policy, waivers),
    }
}

/// Whether a cell is hidden although its sums may be known: a percentage over too few, or a figure that says something of
/// every firm of a small known group. Figures that are no sums have no other rule than the number of groups behind them.
pub(super) fn is_hidden_itself(header: &TableHeader, cell: &RawCell, policy: &Policy) -> bool {
    if !header.kind.is_additive() {
        return level_rule(header, cell, policy);
    }
    if header.kind != Kind::Ratio {
        return false;
    }
    let base = shares(cell, Role::Denominator).iter().filter(|(_, value)| !value.is_zero()).count();
    let all_or_nothing = cell.numerator.is_zero() || Some(cell.numerator) == cell.denominator;
    (header.unit == Unit::PerCent && is_below(base, policy.threshold_percentage))
        || (all_or_nothing && is_below(base, policy.threshold_attribute))
}

/// Whether a zero says of every firm of a small known group that it has none.
fn tells_nothing_of_all(header: &TableHeader, cell: &RawCell, policy: &Policy) -> bool {
    let plain = matches!(header.kind, Kind::Count | Kind::Magnitude);
    let none = cell.contributions.iter().all(|contribution| contribution.numerator.is_zero());
    plain
        && none
        && !cell.contributions.is_empty()
        && is_below(shares(cell, Role::Numerator).len(), policy.threshold_attribute)
}

fn is_below(groups: usize, threshold: Option<u32>) -> bool {
    threshold.is_some_and(|fewest| groups < usize::try_from(fewest).unwrap_or(usize::MAX))
}

/// A count of enterprises or cases: unsafe when too few groups stand behind it. An attacker knows that it is whole, so the
/// interval must hold everything that a suppressed count can be, from one upwards.
fn count_rule(left: &[Share<'_>], total: Decimal, policy: &Policy) -> Option<Need> {
    let groups = left.iter().filter(|(_, value)| !value.is_zero()).count();
    if groups == 0 || groups >= policy.fewest_groups(Kind::Count) {
        return None;
    }
    let unknown: Decimal = left.iter().map(|(_, value)| *value).sum();
    let most = Decimal::from(policy.threshold_count.saturating_sub(1));
    Some(whole_need(total, unknown, most))
}

/// A count of people: unsafe when there are few of them, however many firms they work in.
fn persons_rule(left: &[Share<'_>], total: Decimal, policy: &Policy) -> Option<Need> {
    let fewest = Decimal::from(policy.threshold_persons?);
    let people: Decimal = left.iter().map(|(_, value)| *value).sum();
    (people > Decimal::ZERO && people < fewest).then(|| whole_need(total, people, fewest - Decimal::ONE))
}

/// The unknown part of a whole total must be able to be anything from one to `most`.
fn whole_need(total: Decimal, unknown: Decimal, most: Decimal) -> Need {
    let known = total - unknown;
    Need { upper: known + most.max(unknown), lower: known + Decimal::ONE.min(unknown) }
}

/// A sum of amounts, or one part of a ratio or mean: unsafe when too few groups stand behind it (`groups`, which for a
/// ratio includes those that add nothing to this part), when the second largest could estimate the largest to within
/// p%, or when the largest few make too much of it. Amounts count by their size, whatever their sign.
fn magnitude_rule(
    left: &[Share<'_>],
    groups: usize,
    total: Decimal,
    fewest: usize,
    policy: &Policy,
    waivers: &Waivers,
) -> Option<Need> {
    if left.iter().all(|(_, value)| value.is_zero()) {
        return None;
    }
    let level = protection_level(left, policy.p_percent, waivers)
        .into_iter()
        .chain(policy.dominance.and_then(|rule| dominance_level(left, rule)))
        .max();
    if groups >= fewest && level.is_none() {
        return None;
    }
    // Too few groups alone: it is protected as if nobody but the largest were in it.
    let largest = left.iter().filter(|(group, _)| !waivers.holds(group)).map(|(_, value)| value.abs()).max();
    let alone = || largest.unwrap_or_default() * policy.p_percent / Decimal::ONE_HUNDRED;
    let level = level.unwrap_or_else(alone);
    Some(Need { upper: total + level, lower: total - level })
}

/// The p% rule: `X - x1 - x2 < (p/100) x1`, equality being safe. With waivers, `x1` is the largest that has not waived and
/// `x2` the largest other. Gives the required upper distance, or none when safe.
pub(super) fn protection_level(shares: &[Share<'_>], p_percent: Decimal, waivers: &Waivers) -> Option<Decimal> {
    let (mut sum, mut largest, mut second) = (Decimal::ZERO, None, Decimal::ZERO);
    let mut largest_waived = Decimal::ZERO;
    for (group, value) in shares {
        let size = value.abs();
        sum += size;
        if waivers.holds(group) {
            largest_waived = largest_waived.max(size);
            continue;
        }
        match largest {
            Some(most) if size <= most => second = second.max(size),
            _ => second = largest.replace(size).unwrap_or(second).max(second),
        }
    }
    let largest = largest?;
    let rest = sum - largest - second.max(largest_waived);
    let needed = largest * p_percent / Decimal::ONE_HUNDRED;
    (rest < needed).then(|| needed - rest)
}

/// The (n,k) rule: `x1 + .. + xn > (k/100) X`. Gives the upper protection level `(100/k)(x1 + .. + xn) - X`, or none when
/// safe.
pub(super) fn dominance_level(shares: &[Share<'_>], rule: Dominance) -> Option<Decimal> {
    let mut sizes: Vec<Decimal> = shares.iter().map(|(_, value)| value.abs()).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let sum: Decimal = sizes.iter().sum();
    let largest: Decimal = sizes.iter().take(usize::try_from(rule.n).unwrap_or(usize::MAX)).sum();
    let level = largest * Decimal::ONE_HUNDRED / rule.k_percent - sum;
    (level > Decimal::ZERO).then_some(level)
}
