//! Adds up the rows below the aggregate by cell and group, row by row, so that memory grows with cells and groups only.

use std::collections::{BTreeMap, HashMap, HashSet};

use arrow::array::{Array, ArrayRef, Decimal128Array, RecordBatch, StringArray};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use sha2::{Digest, Sha256};

use super::cells::{CellMeasure, ExportCell, Fact, Shares};
use super::measures::{Measure, MeasureKind};
use super::owners::Owners;
use super::refuse;
use super::trace::{BETWEEN, Scan};
use crate::engine::EngineError;

/// With more cells than these, comparing them with what is out would take too long.
const MOST_CELLS: usize = 10_000;
/// How a key that is null is told from every text.
const NULL_KEY: &str = "\u{1e}";

/// Stands for the owners that nobody knows. They are never counted as a group, but what they give is compared.
const UNKNOWN: &str = "\u{1e}unknown";

/// What one group gives to one measure of one cell.
#[derive(Clone, Copy, Default)]
struct Share {
    amount: i128,
    rows: u128,
}

/// By measure and scan, the shares of groups.
type Sharing = Vec<Vec<HashMap<u32, Share>>>;

struct Cell {
    totals: Vec<i128>,
    shares: Sharing,
    /// By measure the rows that were met, where each counts once.
    met: Vec<HashSet<u128>>,
}

/// The cells of an export in the making.
pub(super) struct Fold<'a> {
    names: Vec<String>,
    measures: &'a [Measure],
    scans: &'a [Scan],
    owners: &'a Owners,
    cells: BTreeMap<Vec<String>, Cell>,
    groups: Vec<String>,
    numbers: HashMap<String, u32>,
    /// By measure and scan, whether a row counted that has no row of the scan.
    missing: Vec<Vec<bool>>,
}

impl<'a> Fold<'a> {
    /// No cells yet, but the one that a query without keys always has.
    pub(super) fn new(names: Vec<String>, measures: &'a [Measure], scans: &'a [Scan], owners: &'a Owners) -> Self {
        let missing = vec![vec![false; scans.len()]; measures.len()];
        let keyless = names.is_empty();
        let mut fold = Self {
            names,
            measures,
            scans,
            owners,
            cells: BTreeMap::new(),
            groups: Vec::new(),
            numbers: HashMap::new(),
            missing,
        };
        if keyless {
            fold.cells.insert(Vec::new(), Cell::new(measures.len(), scans.len()));
        }
        fold
    }

