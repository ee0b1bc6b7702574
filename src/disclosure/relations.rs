//! Which sums add up to which: regions over authorities and parts, totals over members, to date over quarters. Every such
//! equation is known to an attacker.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::DisclosureError;
use super::variables::{Parts, VariableId, Variables, positions};
use crate::model::{AreaCode, AreaSets, CellKey, Raw, TOTAL_MEMBER, Table, TimeKey};

/// `sum of coefficient * sum = 0`, each sum once, in their order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Equation(pub(super) Vec<(VariableId, i64)>);

/// All equations between the sums of `tables`, each once, in a fixed order.
///
/// # Errors
/// When a total is not the sum of its parts.
pub(super) fn equations(
    tables: &[Table<Raw>],
    variables: &Variables,
    areas: &AreaSets,
) -> Result<Vec<Equation>, DisclosureError> {
    let mut all = Vec::new();
    for (table, parts) in tables.iter().zip(&variables.parts) {
        if !table.header().kind.is_additive() {
            continue;
        }
        for (whole, pieces) in sums(table, areas) {
            for role in [numerator_of, denominator_of] {
                let terms = std::iter::once((whole, -1)).chain(pieces.iter().map(|piece| (*piece, 1)));
                let terms = terms.filter_map(|(at, sign)| role(&parts[at]).map(|id| (id, sign)));
                let equation = collect(terms);
                let balance: Option<Decimal> = equation.0.iter().try_fold(Decimal::ZERO, |sum, (id, factor)| {
                    sum.checked_add(variables.get(*id).value.checked_mul(Decimal::from(*factor))?)
                });
                if balance != Some(Decimal::ZERO) {
                    let header = table.header();
                    let (indicator, measure) = (header.indicator.clone(), header.measure.clone());
                    return Err(DisclosureError::Margins { indicator, measure });
                }
                if !equation.0.is_empty() {
                    all.push(equation);
                }
            }
        }
    }
    for (id, terms) in &variables.differences {
        all.push(collect(terms.iter().copied().chain([(*id, -1)])));
    }
    all.sort();
    all.dedup();
    Ok(all)
}

fn numerator_of(parts: &Parts) -> Option<VariableId> {
    parts.numerator
}

fn denominator_of(parts: &Parts) -> Option<VariableId> {
    parts.denominator
}

/// Adds up the coefficients of each sum and drops those that cancel.
pub(super) fn collect(terms: impl Iterator<Item = (VariableId, i64)>) -> Equation {
    let mut factors: BTreeMap<VariableId, i64> = BTreeMap::new();
    for (id, sign) in terms {
        *factors.entry(id).or_default() += sign;
    }
    Equation(factors.into_iter().filter(|(_, factor)| *factor != 0).collect())
}

/// Cells that are sums of others: the whole, then its pieces.
fn sums(table: &Table<Raw>, areas: &AreaSets) -> Vec<(usize, Vec<usize>)> {
    let at = positions(table);
    let mut sums = over_time(table, &at);
    sums.extend(over_areas(&at, areas));
    for dimension in 0..table.header().dimensions.len() {
        sums.extend(over_members(&at, dimension));
    }
    sums
}

/// To date is what was to date a quarter before, and the quarter. At the start it is the quarter.
fn over_time(table: &Table<Raw>, at: &BTreeMap<&CellKey, usize>) -> Vec<(usize, Vec<usize>)> {
    let first = table
        .cells()
        .keys()
        .filter_map(|key| match key.time {
            TimeKey::ToDate(period) => Some(period),
            _ => None,
        })
        .min();
    let find = |key: &CellKey, time: TimeKey| {
        at.get(&CellKey { time, area: key.area.clone(), members: key.members.clone() }).copied()
    };
    let mut sums = Vec::new();
    for (key, whole) in at {
        let TimeKey::ToDate(period) = key.time else { continue };
        let Some(within) = find(key, TimeKey::Quarter(period)) else { continue };
        if Some(period) == first {
            sums.push((*whole, vec![within]));
            continue;
        }
        if let Some(before) = find(key, TimeKey::ToDate(period.previous())) {
            sums.push((*whole, vec![before, within]));
        }
    }
    sums
}

/// A region is its parts, and its authorities, wherever all of them have cells.
fn over_areas(at: &BTreeMap<&CellKey, usize>, areas: &AreaSets) -> Vec<(usize, Vec<usize>)> {
    let recipes: Vec<(&AreaCode, Vec<Vec<AreaCode>>)> = areas
        .regions()
        .map(|(region, authorities)| {
            let parts: Vec<AreaCode> = areas.parts(region).into_iter().cloned().collect();
            let singles: Option<Vec<AreaCode>> =
                authorities.iter().map(|name| AreaCode::new(name.as_str()).ok()).collect();
            let held: usize = parts.iter().filter_map(|part| areas.find(part)).map(BTreeSet::len).sum();
            // Parts that overlap, or leave something over, do not add up to the whole.
            let parts = (held == authorities.len()).then_some(parts).filter(|parts| is_apart(parts, areas));
            let recipes = [parts, singles].into_iter().flatten().filter(|recipe| !recipe.is_empty()).collect();
            (region, recipes)
        })
        .collect();
    let recipes: BTreeMap<&AreaCode, Vec<Vec<AreaCode>>> = recipes.into_iter().collect();
    let mut sums = Vec::new();
    for (key, whole) in at {
        for recipe in recipes.get(&key.area).map_or(&[][..], Vec::as_slice) {
            let pieces: Option<Vec<usize>> = recipe
                .iter()
                .map(|area| {
                    at.get(&CellKey { time: key.time, area: area.clone(), members: key.members.clone() }).copied()
                })
                .collect();
            sums.extend(pieces.map(|pieces| (*whole, pieces)));
        }
    }
    sums
}

/// Whether no authority lies in two of some areas.
fn is_apart(parts: &[AreaCode], areas: &AreaSets) -> bool {
    let mut seen = BTreeSet::new();
    parts.iter().filter_map(|part| areas.find(part)).flatten().all(|authority| seen.insert(authority))
}

/// Where a cell lies apart from one dimension.
type OtherCoordinates<'a> = (TimeKey, &'a AreaCode, Vec<&'a str>);

/// A total is the sum of the members.
fn over_members(at: &BTreeMap<&CellKey, usize>, dimension: usize) -> Vec<(usize, Vec<usize>)> {
    let mut lines: BTreeMap<OtherCoordinates<'_>, (Option<usize>, Vec<usize>)> = BTreeMap::new();
    for (key, position) in at {
        let others: Vec<&str> = key
            .members
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != dimension)
            .map(|(_, member)| member.as_str())
            .collect();
        let line = lines.entry((key.time, &key.area, others)).or_default();
        if key.members[dimension] == TOTAL_MEMBER {
            line.0 = Some(*position);
        } else {
            line.1.push(*position);
        }
    }
    lines
        .into_values()
        .filter(|(_, pieces)| !pieces.is_empty())
        .filter_map(|(whole, pieces)| Some((whole?, pieces)))
        .collect()
}
