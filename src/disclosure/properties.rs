//! Laws that hold for every table. The attack here shares nothing with the suppressor: it writes each cell as a sum of
//! atoms (quarter, authority, member), and asks whether a hidden cell's row lies in the span of the published ones.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::linear::consequences;
use super::relations::Equation;
use super::tests::{add, area, areas, cell_of, contributions, group, header, policy, printed, quarter};
use super::{Protection, protect};
use crate::model::{CellKey, Contribution, GroupId, Kind, Raw, RawCell, TOTAL_MEMBER, Table, TimeKey};

/// Quarter, authority, member, group, amount.
type Line = (i32, usize, usize, u8, u8);

const QUARTERS: i32 = 3;
const AUTHORITIES: [(&str, &str); 4] = [("W1", "WWV"), ("W2", "WWV"), ("E1", "EW"), ("E2", "EW")];
const MEMBERS: [&str; 3] = ["a", "b", "c"];
/// Another prime than the suppressor's.
const PRIME: u64 = 1_000_000_007;

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let line = (0..QUARTERS, 0..AUTHORITIES.len(), 0..MEMBERS.len(), 0_u8..40, 1_u8..60);
    proptest::collection::vec(line, 1..160)
}

/// All cells of one line, with authorities or without.
fn keys(line: &Line, by_authority: bool) -> Vec<CellKey> {
    let (lad, region) = AUTHORITIES[line.1];
    let places: Vec<&str> = if by_authority { vec![lad, region, "WALES"] } else { vec![region, "WALES"] };
    let mut times = vec![TimeKey::Quarter(quarter(line.0))];
    times.extend((line.0..QUARTERS).map(|later| TimeKey::ToDate(quarter(later))));
    let mut keys = Vec::new();
    for time in times {
        for place in &places {
            for member in [MEMBERS[line.2], TOTAL_MEMBER] {
                keys.push(CellKey { time, area: area(place), members: vec![member.to_owned()] });
            }
        }
    }
    keys
}

/// Every cell of the grid, also those that nobody adds to.
fn all_keys(by_authority: bool) -> BTreeSet<CellKey> {
    let mut all = BTreeSet::new();
    for number in 0..QUARTERS {
        for lad in 0..AUTHORITIES.len() {
            for member in 0..MEMBERS.len() {
                all.extend(keys(&(number, lad, member, 0, 0), by_authority));
            }
        }
    }
    all
}

fn table(kind: Kind, lines: &[Line], by_authority: bool, name: impl Fn(u8) -> GroupId) -> Table<Raw> {
    let mut shares: BTreeMap<CellKey, BTreeMap<GroupId, (Decimal, Option<Decimal>)>> =
        all_keys(by_authority).into_iter().map(|key| (key, BTreeMap::new())).collect();
    for line in lines {
        let amount = Decimal::from(line.4);
        let numerator = if kind == Kind::Count { Decimal::ONE } else { amount };
        let share = Contribution::new(name(line.3), numerator, (kind == Kind::Mean).then_some(Decimal::ONE));
        for key in keys(line, by_authority) {
            add(&mut shares, key, &share);
        }
    }
    let cells: BTreeMap<CellKey, RawCell> = shares
        .into_iter()
        .map(|(key, shares)| {
            let mut cell = cell_of(contributions(shares));
            if kind == Kind::Mean && cell.contributions.is_empty() {
                cell.denominator = Some(Decimal::ZERO);
                cell.missing = Some(crate::model::ObsStatus::NotApplicable);
            }
            (key, cell)
        })
        .collect();
    Table::new(Raw, header(kind, "value", &["member"]), cells)
}

fn plain(rank: u8) -> GroupId {
    group(&format!("G{rank:03}"))
}

fn protected(kind: Kind, lines: &[Line], by_authority: bool) -> Protection {
    protect(vec![table(kind, lines, by_authority, plain)], &areas(), &policy()).expect("it can be protected")
}

/// A cell as a row over atoms; atoms that are known to be nothing are left out.
fn row(key: &CellKey, empty: &BTreeSet<usize>) -> Vec<u64> {
    let mut row = Vec::new();
    for number in 0..QUARTERS {
        for (lad, (name, region)) in AUTHORITIES.iter().enumerate() {
            for (rank, member) in MEMBERS.iter().enumerate() {
                let time = match key.time {
                    TimeKey::Quarter(period) => period == quarter(number),
                    TimeKey::ToDate(period) => quarter(number) <= period,
                    TimeKey::Year(_) => false,
                };
                let place = [*name, *region, "WALES"].contains(&key.area.as_str());
                let member = [*member, TOTAL_MEMBER].contains(&key.members[0].as_str());
                let known = empty.contains(&atom(number, lad, rank));
                row.push(u64::from(time && place && member && !known));
            }
        }
    }
    row
}

fn atom(number: i32, lad: usize, member: usize) -> usize {
    (usize::try_from(number).expect("small") * AUTHORITIES.len() + lad) * MEMBERS.len() + member
}

/// Atoms inside published zeros. No amount is negative, so they are zeros too.
fn empty_atoms(lines: &[Line]) -> BTreeSet<usize> {
    let used: BTreeSet<usize> = lines.iter().map(|line| atom(line.0, line.1, line.2)).collect();
    (0..3 * AUTHORITIES.len() * MEMBERS.len()).filter(|at| !used.contains(at)).collect()
}

