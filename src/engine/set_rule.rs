//! Set rules of a schema: SQL that names the rows of an extract which fail.

use arrow::array::{Array, Int64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Schema};
use jiff::civil::Date;

use super::session::Session;
use super::{EngineError, parameters};
use crate::definitions::{SET_RULE_ROW, SetRule};

impl Session {
    /// Runs a set rule and calls `each` with the number of every row that fails it, perhaps more than once. `$as_of` is
    /// bound in its SQL.
    ///
    /// # Errors
    /// When the SQL is wrong, does not give the number, or fails.
    pub async fn failing_rows(
        &self,
        rule: &SetRule,
        as_of: Date,
        mut each: impl FnMut(u64) + Send,
    ) -> Result<(), EngineError> {
        let what = format!("the rule {}", rule.id);
        let plan = self.plan_set_rule(&what, rule, as_of).await?;
        let mut stream = self.stream(&what, self.frame(plan)).await?;
        while let Some(batch) = stream.next().await {
            let batch = batch?;
            let broken = |error: arrow::error::ArrowError| EngineError::run(&what, error.into(), 0);
            let numbers = cast(batch.column(batch.schema().index_of(SET_RULE_ROW).map_err(broken)?), &DataType::Int64);
            let numbers = numbers.map_err(broken)?;
            let Some(numbers) = numbers.as_any().downcast_ref::<Int64Array>() else { continue };
            numbers.iter().flatten().filter_map(|number| u64::try_from(number).ok()).for_each(&mut each);
        }
        Ok(())
    }

    /// Plans a set rule without touching data.
    ///
    /// # Errors
    /// When the SQL is wrong or does not give the number of a row.
    pub async fn plan_set_rule_check(&self, rule: &SetRule, as_of: Date) -> Result<(), EngineError> {
        self.plan_set_rule(&format!("the rule {}", rule.id), rule, as_of).await.map(|_| ())
    }

    async fn plan_set_rule(
        &self,
        what: &str,
        rule: &SetRule,
        as_of: Date,
    ) -> Result<datafusion::logical_expr::LogicalPlan, EngineError> {
        let plan = self.plan(what, &rule.query).await?;
        let fail = |source| EngineError::plan(what, source);
        let plan = plan.with_param_values(parameters::as_of(as_of)).map_err(fail)?;
        let found = self.optimized_schema(what, &plan)?;
        if gives_numbers(&found) {
            return Ok(plan);
        }
        let problems = vec![format!("`{SET_RULE_ROW}` is missing, or no whole number; it names the failing row")];
        Err(EngineError::Columns { what: what.to_owned(), problems })
    }
}

fn gives_numbers(schema: &Schema) -> bool {
    schema.column_with_name(SET_RULE_ROW).is_some_and(|(_, field)| field.data_type().is_integer())
}
