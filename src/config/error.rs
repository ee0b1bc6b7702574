//! What can be wrong with the settings.

use std::fmt;
use std::path::PathBuf;

use crate::model::ErrorClass;

/// One thing wrong with one setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingProblem {
    /// Where it was said: `mesur.toml`, `environment`, `command line`.
    pub file: String,
    /// The line in the file, from 1.
    pub line: Option<usize>,
    /// The key, variable or flag.
    pub key: String,
    /// What is wrong. Never holds a secret.
    pub what: String,
    /// How to mend it; may be empty.
    pub hint: String,
}

impl fmt::Display for SettingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.key.is_empty() {
            write!(f, " > {}", self.key)?;
        }
        write!(f, ": {}", self.what)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, " ({})", self.hint) }
    }
}

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Not inside a project directory.
    #[error("find a project: no `mesur.toml` in `{}` or above it", from.display())]
    NoProject {
        /// Where the search began.
        from: PathBuf,
    },
    /// The file is there but cannot be read.
    #[error("read `{}`", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Every problem, the file's by line, then those of the environment, the flags, and of settings taken together.
    #[error("read the settings: {}\n{}", count(.0.len()), .0.iter().map(|p| format!("  {p}")).collect::<Vec<_>>().join("\n"))]
    Broken(Vec<SettingProblem>),
}

fn count(problems: usize) -> String {
    if problems == 1 { "1 problem".to_owned() } else { format!("{problems} problems") }
}

impl ConfigError {
    /// A wrong configuration always stops everything.
    #[must_use]
    pub const fn class(&self) -> ErrorClass {
        ErrorClass::Usage
    }

    /// How to mend it, where one sentence fits.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoProject { .. } => Some("`mesur init DIR` makes a project; `--project DIR` names one"),
            Self::Unreadable { .. } => Some("it must be a UTF-8 text that this user may read"),
            Self::Broken(_) => None,
        }
    }
}
