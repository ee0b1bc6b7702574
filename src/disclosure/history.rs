//! What earlier editions said, and what follows from it for this one: a figure to date whose growth since then is
//! confidential may not be printed now (domain, section 3.6 f).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::differences::combine;
use super::policy::{Policy, Waivers};
use super::primary::{Need, need_of};
use super::{Protected, knowledge::Role};
use crate::model::{
    AreaCode, CellKey, IndicatorId, Kind, ObsStatus, Period, Raw, RawCell, Table, TableHeader, TimeKey,
};

/// Earlier editions.
#[derive(Clone, Copy, Debug, Default)]
pub struct History<'a> {
    /// What they said.
    pub published: &'a [Table<Protected>],
    /// The same quarters as far as they are known now, with contributions. Without it growth is judged by its size alone.
    pub raw: &'a [Table<Raw>],
}

/// Cells by table and position, with what it takes to protect them because of what was said before.
pub(super) type Bound = BTreeMap<(usize, usize), Need>;

/// A cell without its time.
type Place<'a> = (&'a IndicatorId, &'a str, &'a AreaCode, &'a [String]);

/// Cells that may not be printed because their growth since the last word on them is confidential.
pub(super) fn bound_by(history: History<'_>, tables: &[Table<Raw>], policy: &Policy, waivers: &Waivers) -> Bound {
    let mut said: BTreeMap<Place<'_>, BTreeMap<Period, Decimal>> = BTreeMap::new();
    for table in history.published {
        for (key, cell) in table.cells() {
            if let (TimeKey::ToDate(period), Some(value)) = (key.time, cell.observation.value()) {
                said.entry(place(table.header(), key)).or_default().insert(period, value);
            }
        }
    }
    let mut bound = Bound::new();
    if said.is_empty() {
        return bound;
    }
    for (at, table) in tables.iter().enumerate() {
        if !matches!(table.header().kind, Kind::Count | Kind::Magnitude) {
            continue;
        }
        for (position, (key, cell)) in table.cells().iter().enumerate() {
            let (TimeKey::ToDate(period), Some(said)) = (key.time, said.get(&place(table.header(), key))) else {
                continue;
            };
            let Some((since, before)) = said.range(..period).next_back() else { continue };
            let old = CellKey { time: TimeKey::ToDate(*since), ..key.clone() };
            if table.find(&old).is_some() {
                continue;
            }
            let contributions = find(history.raw, table.header(), &old);
            let need = growth_need(table.header(), cell, *before, contributions, policy, waivers);
            if let Some(need) = need {
                bound.insert((at, position), need);
            }
        }
    }
    bound
}

fn growth_need(
    header: &TableHeader,
    now: &RawCell,
    before: Decimal,
    then: Option<&RawCell>,
    policy: &Policy,
    waivers: &Waivers,
) -> Option<Need> {
    let growth = now.numerator - before;
    let (value, need) = match then {
        Some(then) => {
            let rest = combine(&[(0, 1), (1, -1)], &[now, then])?;
            (rest.numerator, need_of(header, &rest, Role::Numerator, policy, waivers)?)
        }
        // Nobody knows who is in it: a small count is few firms at most.
        None if header.kind == Kind::Count && growth > Decimal::ZERO => {
            let fewest = Decimal::from(policy.threshold_count);
            (growth < fewest).then(|| (growth, Need { upper: fewest - Decimal::ONE, lower: Decimal::ONE }))?
        }
        None => return None,
    };
    Some(Need { upper: now.numerator + need.upper - value, lower: now.numerator - (value - need.lower) })
}

/// Cells that were confidential last time, apart from time: hiding them again takes nothing from readers.
pub(super) fn hidden_before(history: History<'_>, tables: &[Table<Raw>]) -> Vec<Vec<bool>> {
    let mut hidden: BTreeMap<(Place<'_>, bool), bool> = BTreeMap::new();
    for table in history.published {
        for (key, cell) in table.cells() {
            let to_date = matches!(key.time, TimeKey::ToDate(_));
            let secret = cell.observation.missing() == Some(ObsStatus::Confidential);
            hidden.insert((place(table.header(), key), to_date), secret);
        }
    }
    let was = |table: &Table<Raw>, key: &CellKey| {
        let to_date = matches!(key.time, TimeKey::ToDate(_));
        hidden.get(&(place(table.header(), key), to_date)).copied().unwrap_or(false)
    };
    tables.iter().map(|table| table.cells().keys().map(|key| was(table, key)).collect()).collect()
}

fn place<'a>(header: &'a TableHeader, key: &'a CellKey) -> Place<'a> {
    (&header.indicator, &header.measure, &key.area, &key.members)
}

fn find<'a>(tables: &'a [Table<Raw>], header: &TableHeader, key: &CellKey) -> Option<&'a RawCell> {
    let of =
        |table: &&Table<Raw>| table.header().indicator == header.indicator && table.header().measure == header.measure;
    tables.iter().filter(of).find_map(|table| table.find(key))
}
