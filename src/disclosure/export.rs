//! The rules for what analysts take out by themselves (domain, sections 3.2 and 3.7). They are stricter than those of the
//! pack, since nobody looks at each table. A refusal names the class of the rule and never a parameter.

use rust_decimal::Decimal;

use super::policy::Policy;

/// Fewest groups behind an exported cell where the policy file says nothing.
pub(super) const DEFAULT_THRESHOLD_EXPORT: u32 = 10;

/// What groups give to a cell, in any unit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ExportShares {
    /// How many groups.
    pub groups: usize,
    /// For amounts, their sizes; none for counts.
    pub sizes: Option<ExportSizes>,
}

/// Sizes of contributions, whatever their sign.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ExportSizes {
    /// All together.
    pub total: u128,
    /// The largest.
    pub largest: u128,
    /// The second largest.
    pub second: u128,
}

/// Why a cell does not leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExportRefusal {
    /// Too few groups stand behind it.
    TooFewGroups,
    /// One group dominates it.
    OneGroupDominates,
    /// Beside a cell that was released before, it gives a few groups away.
    DiffersByTooFew,
}

impl Policy {
    /// Why a cell may not leave; none when it may. Of several tables that have a part in the cell, each must pass.
    #[must_use]
    pub fn check_export(&self, shares: &[ExportShares]) -> Option<ExportRefusal> {
        let enough = |share: &ExportShares| share.groups >= self.fewest_to_export();
        if shares.is_empty() || !shares.iter().all(enough) {
            return Some(ExportRefusal::TooFewGroups);
        }
        let dominated = shares.iter().filter_map(|share| share.sizes).any(|sizes| self.is_dominated(sizes));
        dominated.then_some(ExportRefusal::OneGroupDominates)
    }

    /// Whether two cells whose facts differ for so many groups may both be out.
    #[must_use]
    pub fn check_difference(&self, groups: usize) -> Option<ExportRefusal> {
        (groups > 0 && groups < self.fewest_to_export()).then_some(ExportRefusal::DiffersByTooFew)
    }

    fn fewest_to_export(&self) -> usize {
        usize::try_from(self.threshold_export).unwrap_or(usize::MAX)
    }

    /// The p% rule: `X - x1 - x2 < (p/100) x1`. Sizes that do not fit a decimal count as dominated. Waivers do not count
    /// here: a group agreed to the pack, not to whatever an analyst puts together.
    fn is_dominated(&self, sizes: ExportSizes) -> bool {
        let decimal = |size: u128| Decimal::try_from_i128_with_scale(i128::try_from(size).ok()?, 0).ok();
        let rest = sizes.total.saturating_sub(sizes.largest).saturating_sub(sizes.second);
        let (Some(rest), Some(largest)) = (decimal(rest), decimal(sizes.largest)) else { return true };
        let needed = largest.checked_mul(self.p_percent).map(|share| share / Decimal::ONE_HUNDRED);
        needed.is_none_or(|needed| rest < needed)
    }
}

#[cfg(test)]
mod tests {
    use super::{ExportRefusal, ExportShares, ExportSizes, Policy};

    fn policy(threshold: &str) -> Policy {
        let text =
            format!("version = \"1\"\nthreshold_count = 5\nthreshold_magnitude = 3\np_percent = 10\n{threshold}\n");
        Policy::parse(&text, "policy.toml").expect("a policy")
    }

    fn amount(groups: usize, total: u128, largest: u128, second: u128) -> ExportShares {
        ExportShares { groups, sizes: Some(ExportSizes { total, largest, second }) }
    }

    fn count(groups: usize) -> ExportShares {
        ExportShares { groups, sizes: None }
    }

    #[test]
    fn ten_groups_are_needed_where_the_policy_says_nothing() {
        assert_eq!(policy("").check_export(&[count(9)]), Some(ExportRefusal::TooFewGroups));
        assert_eq!(policy("").check_export(&[count(10)]), None);
        assert_eq!(policy("threshold_export = 12").check_export(&[count(11)]), Some(ExportRefusal::TooFewGroups));
        assert_eq!(policy("").check_export(&[]), Some(ExportRefusal::TooFewGroups));
        assert_eq!(policy("").check_export(&[count(30), count(1)]), Some(ExportRefusal::TooFewGroups));
    }

    #[test]
    fn an_amount_that_one_group_dominates_stays() {
        let policy = policy("");
        // The rest is exactly a tenth of the largest: safe (domain 3.6 a, edge).
        assert_eq!(policy.check_export(&[amount(10, 160, 100, 50)]), None);
        assert_eq!(policy.check_export(&[amount(10, 159, 100, 50)]), Some(ExportRefusal::OneGroupDominates));
        assert_eq!(policy.check_export(&[amount(10, u128::MAX, u128::MAX, 0)]), Some(ExportRefusal::OneGroupDominates));
    }

    #[test]
    fn cells_differ_by_nobody_or_by_enough() {
        let found: Vec<bool> = [0, 1, 9, 10].map(|groups| policy("").check_difference(groups).is_some()).to_vec();
        assert_eq!(found, [false, true, true, false]);
    }

    #[test]
    fn a_threshold_that_is_no_number_is_told_without_its_value() {
        let text =
            "version = \"1\"\nthreshold_count = 5\nthreshold_magnitude = 3\np_percent = 10\nthreshold_export = 1\n";
        let error = Policy::parse(text, "policy.toml").expect_err("one is no threshold").to_string();
        let expected = "read the disclosure policy policy.toml: `threshold_export` is not a whole number from 2 to 1000; see \
                        the guide for operators";
        assert_eq!(error, expected);
    }
}
