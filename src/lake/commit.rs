//! Commits: each atomic, each with an application transaction, each asked after when it fails.
//!
//! An error from a Delta write says nothing about whether it landed, so every error is answered by loading the table
//! anew and asking for the transaction.

use std::sync::Arc;

use arrow::array::{Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::Column;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::prelude::{Expr, SessionConfig, lit};
use deltalake_core::delta_datafusion::DeltaSessionConfig;
use deltalake_core::delta_datafusion::planner::DeltaPlanner;
use deltalake_core::kernel::Transaction;
use deltalake_core::kernel::transaction::CommitProperties;
use deltalake_core::operations::write::SchemaMode;
use deltalake_core::operations::write::WriteBuilder;
use deltalake_core::protocol::SaveMode;
use deltalake_core::{DeltaTable, DeltaTableError};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::tables::{read_error, to_signed};
use super::{Lake, LakeError};

/// How often a commit that lost a race is tried.
pub(super) const ATTEMPTS: u32 = 5;

/// What a commit came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The table's newest version that holds it.
    pub version: i64,
    /// Whether it was there before.
    pub already: bool,
}

impl Lake {
    /// Replaces the rows whose `column` is `value` in one atomic commit, and makes the table (one partition a value) on
    /// first use. `transaction` names what is written, such as a hash of its inputs: does nothing when the slice was
    /// last written under the same name.
    ///
    /// # Errors
    /// [`LakeError::Slice`] when a row belongs to another slice; otherwise as [`Lake::commit_staged`].
    pub async fn replace_slice(
        &self,
        table: &str,
        schema: SchemaRef,
        batches: Vec<RecordBatch>,
        column: &str,
        value: &str,
        transaction: &str,
    ) -> Result<Commit, LakeError> {
        if !batches.iter().all(|batch| is_slice(batch, column, value)) {
            return Err(LakeError::Slice { table: table.to_owned(), column: column.to_owned() });
        }
        let slice = format!("slice-{column}={value}");
        let name = format!("{slice}-{transaction}");
        let batches = filled(schema, batches);
        self.commit(table, |delta, session| {
            let (slice, name, batches) = (slice.clone(), name.clone(), batches.clone());
            let (column, value) = (column.to_owned(), value.to_owned());
            async move {
                let last = asked(&delta, &slice).await?.unwrap_or(0);
                if last > 0 && asked(&delta, &name).await? == Some(last) {
                    return Ok(Step::Already(delta));
                }
                let exists = delta.version().is_some();
                let number = last + 1;
                let transactions = vec![Transaction::new(&slice, number), Transaction::new(&name, number)];
                let mut write = builder(delta, batches, session, transactions);
                if exists {
                    let is_ours = Expr::Column(Column::from_name(column)).eq(lit(value));
                    // A column that results of another version did not have is null in the other slices.
                    let merge = SchemaMode::Merge;
                    write =
                        write.with_save_mode(SaveMode::Overwrite).with_replace_where(is_ours).with_schema_mode(merge);
                } else {
                    write = write.with_save_mode(SaveMode::Append).with_partition_columns([column]);
                }
                Ok(Step::Write { write: Box::new(write), id: name, number })
            }
        })
        .await
    }

