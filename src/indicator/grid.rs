//! Which cells a table has: every area, every choice of members, every quarter and the time to it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::IndicatorError;
use super::cell::{Gathered, Making};
use super::rows::Contributions;
use crate::definitions::{Breakdowns, IndicatorDefinition, Measure};
use crate::model::{AreaCode, AreaSets, CellKey, Period, RawCell, TOTAL_MEMBER, TimeKey};

/// Which cells a table has, apart from time.
pub(super) struct Grid {
    /// Areas, and whether each is a single authority among the breakdowns.
    areas: Vec<(AreaCode, bool)>,
    /// For each authority's rank, the areas that hold it.
    areas_of: HashMap<u32, Vec<usize>>,
    /// For each dimension, the ranks of its members and, last, the total where there is one.
    choices: Vec<Vec<Option<u32>>>,
    /// Whether each dimension counts as a breakdown when only one is allowed at a time.
    counted: Vec<bool>,
    one_way: bool,
}

impl Grid {
    pub(super) fn new(
        definition: &IndicatorDefinition,
        measure: &Measure,
        index: usize,
        read: &Contributions,
        sets: &AreaSets,
    ) -> Result<Self, IndicatorError> {
        let mut areas: Vec<(AreaCode, bool)> = sets.regions().map(|(code, _)| (code.clone(), false)).collect();
        let mut holds: Vec<BTreeSet<&str>> =
            sets.regions().map(|(_, set)| set.iter().map(String::as_str).collect()).collect();
        if definition.by_authority {
            for authority in sets.authorities() {
                let code = AreaCode::new(authority).map_err(|_| IndicatorError::BadName {
                    indicator: definition.id.clone(),
                    column: "lad_code".to_owned(),
                    rule: "letters, digits, `-` and `_`, at most 40",
                })?;
                areas.push((code, true));
                holds.push(BTreeSet::from([authority]));
            }
        }
        let mut areas_of: HashMap<u32, Vec<usize>> = HashMap::new();
        for row in read.rows.iter().filter(|row| row.measure == index) {
            areas_of.entry(row.authority).or_default();
        }
        for (rank, inside) in &mut areas_of {
            let name = read.authorities.name(*rank);
            inside.extend(holds.iter().enumerate().filter(|(_, set)| set.contains(name)).map(|(at, _)| at));
            if inside.is_empty() {
                return Err(IndicatorError::UnknownAuthority { indicator: definition.id.clone() });
            }
        }
        let mut choices = Vec::new();
        for (position, dimension) in definition.dimensions.iter().enumerate() {
            let seen: BTreeSet<u32> =
                read.rows.iter().filter(|row| row.measure == index).map(|row| row.members[position]).collect();
            let total = (dimension.additive && measure.totals).then_some(None);
            choices.push(seen.into_iter().map(Some).chain(total).collect());
        }
        let counted = definition.dimensions.iter().map(|dimension| dimension.additive && measure.totals).collect();
        Ok(Self { areas, areas_of, choices, counted, one_way: definition.breakdowns == Breakdowns::OneWay })
    }

    /// All combinations of choices, each as positions in `choices`.
    fn combinations(&self) -> Vec<Vec<usize>> {
        let mut all = vec![Vec::new()];
        for options in &self.choices {
            all = all
                .iter()
                .flat_map(|head: &Vec<usize>| (0..options.len()).map(|at| [head.as_slice(), &[at]].concat()))
                .collect();
        }
        all
    }

    /// Whether a combination names a member of any dimension.
    fn is_broken_down(&self, combination: &[usize]) -> bool {
        combination.iter().enumerate().any(|(position, at)| self.choices[position][*at].is_some())
    }

    fn is_cell(&self, authority: bool, combination: &[usize]) -> bool {
        let broken_down = combination
            .iter()
            .enumerate()
            .filter(|(position, at)| self.counted[*position] && self.choices[*position][**at].is_some())
            .count();
        !self.one_way || broken_down + usize::from(authority) <= 1
    }

    /// Every cell of the table.
    pub(super) fn cells(&self, table: &Making<'_>) -> Result<BTreeMap<CellKey, RawCell>, IndicatorError> {
        let combinations = self.combinations();
        let mut gathered = self.gather(table, &combinations).into_iter();
        let mut cells = BTreeMap::new();
        for (area, authority) in &self.areas {
            for combination in &combinations {
                let within: Vec<Gathered> = gathered.by_ref().take(table.quarters).collect();
                if !self.is_cell(*authority, combination) {
                    continue;
                }
                let members = self.member_names(combination, table.read);
                let detailed = *authority || self.is_broken_down(combination);
                let mut so_far = Gathered::default();
                for (quarter, now) in (table.first.index()..).zip(within) {
                    let quarter = Period::from_index(quarter);
                    let now = now.folded().ok_or_else(|| table.overflow())?;
                    so_far = so_far.merged(&now).ok_or_else(|| table.overflow())?;
                    for (time, content) in [(TimeKey::Quarter(quarter), &now), (TimeKey::ToDate(quarter), &so_far)] {
                        if table.has(time, detailed) {
                            let cell = table.finish(content, quarter)?;
                            cells.insert(CellKey { time, area: area.clone(), members: members.clone() }, cell);
                        }
                    }
                }
            }
        }
        Ok(cells)
    }

    /// What lies in each cell: areas, then combinations, then quarters.
    fn gather(&self, table: &Making<'_>, combinations: &[Vec<usize>]) -> Vec<Gathered> {
        let mut gathered = vec![Gathered::default(); self.areas.len() * combinations.len() * table.quarters];
        for (position, row) in table.read.rows.iter().enumerate().filter(|(_, row)| row.measure == table.index) {
            let targets = self.targets(&row.members);
            for &area in self.areas_of.get(&row.authority).map_or(&[][..], Vec::as_slice) {
                for &combination in &targets {
                    if self.is_cell(self.areas[area].1, &combinations[combination]) {
                        let at = (area * combinations.len() + combination) * table.quarters + row.quarter;
                        gathered[at].add(row, table.measure.is_by_row().then_some(position));
                    }
                }
            }
        }
        gathered
    }

    fn member_names(&self, combination: &[usize], read: &Contributions) -> Vec<String> {
        let name = |(position, at): (usize, &usize)| match self.choices[position][*at] {
            Some(rank) => read.members[position].name(rank).to_owned(),
            None => TOTAL_MEMBER.to_owned(),
        };
        combination.iter().enumerate().map(name).collect()
    }

    /// The combinations to which a row adds, as positions in [`Grid::combinations`].
    fn targets(&self, members: &[u32]) -> Vec<usize> {
        let mut targets = vec![0];
        for (options, member) in self.choices.iter().zip(members) {
            let fits = |choice: &Option<u32>| choice.is_none_or(|rank| rank == *member);
            let fitting: Vec<usize> = options.iter().enumerate().filter(|(_, o)| fits(o)).map(|(at, _)| at).collect();
            targets = targets.iter().flat_map(|base| fitting.iter().map(move |at| base * options.len() + at)).collect();
        }
        targets
    }
}
