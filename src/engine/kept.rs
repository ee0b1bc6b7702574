//! Views that a session computes once, when SQL first names them, instead of repeating their SQL in every query: rows are
//! kept in memory while there is room, else in Parquet files that go when the session goes. For planning only the columns
//! are kept. A session is over one snapshot, so what is kept never grows old.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{Array, ArrayRef, RecordBatch};
use datafusion::catalog::TableProvider;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::MemTable;
use datafusion::execution::SessionState;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryPool, MemoryReservation};
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
    /// What rows in memory take of the engine's pool, by view. Given back with the shelf.
    taken: Mutex<Vec<MemoryReservation>>,
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
        let shelf = Shelf { limits, taken: Mutex::new(Vec::new()), files: Mutex::new(Vec::new()) };
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
                let pool = &state.runtime_env().memory_pool;
                shelf.keep(name, &what, DataFrame::new(state.clone(), plan.clone()), pool).await.map(Some)
            }
            What::Rows { .. } => Ok(None),
        }
    }
}

impl Shelf {
    async fn keep(
        &self,
        name: &str,
        what: &str,
        frame: DataFrame,
        pool: &Arc<dyn MemoryPool>,
    ) -> Result<Arc<dyn TableProvider>, EngineError> {
        let mut stream = QueryStream::start(what, frame, &self.limits).await?;
        let schema = Arc::clone(stream.schema());
        let mut batches = Vec::new();
        // Given back wherever this ends without rows in memory.
        let room = MemoryConsumer::new(what.to_owned()).register(pool);
        while let Some(batch) = stream.next().await {
            let batch = batch?;
            let size = size_of_rows(&batch);
            batches.push(batch);
            if self.taken_by_all() + room.size() + size > self.limits.memory_bytes / SHARE
                || room.try_grow(size).is_err()
            {
                drop(room);
                return self.keep_in_files(name, what, batches, stream).await;
            }
        }
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).push(room);
        let failed = |source| EngineError::plan(what, source);
        Ok(Arc::new(MemTable::try_new(schema, vec![batches]).map_err(failed)?))
    }

    fn taken_by_all(&self) -> usize {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).iter().map(MemoryReservation::size).sum()
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
        let folder = Lake::scratch(&self.limits.spill_dir);
        let mut writer = folder.stage(name, Arc::clone(&schema), LINEAGE_ROW).map_err(failed)?;
        for batch in batches {
            writer = write(writer, batch).await.map_err(failed)?;
        }
        while let Some(batch) = stream.next().await {
            writer = write(writer, batch?).await.map_err(failed)?;
        }
        let finish = tokio::task::spawn_blocking(move || writer.finish()).await;
        let written = finish.map_err(|_| EngineError::broken_off(what))?.map_err(failed)?;
        let files = written.paths();
        self.files.lock().unwrap_or_else(PoisonError::into_inner).push(written);
        let table = FileTable { name: name.to_owned(), description: String::new(), schema, files };
        file_provider(&table).map_err(|source| EngineError::plan(what, source))
    }
}

/// What rows take, bytes: a slice of a larger batch counts as itself.
fn size_of_rows(batch: &RecordBatch) -> usize {
    let size =
        |column: &ArrayRef| column.to_data().get_slice_memory_size().unwrap_or_else(|_| column.get_array_memory_size());
    batch.columns().iter().map(size).sum()
}

/// Hands rows to the encoder. It may make the caller wait, so other queries go on meanwhile.
async fn write(mut writer: StagedWriter, batch: RecordBatch) -> Result<StagedWriter, LakeError> {
    let table = writer.table().to_owned();
    let written = tokio::task::spawn_blocking(move || writer.write(batch).map(|()| writer)).await;
    written.unwrap_or_else(|_| Err(LakeError::Stage { table, source: "the encoder broke off".into() }))
}

