//! Looks for other tables that agree with everything published: linear programs over what hangs together with a secret.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Exhibit;
use super::lines::Lines;
use super::secrets::Secret;
use super::shifts::{Aim, Shifts};
use super::sums::{SumId, Sums, known_to_holders};
use super::verdict::Weakness;
use crate::model::GroupId;

/// How many hidden sums are moved in one search: few first, then all that hang together.
const REACHES: [usize; 4] = [60, 400, 1_000, usize::MAX];
/// Nodes of the search for whole numbers.
const MOST_NODES: u64 = 400;
/// The longest time for one linear program; what is not solved by then is not safe.
const LONGEST: Duration = Duration::from_secs(10);
/// How far a proposed table may be off, of the largest figure in it.
const TOLERANCE: f64 = 1e-6;

/// How a search ended.
enum Found {
    /// Another table, as the sums that differ in it and by how much.
    Table(Vec<(SumId, f64)>),
    /// There is none.
    Nothing,
    /// Nobody knows.
    Unknown,
}

/// How an attack on a secret succeeded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Breach<'a> {
    pub(super) weakness: Weakness,
    /// In which direction it cannot be far enough off; none if in neither.
    pub(super) up: Option<bool>,
    /// The firm that can work it out.
    pub(super) by: Option<&'a GroupId>,
}

/// What was found about one secret so far.
#[derive(Default)]
struct State {
    up: bool,
    down: bool,
    /// Owners of single figures (each by the first of them) who would have noticed every other table found so far; none if
    /// there was no table.
    noticed_by: Option<BTreeSet<SumId>>,
}

/// What somebody knows.
struct View<'b> {
    /// Below this no sum can be.
    floors: Vec<Option<Decimal>>,
    /// The same by somebody who noticed that zeros are never hidden: hidden counts are at least one.
    strict: Vec<Option<Decimal>>,
    lines: &'b Lines,
    lines_of: &'b [Vec<usize>],
    lines_of_rest: &'b [Vec<usize>],
    shifts: Option<&'b Shifts<'b>>,
    /// The floors and the strict ones in whole units.
    units: (Vec<Option<i64>>, Vec<Option<i64>>),
}

/// A table that is looked for.
struct Wanted<'b> {
    /// How far the secret must be off.
    distance: Decimal,
    floors: &'b [Option<Decimal>],
    /// Sums that are what they are.
    fixed: &'b BTreeSet<SumId>,
}

/// What is wrong with each secret, in their order.
pub(super) fn attack<'a>(
    exhibit: &Exhibit<'a>,
    sums: &Sums<'a>,
    lines: &Lines,
    secrets: &[Secret<'a>],
) -> Vec<Option<Breach<'a>>> {
    let mut lines_of: Vec<Vec<usize>> = vec![Vec::new(); sums.all.len()];
    let mut lines_of_rest: Vec<Vec<usize>> = vec![Vec::new(); lines.rests.len()];
    for (at, line) in lines.all.iter().enumerate() {
        line.sums.iter().for_each(|(id, _)| lines_of[*id].push(at));
        line.rests.iter().for_each(|(id, _)| lines_of_rest[*id].push(at));
    }
    let floors: Vec<Option<Decimal>> = sums.all.iter().map(|sum| sum.floor).collect();
    let strict = sums.all.iter().map(|sum| sum.floor.map(|floor| floor.max(sum.least()))).collect();
    let shifts = Shifts::new(exhibit, sums, lines, &lines_of, &lines_of_rest);
    let mut view = View {
        floors,
        strict,
        lines,
        lines_of: &lines_of,
        lines_of_rest: &lines_of_rest,
        shifts: shifts.as_ref(),
        units: (Vec::new(), Vec::new()),
    };
    view.in_units();
    let mut weaknesses = view.attack_all(sums, secrets);
    for known in known_to_holders(exhibit, sums).into_values() {
        let everybody = (view.floors.clone(), view.strict.clone());
        for (id, floor) in known {
            for floors in [&mut view.floors, &mut view.strict] {
                floors[id] = floors[id].map(|other| other.max(floor).min(sums.all[id].truth));
            }
        }
        view.in_units();
        let inside = view.attack_all(sums, secrets).into_iter().map(|breach| breach.map(Breach::seen_from_inside));
        weaknesses = weaknesses.into_iter().zip(inside).map(|(one, other)| one.or(other)).collect();
        (view.floors, view.strict) = everybody;
    }
    weaknesses
}

