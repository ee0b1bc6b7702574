//! The engine: one bounded pool of memory, one spill folder, and how sessions are set up.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::prelude::SessionConfig;

use super::dataset::{DatasetSchema, NamedSql, SessionSource};
use super::session::Session;
use super::{EngineError, functions, optimizer};
use crate::lake::{Lake, Snapshot};
use crate::model::ContentHash;
use crate::store::create_private_dir;

/// What queries may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineLimits {
    /// Memory of all queries together, bytes; larger work spills.
    pub memory_bytes: usize,
    /// Where it spills to; made with mode 0700.
    pub spill_dir: PathBuf,
    /// Disk for spilling, bytes.
    pub spill_bytes: u64,
    /// How many partitions of a query run at once, at least 1.
    pub threads: usize,
    /// How long one query may take.
    pub query_deadline: Duration,
}

/// The catalog of every session.
pub(super) const CATALOG: &str = "mesur";
/// The schema that holds all views of a session.
pub(super) const SCHEMA: &str = "lake";

/// Runs queries within limits.
#[derive(Clone, Debug)]
pub struct Engine {
    limits: EngineLimits,
    runtime: Arc<RuntimeEnv>,
}

impl Engine {
    /// Sets up the pool and the spill folder.
    ///
    /// # Errors
    /// [`EngineError::Spill`] when the folder cannot be made.
    pub fn new(limits: EngineLimits) -> Result<Self, EngineError> {
        create_private_dir(&limits.spill_dir).map_err(|source| EngineError::Spill { source })?;
        let disk = DiskManagerBuilder::default()
            .with_mode(DiskManagerMode::Directories(vec![limits.spill_dir.clone()]))
            .with_max_temp_directory_size(limits.spill_bytes);
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(FairSpillPool::new(limits.memory_bytes)))
            .with_disk_manager_builder(disk)
            .build_arc()
            .map_err(|source| EngineError::Setup { source: Box::new(source) })?;
        Ok(Self { limits, runtime })
    }

    /// What queries may use.
    #[must_use]
    pub const fn limits(&self) -> &EngineLimits {
        &self.limits
    }

    /// A session over the live rows of a pinned snapshot. Tables are opened when SQL first names them.
    ///
    /// # Errors
    /// [`EngineError::Duplicate`] when two tables or views share a name.
    pub fn session(
        &self,
        lake: &Lake,
        snapshot: &Snapshot,
        datasets: &[DatasetSchema],
        live: &BTreeMap<String, Vec<ContentHash>>,
        staging: &[NamedSql],
    ) -> Result<Session, EngineError> {
        self.open(SessionSource { lake: Some((lake, snapshot)), datasets, live, staging, ..SessionSource::empty() })
    }

    /// A session over empty tables, to plan SQL without touching data.
    ///
    /// # Errors
    /// As [`Engine::session`].
    pub fn planning_session(&self, datasets: &[DatasetSchema], staging: &[NamedSql]) -> Result<Session, EngineError> {
        self.open(SessionSource { datasets, staging, ..SessionSource::empty() })
    }

    /// A session over everything that `source` names.
    ///
    /// # Errors
    /// As [`Engine::session`].
    pub fn open(&self, source: SessionSource<'_>) -> Result<Session, EngineError> {
        Session::new(self.base_state(), self.limits.clone(), source)
    }

    fn base_state(&self) -> SessionState {
        let config = SessionConfig::new()
            .with_target_partitions(self.limits.threads.max(1))
            .with_default_catalog_and_schema(CATALOG, SCHEMA)
            .with_create_default_catalog_and_schema(false)
            .with_information_schema(true);
        SessionStateBuilder::new()
            .with_config(config)
            .with_runtime_env(Arc::clone(&self.runtime))
            // Ours first: the defaults are added to them, the other way round they would be replaced.
            .with_scalar_functions(functions::all_functions())
            .with_aggregate_functions(functions::all_aggregates())
            .with_window_functions(functions::all_windows())
            .with_default_features()
            .with_optimizer_rules(optimizer::optimizer_rules())
            // No CREATE EXTERNAL TABLE, whatever a plan says.
            .with_table_factories(HashMap::new())
            .build()
    }
}
