//! Figures that nobody prints but everybody can subtract: the difference of two areas, and what came between two figures
//! to date (domain, section 3.6 f and g). Those that fail the primary rules are secrets like any cell.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::knowledge::{Role, shares, sole};
use super::policy::{Policy, Waivers};
use super::primary::{Need, need_of};
use crate::model::{AreaCode, AreaSets, Contribution, GroupId, Kind, Raw, RawCell, SupplierCode, Table, TimeKey};

/// Sets of areas that are looked at for one line of a table. More would be a table that nobody can protect.
const MOST_SETS: usize = 2_000;

/// A difference that may not be known.
#[derive(Clone, Debug)]
pub(super) struct Difference<'a> {
    pub(super) table: usize,
    pub(super) role: Role,
    /// Positions of cells, with the factors by which they are added up.
    pub(super) terms: Vec<(usize, i64)>,
    pub(super) value: Decimal,
    pub(super) need: Need,
    /// The only group behind it.
    pub(super) sole: Option<&'a GroupId>,
    /// Whether areas on both sides are left over, so that it may be negative though no amount is.
    pub(super) two_sided: bool,
}

/// Areas of one line as sets of pieces; a piece is what lies in the same areas.
type Pieces = BTreeSet<usize>;
/// Where a cell lies apart from its area.
type TimeAndMembers<'a> = (TimeKey, &'a [String]);
/// Cells with factors.
type Terms = Vec<(usize, i64)>;

/// All differences of cells of one table that fail the primary rules.
pub(super) fn differences<'a>(
    tables: &'a [Table<Raw>],
    areas: &AreaSets,
    policy: &Policy,
    waivers: &Waivers,
) -> Vec<Difference<'a>> {
    let mut found = Vec::new();
    for (at, table) in tables.iter().enumerate().filter(|(_, table)| table.header().kind.is_additive()) {
        let cells: Vec<&RawCell> = table.cells().values().collect();
        let divides = matches!(table.header().kind, Kind::Ratio | Kind::Mean);
        let roles = if divides { &[Role::Numerator, Role::Denominator][..] } else { &[Role::Numerator][..] };
        let sides =
            over_areas(table, areas).into_iter().chain(over_time(table).into_iter().map(|terms| (terms, false)));
        for (terms, two_sided) in sides {
            let Some(rest) = combine(&terms, &cells) else { continue };
            for role in roles {
                let need = need_of(table.header(), &rest, *role, policy, waivers);
                let value = role.sum(&rest);
                let Some(need) = need.map(|need| if two_sided { around(value, need) } else { need }) else { continue };
                let shares = shares(&rest, *role);
                let among = |name: &GroupId| {
                    let mut parts = terms.iter().flat_map(|(at, _)| &cells[*at].contributions);
                    parts.find(|part| part.group == *name).map(|part| &part.group)
                };
                let (sole, terms) = (sole(&shares).and_then(among), terms.clone());
                found.push(Difference { table: at, role: *role, terms, value, need, sole, two_sided });
            }
        }
    }
    found
}

/// A difference with areas on both sides is protected in both directions alike.
fn around(value: Decimal, need: Need) -> Need {
    let reach = (need.upper - value).max(value - need.lower).max(Decimal::ONE);
    Need { upper: value + reach, lower: value - reach }
}

/// The cell that a difference would be; none if nobody is in it.
pub(super) fn combine(terms: &[(usize, i64)], cells: &[&RawCell]) -> Option<RawCell> {
    let mut parts: BTreeMap<(&GroupId, Option<&SupplierCode>), Contribution> = BTreeMap::new();
    for (at, factor) in terms {
        let factor = Decimal::from(*factor);
        for part in &cells[*at].contributions {
            let sum = parts.entry((&part.group, part.holder.as_ref())).or_insert_with(|| Contribution {
                holder: part.holder.clone(),
                ..Contribution::new(part.group.clone(), Decimal::ZERO, None)
            });
            sum.numerator += factor * part.numerator;
            sum.public += factor * part.public;
            sum.denominator =
                part.denominator.map(|d| factor * d + sum.denominator.unwrap_or_default()).or(sum.denominator);
        }
    }
    let nothing = |part: &Contribution| part.numerator.is_zero() && part.denominator.is_none_or(|d| d.is_zero());
    let contributions: Vec<Contribution> = parts.into_values().filter(|part| !nothing(part)).collect();
    let divides = contributions.iter().any(|part| part.denominator.is_some());
    (!contributions.is_empty()).then(|| RawCell {
        numerator: contributions.iter().map(|part| part.numerator).sum(),
        denominator: divides.then(|| contributions.iter().filter_map(|part| part.denominator).sum()),
        contributions,
        ..RawCell::default()
    })
}

