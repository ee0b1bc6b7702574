//! What can go wrong while files come in.

use std::io;
use std::path::PathBuf;

use crate::model::ErrorClass;
use crate::store::StoreError;

/// Why intake could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The inbox is no readable folder.
    #[error("list the inbox `{path}` (hint: it must be a folder that this user may read)")]
    Inbox {
        /// Which folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be read.
    #[error("read the extract `{path}` (hint: this user must be able to read it)")]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file was changed between two looks at it.
    #[error("keep the extract `{path}`: it changed while it was read (hint: wait until its delivery is complete)")]
    Changed {
        /// Which file.
        path: PathBuf,
    },
    /// The raw copy could not be written.
    #[error("keep the raw bytes of the extract `{path}`")]
    Keep {
        /// The extract.
        path: PathBuf,
        /// What the store said.
        source: StoreError,
    },
    /// The raw copy could not be written.
    #[error("write the raw bytes of an extract to `{path}` (hint: check free space)")]
    Copy {
        /// The copy.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl IntakeError {
    /// What the error means for the run.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Inbox { .. } => ErrorClass::Usage,
            Self::Read { .. } | Self::Changed { .. } => ErrorClass::Data,
            Self::Keep { source, .. } => source.class(),
            Self::Copy { .. } => ErrorClass::Permanent,
        }
    }
}
