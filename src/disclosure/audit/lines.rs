//! What adds up to what, for all that a reader can tell: lines over members, over areas as sets of authorities, and over
//! time. Written from the printed keys alone.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::Exhibit;
use super::sums::{Place, SumId, Sums, keys};
use crate::disclosure::knowledge::Role;
use crate::model::{AreaCode, CellKey, Raw, TOTAL_MEMBER, Table, TimeKey};

/// Rank of an amount that no cell shows: an area that is the difference of others, or a time between two editions.
pub(super) type RestId = usize;

/// `sum of factor * (sum - its truth) + sum of factor * rest = known`. Rests are not negative.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) sums: Vec<(SumId, i64)>,
    pub(super) rests: Vec<(RestId, i64)>,
    pub(super) known: Decimal,
}

/// All lines of all tables.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) all: Vec<Line>,
    /// Whether each rest may be negative.
    pub(super) rests: Vec<bool>,
    /// Whether some totals are not the sums of their parts, so that nothing can be said.
    pub(super) broken: bool,
}

/// Where a cell lies apart from its area, and apart from its time.
type TimeAndMembers<'a> = (TimeKey, &'a [String]);
type AreaAndMembers<'a> = (&'a AreaCode, &'a [String]);
/// Positions by key.
type Positions<'a> = BTreeMap<&'a CellKey, usize>;

impl Lines {
    pub(super) fn new(exhibit: &Exhibit<'_>, sums: &Sums<'_>) -> Self {
        let mut lines = Self::default();
        for (at, table) in exhibit.raw.iter().enumerate().filter(|(_, table)| table.header().kind.is_additive()) {
            let positions: Positions<'_> = keys(table).into_iter().enumerate().map(|(at, key)| (key, at)).collect();
            let divides = table.cells().values().any(|cell| cell.denominator.is_some());
            let roles = if divides { &[Role::Numerator, Role::Denominator][..] } else { &[Role::Numerator][..] };
            let signed = table.cells().values().flat_map(|cell| &cell.contributions).any(|contribution| {
                contribution.numerator < Decimal::ZERO || contribution.denominator.is_some_and(|d| d < Decimal::ZERO)
            });
            for role in roles {
                let truths = table.cells().values().map(|cell| role.sum(cell)).collect();
                let mut writer = Writer { lines: &mut lines, sums, table, at, role: *role, signed, truths };
                writer.over_members(&positions);
                writer.over_areas(&positions, exhibit);
                writer.over_time(&positions, exhibit);
            }
        }
        lines
    }
}

struct Writer<'a, 'b> {
    lines: &'b mut Lines,
    sums: &'b Sums<'a>,
    table: &'b Table<Raw>,
    at: usize,
    role: Role,
    signed: bool,
    truths: Vec<Decimal>,
}

impl Writer<'_, '_> {
    fn rest(&mut self) -> RestId {
        self.lines.rests.push(self.signed);
        self.lines.rests.len() - 1
    }

    /// Notes that cells with these factors, these rests and a constant add up to nothing.
    fn write(&mut self, cells: &[(usize, i64)], rests: Vec<(RestId, i64)>, constant: Decimal) {
        let mut known = -constant;
        let mut factors: BTreeMap<SumId, i64> = BTreeMap::new();
        for (position, factor) in cells {
            let place: Place = (self.at, *position, self.role);
            known -= Decimal::from(*factor) * self.truths[*position];
            if let Some(id) = self.sums.find(place).filter(|id| !self.sums.all[*id].known) {
                *factors.entry(id).or_default() += factor;
            }
        }
        let sums: Vec<(SumId, i64)> = factors.into_iter().filter(|(_, factor)| *factor != 0).collect();
        self.lines.broken |= rests.is_empty() && !known.is_zero();
        if !sums.is_empty() {
            self.lines.all.push(Line { sums, rests, known });
        }
    }

    fn over_members(&mut self, positions: &Positions<'_>) {
        for dimension in 0..self.table.header().dimensions.len() {
            let mut found: BTreeMap<CellKey, Vec<usize>> = BTreeMap::new();
            for (key, position) in positions {
                let mut total = (*key).clone();
                if key.members[dimension] != TOTAL_MEMBER {
                    TOTAL_MEMBER.clone_into(&mut total.members[dimension]);
                    found.entry(total).or_default().push(*position);
                }
            }
            for (total, parts) in found {
                if let Some(whole) = positions.get(&total) {
                    let cells: Vec<(usize, i64)> = parts.iter().map(|part| (*part, 1)).chain([(*whole, -1)]).collect();
                    self.write(&cells, Vec::new(), Decimal::ZERO);
                }
            }
        }
    }