    /// Adds rows: keys, then a decimal a measure, then owner and row of each scan.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> Result<(), EngineError> {
        let (keys, rest) = batch.columns().split_at(self.names.len());
        let (values, hidden) = rest.split_at(self.measures.len());
        let keys = key_texts(keys, batch.num_rows())?;
        let values = values.iter().map(decimals).collect::<Result<Vec<_>, _>>()?;
        let hidden = hidden.iter().map(strings).collect::<Result<Vec<_>, _>>()?;
        for (row, key) in keys.into_iter().enumerate() {
            self.add_row(key, row, &values, &hidden)?;
        }
        Ok(())
    }

    fn add_row(
        &mut self,
        key: Vec<String>,
        row: usize,
        values: &[&Decimal128Array],
        hidden: &[&StringArray],
    ) -> Result<(), EngineError> {
        let groups: Vec<Option<u32>> = (0..self.scans.len()).map(|scan| self.group_at(scan, row, hidden)).collect();
        let (measures, scans) = (self.measures.len(), self.scans.len());
        if self.cells.len() >= MOST_CELLS && !self.cells.contains_key(&key) {
            return Err(refuse(format!("there are more than {MOST_CELLS} cells"), "group more coarsely"));
        }
        let cell = self.cells.entry(key).or_insert_with(|| Cell::new(measures, scans));
        for (place, measure) in self.measures.iter().enumerate() {
            if values[place].is_null(row) {
                continue;
            }
            let value = values[place].value(row);
            cell.totals[place] = cell.totals[place].checked_add(value).ok_or_else(too_large)?;
            let is_amount = measure.kind != MeasureKind::Count;
            if is_amount && value == 0 {
                continue;
            }
            for (scan, group) in groups.iter().enumerate() {
                let rows = hidden[2 * scan + 1];
                if rows.is_null(row) {
                    self.missing[place][scan] = true;
                    continue;
                }
                let Some(group) = group else { continue };
                let hash = row_hash(rows.value(row), is_amount.then_some(value));
                if measure.once == Some(scan) && !cell.met[place].insert(hash) {
                    continue;
                }
                let share = cell.shares[place][scan].entry(*group).or_default();
                share.amount = share.amount.checked_add(value).ok_or_else(too_large)?;
                share.rows = share.rows.wrapping_add(hash);
            }
        }
        Ok(())
    }

    /// The group behind a row of a scan, as its number; none where a join found no row.
    fn group_at(&mut self, scan: usize, row: usize, hidden: &[&StringArray]) -> Option<u32> {
        if hidden[2 * scan + 1].is_null(row) {
            return None;
        }
        let owner = Some(hidden[2 * scan]).filter(|owners| owners.is_valid(row)).map(|owners| owners.value(row));
        let group = owner.and_then(|owner| self.owners.group_of(&self.scans[scan].held.owner, owner));
        let group = group.unwrap_or(UNKNOWN);
        if let Some(number) = self.numbers.get(group) {
            return Some(*number);
        }
        let number = u32::try_from(self.groups.len()).ok()?;
        self.groups.push(group.to_owned());
        self.numbers.insert(group.to_owned(), number);
        Some(number)
    }

    /// What the cells' plain sums are: by key the totals of each measure.
    pub(super) fn totals(&self) -> BTreeMap<Vec<String>, Vec<i128>> {
        self.cells.iter().map(|(key, cell)| (key.clone(), cell.totals.clone())).collect()
    }

    /// The cells, and every marginal sum of them. `unique` says of each scan whether its rows come once each.
    pub(super) fn finish(self, unique: &[bool]) -> Result<Vec<ExportCell>, EngineError> {
        let facts = self.facts(unique)?;
        let mut found = Vec::new();
        for (key, cell) in &self.cells {
            found.push(self.cell(key, cell, false, &facts));
        }
        for kept in 0..(1_usize << self.names.len()) - 1 {
            let mut sums: BTreeMap<Vec<String>, Cell> = BTreeMap::new();
            for (key, cell) in &self.cells {
                let margin = key.iter().enumerate().map(|(place, text)| match kept >> place & 1 {
                    1 => text.clone(),
                    _ => String::new(),
                });
                let sum =
                    sums.entry(margin.collect()).or_insert_with(|| Cell::new(self.measures.len(), self.scans.len()));
                sum.merge(cell)?;
            }
            for (key, cell) in &sums {
                found.push(self.cell(key, cell, true, &facts));
            }
        }
        Ok(found)
    }

    /// By measure the scans whose rows it is made of, each once.
    fn facts(&self, unique: &[bool]) -> Result<Vec<Vec<usize>>, EngineError> {
        let mut facts = Vec::new();
        for (place, measure) in self.measures.iter().enumerate() {
            let sound = |scan: &usize| (unique[*scan] || measure.once == Some(*scan)) && !self.missing[place][*scan];
            let scans: Vec<usize> = match &measure.kind {
                MeasureKind::Count => (0..self.scans.len()).filter(sound).collect(),
                MeasureKind::Amount { scan, .. } => Some(*scan).filter(|scan| unique[*scan]).into_iter().collect(),
            };
            if scans.is_empty() {
                return Err(self.repeated(measure));
            }
            facts.push(scans);
        }
        Ok(facts)
    }

    fn repeated(&self, measure: &Measure) -> EngineError {
        match &measure.kind {
            MeasureKind::Amount { scan, .. } => refuse(
                format!(
                    "the join repeats rows of `{}`, so its amounts count several times",
                    self.scans[*scan].held.name
                ),
                "add amounts up over the table that they stand in, joined only to tables with one row for each of its rows",
            ),
            MeasureKind::Count => refuse(
                "it cannot be said whose rows are counted, because the join repeats or makes up rows of every table",
                "count the key of one table, joined only to tables with one row for each of its rows",
            ),
        }
    }

    fn cell(&self, key: &[String], cell: &Cell, is_margin: bool, facts: &[Vec<usize>]) -> ExportCell {
        let parts = self.names.iter().zip(key).filter(|(_, value)| !value.is_empty() || !is_margin);
        let key: Vec<String> = parts.map(|(name, value)| format!("{name}={value}")).collect();
        let measures = self.measures.iter().enumerate().map(|(place, measure)| CellMeasure {
            is_amount: measure.kind != MeasureKind::Count,
            total: cell.totals[place],
            shares: cell.shares[place]
                .iter()
                .filter(|shares| !shares.is_empty())
                .map(|shares| self.shares(shares))
                .collect(),
            facts: facts[place].iter().map(|scan| self.fact(measure, *scan, &cell.shares[place][*scan])).collect(),
        });
        ExportCell { key: key.join(BETWEEN), is_margin, measures: measures.collect() }
    }

    fn shares(&self, shares: &HashMap<u32, Share>) -> Shares {
        let mut found = Shares::of(shares.values().map(|share| share.amount));
        let has_unknown = self.numbers.get(UNKNOWN).is_some_and(|number| shares.contains_key(number));
        found.groups -= usize::from(has_unknown);
        found
    }

    fn fact(&self, measure: &Measure, scan: usize, shares: &HashMap<u32, Share>) -> Fact {
        let dataset = &self.scans[scan].held.dataset;
        let subject = match &measure.kind {
            MeasureKind::Count => format!("count {dataset}"),
            MeasureKind::Amount { column, .. } => format!("sum {dataset}.{column}"),
        };
        let name = |number: &u32| usize::try_from(*number).ok().and_then(|number| self.groups.get(number)).cloned();
        let groups = shares.iter().filter_map(|(number, share)| Some((name(number)?, share.rows)));
        Fact { subject, groups: groups.collect() }
    }
}

