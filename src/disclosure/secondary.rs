//! Complementary suppression: hides more sums until nothing confidential follows from what is left. Deterministic: the same
//! tables give the same pattern, in whatever order they come.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::bounds::ranges;
use super::linear::{Consequence, components, consequences};
use super::relations::Equation;
use super::variables::{VariableId, Variables, index};

/// Components larger than this are not thinned out again, since every try solves them once more.
const LARGEST_THINNED: usize = 60;

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
}

/// A sum that cannot be protected.
#[derive(Debug)]
pub(super) struct Exposed(pub(super) VariableId);

impl<'a> Suppression<'a> {
    /// Starts from the primary rules.
    pub(super) fn new(variables: &'a Variables, equations: &'a [Equation]) -> Self {
        let mut suppression = Self {
            variables,
            equations,
            kept: vec![false; variables.all.len()],
            covers: variables.parts.iter().map(|cells| vec![0; cells.len()]).collect(),
            tellers: variables.all.iter().map(|variable| variable.cells.len()).collect(),
        };
        for id in variables.ids().filter(|id| variables.get(*id).need.is_some()) {
            suppression.keep(id);
        }
        suppression
    }

    /// Whether a cell is confidential.
    pub(super) fn hides(&self, table: usize, cell: usize) -> bool {
        self.covers[table][cell] > 0
    }

