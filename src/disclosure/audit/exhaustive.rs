//! Small tables against every table of whole numbers that agrees with what is published: what the audit calls safe is safe.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::tests::{published, raw};
use super::{Exhibit, audit};
use crate::disclosure::tests::{areas, cross, policy};
use crate::disclosure::{History, Waivers};
use crate::model::{CellKey, Kind, ObsStatus, TOTAL_MEMBER};

/// No count of the tables that are tried is larger.
const LARGEST: i64 = 12;
/// Counts below this are confidential by the policy of the tests.
const FEWEST: i64 = 5;

/// Value of a cell, given those of the four leaves.
fn value(key: &CellKey, leaves: [i64; 4]) -> i64 {
    let rows = [("WWV", 0), ("EW", 1)].into_iter().filter(|(name, _)| [*name, "WALES"].contains(&key.area.as_str()));
    let inside = |name: &str| [name, TOTAL_MEMBER].contains(&key.members[0].as_str());
    rows.flat_map(|(_, row)| {
        [("A", 0), ("B", 1)].into_iter().filter(|(m, _)| inside(m)).map(move |(_, column)| leaves[2 * row + column])
    })
    .sum()
}

fn candidates() -> impl Iterator<Item = [i64; 4]> {
    let side = LARGEST + 1;
    (0..side.pow(4)).map(move |n| [n % side, n / side % side, n / side.pow(2) % side, n / side.pow(3)])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_the_audit_calls_safe_has_two_other_tables(leaves in proptest::array::uniform4(1_i64..8), mask in 0_u16..512) {
        let ones = [1_i64; 8];
        let of = |at: usize| &ones[..usize::try_from(leaves[at]).expect("small")];
        let lines = [("WWV", "A", of(0)), ("WWV", "B", of(1)), ("EW", "A", of(2)), ("EW", "B", of(3))];
        let table = raw(Kind::Count, &cross(&lines), &["column"]);
        let place = |key: &CellKey| table.cells().keys().position(|other| other == key).expect("a cell");
        let shown = [published(&table, |key| mask >> place(key) & 1 == 1)];
        let tables = [raw(Kind::Count, &cross(&lines), &["column"])];
        let (areas, policy, waivers) = (areas(), policy(), Waivers::default());
        let history = History::default();
        let exhibit = Exhibit { raw: &tables, published: &shown, history, areas: &areas, policy: &policy, waivers: &waivers };
        let verdict = audit(&exhibit);
        let agrees = |leaves: &[i64; 4]| shown[0].cells().iter().all(|(key, cell)| {
            cell.observation.value().is_none_or(|told| told == Decimal::from(value(key, *leaves)))
        });
        let others: Vec<[i64; 4]> = candidates().filter(agrees).collect();
        prop_assert!(others.contains(&leaves));
        for (key, cell) in shown[0].cells() {
            let truth = value(key, leaves);
            let found = verdict.tables[0].findings.iter().any(|finding| finding.key == *key);
            if truth >= FEWEST || found {
                continue;
            }
            prop_assert_eq!(cell.observation.missing(), Some(ObsStatus::Confidential));
            prop_assert!(others.iter().any(|leaves| value(key, *leaves) >= FEWEST - 1), "{key:?} {leaves:?} {mask}");
            prop_assert!(others.iter().any(|leaves| value(key, *leaves) <= 1), "{key:?} {leaves:?} {mask}");
        }
    }
}
