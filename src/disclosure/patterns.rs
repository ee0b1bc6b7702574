//! Proposes what to hide together with a confidential cell: the corners of a small box in time, area and breakdowns, whose
//! figures could all be shifted without changing anything that is published. Whether the proposal suffices is for the
//! elimination to say.
//!
//! Along one dimension a leaf (a quarter, an authority, a member) adds to a chain of sums (to date, regions, the total).
//! Moving an amount from one leaf to another changes the two chains where they differ, and nothing else. A box is the
//! product of one such move in each dimension.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::model::{AreaCode, AreaSets, Raw, TOTAL_MEMBER, Table, TimeKey};

/// Moves tried in each dimension, the cheapest of all.
const MOVES: usize = 4;

/// What it costs to hide a cell: headlines, then its size. None if hiding it is no help, because everybody knows it.
pub(super) type Cost = (u32, Decimal);

/// A table's cells by coordinates: time, area, one member a dimension.
pub(super) struct Grid {
    /// For each dimension, for each coordinate that is a leaf, the coordinates it adds to, itself first.
    chains: Vec<Vec<Vec<usize>>>,
    sizes: Vec<usize>,
    cells: Vec<Option<usize>>,
    places: Vec<Vec<usize>>,
}

impl Grid {
    pub(super) fn new(table: &Table<Raw>, areas: &AreaSets) -> Self {
        let times: BTreeSet<TimeKey> = table.cells().keys().map(|key| key.time).collect();
        let codes: BTreeSet<&AreaCode> = table.cells().keys().map(|key| &key.area).collect();
        let mut members: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); table.header().dimensions.len()];
        for key in table.cells().keys() {
            for (seen, member) in members.iter_mut().zip(&key.members) {
                seen.insert(member);
            }
        }
        let times: Vec<TimeKey> = times.into_iter().collect();
        let codes: Vec<&AreaCode> = codes.into_iter().collect();
        let members: Vec<Vec<&str>> = members.into_iter().map(|seen| seen.into_iter().collect()).collect();
        let mut chains = vec![time_chains(&times), area_chains(&codes, areas)];
        chains.extend(members.iter().map(|names| member_chains(names)));
        let mut sizes = vec![times.len(), codes.len()];
        sizes.extend(members.iter().map(Vec::len));
        let mut grid = Self { chains, cells: vec![None; sizes.iter().product()], sizes, places: Vec::new() };
        for (position, key) in table.cells().keys().enumerate() {
            let mut place = vec![rank(&times, &key.time), rank(&codes, &&key.area)];
            place.extend(members.iter().zip(&key.members).map(|(names, member)| rank(names, &member.as_str())));
            let at = grid.at(&place);
            grid.cells[at] = Some(position);
            grid.places.push(place);
        }
        grid
    }

    fn at(&self, place: &[usize]) -> usize {
        place.iter().zip(&self.sizes).fold(0, |at, (coordinate, size)| at * size + coordinate)
    }

    /// The cheapest box around a cell: its price, and positions of its cells. None if every box holds a cell that is no help.
    pub(super) fn propose(&self, cell: usize, cost: &dyn Fn(usize) -> Option<Cost>) -> Option<(Cost, Vec<usize>)> {
        let place = &self.places[cell];
        let mut moves: Vec<Vec<Vec<usize>>> = Vec::with_capacity(place.len());
        for dimension in 0..place.len() {
            let mut found: Vec<(Cost, Vec<usize>)> = self
                .moves(place, dimension)
                .into_iter()
                .filter_map(|support| {
                    let along = support.iter().map(|coordinate| {
                        let mut other = place.clone();
                        other[dimension] = *coordinate;
                        other
                    });
                    Some((self.price(along, cost)?, support))
                })
                .collect();
            found.sort_by(|a, b| (a.0, a.1.len(), &a.1).cmp(&(b.0, b.1.len(), &b.1)));
            found.truncate(MOVES);
            moves.push(found.into_iter().map(|(_, support)| support).collect());
        }
        let mut boxes: Vec<Vec<&[usize]>> = vec![Vec::new()];
        for options in &moves {
            boxes = boxes
                .into_iter()
                .flat_map(|sides| options.iter().map(move |side| [sides.as_slice(), &[side.as_slice()]].concat()))
                .collect();
        }
        let priced = boxes.into_iter().enumerate().filter_map(|(rank, sides)| {
            let corners = corners(&sides);
            Some((self.price(corners.iter().cloned(), cost)?, corners.len(), rank, corners))
        });
        let (price, .., cheapest) = priced.min_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)))?;
        Some((price, cheapest.iter().filter_map(|corner| self.cells[self.at(corner)]).collect()))
    }

    /// The price of some places together; places without a cell cost nothing.
    fn price(&self, places: impl Iterator<Item = Vec<usize>>, cost: &dyn Fn(usize) -> Option<Cost>) -> Option<Cost> {
        let mut sum: Cost = (0, Decimal::ZERO);
        for place in places {
            if let Some(position) = self.cells[self.at(&place)] {
                let (headlines, size) = cost(position)?;
                sum = (sum.0 + headlines, sum.1.checked_add(size)?);
            }
        }
        Some(sum)
    }

    /// Moves along one dimension that change the cell's own coordinate, as the coordinates they change. Leaves are those
    /// that have cells on this line.
    fn moves(&self, place: &[usize], dimension: usize) -> Vec<Vec<usize>> {
        let here = place[dimension];
        let exists = |coordinate: usize| {
            let mut other = place.to_vec();
            other[dimension] = coordinate;
            self.cells[self.at(&other)].is_some()
        };
        let present: Vec<bool> = (0..self.sizes[dimension]).map(exists).collect();
        let mut chains: Vec<Vec<usize>> = self.chains[dimension]
            .iter()
            .map(|chain| chain.iter().copied().filter(|coordinate| present[*coordinate]).collect::<Vec<_>>())
            .filter(|chain| !chain.is_empty())
            .collect();
        chains.sort();
        chains.dedup();
        let mut moves = BTreeSet::new();
        for from in chains.iter().filter(|chain| chain.contains(&here)) {
            moves.insert(from.clone().into_iter().collect::<BTreeSet<_>>());
            for to in chains.iter().filter(|chain| !chain.contains(&here)) {
                let (a, b): (BTreeSet<_>, BTreeSet<_>) = (from.iter().copied().collect(), to.iter().copied().collect());
                moves.insert(a.symmetric_difference(&b).copied().collect());
            }
        }
        moves.into_iter().map(|support| support.into_iter().collect()).collect()
    }
}

