//! What earlier editions said of times to date ties the sums of this one: a sum to date is what it was then, and what
//! happened since, which is the quarters in between where they are known, and never negative.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::history::{History, about};
use super::relations::{Equation, collect};
use super::variables::{VariableId, Variables, is_signed, positions};
use crate::model::{AreaCode, Kind, Period, Raw, Table, TimeKey};

/// One word on a time to date.
#[derive(Clone, Copy)]
enum Word {
    /// A cell of this edition.
    Now(usize),
    /// A figure of an earlier one. This one leaves it out.
    Then(Decimal),
}

/// The equations between sums of `tables` and what was said before. What was said, and what happened meanwhile, become sums
/// that no cell tells. What was revised since binds nobody.
pub(super) fn growth_since(history: History<'_>, tables: &[Table<Raw>], variables: &mut Variables) -> Vec<Equation> {
    let mut equations = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        if !matches!(table.header().kind, Kind::Count | Kind::Magnitude) {
            continue;
        }
        let places = places(history, table);
        if places.is_empty() {
            continue;
        }
        let sums = Sums {
            ids: variables.parts[at].iter().map(|parts| parts.numerator).collect(),
            values: table.cells().values().map(|cell| cell.numerator).collect(),
            is_signed: is_signed(table),
        };
        for place in places {
            // From one word to the next; quarters in between are told apart where all of them are there.
            for pair in place.words.iter().collect::<Vec<_>>().windows(2) {
                let [(since, before), (until, after)] = pair else { continue };
                if matches!((before, after), (Word::Now(_), Word::Now(_))) {
                    continue;
                }
                let inside = place.quarters.iter().filter(|(quarter, _)| *quarter > since && *quarter <= until);
                let quarters: Vec<usize> = inside.map(|(_, position)| *position).collect();
                equations.extend(step(&sums, (**before, **after), (**since, **until), &quarters, variables));
            }
        }
    }
    equations
}

/// The sums of one table, by position.
struct Sums {
    ids: Vec<Option<VariableId>>,
    values: Vec<Decimal>,
    /// Whether somebody gives less than nothing.
    is_signed: bool,
}

/// What is said of one area and one choice of members.
#[derive(Default)]
struct Place {
    words: BTreeMap<Period, Word>,
    quarters: BTreeMap<Period, usize>,
}

fn places(history: History<'_>, table: &Table<Raw>) -> Vec<Place> {
    let mut places: BTreeMap<(&AreaCode, &[String]), Place> = BTreeMap::new();
    for (key, cell) in about(history.published, table.header()).flat_map(Table::cells) {
        if let (TimeKey::ToDate(period), Some(value)) = (key.time, cell.observation.value()) {
            places.entry((&key.area, &key.members)).or_default().words.insert(period, Word::Then(value));
        }
    }
    if places.is_empty() {
        return Vec::new();
    }
    for (key, position) in positions(table) {
        let Some(place) = places.get_mut(&(&key.area, key.members.as_slice())) else { continue };
        match key.time {
            TimeKey::ToDate(period) => drop(place.words.insert(period, Word::Now(position))),
            TimeKey::Quarter(period) => drop(place.quarters.insert(period, position)),
            TimeKey::Year(_) => {}
        }
    }
    places.into_values().collect()
}

/// After is before, the quarters in between, and what else happened.
fn step(
    sums: &Sums,
    (before, after): (Word, Word),
    (since, until): (Period, Period),
    quarters: &[usize],
    variables: &mut Variables,
) -> Option<Equation> {
    let cell = |position: usize| (sums.ids[position], sums.values[position]);
    let word = |word: Word| match word {
        Word::Now(position) => cell(position),
        Word::Then(value) => (None, value),
    };
    let ((before_id, then), (after_id, now)) = (word(before), word(after));
    let parts: Vec<(Option<VariableId>, Decimal)> = quarters.iter().map(|position| cell(*position)).collect();
    let rest = now - then - parts.iter().map(|(_, value)| *value).sum::<Decimal>();
    let is_complete = until.index() - since.index() == i32::try_from(quarters.len()).unwrap_or(i32::MAX);
    if rest < Decimal::ZERO || (is_complete && !rest.is_zero()) || (!is_complete && sums.is_signed) {
        return None;
    }
    let mut terms: Vec<(VariableId, i64)> = after_id.map(|id| (id, 1)).into_iter().collect();
    terms.extend(before_id.into_iter().chain(parts.iter().filter_map(|(id, _)| *id)).map(|id| (id, -1)));
    for (word, value, sign) in [(before, then, -1), (after, now, 1)] {
        if matches!(word, Word::Then(_)) {
            terms.push((variables.add_unprinted(value, true), sign));
        }
    }
    if !is_complete {
        terms.push((variables.add_unprinted(rest, false), -1));
    }
    Some(collect(terms.into_iter()))
}
