//! The attack, as a gate: whoever reads everything that is published tries to bound each secret, and the edition is refused
//! if one of them can be bounded too tightly, or if nobody can say whether it can. Shares no code with the suppression; only
//! what a secret is, the primary rules say for both.
//!
//! A secret is safe because of two other tables that agree with everything published, in which it is as high and as low as
//! it must be able to be. They are looked for near the secret first, with everything else as it is: what is found there
//! holds everywhere. Where whole numbers are counted, the other tables hold whole numbers. Only a search over everything
//! that hangs together says that a secret is too narrow. The solver works in floating point, so every table it proposes is
//! checked. Figures are taken as exact although they may be printed rounded: that tells the attacker more than he has.

mod attack;
mod boxes;
mod lines;
mod secrets;
mod shifts;
mod sums;
mod verdict;

#[cfg(test)]
mod exhaustive;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::{Decimal, RoundingStrategy};

use super::Protected;
use super::history::{Earlier, History};
use super::knowledge::Role;
use super::policy::{Policy, Waivers};
use crate::model::{
    AreaCode, AreaSets, CellKey, GroupId, IndicatorId, Kind, PublishedCell, Raw, Table, TableHeader, TableState,
    TimeKey,
};

pub use verdict::{Finding, TableVerdict, Verdict, Weakness};

/// What is published, and the truth behind it. Published figures are those before rounding.
#[derive(Clone, Copy, Debug)]
pub struct Exhibit<'a> {
    /// The truth, one table for each published one.
    pub raw: &'a [Table<Raw>],
    /// This edition.
    pub published: &'a [Table<Protected>],
    /// Everything that was published before.
    pub history: History<'a>,
    /// What the areas are.
    pub areas: &'a AreaSets,
    /// What a secret is.
    pub policy: &'a Policy,
    /// Who needs no protection.
    pub waivers: &'a Waivers,
}

/// Where the protection of a cell must be mended, for the suppression. Never printed: it may name a firm.
pub(super) struct Hint {
    /// Table and cell.
    pub(super) at: (usize, usize),
    /// In which direction more room is needed; none if in any.
    pub(super) up: Option<bool>,
    /// The firm that can work it out.
    pub(super) by: Option<GroupId>,
}

/// Attacks what is published.
#[must_use]
pub fn audit(exhibit: &Exhibit<'_>) -> Verdict {
    audit_with_hints(exhibit, None).0
}

/// Attacks what is published, and says where it must be mended. With `suspects`, only what these cells name is attacked: all
/// else was safe when less was hidden.
pub(super) fn audit_with_hints(
    exhibit: &Exhibit<'_>,
    suspects: Option<&BTreeSet<(usize, usize)>>,
) -> (Verdict, Vec<Hint>) {
    let sums = sums::Sums::new(exhibit);
    let lines = lines::Lines::new(exhibit, &sums);
    let mut secrets = secrets::secrets(exhibit, &sums);
    secrets.retain(|secret| suspects.is_none_or(|suspects| suspects.contains(&secret.at)));
    let breaches = attack::attack(exhibit, &sums, &lines, &secrets);
    let hint = |(secret, breach): (&secrets::Secret<'_>, &Option<attack::Breach<'_>>)| {
        breach.map(|breach| Hint { at: secret.at, up: breach.up, by: breach.by.cloned() })
    };
    let hints = secrets.iter().zip(&breaches).filter_map(hint).collect();
    let weaknesses = breaches.into_iter().map(|breach| breach.map(|breach| breach.weakness)).collect();
    (Verdict::new(exhibit, &secrets, weaknesses, lines.broken), hints)
}

fn name(header: &TableHeader) -> (&IndicatorId, &str) {
    (&header.indicator, &header.measure)
}

impl Exhibit<'_> {
    /// Whether a cell's figure can be read, here or in an earlier edition that said the same.
    fn tells(&self, table: &Table<Raw>, key: &CellKey) -> bool {
        let now = of(self.published, table.header()).any(|published| value(published, key).is_some());
        now || self.told_the_same(table, key)
    }

    /// Whether an earlier edition told a cell, so that it is no secret any more.
    fn told_the_same(&self, table: &Table<Raw>, key: &CellKey) -> bool {
        let plain = matches!(table.header().kind, Kind::Count | Kind::Magnitude);
        let truth = table.find(key).map(|cell| cell.numerator);
        plain
            && of(self.history.published, table.header())
                .any(|earlier: &Table<Earlier>| value(earlier, key).is_some_and(|told| is_printed(truth, told)))
    }

    /// What earlier editions said of times to date that this one leaves out, by time; the latest word counts.
    fn told_before(
        &self,
        table: &Table<Raw>,
        area: &AreaCode,
        members: &[String],
        role: Role,
    ) -> BTreeMap<TimeKey, Decimal> {
        let mut told = BTreeMap::new();
        if role == Role::Denominator || !matches!(table.header().kind, Kind::Count | Kind::Magnitude) {
            return told;
        }
        for earlier in of(self.history.published, table.header()) {
            for (key, cell) in earlier.cells() {
                let here = key.area == *area && key.members == members && matches!(key.time, TimeKey::ToDate(_));
                if let Some(value) = cell.observation.value().filter(|_| here && table.find(key).is_none()) {
                    told.insert(key.time, value);
                }
            }
        }
        told
    }
}

/// Whether a figure is what was printed, to the decimals that were.
fn is_printed(truth: Option<Decimal>, told: Decimal) -> bool {
    let printed = |truth: Decimal| truth.round_dp_with_strategy(told.scale(), RoundingStrategy::MidpointAwayFromZero);
    truth.map(printed) == Some(told)
}

fn of<'a, S: TableState<Cell = PublishedCell>>(
    tables: &'a [Table<S>],
    header: &TableHeader,
) -> impl Iterator<Item = &'a Table<S>> + use<'a, S> {
    let wanted = (header.indicator.clone(), header.measure.clone());
    tables.iter().filter(move |table| name(table.header()) == (&wanted.0, wanted.1.as_str()))
}

fn value<S: TableState<Cell = PublishedCell>>(table: &Table<S>, key: &CellKey) -> Option<Decimal> {
    table.find(key).and_then(|cell| cell.observation.value())
}
