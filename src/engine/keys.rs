//! The key columns of a dataset, for foreign keys and for keys that hold across suppliers.

use datafusion::common::TableReference;
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::LogicalPlanBuilder;

use super::EngineError;
use super::dataset::column;
use super::query::QueryStream;
use super::session::Session;
use super::suggest::name_hint;

impl Session {
    /// Some columns of a dataset's live rows, row by row: nothing is held in memory. Values may repeat.
    ///
    /// # Errors
    /// When the dataset or a column is not there, or cannot be read.
    pub async fn columns_of(&self, dataset: &str, columns: &[String]) -> Result<QueryStream, EngineError> {
        let what = format!("the keys of `{dataset}`");
        let fail = |source| EngineError::plan(&what, source);
        let table = self.find_table(dataset).await.map_err(fail)?.ok_or_else(|| EngineError::UnknownTable {
            what: what.clone(),
            name: dataset.to_owned(),
            hint: name_hint(dataset, &self.tables().into_iter().map(|table| table.name).collect::<Vec<_>>()),
        })?;
        let missing = columns.iter().filter(|name| table.schema().column_with_name(name).is_none());
        let problems: Vec<_> = missing.map(|name| format!("`{name}` is missing")).collect();
        if !problems.is_empty() {
            return Err(EngineError::Columns { what, problems });
        }
        let wanted = columns.iter().map(|name| column(name));
        let plan = LogicalPlanBuilder::scan(TableReference::bare(dataset), provider_as_source(table), None)
            .and_then(|scan| scan.project(wanted))
            .and_then(LogicalPlanBuilder::build)
            .map_err(fail)?;
        self.stream(&what, self.frame(plan)).await
    }
}