impl View<'_> {
    fn in_units(&mut self) {
        if let Some(shifts) = self.shifts {
            self.units = (shifts.floors(&self.floors), shifts.floors(&self.strict));
        }
    }

    fn attack_all<'a>(&self, sums: &Sums<'a>, secrets: &[Secret<'a>]) -> Vec<Option<Breach<'a>>> {
        let owned = Owned::new(sums);
        let mut states: Vec<State> = secrets.iter().map(|_| State::default()).collect();
        let of_sum: BTreeMap<SumId, usize> = secrets
            .iter()
            .enumerate()
            .filter_map(|(at, secret)| match secret.terms.as_slice() {
                [(id, 1)] => Some((*id, at)),
                _ => None,
            })
            .collect();
        let mut weaknesses = Vec::with_capacity(secrets.len());
        for at in 0..secrets.len() {
            weaknesses.push(self.attack_one(at, sums, secrets, &of_sum, &mut states, &owned).err());
        }
        weaknesses
    }

    fn attack_one<'a>(
        &self,
        at: usize,
        sums: &Sums<'a>,
        secrets: &[Secret<'a>],
        of_sum: &BTreeMap<SumId, usize>,
        states: &mut [State],
        owned: &Owned<'a>,
    ) -> Result<(), Breach<'a>> {
        let secret = &secrets[at];
        let [up, down] = self.distances(secret, sums);
        let nobody = BTreeSet::new();
        let learn = |moved: &[(SumId, f64)], states: &mut [State]| {
            note(moved, sums, secrets, of_sum, states, owned);
        };
        // That a count is at least one must not give it away.
        let point = up == Decimal::ZERO && down == Decimal::ZERO;
        if point || secret.whole {
            let least = Wanted { distance: least_move(secret, sums), floors: &self.strict, fixed: &nobody };
            let mut either = vec![self.search(secret, sums, 1, &least)];
            if tables(&either).next().is_none() {
                either.push(self.search(secret, sums, -1, &least));
            }
            let Some(moved) = tables(&either).next() else { return Err(breach(&either, None)) };
            learn(moved, states);
            note_owners(moved, owned, secret, &mut states[at]);
        }
        for (sign, distance) in [(1, up), (-1, down)] {
            let done = if sign == 1 { states[at].up } else { states[at].down };
            if done || distance.is_zero() {
                continue;
            }
            let found = [self.search(secret, sums, sign, &Wanted { distance, floors: &self.floors, fixed: &nobody })];
            let Some(moved) = tables(&found).next() else { return Err(breach(&found, Some(sign == 1))) };
            learn(moved, states);
            note_owners(moved, owned, secret, &mut states[at]);
        }
        // Whoever alone is behind another hidden figure knows it. From him too something must be left open.
        let mut open = states[at].noticed_by.take().unwrap_or_default();
        while let Some(owner) = open.pop_first() {
            let least = Wanted { distance: least_move(secret, sums), floors: &self.strict, fixed: &owned.sums[&owner] };
            let mut found = vec![self.search(secret, sums, 1, &least)];
            if tables(&found).next().is_none() {
                found.push(self.search(secret, sums, -1, &least));
            }
            let Some(moved) = tables(&found).next() else {
                return Err(Breach { by: sums.all[owner].sole, ..breach(&found, None) }.seen_from_inside());
            };
            let noticed = owned.of(moved);
            open.retain(|other| noticed.contains(other));
        }
        Ok(())
    }

    /// How far up and down a secret must be able to be.
    fn distances(&self, secret: &Secret<'_>, sums: &Sums<'_>) -> [Decimal; 2] {
        let truth: Decimal = secret.terms.iter().map(|(id, f)| Decimal::from(*f) * sums.all[*id].truth).sum();
        let floor = match secret.terms.as_slice() {
            [(id, 1)] => self.floors[*id],
            _ => None,
        };
        let lower = floor.map_or(secret.need.lower, |floor| secret.need.lower.max(floor));
        [(secret.need.upper - truth).max(Decimal::ZERO), (truth - lower).max(Decimal::ZERO)]
    }

    /// Another table in which a secret is higher (or lower) by a distance.
    fn search(&self, secret: &Secret<'_>, sums: &Sums<'_>, sign: i64, wanted: &Wanted<'_>) -> Found {
        let Wanted { distance, floors, fixed } = *wanted;
        let by_hand = self.shifts.and_then(|shifts| {
            let floors = if std::ptr::eq(floors, self.strict.as_slice()) { &self.units.1 } else { &self.units.0 };
            shifts.find(secret, Aim { sign, distance, floors, fixed })
        });
        if let Some(moved) = by_hand {
            return Found::Table(moved);
        }
        let mut unknown = false;
        for reach in REACHES {
            let (chosen, all) = self.near(secret, sums, reach, wanted.fixed);
            match self.solve(secret, sums, &chosen, sign, wanted) {
                Found::Table(moved) => {
                    if let Some(shifts) = self.shifts {
                        shifts.remember(&moved);
                    }
                    return Found::Table(moved);
                }
                Found::Unknown => unknown = true,
                Found::Nothing if all => return Found::Nothing,
                Found::Nothing => {}
            }
            if all {
                break;
            }
        }
        if unknown { Found::Unknown } else { Found::Nothing }
    }

    /// Hidden sums near a secret, and whether they are all that hang together with it. Those come first that bring in the
    /// fewest new lines, and among them the largest: a handful of such sums can be moved by themselves.
    fn near(&self, secret: &Secret<'_>, sums: &Sums<'_>, most: usize, fixed: &BTreeSet<SumId>) -> (Vec<SumId>, bool) {
        let free = |id: &SumId| !sums.all[*id].known && !fixed.contains(id);
        let mut chosen: Vec<SumId> = Vec::new();
        let mut seen_lines: BTreeSet<usize> = BTreeSet::new();
        // How many of its lines are not brought in yet, for every sum in reach; none if it is chosen.
        let mut new_lines: BTreeMap<SumId, Option<usize>> = BTreeMap::new();
        let mut next: BTreeSet<(usize, Reverse<Decimal>, SumId)> = BTreeSet::new();
        for id in secret.terms.iter().map(|(id, _)| *id).filter(free) {
            new_lines.insert(id, Some(0));
            next.insert((0, Reverse(sums.all[id].truth.abs()), id));
        }
        while let Some((.., id)) = next.pop_first() {
            if chosen.len() == most {
                return (chosen, false);
            }
            chosen.push(id);
            new_lines.insert(id, None);
            let mut open: Vec<usize> = self.lines_of[id].clone();
            while let Some(line) = open.pop() {
                if !seen_lines.insert(line) {
                    continue;
                }
                let line = &self.lines.all[line];
                open.extend(line.rests.iter().flat_map(|(rest, _)| &self.lines_of_rest[*rest]));
                for (other, _) in line.sums.iter().filter(|(other, _)| free(other)) {
                    let size = Reverse(sums.all[*other].truth.abs());
                    let all = self.lines_of[*other].len();
                    let Some(count) = new_lines.entry(*other).or_insert(Some(all)) else { continue };
                    next.remove(&(*count, size, *other));
                    *count = count.saturating_sub(1);
                    next.insert((*count, size, *other));
                }
            }
        }
        (chosen, true)
    }

    /// The lines in which some chosen sum stands, and those that their rests bring in.
    fn lines_around(&self, chosen: &[SumId]) -> Vec<usize> {
        let mut lines: BTreeSet<usize> = chosen.iter().flat_map(|id| &self.lines_of[*id]).copied().collect();
        let mut open: Vec<usize> = lines.iter().copied().collect();
        while let Some(line) = open.pop() {
            for (rest, _) in &self.lines.all[line].rests {
                open.extend(self.lines_of_rest[*rest].iter().filter(|other| lines.insert(**other)));
            }
        }
        lines.into_iter().collect()
    }

    fn solve(&self, secret: &Secret<'_>, sums: &Sums<'_>, chosen: &[SumId], sign: i64, wanted: &Wanted<'_>) -> Found {
        let Wanted { distance, floors, .. } = *wanted;
        let lines = self.lines_around(chosen);
        let whole = chosen.iter().any(|id| sums.all[*id].whole);
        // Figures of some thousands suit the solver's absolute tolerance.
        let largest = chosen.iter().map(|id| sums.all[*id].truth.abs()).max().unwrap_or_default().max(distance.abs());
        let scale = if whole { Decimal::ONE } else { (largest / Decimal::ONE_THOUSAND).max(Decimal::new(1, 6)) };
        let program = Program { view: self, floors, secret, sums, chosen, lines: &lines, sign, distance, scale };
        let first = program.solve(false);
        let fractional = |moved: &[(SumId, f64)]| moved.iter().any(|(id, d)| sums.all[*id].whole && off_whole(*d));
        match first {
            Found::Table(moved) if fractional(&moved) => match program.solve(true) {
                Found::Table(moved) if fractional(&moved) => Found::Unknown,
                // The relaxation had a solution, so that there is none in whole numbers is only said of these sums.
                other => other,
            },
            other => other,
        }
    }
}

