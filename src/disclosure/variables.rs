//! What an attacker wants to know: the sums behind published cells. One sum may stand behind several cells, in several
//! tables, and then has one fate: counts, and parts of ratios, that have equal contributions at one place and time are one
//! sum. Those that are confidential in each table for their own sake need no tie.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use super::differences::{Difference, differences};
use super::history::Bound;
use super::knowledge::{Role, Share, shares, sole};
use super::policy::{Policy, Waivers};
use super::primary::{Need, is_hidden_itself, need_of};
use crate::model::{
    AreaCode, AreaSets, CellKey, Contribution, GroupId, Kind, Raw, RawCell, TOTAL_MEMBER, Table, TimeKey, WALES,
    WEST_WALES_AND_VALLEYS,
};

/// Rank of a sum among all sums; the order is that of tables, cells, and numerator before denominator.
pub(super) type VariableId = u32;

/// What a cell needs for its value: its numerator, and for ratios and means its denominator. None is a known zero.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    pub(super) numerator: Option<VariableId>,
    pub(super) denominator: Option<VariableId>,
}

/// One sum.
#[derive(Debug)]
pub(super) struct Variable {
    /// The sum.
    pub(super) value: Decimal,
    /// What it takes to protect it, if it is confidential for its own sake.
    pub(super) need: Option<Need>,
    /// The only group behind it.
    pub(super) sole: Option<GroupId>,
    /// The cells that would tell it: table, then cell in the order of keys.
    pub(super) cells: Vec<(usize, usize)>,
    /// How much a reader would miss it: the higher the later it is hidden.
    pub(super) rank: u8,
    /// Groups behind it.
    pub(super) groups: usize,
    /// Whether an attacker knows that it is not negative.
    pub(super) never_negative: bool,
    /// Whether an attacker knows that it is a whole number, and more than zero, since zeros are published.
    pub(super) counts: bool,
    /// Whether an earlier edition told it: whatever hides it now hides nothing.
    pub(super) told: bool,
}

/// What equal sums have in common at first sight: time, area, value, number of groups.
type Look<'a> = (TimeKey, &'a AreaCode, Decimal, usize);

/// A sum that was met before: in which cell, and as which part.
type Known<'a> = (VariableId, &'a RawCell, Role);

/// All sums of a set of tables.
pub(super) struct Variables {
    pub(super) all: Vec<Variable>,
    /// Parts of each cell, by table and cell in the order of keys.
    pub(super) parts: Vec<Vec<Parts>>,
    /// Cells that are hidden whatever becomes of their sums, by table and cell in the order of keys.
    pub(super) hidden: Vec<Vec<bool>>,
    /// Confidential differences: their variable, and what they are made of.
    pub(super) differences: Vec<(VariableId, Vec<(VariableId, i64)>)>,
}

/// One published headline outranks everything that is not one.
const HEADLINE: u8 = 100;

