//! Complementary suppression: hides more sums until nothing confidential follows from what is left. Deterministic: the same
//! tables give the same pattern, in whatever order they come.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::audit::Hint;
use super::bounds::{Range, ranges};
use super::linear::{Consequence, components, consequences};
use super::moves::{Board, Wanted};
use super::patterns::{Cost, Grid};
use super::relations::Equation;
use super::variables::{VariableId, Variables, index};

/// Components larger than this are not thinned out again, since every try solves them once more.
const LARGEST_THINNED: usize = 24;

/// How much smaller what was hidden last time seems.
const FAMILIAR: Decimal = Decimal::from_parts(4, 0, 0, false, 0);
/// A shift of an amount that nobody can mistake for rounding: one part in so many, and no less than a penny.
const THOUSAND: Decimal = Decimal::ONE_THOUSAND;
const PENNY: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// Which sums are confidential, and which the attacker does not know.
pub(super) struct Suppression<'a> {
    variables: &'a Variables,
    equations: &'a [Equation],
    /// Sums that nobody may learn: confidential for their own sake or for others'.
    kept: Vec<bool>,
    /// For each cell, how many of its sums are kept.
    covers: Vec<Vec<u8>>,
    /// For each sum, how many cells tell it.
    tellers: Vec<usize>,
    /// The tables' cells by coordinates.
    grids: &'a [Grid],
    /// Sums around which a box was hidden already.
    boxed: BTreeSet<VariableId>,
    /// Sums whose cells were all confidential last time.
    before: Vec<bool>,
}

/// A sum that cannot be protected.
#[derive(Debug)]
pub(super) struct Exposed(pub(super) VariableId);

/// A confidential sum whose range is too narrow.
struct Narrow {
    id: VariableId,
    /// Whether only one value is left: counts may follow because none of them is zero.
    point: bool,
    /// By how much it is too narrow.
    short: Decimal,
}

impl<'a> Suppression<'a> {
    /// Starts from the primary rules.
    pub(super) fn new(
        variables: &'a Variables,
        equations: &'a [Equation],
        grids: &'a [Grid],
        before: &[Vec<bool>],
    ) -> Self {
        let was =
            |cells: &[(usize, usize)]| !cells.is_empty() && cells.iter().all(|(table, cell)| before[*table][*cell]);
        // An earlier word tells a sum as one more cell would that is never hidden.
        let tellers = variables.all.iter().map(|variable| variable.cells.len() + usize::from(variable.told));
        let mut suppression = Self {
            variables,
            equations,
            kept: vec![false; variables.all.len()],
            covers: variables.hidden.iter().map(|cells| vec![0; cells.len()]).collect(),
            tellers: tellers.collect(),
            grids,
            boxed: BTreeSet::new(),
            before: variables.all.iter().map(|variable| was(&variable.cells)).collect(),
        };
        for id in variables.ids().filter(|id| variables.get(*id).need.is_some()) {
            suppression.keep(id);
        }
        for (table, cells) in variables.hidden.iter().enumerate() {
            for cell in cells.iter().enumerate().filter(|(_, hidden)| **hidden).map(|(cell, _)| cell) {
                suppression.cover_cell(table, cell, true);
            }
        }
        suppression
    }

    /// Whether a cell is confidential.
    pub(super) fn hides(&self, table: usize, cell: usize) -> bool {
        self.covers[table][cell] > 0
    }

    /// Adds sums until nothing confidential follows from what is published, then gives back those that were not needed.
    pub(super) fn complete(&mut self) -> Result<(), Exposed> {
        self.settle()?;
        self.thin_out();
        Ok(())
    }

    /// Adds sums until nothing confidential follows from what is published.
    fn settle(&mut self) -> Result<(), Exposed> {
        let mut settled: BTreeSet<Vec<VariableId>> = BTreeSet::new();
        loop {
            let groups = components(self.equations, &|id| self.is_unknown(id));
            let mut calm = true;
            for (hidden, lines) in groups {
                if settled.contains(&hidden) || !hidden.iter().any(|id| self.is_primary(*id)) {
                    continue;
                }
                if self.mend(&lines)? {
                    calm = false;
                } else {
                    settled.insert(hidden.clone());
                }
            }
            if calm {
                return Ok(());
            }
        }
    }

    fn is_unknown(&self, id: VariableId) -> bool {
        self.tellers[index(id)] == 0
    }

    fn is_primary(&self, id: VariableId) -> bool {
        self.variables.get(id).need.is_some()
    }

    fn keep(&mut self, id: VariableId) {
        if std::mem::replace(&mut self.kept[index(id)], true) {
            return;
        }
        self.cover(id, true);
    }

