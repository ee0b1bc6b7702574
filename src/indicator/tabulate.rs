//! Programme figures: from contributions to cells for every quarter and to date, for regions and authorities, for members
//! and totals.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use arrow::array::RecordBatch;
use rust_decimal::Decimal;

use super::IndicatorError;
use super::columns::Columns;
use super::sums::{Part, fold, merge, total};
use crate::definitions::{Breakdowns, IndicatorDefinition, Measure};
use crate::model::{
    AreaCode, AreaSets, CellKey, Contribution, GroupId, Kind, Mark, ObsStatus, Period, Raw, RawCell, TOTAL_MEMBER,
    Table, TableHeader, TimeKey,
};

/// One row of the query, its texts as ranks.
struct Row {
    measure: usize,
    quarter: usize,
    authority: u32,
    members: Vec<u32>,
    group: u32,
    numerator: Decimal,
    denominator: Decimal,
}

/// Texts by their rank in the order of bytes, so that the order of rows does not matter.
struct Ranks {
    names: Vec<String>,
}

impl Ranks {
    fn new(texts: BTreeSet<String>) -> Self {
        Self { names: texts.into_iter().collect() }
    }

    fn rank(&self, text: &str) -> Option<u32> {
        self.names.binary_search_by(|name| name.as_str().cmp(text)).ok().and_then(|at| u32::try_from(at).ok())
    }

    fn name(&self, rank: u32) -> &str {
        usize::try_from(rank).ok().and_then(|at| self.names.get(at)).map_or("", String::as_str)
    }
}

/// Everything read from the batches.
struct Contributions {
    rows: Vec<Row>,
    authorities: Ranks,
    members: Vec<Ranks>,
    groups: Vec<GroupId>,
}

/// Builds the tables of an indicator, one a measure, in the order of its header.
///
/// `batches` hold the columns `measure`, `period_index` ([`Period::index`]), `lad_code`, one a dimension, `group_id`,
/// `numerator`, `denominator`; `first` is the quarter in which the programme starts. For every quarter from `first` to
/// `period` there is a cell within the quarter and one to date, for each region of `areas`. Authorities (if the
/// definition says so) and members of dimensions have one cell, to date at the end of `period`: quarter by quarter they
/// would tell firms by differences, and most of them would be confidential. A count or magnitude without contributors
/// is a true zero; a ratio or mean over nothing is not applicable.
///
/// # Errors
/// When the columns are not as promised, a contribution lies outside the areas or quarters, or a sum does not fit.
pub fn tabulate(
    definition: &IndicatorDefinition,
    batches: &[RecordBatch],
    areas: &AreaSets,
    period: Period,
    first: Period,
) -> Result<Vec<Table<Raw>>, IndicatorError> {
    if definition.measures.iter().any(|measure| matches!(measure.kind, Kind::Reference | Kind::Median)) {
        return Err(IndicatorError::WrongKind { indicator: definition.id.clone(), how: "from contributions" });
    }
    let read = read(definition, batches, period, first)?;
    let mut tables = Vec::with_capacity(definition.measures.len());
    for (index, measure) in definition.measures.iter().enumerate() {
        let grid = Grid::new(definition, measure, index, &read, areas)?;
        let quarters = usize::try_from(period.index() - first.index() + 1).unwrap_or(0);
        let cells = grid.cells(definition, measure, index, &read, quarters, first)?;
        let header = TableHeader {
            indicator: definition.id.clone(),
            measure: measure.id.clone(),
            kind: measure.kind,
            unit: measure.unit,
            decimals: measure.decimals,
            dimensions: definition.dimensions.iter().map(|dimension| dimension.name.clone()).collect(),
            vintage: None,
        };
        tables.push(Table::new(Raw, header, cells));
    }
    Ok(tables)
}