impl Variable {
    fn new(value: Decimal, groups: usize, shares: &[Share<'_>]) -> Self {
        Self {
            value,
            need: None,
            sole: sole(shares).cloned(),
            cells: Vec::new(),
            rank: 0,
            groups,
            never_negative: false,
            counts: false,
            told: false,
        }
    }

    /// Whether readers look for it: Wales, or West Wales and the Valleys, to date, over all members.
    pub(super) const fn is_headline(&self) -> bool {
        self.rank >= HEADLINE
    }

    /// Whether it is the headline of the latest quarter.
    pub(super) const fn is_latest(&self) -> bool {
        self.rank > HEADLINE
    }
}

impl Variables {
    /// Finds the sums behind `tables` and applies the primary rules to each.
    pub(super) fn new(
        tables: &[Table<Raw>],
        areas: &AreaSets,
        policy: &Policy,
        waivers: &Waivers,
        bound: &Bound,
    ) -> Self {
        let mut found = Self { all: Vec::new(), parts: Vec::new(), hidden: Vec::new(), differences: Vec::new() };
        let mut places: HashMap<Look<'_>, Vec<Known<'_>>> = HashMap::new();
        for (at, table) in tables.iter().enumerate() {
            let header = table.header();
            let reference = header.kind == Kind::Reference;
            let hides = |cell: &RawCell| !reference && cell.missing.is_none() && is_hidden_itself(header, cell, policy);
            found.hidden.push(table.cells().values().map(hides).collect());
            if !header.kind.is_additive() {
                found.parts.push(vec![Parts { numerator: None, denominator: None }; table.cells().len()]);
                continue;
            }
            let ranks = Ranks::new(table, areas);
            let signed = is_signed(table);
            let mut parts = Vec::with_capacity(table.cells().len());
            for (position, (key, cell)) in table.cells().iter().enumerate() {
                let mut part = |role: Role| -> Option<VariableId> {
                    let shares = shares(cell, role);
                    let groups = shares.iter().filter(|(_, value)| !value.is_zero()).count();
                    let past = bound.get(&(at, position)).copied().filter(|_| role == Role::Numerator);
                    let need = Need::wider(need_of(header, cell, role, policy, waivers), past);
                    if groups == 0 && need.is_none() {
                        return None;
                    }
                    let value = role.sum(cell);
                    let tied = matches!(header.kind, Kind::Count | Kind::Ratio);
                    let same = places.entry((key.time, &key.area, value, groups)).or_default();
                    let known = same.iter().find(|(id, other, other_role)| {
                        let apart = need.is_some() && found.all[index(*id)].need.is_some();
                        tied && !apart && equal(cell, role, other, *other_role)
                    });
                    let id = if let Some((id, ..)) = known {
                        *id
                    } else {
                        let id = u32::try_from(found.all.len()).unwrap_or(VariableId::MAX);
                        if tied {
                            same.push((id, cell, role));
                        }
                        found.all.push(Variable::new(value, groups, &shares));
                        id
                    };
                    let variable = &mut found.all[index(id)];
                    variable.need = Need::wider(variable.need, need);
                    if cell.missing.is_none() {
                        variable.cells.push((at, position));
                    }
                    variable.rank = variable.rank.max(ranks.of(key));
                    variable.never_negative |= !signed;
                    variable.counts |= header.kind == Kind::Count && !value.is_zero();
                    Some(id)
                };
                let numerator = part(Role::Numerator);
                let denominator = if cell.denominator.is_some() { part(Role::Denominator) } else { None };
                parts.push(Parts { numerator, denominator });
            }
            found.parts.push(parts);
        }
        for difference in differences(tables, areas, policy, waivers) {
            found.add_difference(&difference, tables);
        }
        found
    }

    /// A confidential difference is a sum that no cell tells.
    fn add_difference(&mut self, difference: &Difference<'_>, tables: &[Table<Raw>]) {
        let parts = &self.parts[difference.table];
        let find = |(cell, factor): &(usize, i64)| {
            let id = match difference.role {
                Role::Numerator => parts[*cell].numerator,
                Role::Denominator => parts[*cell].denominator,
            };
            id.map(|id| (id, *factor))
        };
        let terms: Vec<(VariableId, i64)> = difference.terms.iter().filter_map(find).collect();
        let mut variable = Variable::new(difference.value, 0, &[]);
        variable.need = Some(difference.need);
        variable.sole = difference.sole.cloned();
        variable.never_negative = !difference.two_sided && terms.iter().all(|(id, _)| self.get(*id).never_negative);
        variable.counts = !difference.two_sided && tables[difference.table].header().kind == Kind::Count;
        let id = u32::try_from(self.all.len()).unwrap_or(VariableId::MAX);
        self.all.push(variable);
        self.differences.push((id, terms));
    }

    /// Hides every figure of a table.
    pub(super) fn withhold(&mut self, at: usize, table: &Table<Raw>) {
        if table.header().kind != Kind::Reference {
            self.hidden[at] = table.cells().values().map(|cell| cell.missing.is_none()).collect();
        }
    }

    /// Marks the sums that an earlier edition told, by table and cell.
    pub(super) fn mark_told(&mut self, told: &[Vec<bool>]) {
        for variable in &mut self.all {
            variable.told = variable.cells.iter().any(|(table, cell)| told[*table][*cell]);
        }
    }

