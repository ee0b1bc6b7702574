//! A session: SQL over what it was opened with. Every plan passes the read-only gate.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use datafusion::catalog::{SchemaProvider, TableProvider};
use datafusion::common::TableReference;
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use datafusion::execution::SessionState;
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::parser::Statement;

use super::catalog::LakeSchema;
use super::dataset::SessionSource;
use super::export::ExportRules;
use super::limits::{CATALOG, EngineLimits, SCHEMA};
use super::query::QueryStream;
use super::suggest::name_hint;
use super::{EngineError, QueryParameters, overflow};

/// A table or view of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableInfo {
    /// Its name in SQL.
    pub name: String,
    /// What one row is.
    pub description: String,
}

/// SQL over a pinned snapshot.
#[derive(Clone, Debug)]
pub struct Session {
    state: SessionState,
    tables: LakeSchema,
    limits: EngineLimits,
}

impl Session {
    pub(super) fn new(
        base: SessionState,
        limits: EngineLimits,
        source: SessionSource<'_>,
    ) -> Result<Self, EngineError> {
        let tables = LakeSchema::new(base, source)?;
        let state = tables.state().map_err(|source| EngineError::Setup { source: Box::new(source) })?;
        Ok(Self { state, tables, limits })
    }

    /// Its tables and views, in order of definition.
    #[must_use]
    pub fn tables(&self) -> Vec<TableInfo> {
        self.tables.tables()
    }

    /// Runs one statement that reads. The stream ends with an error when it takes longer than the deadline, counted
    /// from here.
    ///
    /// # Errors
    /// When the SQL is wrong, would change something, or names what is not there.
    pub async fn query(&self, sql: &str) -> Result<QueryStream, EngineError> {
        let what = "the query";
        let plan = self.plan(what, sql).await?;
        self.stream(what, self.frame(plan)).await
    }

    /// Runs a reference indicator's SQL with its parameters and returns its columns as delivered (texts as `Utf8`).
    ///
    /// # Errors
    /// When the SQL is wrong or fails.
    pub async fn reference(&self, sql: &str, parameters: &QueryParameters) -> Result<Vec<RecordBatch>, EngineError> {
        let what = "the reference query";
        let plan = self.bound_plan(what, sql, parameters).await?;
        self.stream(what, self.frame(plan)).await?.collect().await
    }

    /// Plans SQL without running it; parameters may occur.
    ///
    /// # Errors
    /// When the SQL is wrong, would change something, or names what is not there.
    pub async fn plan_check(&self, sql: &str) -> Result<SchemaRef, EngineError> {
        let what = "the query";
        let plan = self.bound_plan(what, sql, &QueryParameters::for_planning()).await?;
        self.optimized_schema(what, &plan)
    }

    /// A plan with its parameters bound, whose sums cannot run over.
    pub(super) async fn bound_plan(
        &self,
        what: &str,
        sql: &str,
        parameters: &QueryParameters,
    ) -> Result<LogicalPlan, EngineError> {
        let plan = self.plan(what, sql).await?;
        let plan = plan.with_param_values(parameters.bound()).map_err(|source| EngineError::plan(what, source))?;
        overflow::check_sums(what, &plan)?;
        Ok(plan)
    }

    /// The columns of a plan, after the passes that find wrong types.
    pub(super) fn optimized_schema(&self, what: &str, plan: &LogicalPlan) -> Result<SchemaRef, EngineError> {
        let plan = self.state.optimize(plan).map_err(|source| EngineError::plan(what, source))?;
        Ok(Arc::clone(plan.schema().inner()))
    }

    /// The same session for planning: a view is planned once, and queries see its columns.
    ///
    /// # Errors
    /// When the session cannot be set up.
    pub fn with_columns_of_views(&self) -> Result<Self, EngineError> {
        self.over(self.tables.with_columns_of_views())
    }

    /// The same session with some views computed once, when SQL first names them, instead of in every query that does.
    /// Their rows stay in memory, a quarter of the engine's at most, else in files that go when the session goes.
    ///
    /// # Errors
    /// When the session cannot be set up.
    pub fn with_rows_kept(&self, views: BTreeSet<String>) -> Result<Self, EngineError> {
        self.over(self.tables.with_rows_kept(views, &self.limits))
    }

