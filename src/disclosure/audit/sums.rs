//! The sums behind the cells, as the audit sees them: which of them a reader knows, and what bounds the others.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use super::Exhibit;
use crate::disclosure::history::bound_by;
use crate::disclosure::knowledge::{Role, Viewer, shares, sole, unknown_shares};
use crate::disclosure::primary::{Need, need_of};
use crate::model::{AreaCode, CellKey, GroupId, Kind, Raw, RawCell, SupplierCode, Table, TimeKey};

/// Rank of a sum among all.
pub(super) type SumId = usize;

/// Where a sum was met first: table, cell, part.
pub(super) type Place = (usize, usize, Role);

/// One sum.
pub(super) struct Sum<'a> {
    pub(super) truth: Decimal,
    /// Whether a published cell tells it.
    pub(super) known: bool,
    /// Whether everybody knows that it is a whole number.
    pub(super) whole: bool,
    /// Below this it cannot be, for all that anybody knows; none if it may be negative.
    pub(super) floor: Option<Decimal>,
    /// The only group behind it.
    pub(super) sole: Option<&'a GroupId>,
    pub(super) need: Option<Need>,
    pub(super) place: Place,
}

impl Sum<'_> {
    /// The least that it can be when it is hidden, since zeros are published.
    pub(super) fn least(&self) -> Decimal {
        if self.whole { Decimal::ONE.min(self.truth) } else { Decimal::ZERO }
    }
}

/// All sums, and which cell is made of which.
pub(super) struct Sums<'a> {
    pub(super) all: Vec<Sum<'a>>,
    ids: HashMap<Place, SumId>,
}

/// What equal sums have in common: time, area, and who adds how much.
type Look<'a> = (TimeKey, &'a AreaCode, Vec<(&'a GroupId, Decimal)>);

impl<'a> Sums<'a> {
    pub(super) fn new(exhibit: &Exhibit<'a>) -> Self {
        let mut sums = Self { all: Vec::new(), ids: HashMap::new() };
        let bound = bound_by(exhibit.history, exhibit.raw, exhibit.policy, exhibit.waivers);
        let mut looks: HashMap<Look<'a>, Vec<SumId>> = HashMap::new();
        for (at, table) in exhibit.raw.iter().enumerate().filter(|(_, table)| table.header().kind.is_additive()) {
            let signed = table.cells().values().any(is_signed);
            for (position, (key, cell)) in table.cells().iter().enumerate() {
                let told = exhibit.tells(table, key);
                for role in [Role::Numerator, Role::Denominator] {
                    if role == Role::Denominator && cell.denominator.is_none() {
                        continue;
                    }
                    let place = (at, position, role);
                    let past = bound.get(&(at, position)).copied().filter(|_| role == Role::Numerator);
                    let own = need_of(table.header(), cell, role, exhibit.policy, exhibit.waivers);
                    let need = Need::wider(own, past);
                    let mut look = shares(cell, role);
                    look.retain(|(_, value)| !value.is_zero());
                    // A zero is known to everybody, unless it is a secret.
                    if look.is_empty() && need.is_none() {
                        continue;
                    }
                    let sum = new_sum(table, cell, place, need, signed);
                    let tied = matches!(table.header().kind, Kind::Count | Kind::Ratio);
                    let id = if tied {
                        let same = looks.entry((key.time, &key.area, look)).or_default();
                        sums.find_or_add(sum, same)
                    } else {
                        sums.all.push(sum);
                        sums.all.len() - 1
                    };
                    sums.all[id].known |= told;
                    sums.ids.insert(place, id);
                }
            }
        }
        sums
    }

    /// The sum of a cell's part; none if it is a known zero.
    pub(super) fn find(&self, place: Place) -> Option<SumId> {
        self.ids.get(&place).copied()
    }

    /// Sums with equal contributions are one, unless each is a secret of its own: that two secrets happen to be equal is
    /// known to nobody.
    fn find_or_add(&mut self, sum: Sum<'a>, same: &mut Vec<SumId>) -> SumId {
        let fits = |id: &&SumId| sum.need.is_none() || self.all[**id].need.is_none();
        if let Some(id) = same.iter().find(fits).copied() {
            let known = &mut self.all[id];
            known.need = Need::wider(known.need, sum.need);
            known.whole |= sum.whole;
            known.floor = known.floor.max(sum.floor);
            return id;
        }
        self.all.push(sum);
        same.push(self.all.len() - 1);
        self.all.len() - 1
    }
}

fn is_signed(cell: &RawCell) -> bool {
    let negative = |value: Decimal| value < Decimal::ZERO;
    cell.contributions.iter().any(|c| negative(c.numerator) || c.denominator.is_some_and(negative))
}

fn new_sum<'a>(table: &Table<Raw>, cell: &'a RawCell, place: Place, need: Option<Need>, signed: bool) -> Sum<'a> {
    let truth = place.2.sum(cell);
    let whole = table.header().kind == Kind::Count;
    // What anybody can look up is a floor.
    let left: Decimal = unknown_shares(cell, place.2, Viewer::Anybody).iter().map(|(_, value)| *value).sum();
    Sum {
        truth,
        known: false,
        whole,
        floor: (!signed).then(|| Decimal::ZERO.max((truth - left).min(truth))),
        sole: sole(&shares(cell, place.2)),
        need,
        place,
    }
}

/// How much of each sum every contractor has collected itself, where that is more than nothing.
pub(super) fn known_to_holders<'a>(
    exhibit: &Exhibit<'a>,
    sums: &Sums<'a>,
) -> BTreeMap<&'a SupplierCode, Vec<(SumId, Decimal)>> {
    let mut known: BTreeMap<&SupplierCode, BTreeMap<SumId, Decimal>> = BTreeMap::new();
    for (at, table) in exhibit.raw.iter().enumerate() {
        for (position, cell) in table.cells().values().enumerate() {
            for role in [Role::Numerator, Role::Denominator] {
                let Some(id) = sums.find((at, position, role)) else { continue };
                for holder in cell.contributions.iter().filter_map(|c| c.holder.as_ref()) {
                    let left: Decimal =
                        unknown_shares(cell, role, Viewer::Holder(holder)).iter().map(|(_, v)| *v).sum();
                    known.entry(holder).or_default().insert(id, role.sum(cell) - left);
                }
            }
        }
    }
    known.into_iter().map(|(holder, sums)| (holder, sums.into_iter().collect())).collect()
}

/// The keys of a table in their order.
pub(super) fn keys(table: &Table<Raw>) -> Vec<&CellKey> {
    table.cells().keys().collect()
}
