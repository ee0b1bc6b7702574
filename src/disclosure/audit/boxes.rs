//! Moves that leave nearly every published figure as it is: what one quarter, authority or member gives, another takes, and
//! every sum over both stays. A box is one such move in each dimension around a cell. Read from the printed keys alone.

use std::collections::{BTreeMap, BTreeSet};

use super::Exhibit;
use super::lines::pieces;
use super::sums::{SumId, Sums, keys};
use crate::disclosure::knowledge::Role;
use crate::model::{AreaCode, CellKey, Raw, TOTAL_MEMBER, Table, TimeKey};

/// Cells that are looked at in one search.
const MOST_LOOKS: u32 = 6_000;

/// A move along one dimension: which coordinates rise with the first, and which fall.
type Move = Vec<(usize, i64)>;

/// One part of the cells of one table, by coordinates: time, area, one member a dimension.
struct Grid {
    strides: Vec<usize>,
    /// For each dimension and coordinate, its moves, the shortest first.
    moves: Vec<Vec<Vec<Move>>>,
    sums: Vec<Option<SumId>>,
}

/// All tables, and where each sum lies.
pub(super) struct Boxes {
    grids: Vec<Grid>,
    places: Vec<Vec<(usize, Vec<usize>)>>,
}

impl Boxes {
    pub(super) fn new(exhibit: &Exhibit<'_>, sums: &Sums<'_>) -> Self {
        let mut boxes = Self { grids: Vec::new(), places: vec![Vec::new(); sums.all.len()] };
        for (at, table) in exhibit.raw.iter().enumerate().filter(|(_, table)| table.header().kind.is_additive()) {
            let (axes, chains) = axes(table, exhibit);
            let moves: Vec<Vec<Vec<Move>>> = axes
                .iter()
                .zip(&chains)
                .map(|(axis, chains)| (0..axis.len()).map(|c| moves(c, chains)).collect())
                .collect();
            let strides: Vec<usize> =
                (0..axes.len()).map(|axis| axes[axis + 1..].iter().map(Axis::len).product()).collect();
            for role in [Role::Numerator, Role::Denominator] {
                let mut grid = Grid {
                    strides: strides.clone(),
                    moves: moves.clone(),
                    sums: vec![None; axes.iter().map(Axis::len).product()],
                };
                for (position, key) in keys(table).into_iter().enumerate() {
                    let Some(id) = sums.find((at, position, role)) else { continue };
                    let place = place(&axes, key);
                    let cell: usize = place.iter().zip(&grid.strides).map(|(at, stride)| at * stride).sum();
                    grid.sums[cell] = Some(id);
                    boxes.places[id].push((boxes.grids.len(), place));
                }
                boxes.grids.push(grid);
            }
        }
        boxes
    }

    /// Shows boxes around a sum, as the sums that rise with it or fall against it, to `take` until it takes one. `may` says
    /// whether a sum is free to rise (1) or fall (-1).
    pub(super) fn search(&self, id: SumId, may: &May<'_>, take: &mut Take<'_>) -> bool {
        self.places[id].iter().any(|(grid, place)| {
            let grid = &self.grids[*grid];
            let start: usize = place.iter().zip(&grid.strides).map(|(at, stride)| at * stride).sum();
            let mut walk = Walk { grid, place, may, take, looks: MOST_LOOKS };
            walk.grow(0, &[(start, id, 1)])
        })
    }
}

/// Whether a sum is free to rise (1) or fall (-1).
type May<'a> = dyn Fn(SumId, i64) -> bool + 'a;
/// Takes the sums of a box with their signs, or does not.
type Take<'a> = dyn FnMut(&[(SumId, i64)]) -> bool + 'a;

struct Walk<'w> {
    grid: &'w Grid,
    place: &'w [usize],
    may: &'w May<'w>,
    take: &'w mut Take<'w>,
    looks: u32,
}