    /// Adds sums until nothing kept follows from what is published, then gives back those that were not needed.
    pub(super) fn complete(&mut self) -> Result<(), Exposed> {
        let mut settled: BTreeSet<Vec<VariableId>> = BTreeSet::new();
        loop {
            let groups = components(self.equations, &|id| self.is_unknown(id));
            let mut added = Vec::new();
            for (hidden, lines) in groups {
                if settled.contains(&hidden) {
                    continue;
                }
                let more = self.find_missing(&hidden, &lines)?;
                if more.is_empty() {
                    settled.insert(hidden);
                }
                added.extend(more);
            }
            if added.is_empty() {
                break;
            }
            for id in added {
                self.keep(id);
            }
        }
        self.thin_out();
        Ok(())
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

    /// Hides or shows the cells of a sum, and counts who tells what.
    fn cover(&mut self, id: VariableId, hide: bool) {
        for (table, cell) in &self.variables.get(id).cells {
            let parts = self.variables.parts[*table][*cell];
            let count = &mut self.covers[*table][*cell];
            // A sum may be both parts of one cell, which then stands twice in its list.
            let (was, now) = if hide { (*count, *count + 1) } else { (*count, *count - 1) };
            *count = now;
            if (was == 0) == (now == 0) {
                continue;
            }
            for part in [parts.numerator, parts.denominator].into_iter().flatten() {
                let tellers = &mut self.tellers[index(part)];
                *tellers = if hide { *tellers - 1 } else { *tellers + 1 };
            }
        }
    }

    /// What must be hidden besides so that the kept sums of a component are safe, as far as one look can tell.
    fn find_missing(&self, hidden: &[VariableId], lines: &[usize]) -> Result<Vec<VariableId>, Exposed> {
        let unknown = |id: VariableId| self.is_unknown(id);
        let equations = || lines.iter().map(|at| &self.equations[*at]);
        let found = consequences(equations(), &unknown, 2);
        let mut added = Vec::new();
        for line in found.iter().filter(|line| self.tells(line)) {
            self.break_line(line, &mut added)?;
        }
        if !added.is_empty() {
            return Ok(added);
        }
        let equations: Vec<&Equation> = equations().collect();
        let narrow = self.too_narrow(hidden, &equations);
        for id in narrow {
            let near = equations.iter().filter(|equation| equation.0.iter().any(|(other, _)| *other == id));
            let published =
                near.flat_map(|equation| &equation.0).map(|(other, _)| *other).filter(|other| !unknown(*other));
            let line = Consequence { hidden: vec![id], published: published.collect() };
            if self.break_line(&line, &mut added).is_err() {
                let any = equations.iter().flat_map(|e| &e.0).map(|(other, _)| *other).filter(|other| !unknown(*other));
                self.break_line(&Consequence { hidden: vec![id], published: any.collect() }, &mut added)?;
            }
        }
        Ok(added)
    }

    /// Whether a line tells a kept sum to everybody, or a confidential one to the only group behind another.
    fn tells(&self, line: &Consequence) -> bool {
        match line.hidden.as_slice() {
            [alone] => self.kept[index(*alone)],
            [one, other] if self.is_primary(*one) && self.is_primary(*other) => {
                let (one, other) = (&self.variables.get(*one).sole, &self.variables.get(*other).sole);
                (one.is_some() || other.is_some()) && one != other
            }
            _ => false,
        }
    }

    /// Picks the cheapest published sum of a line, unless one is picked already.
    fn break_line(&self, line: &Consequence, added: &mut Vec<VariableId>) -> Result<(), Exposed> {
        if line.published.iter().any(|id| added.contains(id)) {
            return Ok(());
        }
        let cheapest = line.published.iter().copied().min_by_key(|id| self.cost(*id));
        let exposed = line.hidden.first().copied().unwrap_or_default();
        added.push(cheapest.ok_or(Exposed(exposed))?);
        Ok(())
    }

    /// What readers lose: headlines last, then margins, then by size, then by the number of groups; ties by place.
    fn cost(&self, id: VariableId) -> (u8, Decimal, usize, VariableId) {
        let variable = self.variables.get(id);
        (variable.rank, variable.value.abs(), variable.groups, id)
    }

    /// Confidential sums whose range is narrower than it must be.
    fn too_narrow(&self, hidden: &[VariableId], equations: &[&Equation]) -> Vec<VariableId> {
        let ranges = ranges(hidden, equations, self.variables);
        let narrow = |id: &VariableId| {
            let Some(need) = self.variables.get(*id).need else { return false };
            let (low, high) = ranges.get(id).copied().unwrap_or((None, None));
            let point = low.is_some() && low == high;
            point || high.is_some_and(|high| high < need.upper) || low.is_some_and(|low| low > need.lower)
        };
        hidden.iter().copied().filter(narrow).collect()
    }

    /// Shows again what is not needed, the dearest first. What would follow from the rest is shown too: hiding it protects
    /// nobody.
    fn thin_out(&mut self) {
        for (hidden, _) in components(self.equations, &|id| self.is_unknown(id)) {
            if hidden.len() > LARGEST_THINNED {
                continue;
            }
            let mut added: Vec<VariableId> =
                hidden.iter().copied().filter(|id| self.kept[index(*id)] && !self.is_primary(*id)).collect();
            added.sort_by_key(|id| std::cmp::Reverse(self.cost(*id)));
            for id in added {
                if self.kept[index(id)] {
                    self.try_without(id, &hidden);
                }
            }
        }
    }

    fn try_without(&mut self, id: VariableId, among: &[VariableId]) {
        let inside: BTreeSet<VariableId> = among.iter().copied().collect();
        let mut shown = Vec::new();
        let mut release = vec![id];
        loop {
            for id in std::mem::take(&mut release) {
                // A ratio shown again tells its other part as well, which may matter where we do not look.
                let outside: Vec<VariableId> =
                    self.others(id).filter(|other| !inside.contains(other) && self.is_unknown(*other)).collect();
                self.release(id);
                shown.push(id);
                if outside.iter().any(|other| !self.is_unknown(*other)) {
                    return self.keep_all(&shown);
                }
            }
            let groups = components(self.equations, &|other| inside.contains(&other) && self.is_unknown(other));
            let mut follow = Vec::new();
            let mut safe = true;
            for (hidden, lines) in groups {
                let unknown = |other: VariableId| self.is_unknown(other);
                let equations: Vec<&Equation> = lines.iter().map(|at| &self.equations[*at]).collect();
                for line in consequences(equations.iter().copied(), &unknown, 2).iter().filter(|line| self.tells(line))
                {
                    match line.hidden.as_slice() {
                        [alone] if !self.is_primary(*alone) => follow.push(*alone),
                        _ => safe = false,
                    }
                }
                safe = safe && self.too_narrow(&hidden, &equations).is_empty();
            }
            if !safe {
                return self.keep_all(&shown);
            }
            if follow.is_empty() {
                return;
            }
            release = follow;
        }
    }

    fn keep_all(&mut self, ids: &[VariableId]) {
        for id in ids {
            self.keep(*id);
        }
    }

    /// The sums that stand in one cell with this one.
    fn others(&self, id: VariableId) -> impl Iterator<Item = VariableId> + '_ {
        let cells = self.variables.get(id).cells.iter();
        let parts = cells.map(|(table, cell)| self.variables.parts[*table][*cell]);
        parts.flat_map(|parts| [parts.numerator, parts.denominator]).flatten().filter(move |other| *other != id)
    }
}
