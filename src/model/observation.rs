//! Values that say why they hold no ordinary number.

use rust_decimal::Decimal;

/// Why a cell holds no number (domain, sections 0 R3 and 3.5). Several kinds print alike but stay apart here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObsStatus {
    /// `[z]`: an impossible combination.
    NotApplicable,
    /// `[x]`: was not asked or not delivered.
    NotCollected,
    /// `[x]`: the time for it has not come.
    NotYetDue,
    /// `[x]`: the respondent could not be reached.
    LostToFollowUp,
    /// `[c]`: confidential. Primary and secondary look alike.
    Confidential,
    /// `[u]`: too few observations to print a value.
    LowReliability,
    /// `[w]`: none recorded in the survey.
    NoneRecorded,
}

impl ObsStatus {
    /// The shorthand, as printed.
    #[must_use]
    pub const fn shorthand(self) -> &'static str {
        match self {
            Self::NotApplicable => "[z]",
            Self::NotCollected | Self::NotYetDue | Self::LostToFollowUp => "[x]",
            Self::Confidential => "[c]",
            Self::LowReliability => "[u]",
            Self::NoneRecorded => "[w]",
        }
    }
}

/// A mark beside a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// `[b]`: break in the series.
    Break,
    /// `[e]`: estimated.
    Estimated,
    /// `[f]`: forecast.
    Forecast,
    /// `[low]`: rounds to zero but is not zero.
    Low,
    /// `[p]`: provisional.
    Provisional,
    /// `[r]`: revised.
    Revised,
    /// `[u]`: low reliability.
    LowReliability,
}

impl Mark {
    /// The shorthand, as printed.
    #[must_use]
    pub const fn shorthand(self) -> &'static str {
        match self {
            Self::Break => "[b]",
            Self::Estimated => "[e]",
            Self::Forecast => "[f]",
            Self::Low => "[low]",
            Self::Provisional => "[p]",
            Self::Revised => "[r]",
            Self::LowReliability => "[u]",
        }
    }
}

/// Where a true value lies, at the confidence that the settings name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Interval {
    /// Its lower end.
    pub lower: Decimal,
    /// Its upper end.
    pub upper: Decimal,
}

/// What one published cell says: a value with marks, or the reason why there is none. Never both, never neither.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Observation {
    /// A number and the marks beside it, sorted.
    Value {
        /// The number, unrounded.
        value: Decimal,
        /// Marks beside it, sorted, each once.
        marks: Vec<Mark>,
    },
    /// No number. A confidential cell carries no marks, or a mark would leak.
    Missing(ObsStatus),
}

impl Observation {
    /// A value without marks.
    #[must_use]
    pub const fn of(value: Decimal) -> Self {
        Self::Value { value, marks: Vec::new() }
    }

    /// The number, if there is one.
    #[must_use]
    pub const fn value(&self) -> Option<Decimal> {
        match self {
            Self::Value { value, .. } => Some(*value),
            Self::Missing(_) => None,
        }
    }

    /// The reason why there is no number.
    #[must_use]
    pub const fn missing(&self) -> Option<ObsStatus> {
        match self {
            Self::Value { .. } => None,
            Self::Missing(status) => Some(*status),
        }
    }

    /// The shorthands that stand in the number's place or beside it, concatenated: `[p][r]`, or empty.
    #[must_use]
    pub fn shorthand(&self) -> String {
        match self {
            Self::Value { marks, .. } => marks.iter().map(|mark| mark.shorthand()).collect(),
            Self::Missing(status) => status.shorthand().to_owned(),
        }
    }
}
