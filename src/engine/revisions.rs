//! The view `revisions`: rows that arrived, changed or went after the quarter they lie in was closed. Compares what every
//! supplier had delivered when the quarter was closed with what is live; reads every delivery, and only when it is asked.

use arrow::datatypes::DataType;
use datafusion::catalog::{MemorySchemaProvider, SchemaProvider};
use datafusion::datasource::provider_as_source;
use datafusion::error::DataFusionError;
use datafusion::functions::expr_fn::concat_ws;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, lit};
use datafusion::prelude::{Expr, cast};

use super::dataset::{MemoryTable, column};
use super::functions;
use crate::definitions::{LINEAGE_EXTRACT, LINEAGE_ROW, LINEAGE_SUPPLIER};
use crate::lake::{Lake, Snapshot};
use crate::model::ContentHash;

/// The name of the view.
pub const REVISIONS: &str = "revisions";
/// What one row of it is.
pub(super) const DESCRIPTION: &str = "A row that was added, changed or removed after its quarter was closed.";
/// Its SQL, over `history`, `deliveries` and `released`.
const SQL: &str = include_str!("revisions.sql");

/// A dataset whose rows lie in quarters.
#[derive(Clone, Debug)]
pub struct DatedDataset {
    /// Its name, which is the table's too.
    pub name: String,
    /// The columns that identify a row.
    pub key: Vec<String>,
    /// The column with the day that a row belongs to.
    pub dated_by: String,
    /// The columns that are compared.
    pub compared: Vec<String>,
}

/// What the view reads beside the lake.
#[derive(Clone, Debug)]
pub struct History {
    /// The datasets.
    pub datasets: Vec<DatedDataset>,
    /// The extracts that were delivered; others in a table are not looked at.
    pub extracts: Vec<ContentHash>,
    /// `delivery` (a number that grows), `dataset`, `supplier`, `extract_id`, `as_of`, `sequence`, `came_at`,
    /// `is_increment`.
    pub deliveries: MemoryTable,
    /// `extract_id`, `row_number`, `released_at`.
    pub released: MemoryTable,
}

/// The tables that the SQL reads.
pub(super) async fn tables(
    history: &History,
    lake: &Lake,
    snapshot: &Snapshot,
) -> Result<MemorySchemaProvider, DataFusionError> {
    let schema = MemorySchemaProvider::new();
    let mut rows: Option<LogicalPlanBuilder> = None;
    for dataset in &history.datasets {
        let Some(version) = snapshot.tables.get(&dataset.name) else { continue };
        let own = rows_of(dataset, &history.extracts, lake, *version).await?;
        rows = Some(match rows {
            Some(rows) => rows.union(own)?,
            None => LogicalPlanBuilder::from(own),
        });
    }
    let rows = match rows {
        Some(rows) => rows.build()?,
        None => no_rows()?,
    };
    schema.register_table("history".to_owned(), super::catalog::view(rows))?;
    for (name, table) in [("deliveries", &history.deliveries), ("released", &history.released)] {
        schema.register_table(name.to_owned(), super::catalog::in_memory(table)?)?;
    }
    Ok(schema)
}

/// The SQL of the view.
pub(super) const fn sql() -> &'static str {
    SQL
}

/// Every stored row of the delivered extracts: where it is from, its key, its day, and a hash of its values.
async fn rows_of(
    dataset: &DatedDataset,
    extracts: &[ContentHash],
    lake: &Lake,
    version: i64,
) -> Result<LogicalPlan, DataFusionError> {
    let stored = lake.provider(&dataset.name, version).await.map_err(|e| DataFusionError::External(Box::new(e)))?;
    let known = stored.schema();
    let is_there = |name: &&String| known.column_with_name(name).is_some();
    if !is_there(&&dataset.dated_by) || !dataset.key.iter().all(|name| is_there(&name)) {
        return no_rows();
    }
    let text = |name: &String| cast(column(name), DataType::Utf8);
    let hashes = extracts.iter().map(|hash| lit(hash.as_str())).collect();
    let key: Vec<Expr> = dataset.key.iter().map(text).collect();
    let compared: Vec<Expr> = dataset.compared.iter().filter(is_there).map(|name| column(name)).collect();
    let shown = vec![
        lit(dataset.name.as_str()).alias("dataset"),
        cast(column(LINEAGE_SUPPLIER), DataType::Utf8).alias("supplier"),
        cast(column(LINEAGE_EXTRACT), DataType::Utf8).alias("extract_id"),
        column(LINEAGE_ROW).alias("row_number"),
        concat_ws(lit(" + "), key).alias("row_key"),
        cast(column(&dataset.dated_by), DataType::Date32).alias("dated_by"),
        functions::row_hash().call(compared).alias("content"),
    ];
    LogicalPlanBuilder::scan(dataset.name.as_str(), provider_as_source(stored), None)?
        .filter(column(LINEAGE_EXTRACT).in_list(hashes, false))?
        .project(shown)?
        .build()
}

fn no_rows() -> Result<LogicalPlan, DataFusionError> {
    let text = || lit("");
    let shown = vec![
        text().alias("dataset"),
        text().alias("supplier"),
        text().alias("extract_id"),
        lit(0_i64).alias("row_number"),
        text().alias("row_key"),
        cast(lit(datafusion::common::ScalarValue::Utf8(None)), DataType::Date32).alias("dated_by"),
        text().alias("content"),
    ];
    LogicalPlanBuilder::empty(true).project(shown)?.filter(lit(false))?.build()
}