    fn release(&mut self, id: VariableId) {
        if std::mem::replace(&mut self.kept[index(id)], false) {
            self.cover(id, false);
        }
    }

    /// Hides or shows the cells of a sum, and counts who tells what. A sum may be both parts of one cell, which then stands
    /// twice in its list.
    fn cover(&mut self, id: VariableId, hide: bool) {
        for (table, cell) in &self.variables.get(id).cells {
            self.cover_cell(*table, *cell, hide);
        }
    }

    fn cover_cell(&mut self, table: usize, cell: usize, hide: bool) {
        let count = &mut self.covers[table][cell];
        let (was, now) = if hide { (*count, *count + 1) } else { (*count, *count - 1) };
        *count = now;
        if (was == 0) == (now == 0) {
            return;
        }
        let parts = self.variables.parts[table][cell];
        for part in [parts.numerator, parts.denominator].into_iter().flatten() {
            let tellers = &mut self.tellers[index(part)];
            *tellers = if hide { *tellers - 1 } else { *tellers + 1 };
        }
    }

    /// Hides what else must be hidden so that the confidential sums of a component are safe, as far as one look can tell.
    /// Says whether anything was hidden.
    fn mend(&mut self, lines: &[usize]) -> Result<bool, Exposed> {
        let equations: Vec<&Equation> = lines.iter().map(|at| &self.equations[*at]).collect();
        let found = consequences(equations.iter().copied(), &|id| self.is_unknown(id), 2);
        let mut mended = false;
        for line in &found {
            if self.tells(line) {
                self.mend_line(line)?;
                mended = true;
            }
        }
        if mended {
            return Ok(true);
        }
        // Other components of this round may have reached into this one meanwhile.
        let hidden = self.unknown_in(&equations);
        for Narrow { id, point, short } in self.too_narrow(&hidden, &equations) {
            let near = equations.iter().filter(|equation| equation.0.iter().any(|(other, _)| *other == id));
            // What was hidden in this round may have widened it already; the next round tells.
            let changed = |other: VariableId| self.is_unknown(other) && hidden.binary_search(&other).is_err();
            if near.clone().flat_map(|equation| &equation.0).any(|(other, _)| changed(*other)) {
                continue;
            }
            let published = near.flat_map(|equation| &equation.0).map(|(other, _)| *other);
            let usable = |other: &VariableId| {
                let variable = self.variables.get(*other);
                let is_dear = variable.is_headline() && (!point || variable.is_latest());
                !self.is_unknown(*other) && !variable.told && !is_dear
            };
            let published: Vec<VariableId> = published.filter(usable).collect();
            // Small amounts would not widen it enough, unless there are only small ones.
            let large: Vec<VariableId> =
                published.iter().copied().filter(|other| self.variables.get(*other).value.abs() >= short).collect();
            let published = if large.is_empty() { published } else { large };
            // A range that only headlines or the signs of amounts keep narrow stays as it is; the audit decides.
            if !published.is_empty() {
                self.break_line(&Consequence { hidden: vec![id], published })?;
                mended = true;
            }
        }
        Ok(mended)
    }

    /// Whether a line tells a confidential sum to everybody, or to the only group behind another.
    fn tells(&self, line: &Consequence) -> bool {
        match line.hidden.as_slice() {
            [alone] => self.is_primary(*alone),
            // Two that are one figure under two names tell nothing of each other.
            [one, other] if !line.published.is_empty() && self.is_primary(*one) && self.is_primary(*other) => {
                let (one, other) = (&self.variables.get(*one).sole, &self.variables.get(*other).sole);
                (one.is_some() || other.is_some()) && one != other
            }
            _ => false,
        }
    }

    /// Hides a box around what a line tells, in every table that has it; where that was done already, the cheapest
    /// published sum of the line.
    fn mend_line(&mut self, line: &Consequence) -> Result<(), Exposed> {
        if line.published.iter().any(|id| self.is_unknown(*id)) {
            return Ok(());
        }
        if let [alone] = line.hidden.as_slice()
            && self.boxed.insert(*alone)
        {
            let mut any = false;
            for (table, cell) in &self.variables.get(*alone).cells {
                any |= self.hide_box(*table, *cell);
            }
            if any {
                return Ok(());
            }
        }
        self.break_line(line)
    }

