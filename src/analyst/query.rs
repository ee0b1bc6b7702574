//! One question and its answer.

use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use futures::TryStreamExt;

use crate::engine::EngineError;
use crate::pipeline::{PipelineError, Workspace};

/// Rows that answer a question.
#[derive(Debug)]
pub struct Answer {
    /// Names and types of the columns.
    pub schema: SchemaRef,
    /// The rows.
    pub batches: Vec<RecordBatch>,
}

/// Answers one SQL statement that only reads.
///
/// # Errors
/// When the statement is wrong, would write, takes too long or too much memory, or the lake cannot be read.
pub async fn answer(workspace: &Workspace, sql: &str) -> Result<Answer, PipelineError> {
    let pinned = workspace.pin().await?;
    let slice = workspace.published.pin().await?;
    pinned.session.register_results(&workspace.published, &slice, &["indicators"]).await?;
    let slice = workspace.lake.pin().await?;
    pinned.session.register_results(&workspace.lake, &slice, &["indicators_raw"]).await?;
    let limit = Duration::from_secs(workspace.project.settings.limits.query_seconds);
    let asked = async {
        let found = pinned.session.query(sql).await?;
        let schema = found.schema;
        let batches: Vec<RecordBatch> = found.stream.try_collect().await?;
        Ok::<_, EngineError>(Answer { schema, batches })
    };
    match tokio::time::timeout(limit, asked).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(PipelineError::QueryTooSlow { seconds: limit.as_secs() }),
    }
}
