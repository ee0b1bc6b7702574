//! What SQL sees of the ledger: runs, extracts and editions, and nothing else of it.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};

use crate::engine::MemoryTable;
use crate::pipeline::{PipelineError, Workspace};

/// One column: its name and its values.
enum Column {
    Text(&'static str, Vec<Option<String>>),
    Number(&'static str, Vec<Option<i64>>),
}

fn table(name: &str, description: &str, columns: Vec<Column>) -> Result<MemoryTable, PipelineError> {
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for column in columns {
        match column {
            Column::Text(name, values) => {
                fields.push(Field::new(name, DataType::Utf8, true));
                arrays.push(Arc::new(StringArray::from(values)));
            }
            Column::Number(name, values) => {
                fields.push(Field::new(name, DataType::Int64, true));
                arrays.push(Arc::new(Int64Array::from(values)));
            }
        }
    }
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays)
        .map_err(|source| PipelineError::Arrow { doing: format!("show the ledger's {name}"), source })?;
    Ok(MemoryTable { name: name.to_owned(), description: description.to_owned(), schema, batches: vec![batch] })
}

/// The ledger's tables as analysts see them.
pub(super) async fn ledger_tables(workspace: &Workspace) -> Result<Vec<MemoryTable>, PipelineError> {
    let ledger = &workspace.ledger;
    let runs = ledger.list_runs(100_000).await?;
    let extracts = ledger.list_extracts().await?;
    let editions = ledger.list_editions(None, None).await?;
    let number = |value: u64| i64::try_from(value).ok();
    Ok(vec![
        table(
            "runs",
            "One execution of a job.",
            vec![
                Column::Text("run", runs.iter().map(|run| Some(run.id.to_string())).collect()),
                Column::Text("job", runs.iter().map(|run| Some(run.job.to_string())).collect()),
                Column::Text("period", runs.iter().map(|run| run.period.map(|p| p.to_string())).collect()),
                Column::Text("state", runs.iter().map(|run| Some(run.state.as_str().to_owned())).collect()),
                Column::Text("started_at", runs.iter().map(|run| Some(run.started_at.to_string())).collect()),
                Column::Text("finished_at", runs.iter().map(|run| run.finished_at.map(|t| t.to_string())).collect()),
            ],
        )?,
        table(
            "extracts",
            "One received file.",
            vec![
                Column::Text("extract_id", extracts.iter().map(|e| Some(e.hash.to_string())).collect()),
                Column::Text("dataset", extracts.iter().map(|e| Some(e.dataset.to_string())).collect()),
                Column::Text("supplier", extracts.iter().map(|e| Some(e.supplier.to_string())).collect()),
                Column::Text("as_of", extracts.iter().map(|e| Some(e.as_of.to_string())).collect()),
                Column::Number("sequence", extracts.iter().map(|e| Some(i64::from(e.sequence))).collect()),
                Column::Text("file", extracts.iter().map(|e| Some(e.file_name.clone())).collect()),
                Column::Text("state", extracts.iter().map(|e| Some(e.state.as_str().to_owned())).collect()),
                Column::Number("rows_in", extracts.iter().map(|e| number(e.rows_in)).collect()),
                Column::Number("accepted", extracts.iter().map(|e| number(e.accepted)).collect()),
                Column::Number("repaired", extracts.iter().map(|e| number(e.repaired)).collect()),
                Column::Number("quarantined", extracts.iter().map(|e| number(e.quarantined)).collect()),
                Column::Text("ingested_at", extracts.iter().map(|e| Some(e.ingested_at.to_string())).collect()),
            ],
        )?,
        table(
            "editions",
            "A pack with a life.",
            vec![
                Column::Text("edition", editions.iter().map(|e| Some(e.id.to_string())).collect()),
                Column::Text("state", editions.iter().map(|e| Some(e.state.as_str().to_owned())).collect()),
                Column::Text("snapshot", editions.iter().map(|e| Some(e.snapshot.clone())).collect()),
                Column::Text("built_at", editions.iter().map(|e| Some(e.built_at.to_string())).collect()),
            ],
        )?,
    ])
}