fn read(
    definition: &IndicatorDefinition,
    batches: &[RecordBatch],
    period: Period,
    first: Period,
) -> Result<Contributions, IndicatorError> {
    let indicator = &definition.id;
    let texts_of = |column: &str| -> Result<BTreeSet<String>, IndicatorError> {
        let mut all = BTreeSet::new();
        for batch in batches {
            let texts = Columns { indicator, batch }.texts(column)?;
            for text in texts.iter().flatten() {
                if !all.contains(text) {
                    all.insert(text.to_owned());
                }
            }
        }
        Ok(all)
    };
    let authorities = Ranks::new(texts_of("lad_code")?);
    let groups = Ranks::new(texts_of("group_id")?);
    let mut members = Vec::new();
    for dimension in &definition.dimensions {
        let texts = texts_of(&dimension.name)?;
        if texts.contains(TOTAL_MEMBER) || texts.contains("") {
            let rule = "a member is neither empty nor the name of the total";
            return Err(IndicatorError::BadName { indicator: indicator.clone(), column: dimension.name.clone(), rule });
        }
        members.push(Ranks::new(texts));
    }
    let ids: Result<Vec<GroupId>, IndicatorError> = groups
        .names
        .iter()
        .map(|name| {
            GroupId::new(name.as_str()).map_err(|_| IndicatorError::BadName {
                indicator: indicator.clone(),
                column: "group_id".to_owned(),
                rule: "letters, digits, `-` and `_`, at most 40",
            })
        })
        .collect();
    let mut rows = Vec::new();
    for batch in batches {
        read_batch(definition, batch, (&authorities, &groups, &members), (period, first), &mut rows)?;
    }
    Ok(Contributions { rows, authorities, members, groups: ids? })
}

fn read_batch(
    definition: &IndicatorDefinition,
    batch: &RecordBatch,
    (authorities, groups, members): (&Ranks, &Ranks, &[Ranks]),
    (period, first): (Period, Period),
    rows: &mut Vec<Row>,
) -> Result<(), IndicatorError> {
    let indicator = &definition.id;
    let columns = Columns { indicator, batch };
    let measures = columns.texts("measure")?;
    let indexes = columns.integers("period_index")?;
    let lads = columns.texts("lad_code")?;
    let owners = columns.texts("group_id")?;
    let numerators = columns.decimals("numerator")?;
    let denominators = columns.decimals("denominator")?;
    let dimensions: Result<Vec<_>, _> = definition.dimensions.iter().map(|d| columns.texts(&d.name)).collect();
    let dimensions = dimensions?;
    let null = |column: &str| IndicatorError::Null { indicator: indicator.clone(), column: column.to_owned() };
    for row in 0..batch.num_rows() {
        let name = measures.value(row);
        let measure =
            definition.measures.iter().position(|m| m.id == name).ok_or_else(|| IndicatorError::UnknownMeasure {
                indicator: indicator.clone(),
                declared: definition.measures.iter().map(|m| m.id.as_str()).collect::<Vec<_>>().join(", "),
            })?;
        let index = indexes.value(row);
        if index > period.index() {
            return Err(IndicatorError::OutsidePeriod { indicator: indicator.clone() });
        }
        let quarter = usize::try_from(index - first.index())
            .map_err(|_| IndicatorError::OutsidePeriod { indicator: indicator.clone() })?;
        let denominator = match (definition.measures[measure].kind, denominators.find(row)?) {
            (Kind::Ratio | Kind::Mean, None) => return Err(null("denominator")),
            (Kind::Ratio | Kind::Mean, Some(value)) => value,
            _ => Decimal::ZERO,
        };
        rows.push(Row {
            measure,
            quarter,
            authority: authorities.rank(lads.value(row)).ok_or_else(|| null("lad_code"))?,
            members: dimensions
                .iter()
                .zip(members)
                .map(|(texts, ranks)| ranks.rank(texts.value(row)).ok_or_else(|| null("dimension")))
                .collect::<Result<_, _>>()?,
            group: groups.rank(owners.value(row)).ok_or_else(|| null("group_id"))?,
            numerator: numerators.find(row)?.ok_or_else(|| null("numerator"))?,
            denominator,
        });
    }
    Ok(())
}

