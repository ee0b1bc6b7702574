//! Other tables that agree with everything published, found by hand: a secret is shifted together with a box of other hidden
//! sums, and what does not add up then is put right by shifting another sum of the same line. Exact, in whole units of the
//! last decimal, so that what is found is a proof. What is not found proves nothing.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use rust_decimal::{Decimal, RoundingStrategy};

use super::Exhibit;
use super::boxes::Boxes;
use super::lines::Lines;
use super::secrets::Secret;
use super::sums::{SumId, Sums};

/// Sums that are shifted in one search.
const MOST_SHIFTED: usize = 80;
/// Choices that are tried to put a box right that does not fit by itself, and such boxes.
const MOST_CHOICES_A_BOX: u32 = 12;
const MOST_BOXES: u32 = 8;
/// Searches for parts of a distance.
const MOST_PARTS: u32 = 8;
/// Earlier moves that are tried again, the latest first.
const MOST_REMEMBERED: usize = 60;
/// More decimals are left to the solver.
const MOST_DECIMALS: u32 = 6;

/// What is hidden, in whole units.
pub(super) struct Shifts<'b> {
    lines: &'b Lines,
    lines_of: &'b [Vec<usize>],
    boxes: Boxes,
    /// Moves that were found, and for each sum those in which it is shifted.
    moves: RefCell<Moves>,
    truths: Vec<i64>,
    hidden: Vec<bool>,
    alone: Vec<bool>,
    /// What each sum can only be shifted by a multiple of.
    steps: Vec<i64>,
    /// What each line leaves for the one rest of its own, and the factor of that; none if nothing.
    rests: Vec<Option<(i64, i64)>>,
    decimals: u32,
}

/// What is shifted by how much, and by how much lines with a rest are off then.
type Shifted = (BTreeMap<SumId, i64>, BTreeMap<usize, i64>);

/// Shifts after which every line adds up.
struct Moves {
    all: Vec<Vec<(SumId, i64)>>,
    of: Vec<Vec<usize>>,
}

/// A shift that is looked for.
#[derive(Clone, Copy)]
pub(super) struct Aim<'b> {
    /// Upwards or downwards: 1 or -1.
    pub(super) sign: i64,
    /// How far.
    pub(super) distance: Decimal,
    /// Below these no sum can be.
    pub(super) floors: &'b [Option<i64>],
    /// Sums that are what they are.
    pub(super) fixed: &'b BTreeSet<SumId>,
}

/// A search in progress: what is shifted, and by how much which lines are off.
struct Search<'s, 'b> {
    shifts: &'s Shifts<'b>,
    aim: Aim<'b>,
    /// Shifts of earlier parts of the distance.
    before: &'s BTreeMap<SumId, i64>,
    /// By how much lines with a rest were off before.
    rests_before: &'s BTreeMap<usize, i64>,
    shifted: BTreeMap<SumId, i64>,
    off: BTreeMap<usize, i64>,
    choices: u32,
}

impl<'b> Shifts<'b> {
    /// None if the sums have too many decimals or digits.
    pub(super) fn new(
        exhibit: &Exhibit<'_>,
        sums: &Sums<'_>,
        lines: &'b Lines,
        lines_of: &'b [Vec<usize>],
        lines_of_rest: &[Vec<usize>],
    ) -> Option<Self> {
        let decimals = sums.all.iter().map(|sum| sum.truth.normalize().scale()).max().unwrap_or(0);
        let one = 10_i64.checked_pow(decimals)?;
        let truths = sums.all.iter().map(|sum| units(sum.truth, decimals)).collect::<Option<_>>()?;
        let rest = |line: &super::lines::Line| match line.rests.as_slice() {
            [(rest, factor)] if lines_of_rest[*rest].len() == 1 && factor.abs() == 1 => {
                let left = if lines.rests[*rest] { i64::MAX / 1024 } else { units(line.known, decimals)? * factor };
                Some((left, *factor))
            }
            _ => None,
        };
        Some(Self {
            lines,
            lines_of,
            boxes: Boxes::new(exhibit, sums),
            moves: RefCell::new(Moves { all: Vec::new(), of: vec![Vec::new(); sums.all.len()] }),
            truths,
            hidden: sums.all.iter().map(|sum| !sum.known).collect(),
            steps: sums.all.iter().map(|sum| if sum.whole { one } else { 1 }).collect(),
            alone: sums.all.iter().map(|sum| sum.sole.is_some()).collect(),
            rests: lines.all.iter().map(rest).collect(),
            decimals,
        })
    }

