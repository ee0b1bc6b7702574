//! What can go wrong with a store.

use std::io;
use std::path::PathBuf;

use crate::model::ErrorClass;

/// Why a store could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A folder could not be made or entered.
    #[error("make the folder `{path}` (hint: name a folder that this user may write, or mend its owner and mode)")]
    Folder {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be written.
    #[error("write `{path}` (hint: check free space, and that this user may write its folder)")]
    Write {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be read.
    #[error("read `{path}`")]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The store answered a probe with an error.
    #[error(
        "probe the store at `{path}` (hint: this user must be able to write there, on a file system with hard links)"
    )]
    Probe {
        /// Its root.
        path: PathBuf,
        /// What the store said.
        source: object_store::Error,
    },
    /// The store let a second writer overwrite the first.
    #[error(
        "trust the store at `{path}` with writes: it overwrote a file that it was told to create only if absent, so two \
         writers would lose each other's data (hint: use a store with conditional put)"
    )]
    NotConditional {
        /// Its root.
        path: PathBuf,
    },
}

impl StoreError {
    /// What the error means for the run.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Folder { .. } | Self::Probe { .. } | Self::NotConditional { .. } => ErrorClass::Usage,
            Self::Write { source, .. } | Self::Read { source, .. } => match source.kind() {
                io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                    ErrorClass::Transient
                }
                _ => ErrorClass::Permanent,
            },
        }
    }
}
