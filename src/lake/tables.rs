//! The folder of tables: opening, versions, readers.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::catalog::TableProvider;
use deltalake_core::{DeltaTable, DeltaTableBuilder, DeltaTableError};
use url::Url;

use super::{LakeError, Snapshot};
use crate::store::{Store, StoreError};

/// Roots whose store this process has probed.
static PROBED: Mutex<Option<HashSet<PathBuf>>> = Mutex::new(None);

/// A folder of Delta tables.
#[derive(Clone, Debug)]
pub struct Lake {
    pub(super) root: PathBuf,
    pub(super) writable: bool,
    pub(super) memory_bytes: usize,
}

impl Lake {
    /// Opens a lake for reading. Touches nothing; a folder that is not there is an empty lake.
    ///
    /// # Errors
    /// [`LakeError::Open`] when the path cannot be made absolute.
    pub fn open(dir: &Path) -> Result<Self, LakeError> {
        let fail = |source| LakeError::Open {
            path: dir.to_path_buf(),
            source: StoreError::Folder { path: dir.to_path_buf(), source },
        };
        let root = if dir.is_dir() { dir.canonicalize() } else { std::path::absolute(dir) }.map_err(fail)?;
        check_path(&root)?;
        Ok(Self { root, writable: false, memory_bytes: 0 })
    }

    /// Opens a lake for writing: makes the folder (mode 0700) and probes once per process that the store refuses to
    /// overwrite. A write may use about `memory_bytes` beside the batches it is given.
    ///
    /// # Errors
    /// [`LakeError::Open`] when the folder cannot be written or its store cannot be trusted.
    pub async fn open_for_writing(dir: &Path, memory_bytes: usize) -> Result<Self, LakeError> {
        let fail = |source| LakeError::Open { path: dir.to_path_buf(), source };
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        check_path(&dir.canonicalize().unwrap_or_else(|_| absolute(dir)))?;
        let store = Store::local(dir).map_err(fail)?;
        let root = store.root().to_path_buf();
        let known =
            PROBED.lock().unwrap_or_else(PoisonError::into_inner).as_ref().is_some_and(|set| set.contains(&root));
        if !known {
            store.probe_conditional_put().await.map_err(fail)?;
            PROBED.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(HashSet::new).insert(root.clone());
        }
        Ok(Self { root, writable: true, memory_bytes })
    }

    /// A folder for files that are staged and never committed. It exists and is private to its owner.
    #[must_use]
    pub fn scratch(dir: &Path) -> Self {
        Self { root: dir.to_path_buf(), writable: true, memory_bytes: 0 }
    }

    /// Its folder, absolute.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The names of its tables, sorted.
    ///
    /// # Errors
    /// [`LakeError::List`].
    pub fn list_tables(&self) -> Result<Vec<String>, LakeError> {
        let fail = |source| LakeError::List { path: self.root.clone(), source };
        if !self.root.exists() {
            return Ok(Vec::new());
        }
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&self.root).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_table_name(&name) && entry.path().join("_delta_log").is_dir() {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// The newest version of a table; none when it has no commit, as when a writer died before its first.
    ///
    /// # Errors
    /// When its log cannot be listed.
    pub fn version(&self, table: &str) -> Result<Option<i64>, LakeError> {
        check_name(table)?;
        let log = self.root.join(table).join("_delta_log");
        if !log.is_dir() {
            return Ok(None);
        }
        let fail = |source| LakeError::List { path: log.clone(), source };
        let mut newest = None;
        for entry in std::fs::read_dir(&log).map_err(fail)? {
            newest = newest.max(version_of(&entry.map_err(fail)?.file_name().to_string_lossy()));
        }
        Ok(newest)
    }

    /// Pins the newest version of every table. Lists names only, so that it costs next to nothing.
    ///
    /// # Errors
    /// [`LakeError::List`].
    pub fn pin(&self) -> Result<Snapshot, LakeError> {
        let mut snapshot = Snapshot::default();
        for name in self.list_tables()? {
            if let Some(version) = self.version(&name)? {
                snapshot.tables.insert(name, version);
            }
        }
        Ok(snapshot)
    }

    /// A reader of one version of a table.
    ///
    /// # Errors
    /// [`LakeError::Version`] when that version is not there.
    pub async fn provider(&self, table: &str, version: i64) -> Result<Arc<dyn TableProvider>, LakeError> {
        let fail = |source| LakeError::Version { table: table.to_owned(), version, source: Box::new(source) };
        let number = u64::try_from(version).map_err(|_| fail(DeltaTableError::Generic("a negative version".into())))?;
        let delta = self.builder(table)?.with_version(number).load().await.map_err(fail)?;
        delta.table_provider().await.map_err(|source| fail(source.into()))
    }

    /// The newest state of a table, without a state when it has no commit.
    pub(super) async fn load(&self, table: &str) -> Result<DeltaTable, LakeError> {
        let mut delta = self.builder(table)?.build().map_err(|source| read_error(table, source))?;
        if self.version(table)?.is_some() {
            delta.load().await.map_err(|source| read_error(table, source))?;
        }
        Ok(delta)
    }

    /// The folder of a table, whether or not it is there.
    pub(super) fn folder(&self, table: &str) -> Result<PathBuf, LakeError> {
        check_name(table)?;
        Ok(self.root.join(table))
    }

    fn builder(&self, table: &str) -> Result<DeltaTableBuilder, LakeError> {
        let url = Url::from_directory_path(self.folder(table)?)
            .map_err(|()| LakeError::TableName { table: table.to_owned() })?;
        DeltaTableBuilder::from_url(url).map_err(|source| read_error(table, source))
    }
}

/// The version in a name such as `00000000000000000007.json`; none for names of other files.
fn version_of(name: &str) -> Option<i64> {
    let (number, rest) = name.split_once('.')?;
    let is_version = number.len() == 20 && (rest == "json" || rest.starts_with("checkpoint."));
    is_version.then(|| number.parse().ok()).flatten()
}

/// Delta's own reader decodes a path once too often, so `a%20b` would become `a b`.
fn check_path(path: &Path) -> Result<(), LakeError> {
    let text = path.as_os_str().as_encoded_bytes();
    let is_code = |three: &[u8]| three[0] == b'%' && three[1..].iter().all(u8::is_ascii_hexdigit);
    if text.windows(3).any(is_code) { Err(LakeError::Percent { path: path.to_path_buf() }) } else { Ok(()) }
}

fn check_name(table: &str) -> Result<(), LakeError> {
    if is_table_name(table) { Ok(()) } else { Err(LakeError::TableName { table: table.to_owned() }) }
}

fn is_table_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

pub(super) fn read_error(table: &str, source: DeltaTableError) -> LakeError {
    LakeError::Read { table: table.to_owned(), source: Box::new(source) }
}

pub(super) fn to_signed(table: &str, version: u64) -> Result<i64, LakeError> {
    i64::try_from(version).map_err(|_| LakeError::VersionRange { table: table.to_owned(), version })
}