    /// Floors in whole units, rounded up.
    pub(super) fn floors(&self, floors: &[Option<Decimal>]) -> Vec<Option<i64>> {
        let up = |floor: Decimal| {
            let floor = floor.round_dp_with_strategy(self.decimals, RoundingStrategy::ToPositiveInfinity);
            units(floor, self.decimals).unwrap_or(i64::MAX / 2)
        };
        floors.iter().map(|floor| floor.map(up)).collect()
    }

    /// A table in which a secret is off by the distance, as the sums that differ in it and by how much; none if none was
    /// found.
    pub(super) fn find(&self, secret: &Secret<'_>, aim: Aim<'b>) -> Option<Vec<(SumId, f64)>> {
        let step = if secret.whole { 10_i64.checked_pow(self.decimals)? } else { 1 };
        let decimals = if secret.whole { 0 } else { self.decimals };
        let distance = aim.distance.round_dp_with_strategy(decimals, RoundingStrategy::ToPositiveInfinity);
        let mut left = units(distance, self.decimals)?;
        let mut part = left;
        let mut total: BTreeMap<SumId, i64> = BTreeMap::new();
        let mut rests: BTreeMap<usize, i64> = BTreeMap::new();
        for _ in 0..MOST_PARTS {
            let found = secret.terms.iter().find_map(|(id, factor)| {
                let by = aim.sign * part * factor;
                (factor.abs() == 1).then(|| self.shift(secret, *id, by, aim, (&total, &rests))).flatten()
            });
            match found {
                Some((found, off)) => {
                    for (id, by) in found {
                        *total.entry(id).or_default() += by;
                    }
                    for (line, by) in off {
                        *rests.entry(line).or_default() += by;
                    }
                    left -= part;
                    part = part.min(left);
                }
                None if part > step => part = (part / step / 2).max(1) * step,
                None => return None,
            }
            if left == 0 {
                total.retain(|_, by| *by != 0);
                return Some(total.into_iter().map(|(id, by)| (id, self.float(by))).collect());
            }
        }
        None
    }

    fn float(&self, by: i64) -> f64 {
        Decimal::new(by, self.decimals).to_f64().unwrap_or(f64::NAN)
    }

    /// One part of the distance: with a box, or line by line.
    fn shift(
        &self,
        secret: &Secret<'_>,
        id: SumId,
        by: i64,
        aim: Aim<'b>,
        (before, rests_before): (&BTreeMap<SumId, i64>, &BTreeMap<usize, i64>),
    ) -> Option<Shifted> {
        // The other terms of a secret stay.
        let stay: BTreeMap<SumId, i64> =
            secret.terms.iter().map(|(other, _)| (*other, 0)).filter(|(other, _)| *other != id).collect();
        let start = || Search {
            shifts: self,
            aim,
            before,
            rests_before,
            shifted: stay.clone(),
            off: BTreeMap::new(),
            choices: MOST_CHOICES_A_BOX,
        };
        let first = start();
        if !first.may(id, by) {
            return None;
        }
        if let Some(found) = self.again(id, by, &start) {
            return Some(found);
        }
        let mut found = None;
        let mut misfits = 0;
        self.boxes.search(id, &|other, sign| first.may(other, sign * by), &mut |shifts| {
            let mut search = start();
            for (other, sign) in shifts {
                search.apply(*other, sign * by);
            }
            if search.mend() {
                found = Some((search.shifted, search.off));
                return true;
            }
            misfits += 1;
            misfits >= MOST_BOXES
        });
        if let Some((shifted, _)) = &found {
            self.keep(shifted.iter().map(|(id, by)| (*id, *by)).collect());
        }
        found
    }

    /// A move that served another secret, in the same or the opposite direction and as many times as needed.
    fn again<'s>(&'s self, id: SumId, by: i64, start: &dyn Fn() -> Search<'s, 'b>) -> Option<Shifted> {
        let moves = self.moves.borrow();
        moves.of[id].iter().rev().take(MOST_REMEMBERED).find_map(|at| {
            let steps = &moves.all[*at];
            let own = steps.iter().find(|(other, _)| *other == id)?.1;
            let times = (by % own == 0).then(|| by / own)?;
            let mut search = start();
            for (other, step) in steps {
                let by = step.checked_mul(times).filter(|by| search.may(*other, *by))?;
                search.apply(*other, by);
            }
            let fits = search.off.iter().all(|(line, off)| !search.is_wrong(*line, *off));
            fits.then_some((search.shifted, search.off))
        })
    }

    /// Keeps a table that was found elsewhere, as far as it is one in whole units.
    pub(super) fn remember(&self, moved: &[(SumId, f64)]) {
        let whole = |(id, by): &(SumId, f64)| {
            Some((*id, units(Decimal::from_f64(*by)?.round_dp(self.decimals), self.decimals)?))
        };
        if let Some(steps) = moved.iter().map(whole).collect::<Option<Vec<_>>>() {
            self.keep(steps.into_iter().filter(|(_, by)| *by != 0).collect());
        }
    }

    fn keep(&self, steps: Vec<(SumId, i64)>) {
        let mut moves = self.moves.borrow_mut();
        let at = moves.all.len();
        steps.iter().filter(|(_, by)| *by != 0).for_each(|(id, _)| moves.of[*id].push(at));
        moves.all.push(steps.into_iter().filter(|(_, by)| *by != 0).collect());
    }
}

