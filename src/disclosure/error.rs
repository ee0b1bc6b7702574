//! Why tables could not be protected. Never holds a parameter, a group or a value.

use crate::model::{ErrorClass, IndicatorId};

/// Why tables could not be protected. Nothing is published then.
#[derive(Debug, thiserror::Error)]
pub enum DisclosureError {
    /// The policy file is not what it must be. Only the places are told, the values are confidential.
    #[error("read the disclosure policy {file}: {}; see the guide for operators", .problems.join("; "))]
    Policy {
        /// The file.
        file: String,
        /// What is wrong, without any value.
        problems: Vec<String>,
    },
    /// A total is not the sum of its parts, so what follows from what cannot be known.
    #[error("check the margins of {indicator} {measure}: a total is not the sum of its parts")]
    Margins {
        /// Which indicator.
        indicator: IndicatorId,
        /// Which measure.
        measure: String,
    },
    /// A sum or quotient does not fit an exact decimal.
    #[error("compute the figures of {indicator} {measure}: they do not fit an exact decimal of 28 digits")]
    Overflow {
        /// Which indicator.
        indicator: IndicatorId,
        /// Which measure.
        measure: String,
    },
    /// Two tables are of the same indicator and measure.
    #[error("there are two tables of {indicator} {measure}; a cell would have two fates")]
    Duplicate {
        /// Which indicator.
        indicator: IndicatorId,
        /// Which measure.
        measure: String,
    },
    /// A cell stays exposed whatever else is hidden.
    #[error(
        "protect {indicator} {measure}: a confidential cell stays exposed whatever else is hidden; publish fewer breakdowns of it"
    )]
    Exposed {
        /// Which indicator.
        indicator: IndicatorId,
        /// Which measure.
        measure: String,
    },
    /// Cells that are not safe whatever was tried, so nothing is published.
    #[error(
        "pass the disclosure audit: {}; nothing was published or replaced; publish fewer breakdowns of these tables",
        .tables.join("; ")
    )]
    Audit {
        /// One line a table: how many of its confidential figures fail, and how; never a cell or a value.
        tables: Vec<String>,
    },
}

impl DisclosureError {
    /// What it means for the run.
    #[must_use]
    pub const fn class(&self) -> ErrorClass {
        match self {
            Self::Policy { .. } => ErrorClass::Usage,
            Self::Exposed { .. } | Self::Audit { .. } => ErrorClass::Gate,
            Self::Overflow { .. } => ErrorClass::Permanent,
            Self::Margins { .. } | Self::Duplicate { .. } => ErrorClass::Bug,
        }
    }
}
