//! From raw tables to protected ones: all tables of an edition at once, because they are read side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use rust_decimal::Decimal;

use super::audit::{Exhibit, Verdict, audit_with_hints};
use super::classes::{Cost, cost};
use super::growth::growth_since;
use super::history::{History, bound_by, hidden_before, told_before};
use super::patterns::Grid;
use super::policy::{Policy, Waivers};
use super::relations::equations;
use super::rounding::{Scheme, round_observation};
use super::secondary::Suppression;
use super::variables::{VariableId, Variables};
use super::{DisclosureError, Protected};
use crate::model::{
    AreaSets, CellKey, IndicatorId, Kind, ObsStatus, Observation, PublishedCell, Raw, RawCell, Table, TableHeader, Unit,
};

/// Protected tables and how much is hidden in them.
#[derive(Debug)]
pub struct Protection {
    /// The tables, in the order of indicators and measures.
    pub tables: Vec<Table<Protected>>,
    /// One entry a table, in the same order.
    pub summary: Vec<TableProtection>,
    /// What the attack on them found: nothing, or they would not be here.
    pub verdict: Verdict,
    /// Those of which every figure is confidential, since nothing less would do: indicator and measure.
    pub withheld: Vec<(IndicatorId, String)>,
}

/// Why tables are not safe together, and which of them must give way.
struct Unsafe {
    error: DisclosureError,
    guilty: BTreeSet<usize>,
}

impl From<DisclosureError> for Unsafe {
    fn from(error: DisclosureError) -> Self {
        Self { error, guilty: BTreeSet::new() }
    }
}

/// What is protected, and against whom.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Which authorities make each area.
    pub areas: &'a AreaSets,
    /// The parameters.
    pub policy: &'a Policy,
    /// Who agreed to be recognised.
    pub waivers: &'a Waivers,
    /// What earlier editions said.
    pub history: History<'a>,
}

/// How much of one table is hidden. Which cells were unsafe themselves is nobody's to know, and how many only for those who
/// review the edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableProtection {
    /// Which indicator.
    pub indicator: IndicatorId,
    /// Which measure.
    pub measure: String,
    /// All its cells.
    pub cells: u64,
    /// Those that are confidential.
    pub hidden: u64,
    /// For those who review: under which class of rule, and what it costs.
    pub cost: Cost,
}

impl Protection {
    /// All cells of all tables.
    #[must_use]
    pub fn cells(&self) -> u64 {
        self.summary.iter().map(|table| table.cells).sum()
    }

    /// Confidential cells of all tables.
    #[must_use]
    pub fn hidden(&self) -> u64 {
        self.summary.iter().map(|table| table.hidden).sum()
    }
}

impl fmt::Display for TableProtection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {} of {} cells confidential", self.indicator, self.measure, self.hidden, self.cells)
    }
}

impl fmt::Display for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} cells confidential", self.hidden(), self.cells())
    }
}

/// Protects all tables of an edition together: as [`protect_with_waivers`], nobody having waived.
///
/// # Errors
/// As there.
pub fn protect(tables: Vec<Table<Raw>>, areas: &AreaSets, policy: &Policy) -> Result<Protection, DisclosureError> {
    protect_with_waivers(tables, areas, policy, &Waivers::default())
}

/// Protects all tables of an edition together: as [`protect_all`], nothing having been published before.
///
/// # Errors
/// As there.
pub fn protect_with_waivers(
    tables: Vec<Table<Raw>>,
    areas: &AreaSets,
    policy: &Policy,
    waivers: &Waivers,
) -> Result<Protection, DisclosureError> {
    protect_all(tables, &Request { areas, policy, waivers, history: History::default() })
}

/// Protects all tables of an edition together. Every cell of every table is taken as published: a sum that is
/// confidential is hidden wherever it stands, and so many others with it that none of them can be bounded more tightly than
/// the policy allows. A ratio or mean is hidden when one of its parts is, and publishing it counts as publishing both.
/// Reference figures pass. A table that cannot be protected otherwise is withheld: all its figures are confidential. What comes
/// out has withstood [`audit`](super::audit()), and is rounded last.
///
/// # Errors
/// When totals are not the sums of their parts, figures do not fit, or a cell stays exposed although its table is withheld,
/// since earlier editions told too much.
pub fn protect_all(mut tables: Vec<Table<Raw>>, request: &Request<'_>) -> Result<Protection, DisclosureError> {
    tables.sort_by(|a, b| name(a.header()).cmp(&name(b.header())));
    refuse_twins(&tables)?;
    let mut withheld = BTreeSet::new();
    loop {
        let Unsafe { error, guilty } = match protect_beside(&tables, request, &withheld) {
            Ok(protection) => return Ok(protection),
            Err(found) => found,
        };
        let others: Vec<usize> = guilty.difference(&withheld).copied().collect();
        if others.is_empty() {
            return Err(error);
        }
        withheld.extend(others);
    }
}

