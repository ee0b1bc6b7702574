//! Views that a session computes once, when SQL first names them, instead of repeating their SQL in every query: rows are
//! kept in memory while there is room, else in Parquet files that go when the session goes. For planning only the columns
//! are kept. A session is over one snapshot, so what is kept never grows old.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::MemTable;
use datafusion::execution::SessionState;
use datafusion::logical_expr::LogicalPlan;
use tokio::sync::OnceCell;

use super::EngineError;
use super::catalog::file_provider;
use super::dataset::FileTable;
use super::limits::EngineLimits;
use super::query::QueryStream;
use crate::definitions::LINEAGE_ROW;
use crate::lake::{Lake, LakeError, Staged, StagedWriter};

/// The share of the engine's memory that kept rows may take together.
const SHARE: usize = 4;

/// What is kept of a session's views.
pub(super) struct Kept {
    what: What,
    /// By position in the session's schema.
    opened: Vec<OnceCell<Arc<dyn TableProvider>>>,
}

/// What is kept of a view.
enum What {
    /// Its columns: nothing is run.
    Columns,
    /// Its rows, if it is one of these.
    Rows { views: BTreeSet<String>, shelf: Shelf },
}

/// Where rows are kept.
struct Shelf {
    limits: EngineLimits,
    /// Bytes of memory that are still free.
    room: AtomicUsize,
    /// Files of views that found no room. They go with the shelf.
    files: Mutex<Vec<Staged>>,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").finish_non_exhaustive()
    }
}

impl Kept {
    /// Keeps the columns of all views.
    pub(super) fn columns(entries: usize) -> Self {
        Self { what: What::Columns, opened: cells(entries) }
    }

    /// Keeps the rows of some views.
    pub(super) fn rows(entries: usize, views: BTreeSet<String>, limits: EngineLimits) -> Self {
        let room = AtomicUsize::new(limits.memory_bytes / SHARE);
        let shelf = Shelf { limits, room, files: Mutex::new(Vec::new()) };
        Self { what: What::Rows { views, shelf }, opened: cells(entries) }
    }

    /// The place of an entry of the session's schema.
    pub(super) fn cell(&self, position: usize) -> &OnceCell<Arc<dyn TableProvider>> {
        &self.opened[position]
    }

    /// What queries see of a view whose plan is `plan`; none when it is not kept.
    ///
    /// # Errors
    /// When the plan is wrong or fails.
    pub(super) async fn view(
        &self,
        name: &str,
        plan: &LogicalPlan,
        state: &SessionState,
    ) -> Result<Option<Arc<dyn TableProvider>>, EngineError> {
        let what = format!("the view `{name}`");
        let failed = |source| EngineError::plan(&what, source);
        match &self.what {
            What::Columns => {
                let plan = state.optimize(plan).map_err(failed)?;
                let columns = Arc::clone(plan.schema().inner());
                Ok(Some(Arc::new(MemTable::try_new(columns, vec![vec![]]).map_err(failed)?)))
            }
            What::Rows { views, shelf } if views.contains(name) => {
                shelf.keep(name, &what, DataFrame::new(state.clone(), plan.clone())).await.map(Some)
            }
            What::Rows { .. } => Ok(None),
        }
    }
}

impl Shelf {
    async fn keep(&self, name: &str, what: &str, frame: DataFrame) -> Result<Arc<dyn TableProvider>, EngineError> {
        let mut stream = QueryStream::start(what, frame, &self.limits).await?;
        let schema = Arc::clone(stream.schema());
        let (mut batches, mut taken) = (Vec::new(), 0);
        while let Some(batch) = stream.next().await {
            let batch = batch?;
            let size = batch.get_array_memory_size();
            let fits = |room: usize| room.checked_sub(size);
            let has_room = self.room.fetch_update(Ordering::AcqRel, Ordering::Acquire, fits).is_ok();
            batches.push(batch);
            if !has_room {
                self.room.fetch_add(taken, Ordering::AcqRel);
                return self.keep_in_files(name, what, batches, stream).await;
            }
            taken += size;
        }
        let failed = |source| EngineError::plan(what, source);
        Ok(Arc::new(MemTable::try_new(schema, vec![batches]).map_err(failed)?))
    }

    /// Writes the rows that came and those still to come.
    async fn keep_in_files(
        &self,
        name: &str,
        what: &str,
        batches: Vec<RecordBatch>,
        mut stream: QueryStream,
    ) -> Result<Arc<dyn TableProvider>, EngineError> {
        let failed = |source: LakeError| EngineError::Lake { what: what.to_owned(), source: Box::new(source) };
        let schema = Arc::clone(stream.schema());
        let shelf = Lake::scratch(&self.limits.spill_dir);
        let mut writer = shelf.stage(name, Arc::clone(&schema), LINEAGE_ROW).map_err(failed)?;
        for batch in batches {
            writer = write(writer, batch).await.map_err(failed)?;
        }
        while let Some(batch) = stream.next().await {
            writer = write(writer, batch?).await.map_err(failed)?;
        }
        let finish = tokio::task::spawn_blocking(move || writer.finish()).await;
        let staged = finish.map_err(|_| broken_off(what))?.map_err(failed)?;
        let files = staged.paths();
        self.files.lock().unwrap_or_else(PoisonError::into_inner).push(staged);
        provider(name, schema, files).map_err(|source| EngineError::plan(what, source))
    }
}

fn broken_off(what: &str) -> EngineError {
    EngineError::Run { what: what.to_owned(), reason: "the engine broke off".to_owned() }
}

/// Hands rows to the encoder. It may make the caller wait, so other queries go on meanwhile.
async fn write(mut writer: StagedWriter, batch: RecordBatch) -> Result<StagedWriter, LakeError> {
    let table = writer.table().to_owned();
    let written = tokio::task::spawn_blocking(move || writer.write(batch).map(|()| writer)).await;
    written.unwrap_or_else(|_| Err(LakeError::Stage { table, source: "the encoder broke off".into() }))
}

fn provider(
    name: &str,
    schema: SchemaRef,
    files: Vec<PathBuf>,
) -> Result<Arc<dyn TableProvider>, datafusion::error::DataFusionError> {
    file_provider(&FileTable { name: name.to_owned(), description: String::new(), schema, files })
}

fn cells(entries: usize) -> Vec<OnceCell<Arc<dyn TableProvider>>> {
    (0..entries).map(|_| OnceCell::new()).collect()
}
