//! Everything a run works with, opened: ledger, lakes, engine. Opening takes no lock; [`Workspace::lock`] does.

use std::path::Path;

use crate::engine::{Engine, EngineLimits};
use crate::lake::Lake;
use crate::ledger::{Ledger, Lock};
use crate::store;

use super::{PipelineError, Project};

/// An open project.
#[derive(Debug)]
pub struct Workspace {
    /// What is worked on.
    pub project: Project,
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
    pub async fn open(project: Project) -> Result<Self, PipelineError> {
        let settings = &project.settings;
        for dir in [&settings.var_dir, &settings.raw_dir, &settings.restricted_dir, &settings.lake_dir] {
            store::create_private_dir(dir)?;
        }
        let ledger = Ledger::open(&settings.ledger_path).await?;
        let lake = Lake::open(&settings.lake_dir).await?;
        let restricted = Lake::open(&settings.restricted_dir.join("lake")).await?;
        let published = Lake::open(&settings.published_dir).await?;
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
    let limits = &project.settings.limits;
    Ok(Engine::new(EngineLimits {
        memory_bytes: limits.memory_bytes,
        spill_dir: project.settings.var_dir.join("spill"),
        threads: limits.threads,
    })?)
}
