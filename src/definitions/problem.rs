//! What is wrong with a definition. All problems are found before any is reported.

use std::fmt;

/// One thing wrong with one file that a user wrote.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the project directory.
    pub file: String,
    /// Where in it: a key, a line, a field.
    pub at: String,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub hint: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} > {}: {}", self.file, self.at, self.what)?;
        if !self.hint.is_empty() {
            write!(f, " ({})", self.hint)?;
        }
        Ok(())
    }
}

/// Why definitions could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionsError {
    /// Every problem, in the order of files.
    #[error("check the definitions: {} problem(s)\n{}", .0.len(), .0.iter().map(|p| format!("  {p}")).collect::<Vec<_>>().join("\n"))]
    Broken(Vec<Problem>),
}
