//! What a session is made of, and the view that shows a dataset's live rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::TableProvider;
use datafusion::common::{Column, ScalarValue};
use datafusion::datasource::provider_as_source;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, lit};
use datafusion::prelude::{Expr, cast};

use crate::definitions::{LINEAGE_EXTRACT, lineage_fields};
use crate::lake::{Lake, Snapshot};
use crate::model::ContentHash;

/// A dataset as SQL sees it.
#[derive(Clone, Debug)]
pub struct DatasetSchema {
    /// Its name, which is the table's too.
    pub name: String,
    /// What one row is.
    pub description: String,
    /// Its open columns, without lineage.
    pub open: SchemaRef,
}

/// A view of the user's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedSql {
    /// Its name.
    pub name: String,
    /// One SELECT over datasets and the views before it.
    pub sql: String,
}

/// Rows that some other part already holds, such as the runs of the ledger.
#[derive(Clone, Debug)]
pub struct MemoryTable {
    /// Its name.
    pub name: String,
    /// What one row is.
    pub description: String,
    /// Its columns.
    pub schema: SchemaRef,
    /// Its rows.
    pub batches: Vec<RecordBatch>,
}

/// Everything a session shows.
#[derive(Clone, Copy, Debug)]
pub struct SessionSource<'a> {
    /// The lake and the versions to read; none gives empty datasets.
    pub lake: Option<(&'a Lake, &'a Snapshot)>,
    /// The datasets, each a table of the lake with the same name.
    pub datasets: &'a [DatasetSchema],
    /// By dataset, the extracts whose rows count. A dataset that is not named has no rows.
    pub live: &'a BTreeMap<String, Vec<ContentHash>>,
    /// Views, in order.
    pub staging: &'a [NamedSql],
    /// A lake whose tables are shown whole, under their own names.
    pub published: Option<(&'a Lake, &'a Snapshot)>,
    /// Further tables.
    pub memory: &'a [MemoryTable],
}

static NOTHING_LIVE: BTreeMap<String, Vec<ContentHash>> = BTreeMap::new();

impl SessionSource<'_> {
    /// Nothing at all, to be filled.
    #[must_use]
    pub const fn empty() -> Self {
        Self { lake: None, datasets: &[], live: &NOTHING_LIVE, staging: &[], published: None, memory: &[] }
    }
}

/// The columns of a dataset's view: the open ones, then lineage.
pub(super) fn view_schema(open: &Schema) -> SchemaRef {
    let mut fields: Vec<Arc<Field>> = open.fields().iter().cloned().collect();
    fields.extend(lineage_fields().into_iter().map(Arc::new));
    Arc::new(Schema::new(fields))
}

/// The rows of the live extracts. A column that the table does not have yet is null, one that it has in another type
/// is cast.
pub(super) fn live_rows(
    table: Arc<dyn TableProvider>,
    columns: &Schema,
    live: &[ContentHash],
) -> Result<LogicalPlan, DataFusionError> {
    let stored = table.schema();
    let hashes = live.iter().map(|hash| lit(hash.as_str())).collect();
    let is_live = column(LINEAGE_EXTRACT).in_list(hashes, false);
    let shown = columns.fields().iter().map(|field| shown(field, &stored)).collect::<Result<Vec<_>, _>>()?;
    LogicalPlanBuilder::scan("stored", provider_as_source(table), None)?.filter(is_live)?.project(shown)?.build()
}

fn shown(field: &Field, stored: &Schema) -> Result<Expr, DataFusionError> {
    let name = field.name();
    match stored.column_with_name(name) {
        None => Ok(lit(ScalarValue::try_from(field.data_type())?).alias(name)),
        Some((_, found)) if same_values(found.data_type(), field.data_type()) => Ok(column(name)),
        Some(_) => Ok(cast(column(name), field.data_type().clone()).alias(name)),
    }
}

/// Whether two types hold the same values, perhaps laid out differently.
fn same_values(a: &DataType, b: &DataType) -> bool {
    let text = |kind: &DataType| matches!(kind, DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8);
    a == b || (text(a) && text(b))
}

/// A column by its exact name.
pub(super) fn column(name: &str) -> Expr {
    Expr::Column(Column::from_name(name))
}
