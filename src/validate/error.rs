//! Why validation itself cannot work. A wrong row is a finding instead.

use arrow::error::ArrowError;

use crate::model::{DatasetName, ErrorClass, RuleId};

/// Why validation itself cannot work.
#[derive(Debug, thiserror::Error)]
pub enum ValidateError {
    /// Nobody supplied the keys that a foreign key leads to.
    #[error("check `{dataset}`: the keys of `{resource}` ({}) are not loaded", .fields.join(", "))]
    MissingReference {
        /// Whose foreign key.
        dataset: DatasetName,
        /// Where it leads.
        resource: DatasetName,
        /// To which fields.
        fields: Vec<String>,
    },
    /// A cross-column rule cannot be evaluated.
    #[error("evaluate rule {rule} of `{dataset}`")]
    Rule {
        /// Whose rule.
        dataset: DatasetName,
        /// Which.
        rule: RuleId,
        /// Why.
        source: ArrowError,
    },
    /// A chunk does not have the shape that was agreed.
    #[error("check `{dataset}`: {what}")]
    Chunk {
        /// The dataset.
        dataset: DatasetName,
        /// What is wrong.
        what: &'static str,
    },
    /// The accepted rows cannot be put together.
    #[error("type the rows of `{dataset}`")]
    Batch {
        /// The dataset.
        dataset: DatasetName,
        /// Why.
        source: ArrowError,
    },
}

impl ValidateError {
    /// What the error means for the run.
    #[must_use]
    pub const fn class(&self) -> ErrorClass {
        match self {
            Self::Rule { .. } => ErrorClass::Usage,
            Self::MissingReference { .. } | Self::Chunk { .. } | Self::Batch { .. } => ErrorClass::Bug,
        }
    }
}