/// Rows in echelon form, for asking what they span.
#[derive(Default)]
struct Span(Vec<(usize, Vec<u64>)>);

impl Span {
    fn reduce(&self, mut row: Vec<u64>) -> Vec<u64> {
        for (pivot, other) in &self.0 {
            let factor = row[*pivot];
            if factor != 0 {
                for (a, b) in row.iter_mut().zip(other) {
                    *a = (*a + (PRIME - factor) * b) % PRIME;
                }
            }
        }
        row
    }

    fn insert(&mut self, row: Vec<u64>) {
        let mut row = self.reduce(row);
        let Some(pivot) = row.iter().position(|value| *value != 0) else { return };
        let (mut inverse, mut base, mut exponent) = (1, row[pivot], PRIME - 2);
        while exponent > 0 {
            if exponent % 2 == 1 {
                inverse = inverse * base % PRIME;
            }
            base = base * base % PRIME;
            exponent /= 2;
        }
        for value in &mut row {
            *value = *value * inverse % PRIME;
        }
        self.0.push((pivot, row));
    }

    fn holds(&self, row: Vec<u64>) -> bool {
        self.reduce(row).iter().all(|value| *value == 0)
    }
}

/// Hidden cells that follow from the published ones.
fn recovered(protection: &Protection, lines: &[Line]) -> Vec<CellKey> {
    // Authorities that are in no cell are unknown as well, so zeros are known only through cells that are published.
    let empty = empty_atoms(lines);
    let mut span = Span::default();
    let (mut hidden, table) = (Vec::new(), &protection.tables[0]);
    for (key, cell) in table.cells() {
        if cell.observation.shorthand() == "[c]" {
            hidden.push(key.clone());
        } else {
            span.insert(row(key, &empty));
        }
    }
    hidden.into_iter().filter(|key| span.holds(row(key, &empty))).collect()
}

fn cases() -> ProptestConfig {
    ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn no_hidden_count_can_be_computed(lines in lines(), by_authority: bool) {
        prop_assert_eq!(recovered(&protected(Kind::Count, &lines, by_authority), &lines), Vec::new());
    }

    #[test]
    fn no_hidden_amount_can_be_computed(lines in lines(), by_authority: bool) {
        prop_assert_eq!(recovered(&protected(Kind::Magnitude, &lines, by_authority), &lines), Vec::new());
    }

    #[test]
    fn no_hidden_mean_can_be_computed_even_if_its_neighbours_tell_both_parts(lines in lines()) {
        prop_assert_eq!(recovered(&protected(Kind::Mean, &lines, false), &lines), Vec::new());
    }

    #[test]
    fn what_is_unsafe_itself_is_hidden_and_zeros_are_not(lines in lines(), by_authority: bool) {
        let raw = table(Kind::Count, &lines, by_authority, plain);
        let protection = protected(Kind::Count, &lines, by_authority);
        for (key, cell) in raw.cells() {
            let shown = protection.tables[0].find(key).expect("no cell is lost").observation.clone();
            match cell.contributions.len() {
                0 => prop_assert_eq!(shown.value(), Some(Decimal::ZERO)),
                1..5 => prop_assert_eq!(shown.value(), None),
                _ => prop_assert!(shown.value().is_none_or(|value| value == cell.numerator)),
            }
        }
    }

    #[test]
    fn order_and_names_of_contributors_change_nothing(lines in lines(), by_authority: bool) {
        let forward = protected(Kind::Magnitude, &lines, by_authority);
        let turned: Vec<Line> = lines.iter().rev().copied().collect();
        let other = table(Kind::Magnitude, &turned, by_authority, |rank| group(&format!("H{:03}", 200 - rank)));
        let backward = protect(vec![other], &areas(), &policy()).expect("it can be protected");
        prop_assert_eq!(printed(&forward), printed(&backward));
    }

    #[test]
    fn published_margins_add_up(lines in lines(), by_authority: bool) {
        let protection = protected(Kind::Magnitude, &lines, by_authority);
        for (key, cell) in protection.tables[0].cells().iter().filter(|(key, _)| key.area.as_str() == "WALES") {
            let part = |place: &str| {
                let key = CellKey { area: area(place), ..key.clone() };
                protection.tables[0].find(&key).and_then(|cell| cell.observation.value())
            };
            if let (Some(whole), Some(wwv), Some(ew)) = (cell.observation.value(), part("WWV"), part("EW")) {
                prop_assert_eq!(whole, wwv + ew);
            }
        }
    }

    #[test]
    fn hiding_more_never_reveals_more(
        lines in proptest::collection::vec(proptest::collection::btree_set(0_u32..20, 2..6), 1..15),
        hidden in proptest::collection::btree_set(0_u32..20, 1..12),
        more in proptest::collection::btree_set(0_u32..20, 0..6),
    ) {
        let equations: Vec<Equation> = lines
            .iter()
            .map(|ids| Equation(ids.iter().enumerate().map(|(at, id)| (*id, if at == 0 { -1 } else { 1 })).collect()))
            .collect();
        let told = |hidden: &BTreeSet<u32>| -> BTreeSet<u32> {
            consequences(equations.iter(), &|id| hidden.contains(&id), 1).into_iter().flat_map(|line| line.hidden).collect()
        };
        let both: BTreeSet<u32> = hidden.union(&more).copied().collect();
        let after: BTreeSet<u32> = told(&both).intersection(&hidden).copied().collect();
        prop_assert!(after.is_subset(&told(&hidden)));
    }
}
