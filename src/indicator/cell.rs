//! What lies in one cell, and what its figure is.

use super::IndicatorError;
use super::figure::figure;
use super::rows::{Contributions, Row};
use super::sums::{Part, fold, merge, total};
use super::thresholds::Thresholds;
use crate::definitions::{IndicatorDefinition, Measure, Times};
use crate::engine::method::MethodError;
use crate::model::{Contribution, GroupId, Kind, Mark, ObsStatus, Period, RawCell, TimeKey};

/// The contributions to one cell.
#[derive(Clone, Default)]
pub(super) struct Gathered {
    /// By group, once folded.
    parts: Vec<Part>,
    /// Positions of its rows, for measures by row only.
    rows: Vec<usize>,
    /// Marks of its rows, sorted, each once.
    marks: Vec<Mark>,
}

impl Gathered {
    /// Adds one row, and its position where rows are looked at one by one.
    pub(super) fn add(&mut self, row: &Row, position: Option<usize>) {
        self.parts.push(Part { group: row.group, numerator: row.numerator, denominator: row.denominator });
        self.rows.extend(position);
        self.mark(&row.marks);
    }

    fn mark(&mut self, marks: &[Mark]) {
        for mark in marks {
            if let Err(at) = self.marks.binary_search(mark) {
                self.marks.insert(at, *mark);
            }
        }
    }

    /// With one part a group. None on overflow.
    pub(super) fn folded(self) -> Option<Self> {
        Some(Self { parts: fold(self.parts)?, ..self })
    }

    /// Both together. None on overflow.
    pub(super) fn merged(&self, other: &Self) -> Option<Self> {
        let rows = self.rows.iter().chain(&other.rows).copied().collect();
        let mut both = Self { parts: merge(&self.parts, &other.parts)?, rows, marks: self.marks.clone() };
        both.mark(&other.marks);
        Some(both)
    }
}

/// A table in the making.
pub(super) struct Making<'a> {
    pub(super) definition: &'a IndicatorDefinition,
    pub(super) measure: &'a Measure,
    /// The measure's position.
    pub(super) index: usize,
    pub(super) read: &'a Contributions,
    /// Quarters from the first to the reported one.
    pub(super) quarters: usize,
    pub(super) first: Period,
    pub(super) thresholds: &'a Thresholds,
}

impl Making<'_> {
    pub(super) fn overflow(&self) -> IndicatorError {
        IndicatorError::Overflow { indicator: self.definition.id.clone() }
    }

    /// Quarters from a quarter to the reported one.
    fn age(&self, quarter: Period) -> i32 {
        i32::try_from(self.quarters).unwrap_or(i32::MAX) - 1 - (quarter.index() - self.first.index())
    }

    /// Whether there is a cell for a time. Those of breakdowns stand at the end of the reported quarter only.
    pub(super) fn has(&self, time: TimeKey, detailed: bool) -> bool {
        let wanted = self.definition.times;
        match time {
            TimeKey::Quarter(_) => !detailed && wanted != Times::ToDate,
            TimeKey::ToDate(quarter) => wanted != Times::Quarter && (!detailed || self.age(quarter) == 0),
            TimeKey::Year(_) => false,
        }
    }

    /// The cell of what was gathered for a quarter.
    pub(super) fn finish(&self, content: &Gathered, quarter: Period) -> Result<RawCell, IndicatorError> {
        let mut marks = content.marks.clone();
        if self.definition.matures_after_quarters.is_some_and(|needed| self.age(quarter) < i32::from(needed)) {
            // A cohort that is too young to compare is provisional.
            marks.push(Mark::Provisional);
            marks.sort_unstable();
            marks.dedup();
        }
        let kind = self.measure.kind;
        let with_base = !matches!(kind, Kind::Count | Kind::Magnitude | Kind::Median);
        let contributions = contributions(&content.parts, &self.read.groups, with_base);
        let mut cell = RawCell { contributions, marks, ..RawCell::default() };
        if kind.is_additive() {
            let (numerator, denominator) = total(&content.parts).ok_or_else(|| self.overflow())?;
            cell.numerator = numerator;
            cell.denominator = kind.divides().then_some(denominator);
            cell.missing = (kind.divides() && denominator.is_zero()).then_some(ObsStatus::NotApplicable);
        }
        if self.measure.is_by_row() {
            let rows: Vec<&Row> = content.rows.iter().map(|at| &self.read.rows[*at]).collect();
            let figure = figure(self.measure, &rows, self.thresholds).map_err(|error| self.failed(error))?;
            cell.interval = figure.interval;
            if !kind.is_additive() {
                cell.numerator = figure.value.unwrap_or_default();
                cell.missing = figure.value.err();
            }
        }
        if cell.missing.is_some() {
            cell.marks.clear();
            cell.interval = None;
        }
        Ok(cell)
    }

    fn failed(&self, source: MethodError) -> IndicatorError {
        match source {
            MethodError::Overflow => self.overflow(),
            MethodError::Argument { .. } => IndicatorError::Method {
                indicator: self.definition.id.clone(),
                measure: self.measure.id.clone(),
                source,
            },
        }
    }
}

fn contributions(parts: &[Part], groups: &[GroupId], with_base: bool) -> Vec<Contribution> {
    let named = |part: &Part| {
        let group = groups.get(usize::try_from(part.group).ok()?)?.clone();
        Some(Contribution::new(group, part.numerator, with_base.then_some(part.denominator)))
    };
    parts.iter().filter_map(named).collect()
}