/// One linear program.
struct Program<'b, 'a> {
    view: &'b View<'b>,
    floors: &'b [Option<Decimal>],
    secret: &'b Secret<'a>,
    sums: &'b Sums<'a>,
    chosen: &'b [SumId],
    lines: &'b [usize],
    sign: i64,
    distance: Decimal,
    scale: Decimal,
}

impl Program<'_, '_> {
    fn scaled(&self, value: Decimal) -> f64 {
        (value / self.scale).to_f64().unwrap_or(f64::NAN)
    }

    /// The table in which the least is moved: it serves few secrets beside this one, but few firms notice it.
    fn solve(&self, integers: bool) -> Found {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let mut columns: BTreeMap<SumId, (Variable, Variable)> = BTreeMap::new();
        for id in self.chosen {
            let sum = &self.sums.all[*id];
            let room = self.floors[*id].map_or(f64::INFINITY, |floor| self.scaled(sum.truth - floor));
            let price = if sum.sole.is_some() { ALONE_PRICE } else { 1.0 };
            let pair = if integers && sum.whole {
                let room = room.min(f64::from(WIDEST)).to_i32().unwrap_or_default();
                (problem.add_integer_var(price, (0, WIDEST)), problem.add_integer_var(price, (0, room)))
            } else {
                (problem.add_var(price, (0.0, f64::INFINITY)), problem.add_var(price, (0.0, room)))
            };
            columns.insert(*id, pair);
        }
        let moves = |terms: &[(SumId, i64)], sign: i64| -> Vec<(Variable, f64)> {
            let found = terms.iter().filter_map(|(id, factor)| Some((columns.get(id)?, float(factor * sign))));
            found.flat_map(|((rise, fall), factor)| [(*rise, factor), (*fall, -factor)]).collect()
        };
        let mut rests: BTreeMap<usize, Variable> = BTreeMap::new();
        for at in self.lines {
            let line = &self.view.lines.all[*at];
            let mut terms = moves(&line.sums, 1);
            for (rest, factor) in &line.rests {
                let floor = if self.view.lines.rests[*rest] { f64::NEG_INFINITY } else { 0.0 };
                let variable = *rests.entry(*rest).or_insert_with(|| problem.add_var(0.0, (floor, f64::INFINITY)));
                terms.push((variable, float(*factor)));
            }
            problem.add_constraint(terms.as_slice(), ComparisonOp::Eq, self.scaled(line.known));
        }
        let target = self.scaled(self.distance);
        problem.add_constraint(moves(&self.secret.terms, self.sign).as_slice(), ComparisonOp::Ge, target);
        let mut options = SolveOptions::default();
        options.node_limit = integers.then_some(MOST_NODES);
        options.presolve = integers;
        options.time_limit = Some(LONGEST);
        let outcome = match problem.solve_with(options) {
            Ok(outcome) => outcome,
            Err(microlp::Error::Infeasible) => return Found::Nothing,
            Err(_) => return Found::Unknown,
        };
        let Some(solution) = outcome.solution() else { return Found::Unknown };
        let value = |(rise, fall): &(Variable, Variable)| solution.var_value(*rise) - solution.var_value(*fall);
        let values: BTreeMap<SumId, f64> = columns.iter().map(|(id, pair)| (*id, value(pair))).collect();
        let rests: BTreeMap<usize, f64> = rests.iter().map(|(id, rest)| (*id, solution.var_value(*rest))).collect();
        if !self.holds(&values, &rests) {
            return Found::Unknown;
        }
        let scale = self.scale.to_f64().unwrap_or(f64::NAN);
        Found::Table(values.into_iter().filter(|(_, d)| d.abs() > TOLERANCE).map(|(id, d)| (id, d * scale)).collect())
    }

