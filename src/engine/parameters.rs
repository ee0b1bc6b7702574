//! The values that are bound to an indicator's SQL. Values are bound, never glued.

use datafusion::common::{ParamValues, ScalarValue};
use jiff::civil::{Date, date};

/// `$period_start`, `$period_end` and `$programme_start`, all days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryParameters {
    /// The first day of the reported quarter.
    pub period_start: Date,
    /// Its last day.
    pub period_end: Date,
    /// The first day of the programme.
    pub programme_start: Date,
}

impl QueryParameters {
    /// Any days, to plan SQL without running it.
    pub(super) fn for_planning() -> Self {
        Self { period_start: date(2020, 10, 1), period_end: date(2020, 12, 31), programme_start: date(2016, 4, 1) }
    }

    /// Their names and values as `DataFusion` binds them.
    pub(super) fn bound(&self) -> ParamValues {
        ParamValues::from(vec![
            ("period_start", date32(self.period_start)),
            ("period_end", date32(self.period_end)),
            ("programme_start", date32(self.programme_start)),
        ])
    }
}

/// A day as Arrow counts it: days since 1970-01-01.
pub(super) fn days_since_epoch(day: Date) -> i32 {
    (day - date(1970, 1, 1)).get_days()
}

/// A day as a typed literal.
pub(super) fn date32(day: Date) -> ScalarValue {
    ScalarValue::Date32(Some(days_since_epoch(day)))
}
