//! Why a sample could not be written.

use std::path::PathBuf;

use crate::model::ErrorClass;

/// Why a sample could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The options ask for something that cannot be drawn.
    #[error("sample options: {what} (hint: {hint})")]
    Options {
        /// What is wrong.
        what: String,
        /// How to mend it.
        hint: String,
    },
    /// The folder could not be made.
    #[error("make the folder `{}` (hint: choose a place that can be written)", .path.display())]
    Folder {
        /// Which folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file could not be created, finished or renamed.
    #[error("write `{}` (hint: check free space and permissions)", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A row could not be written.
    #[error("write a row of `{}` (hint: check free space)", .path.display())]
    Row {
        /// Which file.
        path: PathBuf,
        /// What the writer said.
        source: csv::Error,
    },
}

impl SampleError {
    /// What the error means for the command.
    #[must_use]
    pub const fn class(&self) -> ErrorClass {
        match self {
            Self::Options { .. } => ErrorClass::Usage,
            Self::Folder { .. } | Self::File { .. } | Self::Row { .. } => ErrorClass::Permanent,
        }
    }
}