    /// Checks what the solver says: the secret moves far enough, every line adds up, nothing falls below its floor.
    fn holds(&self, values: &BTreeMap<SumId, f64>, rests: &BTreeMap<usize, f64>) -> bool {
        let lines = self.lines.iter().all(|at| {
            let line = &self.view.lines.all[*at];
            let sums: f64 = line.sums.iter().filter_map(|(id, f)| Some(values.get(id)? * float(*f))).sum();
            let rests: f64 = line.rests.iter().filter_map(|(id, f)| Some(rests.get(id)? * float(*f))).sum();
            let known = self.scaled(line.known);
            (sums + rests - known).abs() <= TOLERANCE * known.abs().max(1.0)
        });
        let above = |(id, value): (&SumId, &f64)| {
            let truth = self.sums.all[*id].truth;
            self.floors[*id].is_none_or(|floor| *value >= self.scaled(floor - truth) - TOLERANCE)
        };
        let terms =
            self.secret.terms.iter().filter_map(|(id, factor)| Some(values.get(id)? * float(factor * self.sign)));
        let target = self.scaled(self.distance);
        lines && values.iter().all(above) && terms.sum::<f64>() >= target - TOLERANCE * target.max(1.0)
    }
}

/// Moving a figure of one firm costs more, since that firm would notice.
const ALONE_PRICE: f64 = 4.0;
/// No count moves further.
const WIDEST: i32 = 1_000_000;

