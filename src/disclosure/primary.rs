//! Primary rules: which sums may not be published for their own sake (domain, section 3.2).

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::policy::{Policy, Waivers};
use crate::model::{GroupId, RawCell};

/// How far an attacker's interval must reach around a confidential value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Need {
    /// It must reach up to here, or further.
    pub(super) upper: Decimal,
    /// It must reach down to here, or further.
    pub(super) lower: Decimal,
}

/// What one group adds to a sum.
pub(super) type Share<'a> = (&'a GroupId, Decimal);

/// A count of enterprises or cases: unsafe when too few groups stand behind it. An attacker knows that it is whole, so the
/// interval must hold everything that a suppressed count can be, from one upwards.
pub(super) fn count_rule(shares: &[Share<'_>], total: Decimal, policy: &Policy) -> Option<Need> {
    let groups = shares.iter().filter(|(_, value)| !value.is_zero()).count();
    let fewest = usize::try_from(policy.threshold_count).unwrap_or(usize::MAX);
    let most = Decimal::from(policy.threshold_count.saturating_sub(1));
    (groups > 0 && groups < fewest).then_some(Need { upper: most.max(total), lower: Decimal::ONE.min(total) })
}

/// A median, a growth rate or an estimated effect: unsafe when too few groups stand behind it (domain, section 3.2). Nothing adds
/// up to it, so nothing else need be hidden for it.
pub(super) fn level_rule(cell: &RawCell, policy: &Policy) -> bool {
    let fewest = usize::try_from(policy.threshold_quantile).unwrap_or(usize::MAX);
    let groups: BTreeSet<&GroupId> = cell.contributions.iter().map(|contribution| &contribution.group).collect();
    groups.len() < fewest
}

/// A sum of amounts, or one part of a ratio or mean: unsafe when too few groups stand behind it (`groups`, which for a
/// ratio includes those that add nothing to this part), or when the second largest could estimate the largest to within
/// p%. Amounts count by their size, whatever their sign.
pub(super) fn magnitude_rule(
    shares: &[Share<'_>],
    groups: usize,
    total: Decimal,
    policy: &Policy,
    waivers: &Waivers,
) -> Option<Need> {
    let fewest = usize::try_from(policy.threshold_magnitude).unwrap_or(usize::MAX);
    let level = protection_level(shares, policy.p_percent, waivers);
    let any = shares.iter().any(|(_, value)| !value.is_zero());
    if !any || (groups >= fewest && level.is_none()) {
        return None;
    }
    let level = level.unwrap_or(Decimal::ZERO);
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