    async fn commit<F, S>(&self, table: &str, step: F) -> Result<Commit, LakeError>
    where
        F: Fn(DeltaTable, Arc<SessionState>) -> S,
        S: Future<Output = Result<Step, DeltaTableError>>,
    {
        if !self.writable {
            return Err(LakeError::ReadOnly { path: self.root.clone() });
        }
        let write_error = |source| LakeError::Write { table: table.to_owned(), source: Box::new(source) };
        let session = Arc::new(self.session().map_err(|source| write_error(source.into()))?);
        let mut attempt = 1;
        loop {
            let delta = self.load(table).await?;
            let next = step(delta, Arc::clone(&session)).await.map_err(|source| read_error(table, source))?;
            let (write, id, number) = match next {
                Step::Already(delta) => return commit_of(table, &delta, true),
                Step::Write { write, id, number } => (write, id, number),
            };
            let source = match (*write).await {
                Ok(delta) => return commit_of(table, &delta, false),
                Err(source) => source,
            };
            // The rule of decision 13: whatever the error says, the table knows.
            let landed = match self.load(table).await {
                Ok(delta) => asked(&delta, &id).await.map(|version| (version == Some(number)).then_some(delta)),
                Err(_) => return Err(LakeError::Unknown { table: table.to_owned(), source: Box::new(source) }),
            };
            match landed {
                Ok(Some(delta)) => return commit_of(table, &delta, false),
                Ok(None) if attempt < ATTEMPTS && is_race(&source) => attempt += 1,
                Ok(None) => return Err(write_error(source)),
                Err(_) => return Err(LakeError::Unknown { table: table.to_owned(), source: Box::new(source) }),
            }
        }
    }

    /// A session with Delta's planner and a bound on memory.
    fn session(&self) -> Result<SessionState, datafusion::error::DataFusionError> {
        let pool = FairSpillPool::new(self.memory_bytes);
        let runtime = RuntimeEnvBuilder::new().with_memory_pool(Arc::new(pool)).build_arc()?;
        Ok(SessionStateBuilder::new()
            .with_default_features()
            .with_config(SessionConfig::from(DeltaSessionConfig::default()))
            .with_runtime_env(runtime)
            .with_query_planner(DeltaPlanner::new())
            .build())
    }
}

enum Step {
    Already(DeltaTable),
    Write { write: Box<WriteBuilder>, id: String, number: i64 },
}

fn builder(
    delta: DeltaTable,
    batches: Vec<RecordBatch>,
    session: Arc<SessionState>,
    transactions: Vec<Transaction>,
) -> WriteBuilder {
    let level = ZstdLevel::try_new(3).expect("three is a level of zstd");
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
    delta
        .write(batches)
        .with_session_state(session)
        .with_writer_properties(properties)
        .with_configuration([("delta.enableDeletionVectors", Some("false"))])
        .with_commit_properties(CommitProperties::default().with_application_transactions(transactions))
}

/// The version of an application transaction; none when the table has not seen it.
pub(super) async fn asked(delta: &DeltaTable, id: &str) -> Result<Option<i64>, DeltaTableError> {
    match delta.version() {
        None => Ok(None),
        Some(_) => delta.snapshot()?.transaction_version(delta.log_store().as_ref(), id).await,
    }
}

fn commit_of(table: &str, delta: &DeltaTable, already: bool) -> Result<Commit, LakeError> {
    Ok(Commit { version: to_signed(table, delta.version().unwrap_or(0))?, already })
}

/// Whether another writer was faster, so that the same commit may succeed on the newer table.
pub(super) fn is_race(error: &DeltaTableError) -> bool {
    matches!(error, DeltaTableError::VersionAlreadyExists(_) | DeltaTableError::Transaction { .. })
}

/// At least one batch, so that a write has a schema.
fn filled(schema: SchemaRef, mut batches: Vec<RecordBatch>) -> Vec<RecordBatch> {
    if batches.is_empty() {
        batches.push(RecordBatch::new_empty(schema));
    }
    batches
}

pub(super) fn lacks(known: &SchemaRef, new: &SchemaRef) -> bool {
    new.fields().iter().any(|field| known.column_with_name(field.name()).is_none())
}

fn is_slice(batch: &RecordBatch, column: &str, value: &str) -> bool {
    let Some(texts) = batch.column_by_name(column).and_then(|array| cast(array, &DataType::Utf8).ok()) else {
        return false;
    };
    let Some(texts) = texts.as_any().downcast_ref::<StringArray>() else { return false };
    texts.null_count() == 0 && texts.iter().all(|text| text == Some(value))
}
