//! What somebody knows of a sum before anything is published: nothing, what anybody can look up, or what a contractor has
//! collected itself (domain, section 3.1). What is left after subtracting it must be safe of its own.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::model::{Contribution, GroupId, RawCell, SupplierCode};

/// What one group adds to a sum.
pub(super) type Share<'a> = (&'a GroupId, Decimal);

/// Which of a cell's two sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Role {
    /// The value of counts and magnitudes, what is divided in ratios and means.
    Numerator,
    /// What ratios and means are divided by.
    Denominator,
}

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Viewer<'a> {
    /// A reader who knows what anybody can look up.
    Anybody,
    /// A contractor, who knows its own part as well.
    Holder(&'a SupplierCode),
}

impl Role {
    /// The part of a contribution that belongs to the sum.
    pub(super) fn part(self, contribution: &Contribution) -> Decimal {
        match self {
            Self::Numerator => contribution.numerator,
            Self::Denominator => contribution.denominator.unwrap_or_default(),
        }
    }

    /// The sum.
    pub(super) fn sum(self, cell: &RawCell) -> Decimal {
        match self {
            Self::Numerator => cell.numerator,
            Self::Denominator => cell.denominator.unwrap_or_default(),
        }
    }
}

impl Viewer<'_> {
    /// How much of a contribution's part in a sum the viewer does not know; none if all of it is known.
    fn unknown(self, contribution: &Contribution, role: Role) -> Option<Decimal> {
        if let Self::Holder(holder) = self
            && contribution.holder.as_ref() == Some(holder)
        {
            return None;
        }
        let part = role.part(contribution);
        if role == Role::Denominator || contribution.public.is_zero() {
            return Some(part);
        }
        let left = part - contribution.public;
        (!left.is_zero()).then_some(left)
    }
}

/// What each group adds to a sum, one entry a group.
pub(super) fn shares(cell: &RawCell, role: Role) -> Vec<Share<'_>> {
    fold(cell.contributions.iter().map(|contribution| (&contribution.group, role.part(contribution))))
}

/// The group that alone adds anything to a sum.
pub(super) fn sole<'a>(shares: &[Share<'a>]) -> Option<&'a GroupId> {
    let mut behind = shares.iter().filter(|(_, value)| !value.is_zero());
    behind.next().filter(|_| behind.next().is_none()).map(|(group, _)| *group)
}

/// What of it a viewer does not know. Groups of which everything is known are left out.
pub(super) fn unknown_shares<'a>(cell: &'a RawCell, role: Role, viewer: Viewer<'_>) -> Vec<Share<'a>> {
    let left = |contribution: &'a Contribution| {
        viewer.unknown(contribution, role).map(|unknown| (&contribution.group, unknown))
    };
    fold(cell.contributions.iter().filter_map(left))
}

/// Everybody who must not learn a cell: anybody, and each contractor that holds a part of it.
pub(super) fn viewers(cell: &RawCell) -> Vec<Viewer<'_>> {
    let holders: BTreeSet<&SupplierCode> = cell.contributions.iter().filter_map(|c| c.holder.as_ref()).collect();
    std::iter::once(Viewer::Anybody).chain(holders.into_iter().map(Viewer::Holder)).collect()
}

/// Entries of one group stand side by side.
fn fold<'a>(parts: impl Iterator<Item = Share<'a>>) -> Vec<Share<'a>> {
    let mut shares: Vec<Share<'a>> = Vec::new();
    for (group, value) in parts {
        match shares.last_mut() {
            Some(last) if last.0 == group => last.1 += value,
            _ => shares.push((group, value)),
        }
    }
    shares
}
