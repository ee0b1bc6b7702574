//! The cheapest way to make a secret movable: by how much which sums would have to shift so that everything still adds up,
//! hidden ones for nothing, published ones at the price of hiding them. What shifts and is published is hidden then.
//!
//! This is the linear programming heuristic for cell suppression (Kelly, Golden and Assad 1992; Giessing 2001): the price of
//! a cell is paid by the amount that it shifts, where it should be paid once. The result is safe, and nearly cheapest.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable as Column};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::relations::Equation;
use super::variables::{VariableId, Variables, index};

/// How many sums may shift: those near by first, then more.
const REACHES: [usize; 4] = [60, 240, 1_000, 6_000];
/// What shifts by less than this part of the distance does not shift.
const LEAST: f64 = 1e-6;
/// A hidden sum costs nearly nothing, so that few of them shift; a headline so much that nothing else is left to take.
const HIDDEN_PRICE: f64 = 1e-5;
const HEADLINE_PRICE: f64 = 1e3;

/// What is known about sums while looking for a move.
pub(super) struct Board<'a> {
    pub(super) variables: &'a Variables,
    pub(super) equations: &'a [Equation],
    /// For each sum, its equations.
    pub(super) lines: &'a [Vec<usize>],
    /// What hiding a sum costs; none if it is hidden already.
    pub(super) price: &'a dyn Fn(VariableId) -> Option<Decimal>,
}

/// A shift that is looked for.
pub(super) struct Wanted<'a> {
    pub(super) secret: VariableId,
    /// Upwards or downwards.
    pub(super) up: bool,
    pub(super) distance: Decimal,
    /// Whether hidden counts are known to be at least one.
    pub(super) strict: bool,
    /// Sums that must not shift.
    pub(super) fixed: &'a BTreeSet<VariableId>,
}

impl Board<'_> {
    /// The published sums that must be hidden so that the secret can shift as wanted; none if nothing helps.
    pub(super) fn cheapest(&self, wanted: &Wanted<'_>) -> Option<Vec<VariableId>> {
        let mut before = 0;
        for reach in REACHES {
            let near = self.near(wanted, reach);
            if near.len() == before {
                break;
            }
            before = near.len();
            if let Some(found) = self.solve(wanted, &near) {
                return Some(found);
            }
        }
        None
    }

    fn near(&self, wanted: &Wanted<'_>, most: usize) -> Vec<VariableId> {
        let mut near = vec![wanted.secret];
        let mut seen = BTreeSet::from([wanted.secret]);
        let mut next = 0;
        while next < near.len() {
            for line in &self.lines[index(near[next])] {
                for (id, _) in &self.equations[*line].0 {
                    if near.len() < most && !wanted.fixed.contains(id) && seen.insert(*id) {
                        near.push(*id);
                    }
                }
            }
            next += 1;
        }
        near
    }

    fn solve(&self, wanted: &Wanted<'_>, near: &[VariableId]) -> Option<Vec<VariableId>> {
        let unit = wanted.distance;
        let most = near.iter().filter_map(|id| self.paid(*id)).max().unwrap_or(Decimal::ONE).max(Decimal::ONE);
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let mut columns: BTreeMap<VariableId, (Column, Column)> = BTreeMap::new();
        for id in near {
            let variable = self.variables.get(*id);
            let price = match (self.price)(*id) {
                None => HIDDEN_PRICE,
                Some(_) if variable.is_headline() => HEADLINE_PRICE,
                Some(price) => (price / most).to_f64()?.max(1e-3),
            };
            let least = if wanted.strict && variable.counts { Decimal::ONE.min(variable.value) } else { Decimal::ZERO };
            let room =
                if variable.never_negative { ((variable.value - least) / unit).to_f64()? } else { f64::INFINITY };
            let (mut rise, mut fall) = (f64::INFINITY, room.max(0.0));
            if *id == wanted.secret {
                (rise, fall) = if wanted.up { (1.0, 0.0) } else { (0.0, fall.min(1.0)) };
            }
            columns.insert(*id, (problem.add_var(price, (0.0, rise)), problem.add_var(price, (0.0, fall))));
        }
        let lines: BTreeSet<usize> = near.iter().flat_map(|id| &self.lines[index(*id)]).copied().collect();
        for line in lines {
            let terms: Vec<(Column, f64)> = self.equations[line]
                .0
                .iter()
                .filter_map(|(id, factor)| Some((columns.get(id)?, factor.to_f64()?)))
                .flat_map(|((rise, fall), factor)| [(*rise, factor), (*fall, -factor)])
                .collect();
            problem.add_constraint(terms.as_slice(), ComparisonOp::Eq, 0.0);
        }
        let (rise, fall) = columns[&wanted.secret];
        let target = if wanted.up { rise } else { fall };
        problem.add_constraint([(target, 1.0)], ComparisonOp::Ge, 1.0);
        let outcome = problem.solve().ok()?;
        let solution = outcome.solution()?;
        let shifts = |id: &VariableId| {
            let (rise, fall) = columns[id];
            (solution.var_value(rise) - solution.var_value(fall)).abs() > LEAST
        };
        Some(near.iter().copied().filter(|id| (self.price)(*id).is_some() && shifts(id)).collect())
    }

    /// The price of a published sum that is no headline.
    fn paid(&self, id: VariableId) -> Option<Decimal> {
        (self.price)(id).filter(|_| !self.variables.get(id).is_headline())
    }
}