impl Walk<'_> {
    /// Spreads a box over one more dimension.
    fn grow(&mut self, axis: usize, cells: &[(usize, SumId, i64)]) -> bool {
        let Some(moves) = self.grid.moves.get(axis) else {
            let shifts: Vec<(SumId, i64)> = cells.iter().map(|(_, id, sign)| (*id, *sign)).collect();
            let distinct: BTreeSet<SumId> = shifts.iter().map(|(id, _)| *id).collect();
            return distinct.len() == shifts.len() && (self.take)(&shifts);
        };
        let (here, stride) = (self.place[axis], self.grid.strides[axis]);
        for steps in &moves[here] {
            if self.looks == 0 {
                return false;
            }
            if let Some(wider) = self.spread(cells, steps, here, stride)
                && self.grow(axis + 1, &wider)
            {
                return true;
            }
        }
        false
    }

    fn spread(
        &mut self,
        cells: &[(usize, SumId, i64)],
        steps: &Move,
        here: usize,
        stride: usize,
    ) -> Option<Vec<(usize, SumId, i64)>> {
        let mut wider = cells.to_vec();
        for (to, sign) in steps {
            for (cell, _, own) in cells {
                self.looks = self.looks.saturating_sub(1);
                let cell = cell + to * stride - here * stride;
                let id = self.grid.sums[cell]?;
                if !(self.may)(id, own * sign) {
                    return None;
                }
                wider.push((cell, id, own * sign));
            }
        }
        Some(wider)
    }
}

/// The values of each coordinate in their order, as text for members.
enum Axis<'a> {
    Times(Vec<TimeKey>),
    Areas(Vec<&'a AreaCode>),
    Members(usize, Vec<&'a str>),
}

impl Axis<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Times(all) => all.len(),
            Self::Areas(all) => all.len(),
            Self::Members(_, all) => all.len(),
        }
    }

    fn rank(&self, key: &CellKey) -> usize {
        let found = match self {
            Self::Times(all) => all.binary_search(&key.time),
            Self::Areas(all) => all.binary_search(&&key.area),
            Self::Members(at, all) => all.binary_search(&key.members[*at].as_str()),
        };
        found.expect("every coordinate was collected from the same keys")
    }
}

fn place(axes: &[Axis<'_>], key: &CellKey) -> Vec<usize> {
    axes.iter().map(|axis| axis.rank(key)).collect()
}

/// The axes of a table, and for each the sets of coordinates that one piece of it adds to.
fn axes<'a>(table: &'a Table<Raw>, exhibit: &Exhibit<'_>) -> (Vec<Axis<'a>>, Vec<Vec<Vec<usize>>>) {
    let all = keys(table);
    let times: BTreeSet<TimeKey> = all.iter().map(|key| key.time).collect();
    let times: Vec<TimeKey> = times.into_iter().collect();
    let codes: BTreeSet<&AreaCode> = all.iter().map(|key| &key.area).collect();
    let codes: Vec<&AreaCode> = codes.into_iter().collect();
    let mut chains = vec![over_time(&times), pieces(&codes, exhibit)];
    let mut axes = vec![Axis::Times(times), Axis::Areas(codes)];
    for at in 0..table.header().dimensions.len() {
        let names: BTreeSet<&str> = all.iter().map(|key| key.members[at].as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let total = names.iter().position(|name| *name == TOTAL_MEMBER);
        let leaves = (0..names.len()).filter(|leaf| Some(*leaf) != total);
        chains.push(leaves.map(|leaf| std::iter::once(leaf).chain(total).collect()).collect());
        axes.push(Axis::Members(at, names));
    }
    (axes, chains)
}

/// A quarter adds to itself and to everything to date from then on; what lies between two dates only to the latter.
fn over_time(times: &[TimeKey]) -> Vec<Vec<usize>> {
    let mut chains: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, time) in times.iter().enumerate() {
        let since = match time {
            TimeKey::Quarter(period) | TimeKey::ToDate(period) => *period,
            TimeKey::Year(_) => {
                chains.insert(at, vec![at]);
                continue;
            }
        };
        let later = times
            .iter()
            .enumerate()
            .filter(|(other, time)| *other == at || matches!(time, TimeKey::ToDate(period) if *period >= since));
        chains.insert(at, later.map(|(other, _)| other).collect());
    }
    chains.into_values().collect()
}

/// Moves that raise one coordinate, as what else rises or falls.
fn moves(here: usize, chains: &[Vec<usize>]) -> Vec<Move> {
    let mut moves: BTreeSet<(usize, Move)> = BTreeSet::new();
    for from in chains.iter().filter(|chain| chain.contains(&here)) {
        let rise = |to: &[usize]| {
            from.iter().copied().filter(|c| *c != here && !to.contains(c)).map(|c| (c, 1)).collect::<Move>()
        };
        let alone = rise(&[]);
        moves.insert((alone.len(), alone));
        for to in chains.iter().filter(|chain| !chain.contains(&here)) {
            let mut both = rise(to);
            both.extend(to.iter().copied().filter(|c| !from.contains(c)).map(|c| (c, -1)));
            moves.insert((both.len(), both));
        }
    }
    if moves.is_empty() {
        moves.insert((0, Vec::new()));
    }
    moves.into_iter().map(|(_, steps)| steps).collect()
}
