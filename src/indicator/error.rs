//! Why an indicator could not be tabulated. Never holds a row's value.

use arrow::error::ArrowError;

use crate::model::{ErrorClass, IndicatorId};

/// Why an indicator could not be tabulated.
#[derive(Debug, thiserror::Error)]
pub enum IndicatorError {
    /// The query does not yield a column that its kind asks for.
    #[error("the query of {indicator} yields no column `{column}`; add it to the SELECT")]
    MissingColumn {
        /// Whose query.
        indicator: IndicatorId,
        /// Which column.
        column: String,
    },
    /// A column has a type that cannot be read as what it must be.
    #[error("read column `{column}` of {indicator}; cast it explicitly in the query")]
    ColumnType {
        /// Whose query.
        indicator: IndicatorId,
        /// Which column.
        column: String,
        /// What Arrow says.
        #[source]
        source: ArrowError,
    },
    /// A column holds NULL where a value is needed.
    #[error("column `{column}` of {indicator} holds NULL; every contribution needs a value there")]
    Null {
        /// Whose query.
        indicator: IndicatorId,
        /// Which column.
        column: String,
    },
    /// The query writes a measure that the header does not declare.
    #[error("the query of {indicator} writes a measure that its header does not declare; the header has {declared}")]
    UnknownMeasure {
        /// Whose query.
        indicator: IndicatorId,
        /// The declared ones.
        declared: String,
    },
    /// A contribution lies in no area, so totals would lose it.
    #[error(
        "a contribution to {indicator} lies in no local authority of `geography_lookup`; correct `lad_code` at its source"
    )]
    UnknownAuthority {
        /// Whose query.
        indicator: IndicatorId,
    },
    /// A contribution is dated outside the quarters asked for.
    #[error(
        "a contribution to {indicator} is dated before the programme or after the period; bound the dates in the query"
    )]
    OutsidePeriod {
        /// Whose query.
        indicator: IndicatorId,
    },
    /// A text is not what it should name.
    #[error("column `{column}` of {indicator} holds a text that is not allowed there: {rule}")]
    BadName {
        /// Whose query.
        indicator: IndicatorId,
        /// Which column.
        column: String,
        /// What is allowed.
        rule: &'static str,
    },
    /// A sum does not fit an exact decimal.
    #[error("the figures of {indicator} do not fit an exact decimal of 28 digits; check their unit")]
    Overflow {
        /// Whose figures.
        indicator: IndicatorId,
    },
    /// A method cannot be applied to the rows.
    #[error("work out measure `{measure}` of {indicator}")]
    Method {
        /// Whose figures.
        indicator: IndicatorId,
        /// Which measure.
        measure: String,
        /// What is wrong with them.
        #[source]
        source: crate::engine::method::MethodError,
    },
    /// Two rows for one published figure.
    #[error("the query of {indicator} yields two rows for one measure, area, time and breakdown; choose one vintage")]
    Duplicate {
        /// Whose query.
        indicator: IndicatorId,
    },
    /// The indicator is of the other sort.
    #[error("{indicator} cannot be tabulated {how}")]
    WrongKind {
        /// Which indicator.
        indicator: IndicatorId,
        /// As what it was taken.
        how: &'static str,
    },
}

impl IndicatorError {
    /// What it means for the run.
    #[must_use]
    pub const fn class(&self) -> ErrorClass {
        match self {
            Self::MissingColumn { .. }
            | Self::ColumnType { .. }
            | Self::UnknownMeasure { .. }
            | Self::OutsidePeriod { .. }
            | Self::Duplicate { .. } => ErrorClass::Usage,
            Self::Null { .. }
            | Self::UnknownAuthority { .. }
            | Self::BadName { .. }
            | Self::Method { .. }
            | Self::Overflow { .. } => ErrorClass::Permanent,
            Self::WrongKind { .. } => ErrorClass::Bug,
        }
    }
}