/// Protects tables of which some are withheld.
fn protect_beside(
    tables: &[Table<Raw>],
    request: &Request<'_>,
    withheld: &BTreeSet<usize>,
) -> Result<Protection, Unsafe> {
    let Request { areas, policy, waivers, history } = *request;
    let bound = bound_by(history, tables, policy, waivers);
    let mut variables = Variables::new(tables, areas, policy, waivers, &bound);
    for table in withheld {
        variables.withhold(*table, &tables[*table]);
    }
    variables.mark_told(&told_before(history, tables));
    let mut equations = equations(tables, &variables, areas)?;
    equations.extend(growth_since(history, tables, &mut variables));
    let grids: Vec<Grid> = tables.iter().map(|table| Grid::new(table, areas)).collect();
    let before = hidden_before(history, tables);
    let mut suppression = Suppression::new(&variables, &equations, &grids, &before);
    let exposed = |id| exposed_in(tables, &variables, id);
    suppression.complete().map_err(|found| exposed(found.0))?;
    // Hiding more never makes a safe cell unsafe, so that only what failed is attacked again.
    let mut suspects: Option<BTreeSet<(usize, usize)>> = None;
    let mut first: Option<Verdict> = None;
    loop {
        let (published, mut summary) = publish(tables, &suppression)?;
        let exhibit = Exhibit { raw: tables, published: &published, history, areas, policy, waivers };
        let (verdict, hints) = audit_with_hints(&exhibit, suspects.as_ref());
        let passes = verdict.passes();
        let failed = verdict.tables_that_fail();
        let first = first.get_or_insert(verdict);
        if passes {
            let verdict = first.mended();
            for (at, table) in tables.iter().enumerate() {
                summary[at].cost = cost((at, table), &published[at], &bound, policy, waivers);
            }
            let withheld = withheld.iter().map(|table| owned(tables[*table].header())).collect();
            let tables = published.into_iter().map(|table| rounded(table, policy)).collect();
            return Ok(Protection { tables, summary, verdict, withheld });
        }
        suspects = Some(hints.iter().map(|hint| hint.at).collect());
        // Each round hides at least one more cell, so this ends.
        if !suppression.widen(&hints).map_err(|found| exposed(found.0))? {
            let guilty = hints.iter().map(|hint| hint.at.0).collect();
            return Err(Unsafe { error: DisclosureError::Audit { tables: failed }, guilty });
        }
    }
}

fn refuse_twins(tables: &[Table<Raw>]) -> Result<(), DisclosureError> {
    let mut seen = BTreeSet::new();
    match tables.iter().find(|table| !seen.insert(name(table.header()))) {
        None => Ok(()),
        Some(twin) => {
            let (indicator, measure) = owned(twin.header());
            Err(DisclosureError::Duplicate { indicator, measure })
        }
    }
}

/// What may be read, unrounded, and how much is hidden.
fn publish(
    tables: &[Table<Raw>],
    suppression: &Suppression<'_>,
) -> Result<(Vec<Table<Protected>>, Vec<TableProtection>), DisclosureError> {
    let (mut published, mut summary) = (Vec::new(), Vec::new());
    for (at, table) in tables.iter().enumerate() {
        let kind = table.header().kind;
        let mut cells = BTreeMap::new();
        let mut hidden = 0;
        for (position, (key, cell)) in table.cells().iter().enumerate() {
            let hides = kind != Kind::Reference && suppression.hides(at, position) && cell.missing.is_none();
            hidden += u64::from(hides);
            let observation =
                if hides { Observation::Missing(ObsStatus::Confidential) } else { observe(table.header(), cell)? };
            let interval = cell.interval.filter(|_| observation.value().is_some());
            cells.insert(key.clone(), PublishedCell { observation, interval });
        }
        let (indicator, measure) = owned(table.header());
        let all = u64::try_from(cells.len()).unwrap_or(u64::MAX);
        summary.push(TableProtection { indicator, measure, cells: all, hidden, cost: Cost::default() });
        published.push(Table::new(Protected(()), table.header().clone(), cells));
    }
    Ok((published, summary))
}

fn rounded(table: Table<Protected>, policy: &Policy) -> Table<Protected> {
    if policy.rounding() == Scheme::None {
        return table;
    }
    let header = table.header().clone();
    let round = |(key, cell): (&CellKey, &PublishedCell)| {
        let observation = round_observation(policy.rounding(), &header, key, cell.observation.clone());
        (key.clone(), PublishedCell { observation, interval: cell.interval })
    };
    let cells = table.cells().iter().map(round).collect();
    Table::new(Protected(()), header, cells)
}

fn name(header: &TableHeader) -> (&IndicatorId, &str) {
    (&header.indicator, &header.measure)
}

fn owned(header: &TableHeader) -> (IndicatorId, String) {
    (header.indicator.clone(), header.measure.clone())
}

/// The tables that tell a sum, or the sums that it is made of.
fn exposed_in(tables: &[Table<Raw>], variables: &Variables, id: VariableId) -> Unsafe {
    let own = variables.differences.iter().filter(|(difference, _)| *difference == id);
    let sums = own.flat_map(|(_, parts)| parts.iter().map(|(part, _)| *part)).chain([id]);
    let guilty: BTreeSet<usize> =
        sums.flat_map(|sum| variables.get(sum).cells.iter().map(|(table, _)| *table)).collect();
    let (indicator, measure) = owned(tables[guilty.first().copied().unwrap_or(0)].header());
    Unsafe { error: DisclosureError::Exposed { indicator, measure }, guilty }
}

/// What a cell says when nothing forbids it. The quotient has 28 digits; it is rounded once, when it is printed.
fn observe(header: &TableHeader, cell: &RawCell) -> Result<Observation, DisclosureError> {
    if let Some(status) = cell.missing {
        return Ok(Observation::Missing(status));
    }
    let overflow = || {
        let (indicator, measure) = owned(header);
        DisclosureError::Overflow { indicator, measure }
    };
    let value = match (header.kind, cell.denominator) {
        (Kind::Ratio | Kind::Mean, Some(denominator)) => {
            let factor = if header.unit == Unit::PerCent { Decimal::ONE_HUNDRED } else { Decimal::ONE };
            let numerator = cell.numerator.checked_mul(factor).ok_or_else(overflow)?;
            numerator.checked_div(denominator).ok_or_else(overflow)?
        }
        _ => cell.numerator,
    };
    Ok(Observation::Value { value, marks: cell.marks.clone() })
}