fn cells(entries: usize) -> Vec<OnceCell<Arc<dyn TableProvider>>> {
    (0..entries).map(|_| OnceCell::new()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;
    use std::sync::Arc;
    use std::time::Duration;

    use arrow::array::{Int64Array, RecordBatch};
    use arrow::datatypes::{DataType, Field, Schema};
    use arrow::util::pretty::pretty_format_batches;

    use crate::engine::tests::engine;
    use crate::engine::{EngineError, MemoryTable, NamedSql, Session, SessionSource};

    /// A session with a table of the numbers 0 to `rows`, and a view `big` over it.
    fn session(dir: &Path, memory_bytes: usize, rows: i64, view: &str) -> Session {
        let engine = engine(dir, memory_bytes, Duration::from_mins(1));
        let schema = Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, false)]));
        let numbers = Arc::new((0..rows).collect::<Int64Array>());
        let batch = RecordBatch::try_new(Arc::clone(&schema), vec![numbers]).expect("one column");
        let table =
            MemoryTable { name: "numbers".to_owned(), description: String::new(), schema, batches: vec![batch] };
        let staging = [NamedSql { name: "big".to_owned(), sql: view.to_owned() }];
        let source = SessionSource { memory: &[table], staging: &staging, ..SessionSource::empty() };
        engine.open(source).expect("names are distinct")
    }

    fn keeping(session: &Session) -> Session {
        session.with_rows_kept(BTreeSet::from(["big".to_owned()])).expect("a session")
    }

    async fn answer(session: &Session, sql: &str) -> String {
        let batches = session.query(sql).await.expect("it plans").collect().await.expect("it runs");
        pretty_format_batches(&batches).expect("prints").to_string()
    }

    fn files_below(dir: &Path) -> usize {
        let inner = |path: &Path| std::fs::read_dir(path).map_or(0, Iterator::count);
        std::fs::read_dir(dir.join("spill"))
            .expect("a folder")
            .filter_map(Result::ok)
            .map(|entry| inner(&entry.path()))
            .sum()
    }

    const VIEW: &str = "select n, n * 2 as twice, 'text ' || n as words from numbers where n % 2 = 1";
    const SUM: &str = "select count(*), sum(twice), min(words), max(n) from big";

    #[tokio::test]
    async fn kept_rows_answer_as_the_view_does() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let plain = session(dir.path(), 64 << 20, 1000, VIEW);
        assert_eq!(answer(&keeping(&plain), SUM).await, answer(&plain, SUM).await);
        assert_eq!(files_below(dir.path()), 0, "a small view stays in memory");
    }

    #[tokio::test]
    async fn a_view_without_room_lies_in_files_that_go_with_the_session() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let plain = session(dir.path(), 8 << 20, 400_000, VIEW);
        let keeping = keeping(&plain);
        assert_eq!(answer(&keeping, SUM).await, answer(&plain, SUM).await);
        assert_eq!(files_below(dir.path()), 1);
        drop(keeping);
        assert_eq!(files_below(dir.path()), 0);
    }

    #[tokio::test]
    async fn a_view_is_computed_once() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let keeping = keeping(&session(dir.path(), 64 << 20, 10, "select n, random() as chance from numbers"));
        let first = answer(&keeping, "select n, chance from big order by n").await;
        assert_eq!(answer(&keeping, "select n, chance from big order by n").await, first);
    }

    #[tokio::test]
    async fn a_view_that_fails_says_which_it_is() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let keeping = keeping(&session(dir.path(), 64 << 20, 10, "select 1 / (n - 3) as share from numbers"));
        let error = keeping.query("select share from big").await.expect_err("it divides by zero");
        let EngineError::Run { what, reason } = &error else { panic!("{error:?}") };
        assert_eq!(what, "the view `big`");
        assert!(reason.starts_with("a division by zero"), "{reason}");
    }

    #[tokio::test]
    async fn planning_runs_nothing() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let plain = session(dir.path(), 64 << 20, 10, "select 1 / (n - 3) as share from numbers");
        let planning = plain.with_columns_of_views().expect("a session");
        let columns = planning.plan_check("select share, share + 0.5 as more from big").await.expect("it plans");
        assert_eq!(columns.field(0).data_type(), &DataType::Int64);
        let error = planning.plan_check("select shares from big").await.expect_err("there is no such column");
        assert!(matches!(error, EngineError::Plan { .. }), "{error:?}");
    }
}
