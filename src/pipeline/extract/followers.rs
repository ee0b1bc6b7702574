//! Rows that need a refused one, such as a firm whose successor is refused: refused with it, at any distance. A row that
//! points at itself, or rows that point at each other, need nobody else.

use std::collections::{BTreeMap, HashMap};

use super::bits::Bits;
use crate::definitions::SetRule;
use crate::model::Severity;

/// Adds to `failing`, the numbers of the rows that fail each rule, those that follow. `pairs` holds for each rule that
/// follows others a row and one that it needs; memory grows with them, which are the rows that point at others.
pub(super) fn follow(rules: &[SetRule], failing: &mut [Bits], pairs: &[Vec<(u64, u64)>]) {
    let mut followers: HashMap<u64, Vec<(usize, u64)>> = HashMap::new();
    // How many rows each still has of those that it needs one of, by rule.
    let mut needed: BTreeMap<(usize, u64), u64> = BTreeMap::new();
    for (rule, pairs) in pairs.iter().enumerate() {
        for (row, target) in pairs {
            followers.entry(*target).or_default().push((rule, *row));
            *needed.entry((rule, *row)).or_default() += 1;
        }
    }
    if followers.is_empty() {
        return;
    }
    let mut gone = Bits::default();
    let mut waiting: Vec<u64> = Vec::new();
    for (rule, rows) in rules.iter().zip(&*failing) {
        if rule.severity >= Severity::Quarantine {
            waiting.extend(rows.iter().filter(|row| followers.contains_key(row)));
            rows.iter().for_each(|row| {
                gone.insert(row);
            });
        }
    }
    waiting.sort_unstable();
    waiting.dedup();
    while let Some(target) = waiting.pop() {
        for (rule, row) in followers.remove(&target).unwrap_or_default() {
            let Some(left) = needed.get_mut(&(rule, row)) else { continue };
            *left -= 1;
            if *left == 0 && gone.insert(row) {
                failing[rule].insert(row);
                waiting.push(row);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bits, SetRule, follow};
    use crate::model::{RuleId, Severity};

    fn rule(severity: Severity, follows: bool) -> SetRule {
        SetRule {
            id: RuleId::of("V032"),
            severity,
            fields: Vec::new(),
            query: String::new(),
            reason: String::new(),
            hint: String::new(),
            tolerance: None,
            follows,
        }
    }

    fn rows(numbers: &[u64]) -> Bits {
        let mut bits = Bits::default();
        for number in numbers {
            bits.insert(*number);
        }
        bits
    }

    fn followed(severity: Severity, refused: &[u64], pairs: &[(u64, u64)]) -> Vec<u64> {
        let rules = [rule(severity, false), rule(Severity::Quarantine, true)];
        let mut failing = [rows(refused), Bits::default()];
        follow(&rules, &mut failing, &[Vec::new(), pairs.to_vec()]);
        failing[1].iter().collect()
    }

    #[test]
    fn whoever_needs_a_refused_row_is_refused_at_any_distance() {
        let refuse = Severity::Quarantine;
        assert_eq!(followed(refuse, &[1], &[(2, 1), (3, 2), (4, 3), (5, 6)]), [2, 3, 4]);
        assert_eq!(followed(Severity::Warn, &[1], &[(2, 1)]), [] as [u64; 0]);
        assert_eq!(followed(refuse, &[1], &[(2, 2), (3, 4), (4, 3)]), [] as [u64; 0]);
        assert_eq!(followed(refuse, &[1], &[(1, 3), (3, 1), (2, 1)]), [2, 3]);
        // One of two rows that would do is left.
        assert_eq!(followed(refuse, &[1], &[(2, 1), (2, 7), (3, 2)]), [] as [u64; 0]);
        assert_eq!(followed(refuse, &[1, 7], &[(2, 1), (2, 7), (3, 2)]), [2, 3]);
    }
}
