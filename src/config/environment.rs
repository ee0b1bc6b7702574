//! The `MESUR_` part of the process environment, read once. Nobody else reads any of it.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// What the process was started with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Variables that start with `MESUR_`, by name. Values that are not Unicode have their odd bytes replaced.
    pub variables: BTreeMap<String, String>,
    /// Whether `NO_COLOR` is set to something.
    pub no_colour: bool,
    /// Where the process stands.
    pub working_dir: PathBuf,
}

/// A setting given on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// As it is written, such as `--inbox`.
    pub name: &'static str,
    /// The key it sets, such as `inbox.dir`.
    pub key: &'static str,
    /// Its value.
    pub value: String,
}

impl Environment {
    /// Reads the environment of this process. A working directory that is gone reads as `.`.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
    pub fn from_process() -> Self {
        let variables = std::env::vars_os()
            .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
            .filter(|(name, _)| name.starts_with("MESUR_"))
            .collect();
        Self {
            variables,
            no_colour: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
            working_dir: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
        }
    }

    pub(super) fn find(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }
}

/// Where the system keeps temporary files.
#[must_use]
pub fn temporary_dir() -> PathBuf {
    std::env::temp_dir()
}
