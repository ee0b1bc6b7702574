//! Sums of contributions per group. A cell is a list sorted by group, each group once.

use rust_decimal::Decimal;

/// What one group adds to one cell. The group is its rank among all groups by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) group: u32,
    pub(super) numerator: Decimal,
    pub(super) denominator: Decimal,
}

impl Part {
    fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            group: self.group,
            numerator: self.numerator.checked_add(other.numerator)?,
            denominator: self.denominator.checked_add(other.denominator)?,
        })
    }
}

/// Sorts by group and adds up what belongs to one group. None on overflow.
pub(super) fn fold(mut parts: Vec<Part>) -> Option<Vec<Part>> {
    parts.sort_by_key(|part| part.group);
    let mut folded: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        match folded.last_mut() {
            Some(last) if last.group == part.group => *last = last.plus(part)?,
            _ => folded.push(part),
        }
    }
    Some(folded)
}

/// The sum of two cells. None on overflow.
pub(super) fn merge(left: &[Part], right: &[Part]) -> Option<Vec<Part>> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        match left[i].group.cmp(&right[j].group) {
            std::cmp::Ordering::Less => {
                merged.push(left[i]);
                i += 1;
            }
            std::cmp::Ordering::Greater => {
                merged.push(right[j]);
                j += 1;
            }
            std::cmp::Ordering::Equal => {
                merged.push(left[i].plus(right[j])?);
                i += 1;
                j += 1;
            }
        }
    }
    merged.extend_from_slice(&left[i..]);
    merged.extend_from_slice(&right[j..]);
    Some(merged)
}

/// Sums of numerators and of denominators. None on overflow.
pub(super) fn total(parts: &[Part]) -> Option<(Decimal, Decimal)> {
    let mut sums = (Decimal::ZERO, Decimal::ZERO);
    for part in parts {
        sums = (sums.0.checked_add(part.numerator)?, sums.1.checked_add(part.denominator)?);
    }
    Some(sums)
}