/// Which cells a table has, apart from time.
struct Grid {
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
    fn new(
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

    fn cells(
        &self,
        definition: &IndicatorDefinition,
        measure: &Measure,
        index: usize,
        read: &Contributions,
        quarters: usize,
        first: Period,
    ) -> Result<BTreeMap<CellKey, RawCell>, IndicatorError> {
        let overflow = || IndicatorError::Overflow { indicator: definition.id.clone() };
        let combinations = self.combinations();
        // Parts of each cell: areas, then combinations, then quarters.
        let mut parts: Vec<Vec<Part>> = vec![Vec::new(); self.areas.len() * combinations.len() * quarters];
        for row in read.rows.iter().filter(|row| row.measure == index) {
            let targets = self.targets(&row.members);
            for &area in self.areas_of.get(&row.authority).map_or(&[][..], Vec::as_slice) {
                for &combination in &targets {
                    if self.is_cell(self.areas[area].1, &combinations[combination]) {
                        let at = (area * combinations.len() + combination) * quarters + row.quarter;
                        parts[at].push(Part {
                            group: row.group,
                            numerator: row.numerator,
                            denominator: row.denominator,
                        });
                    }
                }
            }
        }
        let mut cells = BTreeMap::new();
        let mut parts = parts.into_iter();
        for (area, authority) in &self.areas {
            for combination in &combinations {
                let within: Vec<Vec<Part>> = parts.by_ref().take(quarters).collect();
                if !self.is_cell(*authority, combination) {
                    continue;
                }
                let members: Vec<String> = combination
                    .iter()
                    .enumerate()
                    .map(|(position, at)| match self.choices[position][*at] {
                        Some(rank) => read.members[position].name(rank).to_owned(),
                        None => TOTAL_MEMBER.to_owned(),
                    })
                    .collect();
                let detailed = *authority || self.is_broken_down(combination);
                let mut so_far: Vec<Part> = Vec::new();
                for (quarter, parts) in (first.index()..).zip(within) {
                    let quarter = Period::from_index(quarter);
                    let parts = fold(parts).ok_or_else(overflow)?;
                    so_far = merge(&so_far, &parts).ok_or_else(overflow)?;
                    let marks = marks(definition, quarter, first, quarters);
                    let latest = quarter.index() - first.index() + 1 == i32::try_from(quarters).unwrap_or(i32::MAX);
                    for (time, parts) in [(TimeKey::Quarter(quarter), &parts), (TimeKey::ToDate(quarter), &so_far)] {
                        if detailed && !(latest && matches!(time, TimeKey::ToDate(_))) {
                            continue;
                        }
                        let cell = finish(parts, &read.groups, measure.kind, marks.clone()).ok_or_else(overflow)?;
                        cells.insert(CellKey { time, area: area.clone(), members: members.clone() }, cell);
                    }
                }
            }
        }
        Ok(cells)
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

/// Cohorts that are too young to compare are provisional.
fn marks(definition: &IndicatorDefinition, quarter: Period, first: Period, quarters: usize) -> Vec<Mark> {
    let age = i32::try_from(quarters).unwrap_or(i32::MAX) - 1 - (quarter.index() - first.index());
    match definition.matures_after_quarters {
        Some(needed) if age < i32::from(needed) => vec![Mark::Provisional],
        _ => Vec::new(),
    }
}

fn finish(parts: &[Part], groups: &[GroupId], kind: Kind, marks: Vec<Mark>) -> Option<RawCell> {
    let (numerator, denominator) = total(parts)?;
    let divides = matches!(kind, Kind::Ratio | Kind::Mean);
    let contributions = parts
        .iter()
        .map(|part| {
            let group = groups.get(usize::try_from(part.group).ok()?)?.clone();
            Some(Contribution::new(group, part.numerator, divides.then_some(part.denominator)))
        })
        .collect::<Option<Vec<_>>>()?;
    Some(RawCell {
        numerator,
        denominator: divides.then_some(denominator),
        contributions,
        missing: (divides && denominator.is_zero()).then_some(ObsStatus::NotApplicable),
        marks,
    })
}
