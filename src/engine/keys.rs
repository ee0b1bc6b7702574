//! The known keys of a dataset, for foreign keys.

use std::collections::HashSet;

use arrow::array::{Array, StringArray};
use arrow::datatypes::DataType;
use datafusion::common::TableReference;
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::LogicalPlanBuilder;
use datafusion::prelude::cast;

use super::EngineError;
use super::dataset::column;
use super::session::Session;
use super::suggest::name_hint;

/// Stands between the parts of a key.
const SEPARATOR: &str = "\u{1f}";

impl Session {
    /// The distinct values of some columns of a dataset's live rows, each row's texts joined by U+001F. Rows in which one
    /// of them is null are no key.
    ///
    /// # Errors
    /// When the dataset or a column is not there, or cannot be read.
    pub async fn distinct_keys(&self, dataset: &str, columns: &[String]) -> Result<HashSet<String>, EngineError> {
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
        let texts = columns.iter().map(|name| cast(column(name), DataType::Utf8).alias(name));
        let plan = LogicalPlanBuilder::scan(TableReference::bare(dataset), provider_as_source(table), None)
            .and_then(|scan| scan.project(texts))
            .and_then(LogicalPlanBuilder::distinct)
            .and_then(LogicalPlanBuilder::build)
            .map_err(fail)?;
        let mut stream = self.stream(&what, self.frame(plan)).await?;
        let mut keys = HashSet::new();
        while let Some(batch) = stream.next().await {
            let batch = batch?;
            let parts: Vec<&StringArray> =
                batch.columns().iter().filter_map(|array| array.as_any().downcast_ref()).collect();
            for row in 0..batch.num_rows() {
                if parts.iter().all(|part| part.is_valid(row)) {
                    let texts: Vec<&str> = parts.iter().map(|part| part.value(row)).collect();
                    keys.insert(texts.join(SEPARATOR));
                }
            }
        }
        Ok(keys)
    }
}