    /// Authorities that lie in the same printed areas cannot be told apart: they are one piece, and each area is its pieces.
    fn over_areas(&mut self, positions: &Positions<'_>, exhibit: &Exhibit<'_>) {
        let mut places: BTreeMap<TimeAndMembers<'_>, Vec<(&AreaCode, usize)>> = BTreeMap::new();
        for (key, position) in positions {
            places.entry((key.time, &key.members)).or_default().push((&key.area, *position));
        }
        let mut pieces_of: BTreeMap<Vec<&AreaCode>, Vec<Vec<usize>>> = BTreeMap::new();
        for line in places.into_values() {
            let codes: Vec<&AreaCode> = line.iter().map(|(code, _)| *code).collect();
            let pieces = pieces_of.entry(codes).or_insert_with_key(|codes| pieces(codes, exhibit)).clone();
            let is_piece: Vec<Option<usize>> =
                (0..line.len()).map(|area| pieces.iter().position(|areas| first_alone(areas, area, &pieces))).collect();
            let shown: BTreeMap<usize, usize> =
                is_piece.iter().enumerate().filter_map(|(area, piece)| Some((((*piece)?), area))).collect();
            let mut rests: BTreeMap<usize, RestId> = BTreeMap::new();
            for (area, (_, position)) in line.iter().enumerate() {
                if is_piece[area].is_some_and(|piece| shown[&piece] == area) {
                    continue;
                }
                let mut cells = vec![(*position, -1)];
                let mut hidden = Vec::new();
                for piece in (0..pieces.len()).filter(|piece| pieces[*piece].contains(&area)) {
                    match shown.get(&piece) {
                        Some(other) => cells.push((line[*other].1, 1)),
                        None => hidden.push((*rests.entry(piece).or_insert_with(|| self.rest()), 1)),
                    }
                }
                self.write(&cells, hidden, Decimal::ZERO);
            }
        }
    }

    /// To date grows by what happens in between; at the start of the programme it is the quarter.
    fn over_time(&mut self, positions: &Positions<'_>, exhibit: &Exhibit<'_>) {
        let mut places: BTreeMap<AreaAndMembers<'_>, Vec<(TimeKey, usize)>> = BTreeMap::new();
        for (key, position) in positions {
            places.entry((&key.area, &key.members)).or_default().push((key.time, *position));
        }
        let first = positions.keys().map(|key| key.time).filter(|time| matches!(time, TimeKey::ToDate(_))).min();
        for ((area, members), times) in places {
            let at: BTreeMap<TimeKey, usize> = times.into_iter().collect();
            let told = exhibit.told_before(self.table, area, members, self.role);
            let mut before: Option<(TimeKey, Option<usize>, Decimal)> = None;
            let mut ends: BTreeMap<TimeKey, (Option<usize>, Decimal)> =
                told.into_iter().map(|(time, value)| (time, (None, value))).collect();
            ends.extend(
                at.iter()
                    .filter(|(t, _)| matches!(t, TimeKey::ToDate(_)))
                    .map(|(t, p)| (*t, (Some(*p), Decimal::ZERO))),
            );
            for (time, (position, value)) in ends {
                let TimeKey::ToDate(period) = time else { continue };
                let since = match before {
                    Some((TimeKey::ToDate(since), ..)) => Some(since),
                    _ => None,
                };
                let inside = |other: &TimeKey| matches!(other, TimeKey::Quarter(q) if *q <= period && since.is_none_or(|s| *q > s));
                let quarters: Vec<usize> = at.iter().filter(|(time, _)| inside(time)).map(|(_, at)| *at).collect();
                let complete = match since {
                    Some(since) => period.index() - since.index() == i32::try_from(quarters.len()).unwrap_or(i32::MAX),
                    None => Some(time) == first && quarters.len() == 1,
                };
                let mut cells: Vec<(usize, i64)> = quarters.iter().map(|quarter| (*quarter, 1)).collect();
                let mut constant = -value;
                cells.extend(position.map(|position| (position, -1)));
                if let Some((_, position, value)) = before {
                    cells.extend(position.map(|position| (position, 1)));
                    constant += value;
                }
                // What an earlier edition said may have been revised since; then it binds nobody.
                let balance: Decimal =
                    constant + cells.iter().map(|(at, f)| Decimal::from(*f) * self.truths[*at]).sum::<Decimal>();
                let rests = if complete { Vec::new() } else { vec![(self.rest(), 1)] };
                let bound_by_past = position.is_none() || before.is_some_and(|(_, position, _)| position.is_none());
                let revised = bound_by_past && (balance > Decimal::ZERO || (complete && !balance.is_zero()));
                if !revised && (complete || !self.signed) && cells.len() > 1 - usize::from(bound_by_past) {
                    self.write(&cells, rests, constant);
                }
                if !(revised && position.is_none()) {
                    before = Some((time, position, value));
                }
            }
        }
    }
}

/// The sets of areas (as positions in `codes`) that some authority lies in, each once.
pub(super) fn pieces(codes: &[&AreaCode], exhibit: &Exhibit<'_>) -> Vec<Vec<usize>> {
    let mut areas_of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, code) in codes.iter().enumerate() {
        match exhibit.areas.find(code) {
            Some(set) => set.iter().for_each(|name| areas_of.entry(name).or_default().push(at)),
            None => areas_of.entry(code.as_str()).or_default().push(at),
        }
    }
    areas_of.into_values().collect::<BTreeSet<_>>().into_iter().collect()
}

/// Whether an area is one piece and nothing else.
fn first_alone(piece: &[usize], area: usize, pieces: &[Vec<usize>]) -> bool {
    piece.contains(&area) && pieces.iter().filter(|other| other.contains(&area)).count() == 1
}
