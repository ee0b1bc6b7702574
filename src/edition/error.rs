//! Why an edition could not be written or read.

use std::path::PathBuf;

use crate::model::{EditionId, ErrorClass};
use crate::store::StoreError;

/// An error of the edition's folder.
#[derive(Debug, thiserror::Error)]
pub enum EditionError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file could not be read or written.
    #[error("failed to {doing} `{}`", path.display())]
    Io {
        /// What we were doing.
        doing: &'static str,
        /// To what.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The manifest is no manifest.
    #[error("`{}` is not a manifest that this version can read", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// What the register of released cells must hold of an edition is not there.
    #[error(
        "edition `{edition}` cannot go out: its cells for the register of released cells are not in `{}` (take its folder away \
         and build it again)", path.display()
    )]
    NoCells {
        /// Which edition.
        edition: EditionId,
        /// Where they should lie.
        path: PathBuf,
    },
    /// A file differs from what the manifest says of it.
    #[error("`{}` is not what the manifest says: {what} (build the edition anew)", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// How it differs.
        what: &'static str,
    },
}

impl EditionError {
    /// The class, which decides the exit code.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Store(error) => error.class(),
            Self::Io { .. } => ErrorClass::Permanent,
            Self::Manifest { .. } | Self::Changed { .. } | Self::NoCells { .. } => ErrorClass::Gate,
        }
    }
}
