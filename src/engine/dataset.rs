//! What a session is made of, and the view that shows a dataset's live rows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::TableProvider;
use datafusion::common::{Column, ScalarValue};
use datafusion::datasource::provider_as_source;
use datafusion::error::DataFusionError;
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::{ExprFunctionExt, LogicalPlan, LogicalPlanBuilder, case, lit};
use datafusion::prelude::{Expr, cast};
use jiff::civil::Date;

use super::revisions::History;
use crate::definitions::{
    LINEAGE_AS_OF, LINEAGE_EXTRACT, LINEAGE_ROW, LINEAGE_SEQUENCE, LINEAGE_SUPPLIER, days_since_epoch, lineage_fields,
};
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
    /// The columns of which a supplier's later extract replaces the earlier rows with the same values: the primary key of a
    /// dataset that comes in increments. None for snapshots, of which one extract a supplier is live.
    pub replaced_by: Option<Vec<String>>,
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

/// Rows in Parquet files outside the lake, such as those of an extract that is not committed yet.
#[derive(Clone, Debug)]
pub struct FileTable {
    /// Its name.
    pub name: String,
    /// What one row is.
    pub description: String,
    /// Its columns.
    pub schema: SchemaRef,
    /// The files; none makes an empty table.
    pub files: Vec<PathBuf>,
}

/// A table of a lake that is shown whole: it is no dataset, and all its rows count.
#[derive(Clone, Debug)]
pub struct WholeTable {
    /// Its name, in the lake too.
    pub name: String,
    /// What one row is.
    pub description: String,
    /// Where it lies.
    pub lake: Lake,
    /// The version to read.
    pub version: i64,
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
    /// By dataset, rows of live extracts that do not show, such as those released after the instant that is asked for.
    pub hidden: &'a BTreeMap<String, Vec<HiddenRows>>,
    /// By dataset, live extracts that came again for another day than their rows say.
    pub placed: &'a BTreeMap<String, Vec<PlacedExtract>>,
    /// Views, in order.
    pub staging: &'a [NamedSql],
    /// A lake whose tables are shown whole, under their own names.
    pub published: Option<(&'a Lake, &'a Snapshot)>,
    /// Tables of a lake that are shown whole beside these.
    pub whole: &'a [WholeTable],
    /// Further tables.
    pub memory: &'a [MemoryTable],
    /// Further tables in files.
    pub files: &'a [FileTable],
    /// What the view of revisions reads; without it there is none.
    pub history: Option<&'a History>,
}

/// Rows of one extract that do not show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HiddenRows {
    /// Whose.
    pub extract: ContentHash,
    /// As numbered in the file.
    pub rows: BTreeSet<u64>,
}

/// A live extract whose bytes came again: the day and number for which its rows count now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedExtract {
    /// Which.
    pub extract: ContentHash,
    /// The day up to which it is known.
    pub as_of: Date,
    /// Its number among the deliveries of that day.
    pub sequence: u32,
}

/// Which rows of a dataset's table show, and as what.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    /// The extracts whose rows count.
    pub(super) live: Vec<ContentHash>,
    /// Rows of these that do not show.
    pub(super) hidden: Vec<HiddenRows>,
    /// Those that show another day and number than they hold.
    pub(super) placed: Vec<PlacedExtract>,
}

static NOTHING_LIVE: BTreeMap<String, Vec<ContentHash>> = BTreeMap::new();
static NOTHING_HIDDEN: BTreeMap<String, Vec<HiddenRows>> = BTreeMap::new();
static NOTHING_PLACED: BTreeMap<String, Vec<PlacedExtract>> = BTreeMap::new();

impl SessionSource<'_> {
    /// Nothing at all, to be filled.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            lake: None,
            datasets: &[],
            live: &NOTHING_LIVE,
            hidden: &NOTHING_HIDDEN,
            placed: &NOTHING_PLACED,
            staging: &[],
            published: None,
            whole: &[],
            memory: &[],
            files: &[],
            history: None,
        }
    }
}

