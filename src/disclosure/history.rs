//! What earlier editions said, and what follows from it for this one: a figure to date whose growth since then is
//! confidential may not be printed now (domain, section 3.6 f).

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

use super::differences::combine;
use super::knowledge::Role;
use super::policy::{Policy, Waivers};
use super::primary::{Need, need_of};
use crate::model::{
    AreaCode, CellKey, IndicatorId, Kind, ObsStatus, Period, PublishedCell, Raw, RawCell, Table, TableHeader,
    TableState, TimeKey,
};

/// The state of a table that an earlier edition printed: read back from its files, and good for nothing but comparing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Earlier;

impl TableState for Earlier {
    type Cell = PublishedCell;
}

/// A cell of this edition beside what an earlier one said of the same place, as the register of released cells has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which indicator.
    pub indicator: IndicatorId,
    /// Which measure.
    pub measure: String,
    /// Which cell of this edition.
    pub key: CellKey,
    /// To which time the earlier word refers: the same, or an earlier one to date.
    pub since: TimeKey,
    /// For how many groups the two differ; never nought.
    pub groups: usize,
}

/// Earlier editions.
#[derive(Clone, Copy, Debug, Default)]
pub struct History<'a> {
    /// What they said.
    pub published: &'a [Table<Earlier>],
    /// The same quarters as far as they are known now, with contributions. Without it growth is judged by its size alone.
    pub raw: &'a [Table<Raw>],
    /// Cells that differ from what was said for some groups.
    pub steps: &'a [Step],
}

/// Cells by table and position, with what it takes to protect them because of what was said before.
pub(super) type Bound = BTreeMap<(usize, usize), Need>;

/// A cell without its time.
type Place<'a> = (&'a IndicatorId, &'a str, &'a AreaCode, &'a [String]);

/// Cells that may not be printed because their growth since the last word on them is confidential.
pub(super) fn bound_by(history: History<'_>, tables: &[Table<Raw>], policy: &Policy, waivers: &Waivers) -> Bound {
    let mut bound = bound_by_steps(history, tables, policy);
    let mut said: BTreeMap<Place<'_>, BTreeMap<Period, Decimal>> = BTreeMap::new();
    for table in history.published {
        for (key, cell) in table.cells() {
            if let (TimeKey::ToDate(period), Some(value)) = (key.time, cell.observation.value()) {
                said.entry(place(table.header(), key)).or_default().insert(period, value);
            }
        }
    }
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
                let wider = Need::wider(bound.get(&(at, position)).copied(), Some(need));
                bound.extend(wider.map(|need| ((at, position), need)));
            }
        }
    }
    bound
}

/// Cells that differ from an earlier word for too few groups.
fn bound_by_steps(history: History<'_>, tables: &[Table<Raw>], policy: &Policy) -> Bound {
    let mut bound = Bound::new();
    for (at, table) in tables.iter().enumerate().filter(|(_, table)| table.header().kind.is_additive()) {
        let header = table.header();
        let fewest = policy.fewest_groups(header.kind);
        let of = |step: &&Step| step.indicator == header.indicator && step.measure == header.measure;
        let few: Vec<&Step> = history.steps.iter().filter(of).filter(|step| step.groups < fewest).collect();
        if few.is_empty() {
            continue;
        }
        let positions: BTreeMap<&CellKey, usize> =
            table.cells().keys().enumerate().map(|(at, key)| (key, at)).collect();
        for step in few {
            let (Some(position), Some(cell)) = (positions.get(&step.key), table.find(&step.key)) else { continue };
            let need = step_need(header, cell, said(history, header, step), policy);
            let wider = Need::wider(bound.get(&(at, *position)).copied(), Some(need));
            bound.extend(wider.map(|need| ((at, *position), need)));
        }
    }
    bound
}

/// What it takes to hide a step of a few groups whose shares in it are not known any more: as if one had made all of it.
fn step_need(header: &TableHeader, cell: &RawCell, said: Option<Decimal>, policy: &Policy) -> Need {
    let now = cell.numerator;
    let step = said.map_or(Decimal::ZERO, |said| now - said);
    match header.kind {
        Kind::Count => {
            let most = Decimal::from(policy.threshold_count.saturating_sub(1)).max(step.abs());
            let further = most - step.abs();
            let back = (step.abs() - Decimal::ONE).max(Decimal::ZERO);
            if step < Decimal::ZERO {
                Need { upper: now + back, lower: now - further }
            } else {
                Need { upper: now + further, lower: now - back }
            }
        }
        Kind::Magnitude => {
            let level = step.abs() * policy.p_percent / Decimal::ONE_HUNDRED;
            Need { upper: now + level, lower: now - level }
        }
        _ => Need { upper: now, lower: now },
    }
}

/// The latest word on the place and time of a step.
fn said(history: History<'_>, header: &TableHeader, step: &Step) -> Option<Decimal> {
    let key = CellKey { time: step.since, ..step.key.clone() };
    about(history.published, header).rev().find_map(|table| table.find(&key)?.observation.value())
}

/// The tables of one indicator and measure, in their order.
pub(super) fn about<'a, S: TableState>(
    tables: &'a [Table<S>],
    header: &TableHeader,
) -> impl DoubleEndedIterator<Item = &'a Table<S>> {
    tables
        .iter()
        .filter(move |table| table.header().indicator == header.indicator && table.header().measure == header.measure)
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

/// Cells that an earlier edition told as they are now, to the decimals that it printed: hiding them takes nothing from an
/// attacker.
pub(super) fn told_before(history: History<'_>, tables: &[Table<Raw>]) -> Vec<Vec<bool>> {
    let told = |table: &Table<Raw>| -> Vec<bool> {
        let header = table.header();
        let plain = matches!(header.kind, Kind::Count | Kind::Magnitude);
        let words: Vec<&Table<Earlier>> = about(history.published, header).filter(|_| plain).collect();
        let is_told = |(key, cell): (&CellKey, &RawCell)| {
            let mut values = words.iter().filter_map(|said| said.find(key)?.observation.value());
            values.any(|value| {
                let printed = RoundingStrategy::MidpointAwayFromZero;
                cell.numerator.round_dp_with_strategy(value.scale(), printed) == value
            })
        };
        table.cells().iter().map(is_told).collect()
    };
    tables.iter().map(told).collect()
}

fn place<'a>(header: &'a TableHeader, key: &'a CellKey) -> Place<'a> {
    (&header.indicator, &header.measure, &key.area, &key.members)
}

fn find<'a>(tables: &'a [Table<Raw>], header: &TableHeader, key: &CellKey) -> Option<&'a RawCell> {
    about(tables, header).find_map(|table| table.find(key))
}
