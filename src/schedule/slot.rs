//! A slot: one planned start of a job, and what that run is about.

use std::fmt;

use jiff::civil::Date;
use jiff::{Timestamp, Zoned};

use crate::definitions::Reports;
use crate::model::Period;

/// One planned start of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// When, in UTC: together with the job's name its identity.
    pub at: Timestamp,
    /// The same in the job's zone.
    pub local: Zoned,
    /// What the run is about.
    pub period: SlotPeriod,
}

impl Slot {
    pub(super) fn new(local: Zoned, reports: Reports) -> Self {
        Self { at: local.timestamp(), period: SlotPeriod::of(local.date(), reports), local }
    }
}

/// What a run is about. Printed as `2020-21-Q3` or `2021-01-08`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SlotPeriod {
    /// The local day of the slot.
    Day(Date),
    /// The last financial quarter that was over before the slot.
    Quarter(Period),
}

impl SlotPeriod {
    /// What a run is about that starts on a local day.
    #[must_use]
    pub fn of(day: Date, reports: Reports) -> Self {
        match reports {
            Reports::Day => Self::Day(day),
            Reports::Quarter => Self::Quarter(Period::containing(day).previous()),
        }
    }

    /// The quarter, if it is one.
    #[must_use]
    pub const fn quarter(self) -> Option<Period> {
        match self {
            Self::Day(_) => None,
            Self::Quarter(period) => Some(period),
        }
    }
}

impl fmt::Display for SlotPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => f.pad(&day.to_string()),
            Self::Quarter(period) => period.fmt(f),
        }
    }
}