    /// Says whether anything was hidden. Corners as large as the protection that is needed come first: amounts can then be
    /// moved around the box far enough in both directions without any of them turning negative.
    fn hide_box(&mut self, table: usize, cell: usize) -> bool {
        let id_of = |position: usize| {
            let parts = self.variables.parts[table][position];
            parts.numerator.or(parts.denominator)
        };
        let Some(id) = id_of(cell) else { return false };
        let variable = self.variables.get(id);
        let level = variable.need.map_or(Decimal::ZERO, |need| need.upper - variable.value);
        let cost = |position: usize, level: Decimal| -> Option<Cost> {
            let id = id_of(position)?;
            let (variable, size) = (self.variables.get(id), self.size(id));
            if position != cell && (size < level || variable.told) {
                return None;
            }
            if self.hides(table, position) {
                return Some((0, Decimal::ZERO));
            }
            Some((u32::from(variable.is_headline()) * u32::from(variable.rank), size))
        };
        let grid = &self.grids[table];
        let large = grid.propose(cell, &|position| cost(position, level)).filter(|(price, _)| price.0 == 0);
        let proposed = large.or_else(|| grid.propose(cell, &|position| cost(position, Decimal::ZERO)));
        let Some((_, cells)) = proposed else { return false };
        let mut any = false;
        for position in cells {
            let parts = self.variables.parts[table][position];
            if let Some(id) = parts.numerator.or(parts.denominator).filter(|_| !self.hides(table, position)) {
                self.keep(id);
                any = true;
            }
        }
        any
    }

    /// Hides the cheapest published sum of a line, unless one of them was hidden meanwhile.
    fn break_line(&mut self, line: &Consequence) -> Result<(), Exposed> {
        if line.published.iter().any(|id| self.is_unknown(*id)) {
            return Ok(());
        }
        let untold = line.published.iter().copied().filter(|id| !self.variables.get(*id).told);
        let cheapest = untold.min_by_key(|id| self.cost(*id));
        let exposed = line.hidden.first().copied().unwrap_or_default();
        self.keep(cheapest.ok_or(Exposed(exposed))?);
        Ok(())
    }

    /// What readers lose: headlines last, then margins, then by size, then by the number of groups; ties by place. What was
    /// hidden last time is missed less.
    fn cost(&self, id: VariableId) -> (u8, Decimal, usize, VariableId) {
        let variable = self.variables.get(id);
        (variable.rank, self.size(id), variable.groups, id)
    }

    fn size(&self, id: VariableId) -> Decimal {
        let size = self.variables.get(id).value.abs();
        if self.before[index(id)] { size / FAMILIAR } else { size }
    }

    /// Hides more around the secrets of some cells, because an attack on them succeeded. Says whether anything was hidden.
    pub(super) fn widen(&mut self, hints: &[Hint]) -> Result<bool, Exposed> {
        let mut lines: Vec<Vec<usize>> = vec![Vec::new(); self.variables.all.len()];
        for (at, equation) in self.equations.iter().enumerate() {
            equation.0.iter().for_each(|(id, _)| lines[index(*id)].push(at));
        }
        let mut any = false;
        for hint in hints {
            // What was told does not shift, nor what a firm knows because it is alone behind it.
            let known = |id: &VariableId| {
                let variable = self.variables.get(*id);
                variable.told || (hint.by.is_some() && variable.sole == hint.by)
            };
            let fixed: BTreeSet<VariableId> = self.variables.ids().filter(known).collect();
            for id in self.secrets_at(hint.at) {
                for (up, distance) in self.shifts(id, hint) {
                    let price = |id: VariableId| (!self.is_unknown(id)).then(|| self.size(id));
                    let board =
                        Board { variables: self.variables, equations: self.equations, lines: &lines, price: &price };
                    let strict = hint.up.is_none();
                    let found = board.cheapest(&Wanted { secret: id, up, distance, strict, fixed: &fixed });
                    for other in found.unwrap_or_default() {
                        self.keep(other);
                        any = true;
                    }
                }
            }
        }
        if any {
            self.settle()?;
        }
        Ok(any)
    }

    /// The secrets that are named by a cell: its sums, and differences from it.
    fn secrets_at(&self, (table, cell): (usize, usize)) -> BTreeSet<VariableId> {
        let mut secrets: BTreeSet<VariableId> = BTreeSet::new();
        let parts = self.variables.parts[table][cell];
        for id in [parts.numerator, parts.denominator].into_iter().flatten() {
            if self.is_primary(id) {
                secrets.insert(id);
            }
            let of = |(_, terms): &&(VariableId, Vec<_>)| terms.iter().any(|(term, _)| *term == id);
            secrets.extend(self.variables.differences.iter().filter(of).map(|(difference, _)| *difference));
        }
        secrets
    }