    /// The same session over tables that carry marks, so that a plan tells which of them it reads.
    pub(super) fn marked(&self, rules: &ExportRules) -> Result<Self, EngineError> {
        self.over(self.tables.marked(rules))
    }

    fn over(&self, tables: LakeSchema) -> Result<Self, EngineError> {
        let state = tables.state().map_err(|source| EngineError::Setup { source: Box::new(source) })?;
        Ok(Self { state, tables, limits: self.limits.clone() })
    }

    /// A statement, not planned yet.
    pub(super) fn parse(&self, sql: &str) -> Result<Statement, DataFusionError> {
        self.state.sql_to_statement(sql, &self.state.config_options().sql_parser.dialect)
    }

    /// The tables that a statement names.
    pub(super) fn resolve(&self, statement: &Statement) -> Result<Vec<TableReference>, DataFusionError> {
        self.state.resolve_table_references(statement)
    }

    /// A plan that reads, or why not.
    pub(super) async fn plan(&self, what: &str, sql: &str) -> Result<LogicalPlan, EngineError> {
        let statement = self.parse(sql).map_err(|source| EngineError::plan(what, source))?;
        let named = self.resolve(&statement).unwrap_or_default();
        let plan = match self.state.statement_to_plan(statement).await {
            Ok(plan) => plan,
            Err(source) => {
                let unknown = is_missing_table(&source).then(|| named.iter().find_map(|name| self.unknown(name)));
                return Err(match unknown.flatten() {
                    Some((name, hint)) => EngineError::UnknownTable { what: what.to_owned(), name, hint },
                    None => EngineError::plan(what, source),
                });
            }
        };
        verify_read_only(&plan)
            .map_err(|source| EngineError::ReadOnly { what: what.to_owned(), reason: source.message().into_owned() })?;
        Ok(plan)
    }

    fn unknown(&self, name: &TableReference) -> Option<(String, String)> {
        let place = name.schema().unwrap_or(SCHEMA);
        let here = place == SCHEMA && name.catalog().is_none_or(|catalog| catalog == CATALOG);
        let known = place == "information_schema" || (here && self.tables.table_exist(name.table()));
        (!known).then(|| (name.to_string(), name_hint(name.table(), &self.tables.table_names())))
    }

    /// The table or view of an exact name.
    pub(super) async fn find_table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>, DataFusionError> {
        self.tables.table(name).await
    }

    /// A plan made ready to be extended or run.
    pub(super) fn frame(&self, plan: LogicalPlan) -> DataFrame {
        DataFrame::new(self.state.clone(), plan)
    }

    /// Runs a frame under the limits.
    pub(super) async fn stream(&self, what: &str, frame: DataFrame) -> Result<QueryStream, EngineError> {
        QueryStream::start(what, frame, &self.limits).await
    }
}

/// Whether planning failed on a name of a table; `DataFusion` has no variant for it.
fn is_missing_table(error: &DataFusionError) -> bool {
    matches!(error.find_root(), DataFusionError::Plan(text) if text.starts_with("table '") && text.contains("not found"))
}

/// Refuses everything that changes data, tables or settings, at any depth of the plan.
pub(super) fn verify_read_only(plan: &LogicalPlan) -> Result<(), DataFusionError> {
    SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false).verify_plan(plan)
}

/// A schema whose texts are `Utf8`, the layout that every part of the program reads.
pub(super) fn plain_schema(schema: &Schema) -> SchemaRef {
    let plain = |field: &Arc<Field>| {
        let kind = plain_type(field.data_type());
        if kind == *field.data_type() { Arc::clone(field) } else { Arc::new(Field::clone(field).with_data_type(kind)) }
    };
    Arc::new(Schema::new(schema.fields().iter().map(plain).collect::<Vec<_>>()))
}

/// A batch in the layout of [`plain_schema`].
pub(super) fn plain_batch(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let convert = |(array, field): (&ArrayRef, &Arc<Field>)| {
        if array.data_type() == field.data_type() { Ok(Arc::clone(array)) } else { cast(array, field.data_type()) }
    };
    let columns = batch.columns().iter().zip(schema.fields()).map(convert).collect::<Result<Vec<_>, _>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)
}

fn plain_type(kind: &DataType) -> DataType {
    match kind {
        DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
        DataType::Dictionary(_, values) => plain_type(values),
        other => other.clone(),
    }
}
