//! What can go wrong with the ledger. Owns the classes of `SQLite`'s errors.

use std::path::PathBuf;

use sqlx::migrate::MigrateError;

use crate::ledger::RunId;
use crate::model::{EditionId, EditionState, ErrorClass};

/// Why the ledger could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Its folder could not be made.
    #[error("cannot make the ledger's folder `{}`: check `[state]` in mesur.toml and who may write there", path.display())]
    Directory {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Its file could not be made or its mode not be set to 0600.
    #[error("cannot open the ledger `{}` for writing: check who owns it and whether the disk is writable", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// `SQLite` could not open it.
    #[error("cannot open the ledger `{}`: if it is damaged, restore it from a backup", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What `SQLite` said.
        source: sqlx::Error,
    },
    /// A newer program has written it.
    #[error("the ledger `{}` has schema version {version}, newer than this program knows: upgrade mesur", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: i64,
    },
    /// Its tables could not be brought up to date.
    #[error("cannot bring the ledger `{}` up to date", path.display())]
    Migrate {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: Box<MigrateError>,
    },
    /// A statement failed.
    #[error("the ledger cannot {doing}")]
    Statement {
        /// What was to be done, such as `record an extract`.
        doing: &'static str,
        /// What `SQLite` said.
        source: sqlx::Error,
    },
    /// A stored value is not what this program writes.
    #[error("the ledger holds a value in `{column}` that cannot be read: restore it from a backup")]
    Content {
        /// The column.
        column: &'static str,
        /// Why it cannot be read.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// There is no such run, or it has already ended.
    #[error("run {0} is not going on")]
    RunNotStarted(RunId),
    /// There is no such edition.
    #[error("there is no edition {0}")]
    NoEdition(EditionId),
    /// The bytes of this edition never change again.
    #[error("edition {0} is frozen and its content differs: issue a new version")]
    EditionFrozen(EditionId),
    /// An edition never goes back.
    #[error("edition {id} is {} and cannot become {} again", from.as_str(), to.as_str())]
    EditionOrder {
        /// Which.
        id: EditionId,
        /// Its state.
        from: EditionState,
        /// What was asked for.
        to: EditionState,
    },
    /// Another run holds the lock.
    #[error("another run is going on ({}): try again when it has ended", pid.map_or_else(|| "pid unknown".to_owned(), |pid| format!("pid {pid}")))]
    Held {
        /// Whose, if it could be read.
        pid: Option<u32>,
    },
    /// The lock's file could not be made or locked.
    #[error("cannot lock `{}`: check who may write there", path.display())]
    LockFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl LedgerError {
    /// What the error means for the run.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Held { .. } => ErrorClass::Transient,
            Self::Open { source, .. } | Self::Statement { source, .. } => class_of(source),
            Self::Migrate { source, .. } => match source.as_ref() {
                MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _) => class_of(source),
                _ => ErrorClass::Permanent,
            },
            Self::Newer { .. } | Self::NoEdition(_) => ErrorClass::Usage,
            Self::EditionFrozen(_) | Self::EditionOrder { .. } => ErrorClass::Gate,
            Self::RunNotStarted(_) => ErrorClass::Bug,
            Self::Directory { .. } | Self::File { .. } | Self::Content { .. } | Self::LockFile { .. } => {
                ErrorClass::Permanent
            }
        }
    }
}

/// `SQLite`'s primary result codes for "somebody else is writing".
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
/// `SQLite`'s primary result code for a broken constraint: our statement was wrong.
const CONSTRAINT: i32 = 19;

fn class_of(error: &sqlx::Error) -> ErrorClass {
    match error {
        sqlx::Error::PoolTimedOut => ErrorClass::Transient,
        sqlx::Error::Database(inner) => {
            // The code is extended: its low byte is the primary one.
            match inner.code().and_then(|code| code.parse::<i32>().ok()).map(|code| code & 0xff) {
                Some(BUSY | LOCKED) => ErrorClass::Transient,
                Some(CONSTRAINT) => ErrorClass::Bug,
                _ => ErrorClass::Permanent,
            }
        }
        _ => ErrorClass::Permanent,
    }
}