impl Search<'_, '_> {
    /// Whether a sum is free to be shifted so far.
    fn may(&self, id: SumId, by: i64) -> bool {
        let shifts = self.shifts;
        let stays = !shifts.hidden[id] || self.shifted.contains_key(&id) || self.aim.fixed.contains(&id);
        if stays || by % shifts.steps[id] != 0 {
            return false;
        }
        let Some(floor) = self.aim.floors[id].filter(|_| by < 0) else { return true };
        shifts.truths[id] + self.before.get(&id).copied().unwrap_or(0) + by >= floor
    }

    fn apply(&mut self, id: SumId, by: i64) {
        self.shifted.insert(id, by);
        self.tilt(id, by);
    }

    fn undo(&mut self, id: SumId) {
        if let Some(by) = self.shifted.remove(&id) {
            self.tilt(id, -by);
        }
    }

    fn tilt(&mut self, id: SumId, by: i64) {
        let shifts = self.shifts;
        for line in &shifts.lines_of[id] {
            let off = self.off.entry(*line).or_default();
            *off += factor(&shifts.lines.all[*line].sums, id) * by;
            if *off == 0 {
                self.off.remove(line);
            }
        }
    }

    /// Whether a line does not add up, nor can its rest take what is too much.
    fn is_wrong(&self, line: usize, off: i64) -> bool {
        match self.shifts.rests[line] {
            Some((left, factor)) => left - factor * (off + self.rests_before.get(&line).copied().unwrap_or(0)) < 0,
            None => off != 0,
        }
    }

    /// Puts all lines right; otherwise leaves everything as it was.
    fn mend(&mut self) -> bool {
        let Some(choices) = self.tightest() else { return true };
        for (_, id, by) in choices {
            if self.choices == 0 || self.shifted.len() >= MOST_SHIFTED {
                return false;
            }
            self.choices -= 1;
            self.apply(id, by);
            if self.mend() {
                return true;
            }
            self.undo(id);
        }
        false
    }

    /// The ways to put that line right that has the fewest, the best first; none if all are right.
    fn tightest(&self) -> Option<Vec<(i64, SumId, i64)>> {
        let mut best: Option<Vec<(i64, SumId, i64)>> = None;
        for (line, off) in self.off.iter().filter(|(line, off)| self.is_wrong(**line, **off)) {
            let ways = self.shifts.lines.all[*line].sums.iter().filter_map(|(id, factor)| {
                let by = -off / factor;
                (off % factor == 0 && self.may(*id, by)).then(|| (self.score(*id, by), *id, by))
            });
            let ways: Vec<(i64, SumId, i64)> = ways.collect();
            if best.as_ref().is_none_or(|best| ways.len() < best.len()) {
                let none = ways.is_empty();
                best = Some(ways);
                if none {
                    break;
                }
            }
        }
        let mut best = best?;
        best.sort_unstable();
        Some(best)
    }

    /// The fewer lines it leaves wrong the better; then it should move no figure of a single firm.
    fn score(&self, id: SumId, by: i64) -> i64 {
        let mut score = i64::from(self.shifts.alone[id]);
        for line in &self.shifts.lines_of[id] {
            let now = self.off.get(line).copied().unwrap_or(0);
            let then = now + factor(&self.shifts.lines.all[*line].sums, id) * by;
            score += 4 * (i64::from(self.is_wrong(*line, then)) - i64::from(self.is_wrong(*line, now)));
        }
        score
    }
}

fn factor(sums: &[(SumId, i64)], id: SumId) -> i64 {
    sums.iter().find(|(other, _)| *other == id).map_or(0, |(_, factor)| *factor)
}

/// A figure in whole units of the last decimal; none if it has more decimals or does not fit.
fn units(value: Decimal, decimals: u32) -> Option<i64> {
    if decimals > MOST_DECIMALS {
        return None;
    }
    let scaled = value.checked_mul(Decimal::from(10_i64.checked_pow(decimals)?))?;
    scaled.is_integer().then(|| scaled.to_i64()).flatten().filter(|units| units.abs() < i64::MAX / 1024)
}
