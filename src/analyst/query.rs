//! One question and its answer.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use crate::ledger::{AdHocOutcome, AdHocQuery};
use crate::model::{ErrorClass, Role};
use crate::pipeline::{Pinned, PipelineError, Results, Workspace};

use super::gate;

/// A question.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// One SQL statement.
    pub sql: &'a str,
    /// Shows only what was known at this instant; none: what is known now.
    pub known_at: Option<jiff::Timestamp>,
    /// In which role it is asked.
    pub role: Role,
    /// By whom, as they say.
    pub asked_by: Option<&'a str>,
    /// Where the answer goes.
    pub passage: Passage,
}

/// Where an answer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// To a person before a terminal.
    Terminal,
    /// Into a pipe, where nobody knows who reads it.
    Pipe,
    /// Into a file that is asked for as an export.
    Export,
}

impl Passage {
    /// Whether the answer must pass the gate.
    #[must_use]
    pub const fn is_gated(self, role: Role) -> bool {
        match (self, role) {
            (Self::Export, _) | (_, Role::Viewer) | (Self::Pipe, Role::Analyst) => true,
            (Self::Terminal, _) | (Self::Pipe, Role::Operator) => false,
        }
    }
}

/// Rows that answer a question.
#[derive(Debug)]
pub struct Answer {
    /// Names and types of the columns.
    pub schema: SchemaRef,
    /// The rows.
    pub batches: Vec<RecordBatch>,
}

/// Answers one SQL statement that only reads, over what is known now or was known at an instant, and records it.
///
/// # Errors
/// When the statement is wrong, would write, takes too long or too much memory, or the lake cannot be read. With class
/// [`ErrorClass::Gate`] when the answer may not leave; then nothing of it is told.
pub async fn answer(workspace: &Workspace, question: &Question<'_>) -> Result<Answer, PipelineError> {
    let tables = super::tables::ledger_tables(workspace).await?;
    let results = if question.role >= Role::Analyst { Results::Raw } else { Results::Protected };
    let pinned = match question.known_at {
        None => workspace.pin_with(&tables, results).await?,
        Some(known_at) => workspace.pin_as_known(known_at, &tables, results).await?,
    };
    let record = AdHocQuery {
        role: question.role,
        asked_by: question.asked_by.map(str::to_owned),
        query: question.sql.to_owned(),
        snapshot: pinned.id.to_string(),
        cells: 0,
        at: workspace.project.settings.clock.now(),
    };
    if question.passage.is_gated(question.role) {
        return gated(workspace, &pinned, record).await;
    }
    let found = pinned.session.query(question.sql).await?;
    let schema = SchemaRef::clone(found.schema());
    let batches = found.collect().await?;
    workspace.ledger.record_ad_hoc_query(&record, AdHocOutcome::Shown).await?;
    Ok(Answer { schema, batches })
}

/// Lets an answer through the gate, or records that it was refused.
async fn gated(workspace: &Workspace, pinned: &Pinned, mut record: AdHocQuery) -> Result<Answer, PipelineError> {
    let policy = workspace.project.load_policy()?;
    let rules = super::export_rules::export_rules(&workspace.project.definitions);
    let export = match pinned.session.export(&record.query, &rules).await {
        Ok(export) => export,
        Err(error) => {
            if error.class() == ErrorClass::Gate {
                workspace.ledger.record_ad_hoc_query(&record, AdHocOutcome::Refused).await?;
            }
            return Err(error.into());
        }
    };
    match &export.cells {
        None => workspace.ledger.record_ad_hoc_query(&record, AdHocOutcome::Released).await?,
        Some(cells) => {
            record.cells = gate::shown_count(cells);
            gate::release(&workspace.ledger, &policy, &record, cells).await?;
        }
    }
    Ok(Answer { schema: export.schema, batches: export.batches })
}