    /// Adds what no cell tells: a figure of an earlier edition, which everybody knows, or what happened since, which nobody
    /// does, and which is not negative.
    pub(super) fn add_unprinted(&mut self, value: Decimal, told: bool) -> VariableId {
        let id = u32::try_from(self.all.len()).unwrap_or(VariableId::MAX);
        self.all.push(Variable { never_negative: true, told, ..Variable::new(value, 0, &[]) });
        id
    }

    /// One sum.
    pub(super) fn get(&self, id: VariableId) -> &Variable {
        &self.all[index(id)]
    }

    /// All ids.
    pub(super) fn ids(&self) -> impl Iterator<Item = VariableId> + use<> {
        0..u32::try_from(self.all.len()).unwrap_or(VariableId::MAX)
    }
}

/// A rank as a position.
pub(super) fn index(id: VariableId) -> usize {
    usize::try_from(id).expect("32 bits fit a position on every machine that runs this")
}

/// Whether somebody gives less than nothing to a cell of a table.
pub(super) fn is_signed(table: &Table<Raw>) -> bool {
    table.cells().values().any(|cell| cell.contributions.iter().any(is_negative))
}

fn is_negative(contribution: &Contribution) -> bool {
    contribution.numerator < Decimal::ZERO || contribution.denominator.is_some_and(|part| part < Decimal::ZERO)
}

/// Whether two sums have the same contributions, apart from those of nothing.
fn equal(left: &RawCell, left_role: Role, right: &RawCell, right_role: Role) -> bool {
    if std::ptr::eq(left, right) && left_role == right_role {
        return true;
    }
    let nonzero = |(_, value): &Share<'_>| !value.is_zero();
    let (left, right) = (shares(left, left_role), shares(right, right_role));
    left.into_iter().filter(nonzero).eq(right.into_iter().filter(nonzero))
}

/// How much readers would miss the cells of one table.
struct Ranks<'a> {
    areas: &'a AreaSets,
    totals: Vec<bool>,
    authorities: bool,
    last: Option<TimeKey>,
}

impl<'a> Ranks<'a> {
    fn new(table: &Table<Raw>, areas: &'a AreaSets) -> Self {
        let dimensions = table.header().dimensions.len();
        let mut totals = vec![false; dimensions];
        let mut last = None;
        let mut authorities = false;
        for key in table.cells().keys() {
            for (has_total, member) in totals.iter_mut().zip(&key.members) {
                *has_total |= member == TOTAL_MEMBER;
            }
            authorities |= areas.find(&key.area).is_none();
            if matches!(key.time, TimeKey::ToDate(_)) {
                last = last.max(Some(key.time));
            }
        }
        Self { areas, totals, authorities, last }
    }

    /// Headlines (Wales, and West Wales and the Valleys, to date, over all members) come last, the latest at the very end;
    /// before them, the more a cell adds up the later.
    fn of(&self, key: &CellKey) -> u8 {
        let summed = |(has_total, member): (&bool, &String)| *has_total && member == TOTAL_MEMBER;
        let over_all = self.totals.iter().zip(&key.members).all(|(has, member)| !has || member == TOTAL_MEMBER);
        let to_date = matches!(key.time, TimeKey::ToDate(_));
        let name = key.area.as_str();
        if to_date && over_all && (name == WALES || name == WEST_WALES_AND_VALLEYS) {
            return if Some(key.time) == self.last { HEADLINE + 1 } else { HEADLINE };
        }
        let members = self.totals.iter().zip(&key.members).filter(|pair| summed(*pair)).count();
        let region = self.areas.find(&key.area).is_some();
        let whole = region && !self.areas.parts(&key.area).is_empty();
        let steps = members + usize::from(to_date) + usize::from(region && self.authorities) + usize::from(whole);
        u8::try_from(steps).unwrap_or(HEADLINE - 1).min(HEADLINE - 1)
    }
}

/// Positions of cells by key, for relations.
pub(super) fn positions(table: &Table<Raw>) -> BTreeMap<&CellKey, usize> {
    table.cells().keys().enumerate().map(|(at, key)| (key, at)).collect()
}