fn rank<T: Ord>(sorted: &[T], value: &T) -> usize {
    sorted.binary_search(value).expect("every coordinate was collected from the same cells")
}

fn corners(sides: &[&[usize]]) -> Vec<Vec<usize>> {
    let mut corners = vec![Vec::new()];
    for side in sides {
        corners = corners
            .iter()
            .flat_map(|corner: &Vec<usize>| side.iter().map(|at| [corner.as_slice(), &[*at]].concat()))
            .collect();
    }
    corners
}

/// A quarter adds to everything to date from then on.
fn time_chains(times: &[TimeKey]) -> Vec<Vec<usize>> {
    let quarters: BTreeSet<TimeKey> =
        times.iter().copied().filter(|time| matches!(time, TimeKey::Quarter(_))).collect();
    let within = |time: TimeKey| match time {
        TimeKey::ToDate(period) => quarters.contains(&TimeKey::Quarter(period)),
        _ => false,
    };
    let chain = |(at, time): (usize, &TimeKey)| -> Option<Vec<usize>> {
        match time {
            TimeKey::Quarter(from) => {
                let later = |other: &TimeKey| matches!(other, TimeKey::ToDate(period) if period >= from);
                let sums = times.iter().enumerate().filter(|(_, other)| later(other)).map(|(at, _)| at);
                Some(std::iter::once(at).chain(sums).collect())
            }
            other if within(*other) => None,
            _ => Some(vec![at]),
        }
    };
    times.iter().enumerate().filter_map(chain).collect()
}

/// An authority adds to every region that holds it; where there are no authorities, the smallest regions are the leaves.
fn area_chains(codes: &[&AreaCode], areas: &AreaSets) -> Vec<Vec<usize>> {
    let sets: Vec<BTreeSet<&str>> = codes
        .iter()
        .map(|code| match areas.find(code) {
            Some(set) => set.iter().map(String::as_str).collect(),
            None => BTreeSet::from([code.as_str()]),
        })
        .collect();
    let mut chains: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for name in sets.iter().flatten().copied().collect::<BTreeSet<&str>>() {
        let mut holders: Vec<usize> = (0..sets.len()).filter(|at| sets[*at].contains(name)).collect();
        holders.sort_by_key(|at| (sets[*at].len(), *at));
        chains.insert(name, holders);
    }
    chains.into_values().collect()
}

/// A member adds to the total.
fn member_chains(names: &[&str]) -> Vec<Vec<usize>> {
    let total = names.iter().position(|name| *name == TOTAL_MEMBER);
    let leaves = names.iter().enumerate().filter(|(_, name)| **name != TOTAL_MEMBER).map(|(at, _)| at);
    let chains: Vec<Vec<usize>> = leaves.map(|at| std::iter::once(at).chain(total).collect()).collect();
    if chains.is_empty() { total.map(|at| vec![at]).into_iter().collect() } else { chains }
}
