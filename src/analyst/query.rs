//! One question and its answer.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use crate::pipeline::{PipelineError, Workspace};

/// Rows that answer a question.
#[derive(Debug)]
pub struct Answer {
    /// Names and types of the columns.
    pub schema: SchemaRef,
    /// The rows.
    pub batches: Vec<RecordBatch>,
}

/// Answers one SQL statement that only reads, over what is known now or was known at an instant.
///
/// # Errors
/// When the statement is wrong, would write, takes too long or too much memory, or the lake cannot be read.
pub async fn answer(
    workspace: &Workspace,
    sql: &str,
    known_at: Option<jiff::Timestamp>,
) -> Result<Answer, PipelineError> {
    let tables = super::tables::ledger_tables(workspace).await?;
    let pinned = match known_at {
        None => workspace.pin_with(&tables, true).await?,
        Some(known_at) => workspace.pin_as_known(known_at, &tables, true).await?,
    };
    let found = pinned.session.query(sql).await?;
    let schema = SchemaRef::clone(found.schema());
    Ok(Answer { schema, batches: found.collect().await? })
}
