//! Finds released figures for the sections. What is absent is "not available", never a panic and never a zero.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::input::PackInput;
use super::numbers::{self, Number};
use crate::disclosure::Protected;
use crate::model::{
    AreaCode, CellAddress, CellKey, Direction, IndicatorId, Kind, ObsStatus, Observation, Period, Progress,
    TOTAL_MEMBER, Table, TableHeader, TargetBasis, TimeKey,
};

/// All tables by indicator and measure.
pub(super) struct Figures<'a> {
    input: &'a PackInput<'a>,
    tables: BTreeMap<(&'a str, &'a str), &'a Table<Protected>>,
}

/// A table, with the look-ups that the sections need.
#[derive(Clone, Copy)]
pub(super) struct Series<'a> {
    table: &'a Table<Protected>,
    input: &'a PackInput<'a>,
}

/// A figure's plan: its amount and whether that is due by now or by the end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// How much should be reached by the end of the quarter.
    pub(super) profile: Option<Decimal>,
    /// How much should be reached in the end.
    pub(super) target: Option<Decimal>,
}

/// What stands in the place of a cell that no table has.
pub(super) const ABSENT: Observation = Observation::Missing(ObsStatus::NotCollected);

impl<'a> Figures<'a> {
    pub(super) fn new(input: &'a PackInput<'a>) -> Self {
        let tables = input
            .tables
            .iter()
            .map(|table| ((table.header().indicator.as_str(), table.header().measure.as_str()), table))
            .collect();
        Self { input, tables }
    }

    /// One measure of an indicator, if the edition has it.
    pub(super) fn find(&self, indicator: &str, measure: &str) -> Option<Series<'a>> {
        self.tables.get(&(indicator, measure)).map(|table| Series { table, input: self.input })
    }

    /// The plan of a measure, for all Wales.
    pub(super) fn plan(&self, measure_id: &str, period: Period) -> Plan {
        let period = period.to_string();
        let find = |bases: &[TargetBasis], at: &str| {
            self.input
                .targets
                .iter()
                .find(|t| {
                    t.measure_id == measure_id && t.scope == "WALES" && t.period == at && bases.contains(&t.basis)
                })
                .map(|t| t.amount)
        };
        let target = find(&[TargetBasis::Target, TargetBasis::Ceiling], "PROGRAMME");
        let profile = find(&[TargetBasis::Profile], &period)
            .or_else(|| find(&[TargetBasis::Target, TargetBasis::Ceiling], &period));
        Plan { profile, target }
    }

    /// The direction of an indicator; upwards if the catalogue does not know it.
    pub(super) fn direction(&self, indicator: &str) -> Direction {
        IndicatorId::new(indicator)
            .ok()
            .and_then(|id| self.input.catalogue.get(&id))
            .map_or(Direction::Up, |entry| entry.direction)
    }

    /// The status of a figure against what is due. A budget is on track within the same distance on either side.
    pub(super) fn progress(&self, indicator: &str, actual: Option<Decimal>, due: Option<Decimal>) -> Progress {
        let (Some(actual), Some(due)) = (actual, due) else { return Progress::NoTarget };
        let limits = self.input.rag;
        if indicator == "D02" {
            let over = actual > due;
            let mirrored = if over { due - (actual - due) } else { actual };
            return Progress::of(mirrored, due, Direction::Up, limits);
        }
        Progress::of(actual, due, self.direction(indicator), limits)
    }
}

impl<'a> Series<'a> {
    /// What the table is about.
    pub(super) fn header(&self) -> &'a TableHeader {
        self.table.header()
    }

    /// A cell over all members, or the cell of one member of the first dimension.
    pub(super) fn cell(&self, time: TimeKey, area: &str, member: &str) -> &'a Observation {
        let dimensions = self.header().dimensions.len();
        let mut members = vec![TOTAL_MEMBER.to_owned(); dimensions];
        if let Some(first) = members.first_mut() {
            member.clone_into(first);
        }
        let Ok(area) = AreaCode::new(area) else { return &ABSENT };
        self.table.find(&CellKey { time, area, members }).map_or(&ABSENT, |cell| &cell.observation)
    }

    /// A cell over all members.
    pub(super) fn total(&self, time: TimeKey, area: &str) -> &'a Observation {
        self.cell(time, area, TOTAL_MEMBER)
    }

    /// The address of one of this table's own observations.
    pub(super) fn address_of(&self, observation: &Observation) -> Option<CellAddress> {
        let (key, _) =
            self.table.cells().iter().find(|(_, cell)| std::ptr::eq(&raw const cell.observation, observation))?;
        let header = self.header();
        Some(CellAddress { indicator: header.indicator.clone(), measure: header.measure.clone(), key: key.clone() })
    }

    /// A figure of this table as printed in tables.
    pub(super) fn number(&self, value: Decimal) -> Number {
        numbers::of_table(value, self.header(), self.input.rounding)
    }

    /// A figure of this table as printed in headlines.
    pub(super) fn headline(&self, value: Decimal) -> Number {
        numbers::of_headline(value, self.header(), self.input.rounding)
    }

    /// Members of the first dimension without the total, in order.
    pub(super) fn members(&self) -> Vec<String> {
        let mut members: Vec<String> = self
            .table
            .cells()
            .keys()
            .filter_map(|key| key.members.first())
            .filter(|m| *m != TOTAL_MEMBER)
            .cloned()
            .collect();
        members.sort();
        members.dedup();
        members
    }

    /// Years that have a figure in an area, in order.
    pub(super) fn years(&self, area: &str) -> Vec<i16> {
        let mut years: Vec<i16> = self
            .table
            .cells()
            .keys()
            .filter(|key| key.area.as_str() == area)
            .filter_map(|key| match key.time {
                TimeKey::Year(year) => Some(year),
                _ => None,
            })
            .collect();
        years.dedup();
        years
    }

    /// Quarters for which the table has figures to date, in order, up to the period.
    pub(super) fn quarters(&self) -> Vec<Period> {
        let mut quarters: Vec<Period> = self
            .table
            .cells()
            .keys()
            .filter_map(|key| match key.time {
                TimeKey::ToDate(period) if period <= self.input.period => Some(period),
                _ => None,
            })
            .collect();
        quarters.sort();
        quarters.dedup();
        quarters
    }

    /// Whether the figure is a share or a mean, which has a level and no profile that grows.
    pub(super) fn is_level(&self) -> bool {
        matches!(self.header().kind, Kind::Ratio | Kind::Mean | Kind::Median | Kind::Reference)
    }
}
