//! Why a method gave no number.

/// Why a method gave no number. Never holds a row's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MethodError {
    /// The result or a step has more digits than a decimal.
    #[error("a result does not fit an exact decimal of 28 digits")]
    Overflow,
    /// An argument makes no sense.
    #[error("{name} must be {rule}")]
    Argument {
        /// Which argument.
        name: &'static str,
        /// What it must be.
        rule: &'static str,
    },
}

impl MethodError {
    pub(super) const fn argument(name: &'static str, rule: &'static str) -> Self {
        Self::Argument { name, rule }
    }
}