fn float(factor: i64) -> f64 {
    factor.to_f64().unwrap_or(f64::NAN)
}

fn off_whole(value: f64) -> bool {
    (value - value.round()).abs() > TOLERANCE
}

/// The least by which a secret must be able to move where no distance is asked for.
fn least_move(secret: &Secret<'_>, sums: &Sums<'_>) -> Decimal {
    if secret.whole {
        return Decimal::ONE;
    }
    let size = secret.terms.iter().map(|(id, _)| sums.all[*id].truth.abs()).max().unwrap_or_default();
    (size / Decimal::ONE_THOUSAND).max(Decimal::new(1, 2))
}

fn tables(found: &[Found]) -> impl Iterator<Item = &[(SumId, f64)]> {
    found.iter().filter_map(|found| match found {
        Found::Table(moved) => Some(moved.as_slice()),
        _ => None,
    })
}

fn breach<'a>(found: &[Found], up: Option<bool>) -> Breach<'a> {
    let unknown = found.iter().any(|found| matches!(found, Found::Unknown));
    Breach { weakness: if unknown { Weakness::Unsolved } else { Weakness::Narrow }, up, by: None }
}

impl Breach<'_> {
    fn seen_from_inside(self) -> Self {
        let weakness = if self.weakness == Weakness::Narrow { Weakness::FromInside } else { self.weakness };
        Self { weakness, ..self }
    }
}

/// The hidden sums of which some firm alone is behind, by firm. A firm is known by the first of them, so that its name
/// decides nothing.
struct Owned<'a> {
    owners: BTreeMap<&'a GroupId, SumId>,
    sums: BTreeMap<SumId, BTreeSet<SumId>>,
    of: BTreeMap<SumId, SumId>,
}

impl<'a> Owned<'a> {
    fn new(sums: &Sums<'a>) -> Self {
        let mut owned = Self { owners: BTreeMap::new(), sums: BTreeMap::new(), of: BTreeMap::new() };
        for (id, sum) in sums.all.iter().enumerate().filter(|(_, sum)| !sum.known) {
            if let Some(owner) = sum.sole {
                let first = *owned.owners.entry(owner).or_insert(id);
                owned.sums.entry(first).or_default().insert(id);
                owned.of.insert(id, first);
            }
        }
        owned
    }

    /// Whose figures are moved.
    fn of(&self, moved: &[(SumId, f64)]) -> BTreeSet<SumId> {
        moved.iter().filter_map(|(id, _)| self.of.get(id)).copied().collect()
    }
}

/// Owners of single figures who would notice a table, other than the secret's own.
fn note_owners(moved: &[(SumId, f64)], owned: &Owned<'_>, secret: &Secret<'_>, state: &mut State) {
    let own = secret.sole.and_then(|owner| owned.owners.get(owner));
    let mut owners = owned.of(moved);
    owners.retain(|owner| Some(owner) != own);
    state.noticed_by = Some(match state.noticed_by.take() {
        Some(before) => before.intersection(&owners).copied().collect(),
        None => owners,
    });
}

/// A table found for one secret may serve others.
fn note<'a>(
    moved: &[(SumId, f64)],
    sums: &Sums<'a>,
    secrets: &[Secret<'a>],
    of_sum: &BTreeMap<SumId, usize>,
    states: &mut [State],
    owned: &Owned<'_>,
) {
    for (id, by) in moved {
        let Some(at) = of_sum.get(id) else { continue };
        let secret = &secrets[*at];
        let truth = sums.all[*id].truth;
        let floor = sums.all[*id].floor.unwrap_or(secret.need.lower);
        let up = (secret.need.upper - truth).to_f64().unwrap_or(f64::INFINITY);
        let down = (secret.need.lower.max(floor) - truth).to_f64().unwrap_or(f64::NEG_INFINITY);
        let serves = (*by > 0.0 && *by >= up, *by < 0.0 && *by <= down);
        states[*at].up |= serves.0;
        states[*at].down |= serves.1;
        if serves.0 || serves.1 {
            note_owners(moved, owned, secret, &mut states[*at]);
        }
    }
}