/// The columns of a dataset's view: the open ones, then lineage.
pub(super) fn view_schema(open: &Schema) -> SchemaRef {
    let mut fields: Vec<Arc<Field>> = open.fields().iter().cloned().collect();
    fields.extend(lineage_fields().into_iter().map(Arc::new));
    Arc::new(Schema::new(fields))
}

/// The rows of the live extracts. A column that the table does not have yet is null, one that it has in another type
/// is cast. Of several live increments of a supplier the latest row of a key counts; of one nothing is compared.
pub(super) fn live_rows(
    table: Arc<dyn TableProvider>,
    columns: &Schema,
    rows: &Shown,
    replaced_by: Option<&[String]>,
) -> Result<LogicalPlan, DataFusionError> {
    let Shown { live, hidden, placed } = rows;
    let stored = table.schema();
    let hashes = live.iter().map(|hash| lit(hash.as_str())).collect();
    let mut is_live = column(LINEAGE_EXTRACT).in_list(hashes, false);
    for later in hidden {
        let rows = later.rows.iter().filter_map(|row| i64::try_from(*row).ok()).map(lit).collect();
        let is_other = column(LINEAGE_EXTRACT).not_eq(lit(later.extract.as_str()));
        is_live = is_live.and(is_other.or(column(LINEAGE_ROW).in_list(rows, true)));
    }
    let shown = columns.fields().iter().map(|field| shown(field, &stored, placed)).collect::<Result<Vec<_>, _>>()?;
    let rows = LogicalPlanBuilder::scan("stored", provider_as_source(table), None)?.filter(is_live)?.project(shown)?;
    match replaced_by {
        Some(key) if live.len() > 1 => latest(rows, columns, key)?.build(),
        _ => rows.build(),
    }
}

/// Of the rows of one supplier and key the one of the latest day, then of the highest sequence number.
fn latest(rows: LogicalPlanBuilder, columns: &Schema, key: &[String]) -> Result<LogicalPlanBuilder, DataFusionError> {
    const RANK: &str = "_rank";
    let mut same: Vec<Expr> = key.iter().map(|name| column(name)).collect();
    same.push(column(LINEAGE_SUPPLIER));
    let newest = [LINEAGE_AS_OF, LINEAGE_SEQUENCE].map(|name| column(name).sort(false, false));
    let rank = row_number().partition_by(same).order_by(newest.to_vec()).build()?.alias(RANK);
    let kept = columns.fields().iter().map(|field| column(field.name()));
    rows.window(vec![rank])?.filter(column(RANK).eq(lit(1_u64)))?.project(kept)
}

fn shown(field: &Field, stored: &Schema, placed: &[PlacedExtract]) -> Result<Expr, DataFusionError> {
    let name = field.name();
    let day = |extract: &PlacedExtract| lit(ScalarValue::Date32(Some(days_since_epoch(extract.as_of))));
    let number = |extract: &PlacedExtract| lit(i32::try_from(extract.sequence).unwrap_or(i32::MAX));
    match name.as_str() {
        LINEAGE_AS_OF if !placed.is_empty() => return instead(name, placed, day),
        LINEAGE_SEQUENCE if !placed.is_empty() => return instead(name, placed, number),
        _ => {}
    }
    match stored.column_with_name(name) {
        None => Ok(lit(ScalarValue::try_from(field.data_type())?).alias(name)),
        Some((_, found)) if same_values(found.data_type(), field.data_type()) => Ok(column(name)),
        Some(_) => Ok(cast(column(name), field.data_type().clone()).alias(name)),
    }
}

/// A column with another value for extracts that came again.
fn instead(
    name: &str,
    placed: &[PlacedExtract],
    value: impl Fn(&PlacedExtract) -> Expr,
) -> Result<Expr, DataFusionError> {
    let (first, others) = placed.split_first().ok_or_else(|| DataFusionError::Internal("nothing came again".into()))?;
    let is_of = |extract: &PlacedExtract| lit(extract.extract.as_str());
    let mut cases = case(column(LINEAGE_EXTRACT));
    let mut cases = cases.when(is_of(first), value(first));
    for extract in others {
        cases = cases.when(is_of(extract), value(extract));
    }
    Ok(cases.otherwise(column(name))?.alias(name))
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