impl Cell {
    fn new(measures: usize, scans: usize) -> Self {
        let shares = vec![vec![HashMap::new(); scans]; measures];
        Self { totals: vec![0; measures], shares, met: vec![HashSet::new(); measures] }
    }

    fn merge(&mut self, other: &Self) -> Result<(), EngineError> {
        for (total, added) in self.totals.iter_mut().zip(&other.totals) {
            *total = total.checked_add(*added).ok_or_else(too_large)?;
        }
        for (mine, theirs) in self.shares.iter_mut().flatten().zip(other.shares.iter().flatten()) {
            for (group, added) in theirs {
                let share = mine.entry(*group).or_default();
                share.amount = share.amount.checked_add(added.amount).ok_or_else(too_large)?;
                share.rows = share.rows.wrapping_add(added.rows);
            }
        }
        Ok(())
    }
}

/// The first half of a hash of a row's identity, and of its value where that is what is added up. Sums of it do not
/// depend on the order of rows.
fn row_hash(row: &str, value: Option<i128>) -> u128 {
    let mut hasher = Sha256::new();
    hasher.update(row.as_bytes());
    if let Some(value) = value {
        hasher.update(BETWEEN.as_bytes());
        hasher.update(value.to_be_bytes());
    }
    let digest = hasher.finalize();
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    u128::from_be_bytes(half)
}

/// Keys as text, row by row.
pub(super) fn key_texts(keys: &[ArrayRef], rows: usize) -> Result<Vec<Vec<String>>, EngineError> {
    let failed = |source: arrow::error::ArrowError| EngineError::run("the export", source.into(), 0);
    let options = FormatOptions::default().with_null(NULL_KEY);
    let formatters =
        keys.iter().map(|array| ArrayFormatter::try_new(array.as_ref(), &options)).collect::<Result<Vec<_>, _>>();
    let formatters = formatters.map_err(failed)?;
    let text = |row: usize| formatters.iter().map(|formatter| formatter.value(row).to_string()).collect();
    Ok((0..rows).map(text).collect())
}

fn decimals(array: &ArrayRef) -> Result<&Decimal128Array, EngineError> {
    array.as_any().downcast_ref().ok_or_else(lost)
}

fn strings(array: &ArrayRef) -> Result<&StringArray, EngineError> {
    array.as_any().downcast_ref().ok_or_else(lost)
}

fn lost() -> EngineError {
    refuse("the gate lost track of a column", "write the query more simply")
}

fn too_large() -> EngineError {
    refuse("a sum is too large to be checked", "add up fewer rows")
}
