//! Running queries: rows come over a channel from a task of their own, so that the deadline holds even while an
//! operator does not yield, and a dropped stream ends the work.

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{DataType, Decimal128Type, Schema, SchemaRef};
use arrow::error::ArrowError;
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use futures::StreamExt;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout_at};

use super::EngineError;
use super::limits::EngineLimits;
use super::session::{plain_batch, plain_schema};
use crate::clock::Clock;

/// Batches that may wait for the reader.
const WAITING: usize = 2;

/// What the task says. The end is said too: a channel that only closes belongs to a task that broke off.
enum Step {
    Rows(Result<RecordBatch, DataFusionError>),
    End,
}

/// The rows of a running query, in order. Dropping it ends the query.
#[derive(Debug)]
pub struct QueryStream {
    schema: SchemaRef,
    rows: mpsc::Receiver<Step>,
    finished: bool,
    work: AbortHandle,
    what: String,
    limits: EngineLimits,
    deadline: Instant,
}

impl QueryStream {
    /// Plans a frame and starts it in a task of its own.
    pub(super) async fn start(what: &str, frame: DataFrame, limits: &EngineLimits) -> Result<Self, EngineError> {
        let deadline = Instant::from_std(Clock::deadline_in(limits.query_deadline));
        let (sender, rows) = mpsc::channel(WAITING);
        let (ready, planned) = tokio::sync::oneshot::channel();
        let work = tokio::spawn(async move {
            let mut stream = match frame.execute_stream().await {
                Ok(stream) => stream,
                Err(error) => {
                    // The reader went away, or hears of it here.
                    let _ = ready.send(Err(error));
                    return;
                }
            };
            // The columns as they come, not as they were planned: `case when a then 0 else 1.5 end` is planned as whole
            // numbers and comes as decimals.
            if ready.send(Ok(stream.schema())).is_err() {
                return;
            }
            while let Some(batch) = stream.next().await {
                if sender.send(Step::Rows(batch)).await.is_err() {
                    return;
                }
            }
            // A reader that went away needs no end.
            let _ = sender.send(Step::End).await;
        })
        .abort_handle();
        let mut stream = Self {
            schema: SchemaRef::new(Schema::empty()),
            rows,
            finished: false,
            work,
            what: what.to_owned(),
            limits: limits.clone(),
            deadline,
        };
        match timeout_at(deadline, planned).await {
            Ok(Ok(Ok(schema))) => {
                stream.schema = plain_schema(&schema);
                Ok(stream)
            }
            Ok(Ok(Err(error))) => Err(EngineError::planned(what, error, limits.memory_bytes)),
            Ok(Err(_)) => Err(stream.broken()),
            Err(_) => Err(stream.late()),
        }
    }

    /// The columns; texts are `Utf8`.
    #[must_use]
    pub const fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The next rows; none at the end.
    ///
    /// # Errors
    /// When the query fails, runs out of memory, or takes too long. Nothing comes after an error.
    pub async fn next(&mut self) -> Option<Result<RecordBatch, EngineError>> {
        if self.finished {
            return None;
        }
        let result = match timeout_at(self.deadline, self.rows.recv()).await {
            Ok(Some(Step::End)) => {
                self.finished = true;
                return None;
            }
            Ok(Some(Step::Rows(rows))) => rows
                .and_then(|batch| check_digits(&batch).map(|()| batch).map_err(DataFusionError::from))
                .and_then(|batch| plain_batch(&batch, &self.schema).map_err(DataFusionError::from))
                .map_err(|error| EngineError::run(&self.what, error, self.limits.memory_bytes)),
            Ok(None) => Err(self.broken()),
            Err(_) => Err(self.late()),
        };
        if result.is_err() {
            self.finished = true;
            self.work.abort();
        }
        Some(result)
    }

    /// All rows at once.
    ///
    /// # Errors
    /// As [`QueryStream::next`].
    pub async fn collect(mut self) -> Result<Vec<RecordBatch>, EngineError> {
        let mut batches = Vec::new();
        while let Some(batch) = self.next().await {
            batches.push(batch?);
        }
        Ok(batches)
    }

    fn late(&self) -> EngineError {
        EngineError::Deadline { what: self.what.clone(), deadline: self.limits.query_deadline }
    }

    fn broken(&self) -> EngineError {
        EngineError::broken_off(&self.what)
    }
}

/// Refuses a decimal with more digits than its type has: sums of two numbers of 38 digits are made without notice, and would be
/// printed without their last digit.
fn check_digits(batch: &RecordBatch) -> Result<(), ArrowError> {
    for column in batch.columns() {
        if let DataType::Decimal128(precision, _) = column.data_type() {
            let values = column.as_primitive::<Decimal128Type>();
            // The message of arrow names the value.
            values
                .validate_decimal_precision(*precision)
                .map_err(|_| ArrowError::ArithmeticOverflow("a decimal has more digits than its type".to_owned()))?;
        }
    }
    Ok(())
}

impl Drop for QueryStream {
    fn drop(&mut self) {
        self.work.abort();
    }
}
