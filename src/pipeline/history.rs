//! What the view of revisions reads beside the lake: which datasets lie in quarters, every delivery, every release.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Int32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{Field, Schema as ArrowSchema};
use jiff::Timestamp;

use crate::definitions::{Columns, ExtractMode, Schema, days_since_epoch};
use crate::engine::{DatedDataset, History, MemoryTable};
use crate::ledger::{Delivery, Release};

use super::{PipelineError, Workspace};

impl Workspace {
    /// The history as it is known, or was at an instant.
    pub(super) async fn history(&self, known_at: Option<Timestamp>) -> Result<History, PipelineError> {
        let schemas = &self.project.definitions.schemas;
        let datasets: Vec<DatedDataset> = schemas.values().filter_map(dated).collect();
        let is_known = |at: Timestamp| known_at.is_none_or(|instant| at <= instant);
        let mut came = self.ledger.list_deliveries().await?;
        came.retain(|delivery| {
            is_known(delivery.came_at) && datasets.iter().any(|dataset| dataset.name == delivery.dataset.as_str())
        });
        let mut extracts: Vec<_> = came.iter().map(|delivery| delivery.hash.clone()).collect();
        extracts.sort();
        extracts.dedup();
        let mut releases = self.ledger.list_releases().await?;
        releases.retain(|release| is_known(release.at));
        let is_increment = |delivery: &Delivery| {
            schemas.get(&delivery.dataset).is_some_and(|schema| schema.mode == ExtractMode::Increment)
        };
        Ok(History { datasets, extracts, deliveries: deliveries(&came, is_increment)?, released: released(&releases)? })
    }
}

/// A dataset whose rows lie in quarters, by columns that SQL may see.
fn dated(schema: &Schema) -> Option<DatedDataset> {
    let dated_by = schema.dated_by.clone()?;
    let open = schema.arrow_schema(Columns::Open);
    let is_open = |name: &String| open.column_with_name(name).is_some();
    if !is_open(&dated_by) || !schema.primary_key.iter().all(is_open) {
        return None;
    }
    Some(DatedDataset {
        name: schema.dataset.to_string(),
        key: schema.primary_key.clone(),
        dated_by,
        compared: open.fields().iter().map(|field| field.name().clone()).collect(),
    })
}

fn deliveries(came: &[Delivery], is_increment: impl Fn(&Delivery) -> bool) -> Result<MemoryTable, PipelineError> {
    let text = |of: fn(&Delivery) -> String| Arc::new(came.iter().map(|one| Some(of(one))).collect::<StringArray>());
    let numbers: Int64Array = came.iter().map(|one| i64::try_from(one.number).ok()).collect();
    let days: Date32Array = came.iter().map(|one| Some(days_since_epoch(one.as_of))).collect();
    let sequences: Int32Array = came.iter().map(|one| i32::try_from(one.sequence).ok()).collect();
    let increments: BooleanArray = came.iter().map(|one| Some(is_increment(one))).collect();
    table(
        "deliveries",
        vec![
            ("delivery", Arc::new(numbers)),
            ("dataset", text(|one| one.dataset.to_string())),
            ("supplier", text(|one| one.supplier.to_string())),
            ("extract_id", text(|one| one.hash.to_string())),
            ("as_of", Arc::new(days)),
            ("sequence", Arc::new(sequences)),
            ("came_at", instants(came.iter().map(|one| one.came_at))),
            ("is_increment", Arc::new(increments)),
        ],
    )
}

fn released(releases: &[Release]) -> Result<MemoryTable, PipelineError> {
    let rows: Vec<(&Release, u64)> =
        releases.iter().flat_map(|release| release.rows.iter().map(move |row| (release, *row))).collect();
    let extracts: StringArray = rows.iter().map(|(release, _)| Some(release.extract.to_string())).collect();
    let numbers: Int64Array = rows.iter().map(|(_, row)| i64::try_from(*row).ok()).collect();
    table(
        "released",
        vec![
            ("extract_id", Arc::new(extracts)),
            ("row_number", Arc::new(numbers)),
            ("released_at", instants(rows.iter().map(|(release, _)| release.at))),
        ],
    )
}

fn instants(times: impl Iterator<Item = Timestamp>) -> ArrayRef {
    let times: TimestampMicrosecondArray = times.map(|at| Some(at.as_microsecond())).collect();
    Arc::new(times.with_timezone("UTC"))
}

fn table(name: &str, columns: Vec<(&str, ArrayRef)>) -> Result<MemoryTable, PipelineError> {
    let field = |(name, column): &(&str, ArrayRef)| Field::new(*name, column.data_type().clone(), true);
    let schema = Arc::new(ArrowSchema::new(columns.iter().map(field).collect::<Vec<_>>()));
    let arrays = columns.into_iter().map(|(_, column)| column).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays)
        .map_err(|source| PipelineError::Arrow { doing: format!("put {name} into a table"), source })?;
    Ok(MemoryTable { name: name.to_owned(), description: String::new(), schema, batches: vec![batch] })
}
