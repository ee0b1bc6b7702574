//! Keys that rows of the table have already: those of other suppliers. A supplier's own rows do not count: an extract of a
//! snapshot replaces them, and a later increment replaces those of the same key.

use std::collections::BTreeMap;

use super::task::Task;
use super::uniqueness::Uniqueness;
use crate::definitions::Columns;
use crate::engine::{DatasetSchema, Session, SessionSource};
use crate::model::ContentHash;
use crate::pipeline::{PipelineError, Workspace};

/// Tells which keys are taken by live rows of other suppliers. They pass through; nothing but their fingerprints stays.
pub(super) async fn add_known_keys(
    workspace: &Workspace,
    task: &Task,
    unique: &mut Uniqueness,
) -> Result<(), PipelineError> {
    let live = workspace.live(None).await?;
    let others = live.extracts.into_iter().filter(|extract| {
        extract.dataset == task.name.dataset && extract.supplier != task.name.supplier && extract.accepted > 0
    });
    let hashes: Vec<ContentHash> = others.map(|extract| extract.hash).collect();
    if hashes.is_empty() {
        return Ok(());
    }
    let schema = &task.schema;
    let others = schema.unique_keys.iter().filter(|key| **key != schema.primary_key);
    for (number, fields) in std::iter::once(&schema.primary_key).chain(others).enumerate() {
        // A key that lies in both lakes in part cannot be compared.
        for (lake, columns) in [(&workspace.lake, Columns::Open), (&workspace.restricted, Columns::Personal)] {
            let part = schema.arrow_schema(columns);
            if !fields.iter().all(|field| part.column_with_name(field).is_some()) {
                continue;
            }
            let snapshot = lake.pin()?;
            let dataset = DatasetSchema {
                name: schema.dataset.to_string(),
                description: String::new(),
                open: part,
                replaced_by: None,
            };
            let session = workspace.engine.open(SessionSource {
                lake: Some((lake, &snapshot)),
                datasets: &[dataset],
                live: &BTreeMap::from([(schema.dataset.to_string(), hashes.clone())]),
                ..SessionSource::empty()
            })?;
            add(&session, task, number, fields, unique).await?;
            break;
        }
    }
    Ok(())
}

async fn add(
    session: &Session,
    task: &Task,
    number: usize,
    fields: &[String],
    unique: &mut Uniqueness,
) -> Result<(), PipelineError> {
    let mut rows = session.columns_of(task.schema.dataset.as_str(), fields).await?;
    while let Some(batch) = rows.next().await {
        let keys = task.references.hasher().fingerprints(batch?.columns());
        let keys = keys.map_err(|source: arrow::error::ArrowError| PipelineError::Arrow {
            doing: "read the keys of a table".to_owned(),
            source,
        })?;
        unique.add_known(number, &keys)?;
    }
    Ok(())
}