/// Differences between areas, and whether each leaves something over on both sides.
fn over_areas(table: &Table<Raw>, areas: &AreaSets) -> Vec<(Terms, bool)> {
    let mut lines: BTreeMap<TimeAndMembers<'_>, Vec<(&AreaCode, usize)>> = BTreeMap::new();
    for (position, key) in table.cells().keys().enumerate() {
        lines.entry((key.time, &key.members)).or_default().push((&key.area, position));
    }
    let mut recipes: BTreeMap<Vec<&AreaCode>, Vec<(Terms, bool)>> = BTreeMap::new();
    let mut found = Vec::new();
    for line in lines.into_values() {
        let codes: Vec<&AreaCode> = line.iter().map(|(code, _)| *code).collect();
        let recipe = recipes.entry(codes).or_insert_with_key(|codes| subtractions(codes, areas));
        found.extend(
            recipe.iter().map(|(terms, two_sided)| {
                (terms.iter().map(|(at, factor)| (line[*at].1, *factor)).collect(), *two_sided)
            }),
        );
    }
    found
}

/// Every area that follows from some areas by subtracting one that lies inside another, and every pair that overlaps in part.
/// Terms are positions in `codes`.
fn subtractions(codes: &[&AreaCode], areas: &AreaSets) -> Vec<(Terms, bool)> {
    let shown = pieces_of(codes, areas);
    let pieces: Pieces = shown.iter().flatten().copied().collect();
    if pieces.iter().all(|piece| shown.iter().any(|set| set.len() == 1 && set.contains(piece))) {
        return Vec::new();
    }
    let mut sets: BTreeMap<Pieces, Terms> = BTreeMap::new();
    for (at, set) in shown.iter().enumerate() {
        sets.entry(set.clone()).or_insert_with(|| vec![(at, 1)]);
    }
    let mut derived: Vec<(Terms, bool)> = Vec::new();
    let mut order: Vec<Pieces> = sets.keys().cloned().collect();
    let mut next = 0;
    while next < order.len() && order.len() < MOST_SETS {
        for other in order.clone() {
            let one = &order[next];
            let (large, small) = if small_in(&other, one) { (one.clone(), other) } else { (other, one.clone()) };
            let rest: Pieces = large.difference(&small).copied().collect();
            if !small_in(&small, &large) || sets.contains_key(&rest) {
                continue;
            }
            let terms = minus(&sets[&large], &sets[&small]);
            derived.push((terms.clone(), false));
            sets.insert(rest.clone(), terms);
            order.push(rest);
        }
        next += 1;
    }
    for (at, one) in shown.iter().enumerate() {
        for (other_at, other) in shown.iter().enumerate().skip(at + 1) {
            let rest: Pieces = one.difference(other).copied().collect();
            let apart = one.is_disjoint(other) || one.is_subset(other) || other.is_subset(one);
            if !apart && !sets.contains_key(&rest) {
                derived.push((vec![(at, 1), (other_at, -1)], true));
            }
        }
    }
    derived
}

fn small_in(small: &Pieces, large: &Pieces) -> bool {
    small.len() < large.len() && small.is_subset(large)
}

fn minus(large: &Terms, small: &Terms) -> Terms {
    let mut factors: BTreeMap<usize, i64> = large.iter().copied().collect();
    for (at, factor) in small {
        *factors.entry(*at).or_default() -= factor;
    }
    factors.into_iter().filter(|(_, factor)| *factor != 0).collect()
}

/// Each area as the pieces that it is made of.
pub(super) fn pieces_of(codes: &[&AreaCode], areas: &AreaSets) -> Vec<Pieces> {
    let mut held_by: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, code) in codes.iter().enumerate() {
        match areas.find(code) {
            Some(set) => set.iter().for_each(|name| held_by.entry(name).or_default().push(at)),
            None => held_by.entry(code.as_str()).or_default().push(at),
        }
    }
    let distinct: BTreeSet<Vec<usize>> = held_by.into_values().collect();
    let mut pieces = vec![Pieces::new(); codes.len()];
    for (piece, holders) in distinct.into_iter().enumerate() {
        for holder in holders {
            pieces[holder].insert(piece);
        }
    }
    pieces
}

/// What came between two figures to date, apart from quarters that are printed.
fn over_time(table: &Table<Raw>) -> Vec<Terms> {
    let mut lines: BTreeMap<(&AreaCode, &[String]), BTreeMap<TimeKey, usize>> = BTreeMap::new();
    for (position, key) in table.cells().keys().enumerate() {
        lines.entry((&key.area, &key.members)).or_default().insert(key.time, position);
    }
    let mut found = Vec::new();
    for line in lines.into_values() {
        let mut before = None;
        for (time, position) in &line {
            let TimeKey::ToDate(period) = *time else { continue };
            if let Some((since, earlier)) = before.replace((period, *position)) {
                let inside = |other: &TimeKey| matches!(other, TimeKey::Quarter(q) if *q > since && *q <= period);
                let quarters: Vec<usize> = line.iter().filter(|(t, _)| inside(t)).map(|(_, at)| *at).collect();
                if i32::try_from(quarters.len()).unwrap_or(i32::MAX) < period.index() - since.index() {
                    let terms =
                        [(*position, 1), (earlier, -1)].into_iter().chain(quarters.into_iter().map(|q| (q, -1)));
                    found.push(terms.collect());
                }
            }
        }
    }
    found
}
