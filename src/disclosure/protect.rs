//! From raw tables to protected ones: all tables of an edition at once, because they are read side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use rust_decimal::Decimal;

use super::patterns::Grid;
use super::policy::{Policy, Waivers};
use super::relations::equations;
use super::secondary::Suppression;
use super::variables::{VariableId, Variables};
use super::{DisclosureError, Protected};
use crate::model::{
    AreaSets, IndicatorId, Kind, ObsStatus, Observation, PublishedCell, Raw, RawCell, Table, TableHeader, Unit,
};

/// Protected tables and how much is hidden in them.
#[derive(Debug)]
pub struct Protection {
    /// The tables, in the order of indicators and measures.
    pub tables: Vec<Table<Protected>>,
    /// One entry a table, in the same order.
    pub summary: Vec<TableProtection>,
}

/// How much of one table is hidden. Which cells were unsafe themselves is nobody's to know.
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

/// Protects all tables of an edition together. Every cell of every table is taken as published: a sum that is
/// confidential is hidden wherever it stands, and so many others with it that none of them follows exactly from the rest.
/// A ratio or mean is hidden when one of its parts is, and publishing it counts as publishing both. Reference figures pass.
///
/// # Errors
/// When totals are not the sums of their parts, figures do not fit, or a cell cannot be protected.
pub fn protect_with_waivers(
    mut tables: Vec<Table<Raw>>,
    areas: &AreaSets,
    policy: &Policy,
    waivers: &Waivers,
) -> Result<Protection, DisclosureError> {
    tables.sort_by(|a, b| name(a.header()).cmp(&name(b.header())));
    let mut seen = BTreeSet::new();
    for table in &tables {
        if !seen.insert(name(table.header())) {
            let (indicator, measure) = owned(table.header());
            return Err(DisclosureError::Duplicate { indicator, measure });
        }
    }
    drop(seen);
    let variables = Variables::new(&tables, areas, policy, waivers);
    let equations = equations(&tables, &variables, areas)?;
    let grids: Vec<Grid> = tables.iter().map(|table| Grid::new(table, areas)).collect();
    let mut suppression = Suppression::new(&variables, &equations, &grids);
    suppression.complete().map_err(|exposed| exposed_in(&tables, &variables, exposed.0))?;
    let mut protection = Protection { tables: Vec::new(), summary: Vec::new() };
    for (at, table) in tables.iter().enumerate() {
        let reference = table.header().kind == Kind::Reference;
        let mut cells = BTreeMap::new();
        let mut hidden = 0;
        for (position, (key, cell)) in table.cells().iter().enumerate() {
            let hides = !reference && cell.missing.is_none() && suppression.hides(at, position);
            hidden += u64::from(hides);
            let observation =
                if hides { Observation::Missing(ObsStatus::Confidential) } else { observe(table.header(), cell)? };
            cells.insert(key.clone(), PublishedCell { observation });
        }
        let (indicator, measure) = owned(table.header());
        let all = u64::try_from(cells.len()).unwrap_or(u64::MAX);
        protection.summary.push(TableProtection { indicator, measure, cells: all, hidden });
        protection.tables.push(Table::new(Protected(()), table.header().clone(), cells));
    }
    Ok(protection)
}

fn name(header: &TableHeader) -> (&IndicatorId, &str) {
    (&header.indicator, &header.measure)
}

fn owned(header: &TableHeader) -> (IndicatorId, String) {
    (header.indicator.clone(), header.measure.clone())
}

fn exposed_in(tables: &[Table<Raw>], variables: &Variables, id: VariableId) -> DisclosureError {
    let at = variables.get(id).cells.first().map_or(0, |(table, _)| *table);
    let (indicator, measure) = owned(tables[at].header());
    DisclosureError::Exposed { indicator, measure }
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
