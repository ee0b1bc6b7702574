//! What can go wrong with the lake.

use std::io;
use std::path::PathBuf;

use deltalake_core::DeltaTableError;

use crate::model::ErrorClass;
use crate::store::StoreError;

/// Why the lake could not do its work. The message names tables, versions and folders, never a value.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// The folder cannot be used.
    #[error("open the lake `{path}` (hint: set `lake.dir` to a folder that this user may write)")]
    Open {
        /// Which folder.
        path: PathBuf,
        /// What the store said.
        source: StoreError,
    },
    /// The folder's path has a form that Delta would take for another folder's.
    #[error(
        "open the lake `{path}`: a `%` before two hexadecimal digits stands for another character there (hint: rename the \
         folder, or set `lake.dir` and `state.dir` to folders without it)"
    )]
    Percent {
        /// Which folder.
        path: PathBuf,
    },
    /// The folder cannot be listed.
    #[error("list the tables of the lake `{path}`")]
    List {
        /// Which folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The lake was opened for reading.
    #[error("write to the lake `{path}`: it is open for reading only")]
    ReadOnly {
        /// Which folder.
        path: PathBuf,
    },
    /// The table's name is not lower-case letters, digits and underscores.
    #[error("use `{table}` as the name of a table")]
    TableName {
        /// The name.
        table: String,
    },
    /// A table could not be read.
    #[error("read the table `{table}` of the lake")]
    Read {
        /// Which table.
        table: String,
        /// What Delta said.
        source: Box<DeltaTableError>,
    },
    /// A version that somebody pinned is gone.
    #[error("read version {version} of the table `{table}` (hint: it may have been vacuumed; pin a newer snapshot)")]
    Version {
        /// Which table.
        table: String,
        /// Which version.
        version: i64,
        /// What Delta said.
        source: Box<DeltaTableError>,
    },
    /// The commit did not land: the table was asked afterwards.
    #[error("commit to the table `{table}` of the lake; nothing of it was stored")]
    Write {
        /// Which table.
        table: String,
        /// What Delta said.
        source: Box<DeltaTableError>,
    },
    /// Nobody knows whether the commit landed: the table could not be asked.
    #[error(
        "learn whether a commit to the table `{table}` landed (hint: run again; a commit that landed is not repeated)"
    )]
    Unknown {
        /// Which table.
        table: String,
        /// What Delta said to the commit.
        source: Box<DeltaTableError>,
    },
    /// Rows could not be written beside the table.
    #[error("write rows for the table `{table}` (hint: check free space)")]
    Stage {
        /// Which table.
        table: String,
        /// What the system or the encoder said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The table was made with other constant columns, as by an early release.
    #[error(
        "add to the table `{table}`: an early release laid it out otherwise (hint: move the lake's folder away and ingest \
         again)"
    )]
    Layout {
        /// Which table.
        table: String,
    },
    /// The log does not hold what was staged. A defect of ours.
    #[error("commit to the table `{table}`: {staged} rows were staged, the log holds {logged}")]
    RowsLost {
        /// Which table.
        table: String,
        /// Rows staged.
        staged: u64,
        /// Rows of these files in the log.
        logged: u64,
    },
    /// A version is larger than this program can count.
    #[error("count version {version} of the table `{table}`")]
    VersionRange {
        /// Which table.
        table: String,
        /// Which version.
        version: u64,
    },
    /// A column that slices the table holds something else than the slice.
    #[error("replace a slice of the table `{table}`: a row's `{column}` is not the slice's value")]
    Slice {
        /// Which table.
        table: String,
        /// Which column.
        column: String,
    },
}

impl LakeError {
    /// What the error means for the run.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Open { source, .. } => source.class(),
            Self::List { .. } | Self::Read { .. } | Self::Version { .. } | Self::Write { .. } | Self::Stage { .. } => {
                ErrorClass::Permanent
            }
            Self::Layout { .. } | Self::Percent { .. } => ErrorClass::Usage,
            Self::Unknown { .. } => ErrorClass::Transient,
            Self::ReadOnly { .. }
            | Self::TableName { .. }
            | Self::VersionRange { .. }
            | Self::Slice { .. }
            | Self::RowsLost { .. } => ErrorClass::Bug,
        }
    }
}
