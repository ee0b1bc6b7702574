//! Who asks: what a person may see of the confidential data.

/// A role, from the least to the most that it may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Released figures only.
    Viewer,
    /// Rows without personal columns, on a terminal.
    Analyst,
    /// Whoever runs the machine.
    Operator,
}