    /// By how much a secret must be able to shift up or down.
    fn shifts(&self, id: VariableId, hint: &Hint) -> Vec<(bool, Decimal)> {
        let variable = self.variables.get(id);
        let Some(need) = variable.need else { return Vec::new() };
        let lower = if variable.never_negative { need.lower.max(Decimal::ZERO) } else { need.lower };
        let (up, down) = (need.upper - variable.value, variable.value - lower);
        // Nothing keeps a sum from being a little larger, once enough is hidden.
        let least = if variable.counts { Decimal::ONE } else { (variable.value.abs() / THOUSAND).max(PENNY) };
        match hint.up {
            Some(true) => vec![(true, up.max(least))],
            Some(false) => vec![(false, down.max(least))],
            None => vec![(true, least)],
        }
    }

    /// Confidential sums whose range is narrower than it must be.
    fn too_narrow(&self, hidden: &[VariableId], equations: &[&Equation]) -> Vec<Narrow> {
        let wide = ranges(hidden, equations, self.variables, Decimal::ZERO);
        let counts = hidden.iter().any(|id| self.variables.get(*id).counts);
        let whole = if counts { ranges(hidden, equations, self.variables, Decimal::ONE) } else { wide.clone() };
        let narrow = |((id, (low, high)), known): ((&VariableId, &Range), &Range)| {
            let need = self.variables.get(*id).need?;
            let point = known.0.is_some() && known.0 == known.1;
            let above = high.map_or(Decimal::ZERO, |high| need.upper - high);
            let below = low.map_or(Decimal::ZERO, |low| low - need.lower);
            let short = above.max(below);
            (point || short > Decimal::ZERO).then_some(Narrow { id: *id, point, short })
        };
        hidden.iter().zip(&wide).zip(&whole).filter_map(narrow).collect()
    }

    /// Shows again what is not needed: first what follows from the rest anyway, then, in small components, one after the
    /// other, the dearest first.
    fn thin_out(&mut self) {
        self.release_known();
        for (hidden, lines) in components(self.equations, &|id| self.is_unknown(id)) {
            if hidden.len() > LARGEST_THINNED {
                continue;
            }
            let mut added: Vec<VariableId> =
                hidden.iter().copied().filter(|id| self.kept[index(*id)] && !self.is_primary(*id)).collect();
            added.sort_by_key(|id| std::cmp::Reverse(self.cost(*id)));
            for id in added {
                self.try_without(id, &lines);
            }
        }
        self.release_known();
    }

    /// Shows the added sums that everybody can compute: hiding them protects nobody. A ratio is shown when both its parts can
    /// be computed.
    fn release_known(&mut self) {
        let mut told: BTreeSet<VariableId> = BTreeSet::new();
        for (_, lines) in components(self.equations, &|id| self.is_unknown(id)) {
            let equations = lines.iter().map(|at| &self.equations[*at]);
            told.extend(consequences(equations, &|id| self.is_unknown(id), 1).into_iter().flat_map(|line| line.hidden));
        }
        for id in &told {
            let added = self.kept[index(*id)] && !self.is_primary(*id);
            if added && self.others(*id).all(|other| told.contains(&other) || !self.is_unknown(other)) {
                self.release(*id);
            }
        }
    }

    /// Shows a sum, unless that would show another one with it: a ratio tells its other part as well.
    fn release_alone(&mut self, id: VariableId) -> bool {
        let unknown: Vec<VariableId> = self.others(id).filter(|other| self.is_unknown(*other)).collect();
        self.release(id);
        let alone = unknown.iter().all(|other| self.is_unknown(*other));
        if !alone {
            self.keep(id);
        }
        alone
    }

    /// Shows a sum if the confidential ones of its component, whose equations these are, stay safe.
    fn try_without(&mut self, id: VariableId, lines: &[usize]) {
        if !self.release_alone(id) {
            return;
        }
        let equations: Vec<&Equation> = lines.iter().map(|at| &self.equations[*at]).collect();
        let found = consequences(equations.iter().copied(), &|other| self.is_unknown(other), 2);
        let told = found.iter().any(|line| self.tells(line));
        if told || !self.too_narrow(&self.unknown_in(&equations), &equations).is_empty() {
            self.keep(id);
        }
    }

    /// The sums of some equations that an attacker does not know, in their order.
    fn unknown_in(&self, equations: &[&Equation]) -> Vec<VariableId> {
        let ids: BTreeSet<VariableId> = equations.iter().flat_map(|equation| &equation.0).map(|(id, _)| *id).collect();
        ids.into_iter().filter(|id| self.is_unknown(*id)).collect()
    }

    /// The sums that stand in one cell with this one.
    fn others(&self, id: VariableId) -> impl Iterator<Item = VariableId> + '_ {
        let cells = self.variables.get(id).cells.iter();
        let parts = cells.map(|(table, cell)| self.variables.parts[*table][*cell]);
        parts.flat_map(|parts| [parts.numerator, parts.denominator]).flatten().filter(move |other| *other != id)
    }
}
