//! Everything a run works with, opened: ledger, lakes, engine. Opening takes no lock; [`Workspace::lock`] does.

use std::path::Path;
use std::sync::Arc;

use crate::engine::{Engine, EngineLimits};
use crate::lake::Lake;
use crate::ledger::{Ledger, Lock};
use crate::store;

use super::{PipelineError, Project};

/// What a command will do with the lakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Look only. Nothing is probed and no folder is made in a lake.
    Read,
    /// Look at the lakes, and write into the ledger that somebody did.
    Ask,
    /// Write too: the store is probed first.
    Write,
}

/// An open project. Cloning is cheap; all clones share what is open.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// What is worked on.
    pub project: Arc<Project>,
    /// The permanent record.
    pub ledger: Ledger,
    /// Open columns of all datasets, and raw indicator results.
    pub lake: Lake,
    /// Personal columns.
    pub restricted: Lake,
    /// Protected results only; other tools may read it.
    pub published: Lake,
    /// SQL.
    pub engine: Engine,
}

impl Workspace {
    /// Opens the parts of a project and makes their directories.
    ///
    /// # Errors
    /// When a directory cannot be made or written, or the ledger cannot be opened.
    pub async fn open(project: impl Into<Arc<Project>>, access: Access) -> Result<Self, PipelineError> {
        let project = project.into();
        let settings = &project.settings;
        for dir in [&settings.var_dir, &settings.raw_dir, &settings.restricted_dir, &settings.lake_dir] {
            store::create_private_dir(dir)?;
        }
        let ledger = match access {
            Access::Read => Ledger::open_to_read(&settings.ledger_path).await?,
            Access::Ask | Access::Write => Ledger::open(&settings.ledger_path).await?,
        };
        let memory = settings.limits.memory_in_bytes();
        let restricted = settings.restricted_dir.join("lake");
        let (lake, restricted, published) = match access {
            Access::Read | Access::Ask => {
                (Lake::open(&settings.lake_dir)?, Lake::open(&restricted)?, Lake::open(&settings.published_dir)?)
            }
            Access::Write => (
                Lake::open_for_writing(&settings.lake_dir, memory).await?,
                Lake::open_for_writing(&restricted, memory).await?,
                Lake::open_for_writing(&settings.published_dir, memory).await?,
            ),
        };
        let engine = open_engine(&project)?;
        Ok(Self { project, ledger, lake, restricted, published, engine })
    }

    /// Takes the lock that lets one process at a time write.
    ///
    /// # Errors
    /// When another process holds it.
    pub fn lock(&self) -> Result<Lock, PipelineError> {
        Ok(Lock::acquire(&self.project.settings.var_dir.join("lock"))?)
    }

    /// A path shown relative to the project.
    #[must_use]
    pub fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.project.settings.project_dir).unwrap_or(path).display()
    }
}

/// The engine with the project's limits.
///
/// # Errors
/// When its spill directory cannot be made.
pub(super) fn open_engine(project: &Project) -> Result<Engine, PipelineError> {
    open_engine_with(project, project.settings.limits.threads)
}

/// The engine with the project's limits and so many threads a query.
///
/// # Errors
/// As [`open_engine`].
pub(super) fn open_engine_with(project: &Project, threads: usize) -> Result<Engine, PipelineError> {
    let limits = &project.settings.limits;
    Ok(Engine::new(EngineLimits {
        memory_bytes: limits.memory_in_bytes(),
        spill_dir: project.settings.spill_dir.clone(),
        spill_bytes: limits.spill_bytes,
        threads,
        query_deadline: std::time::Duration::from_secs(limits.query_seconds),
    })?)
}
