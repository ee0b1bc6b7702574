//! Rules over sets of rows: a query that gives the number of each failing row.

use std::ops::ControlFlow;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Int64Type};
use arrow::error::ArrowError;
use datafusion::common::ParamValues;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{Expr, Value, visit_expressions_mut};
use jiff::civil::Date;

use super::session::Session;
use super::{EngineError, parameters};
use crate::definitions::{SET_RULE_ROW, SET_RULE_TARGET, SetRule};

/// What the day of the extract is called in a query.
const AS_OF: &str = "as_of";

impl Session {
    /// Plans a set rule without running it. The session shows the rows under
    /// [`SET_RULE_TABLE`](crate::definitions::SET_RULE_TABLE).
    ///
    /// # Errors
    /// When the SQL is wrong, would change something, names what is not there, or does not give the numbers of rows.
    pub async fn plan_set_rule(&self, query: &str, as_of: Date) -> Result<(), EngineError> {
        self.set_rule(query, as_of).await.map(drop)
    }

    /// Runs a set rule and calls `each` with the number of every row that fails it, perhaps more than once.
    ///
    /// # Errors
    /// As [`Session::plan_set_rule`], and when the query fails on the way.
    pub async fn failing_rows(
        &self,
        rule: &SetRule,
        as_of: Date,
        mut each: impl FnMut(u64) + Send,
    ) -> Result<(), EngineError> {
        self.rows_of_rule(rule, as_of, [SET_RULE_ROW], |[row]| each(row)).await
    }

    /// Runs a rule that follows others and calls `each` with the number of a row and of one that it needs.
    ///
    /// # Errors
    /// As [`Session::failing_rows`].
    pub async fn needed_rows(
        &self,
        rule: &SetRule,
        as_of: Date,
        mut each: impl FnMut(u64, u64) + Send,
    ) -> Result<(), EngineError> {
        self.rows_of_rule(rule, as_of, [SET_RULE_ROW, SET_RULE_TARGET], |[row, target]| each(row, target)).await
    }

    /// Calls `each` with the numbers in some columns of every row that a rule's query gives; a row without all is left out.
    async fn rows_of_rule<const N: usize>(
        &self,
        rule: &SetRule,
        as_of: Date,
        names: [&str; N],
        mut each: impl FnMut([u64; N]) + Send,
    ) -> Result<(), EngineError> {
        let what = format!("the rule {}", rule.id);
        let plan = self.set_rule(&rule.query, as_of).await?;
        let mut stream = self.stream(&what, self.frame(plan)).await?;
        while let Some(batch) = stream.next().await {
            let batch = batch?;
            let broken = |error: ArrowError| EngineError::run(&what, error.into(), 0);
            let mut columns = Vec::with_capacity(N);
            for name in names {
                let column = batch.column(batch.schema().index_of(name).map_err(broken)?);
                columns.extend(column.as_primitive_opt::<Int64Type>());
            }
            let number = |row: usize, column: usize| -> Option<u64> {
                let column = columns.get(column).filter(|column| column.is_valid(row))?;
                u64::try_from(column.value(row)).ok()
            };
            for row in 0..batch.num_rows() {
                let numbers: [Option<u64>; N] = std::array::from_fn(|column| number(row, column));
                if numbers.iter().all(Option::is_some) {
                    each(numbers.map(Option::unwrap_or_default));
                }
            }
        }
        Ok(())
    }

    /// The plan, with the day of the extract bound: `as_of`, bare or as `$as_of`, as in rules over columns.
    async fn set_rule(&self, query: &str, as_of: Date) -> Result<LogicalPlan, EngineError> {
        let what = "the set rule";
        let sql = self.with_parameter(query).map_err(|source| EngineError::plan(what, source))?;
        let plan = self.plan(what, &sql).await?;
        let day = ParamValues::from(vec![(AS_OF, parameters::date32(as_of))]);
        let plan = plan.with_param_values(day).map_err(|source| EngineError::plan(what, source))?;
        let schema = self.optimized_schema(what, &plan)?;
        let is_row = schema.field_with_name(SET_RULE_ROW).is_ok_and(|field| *field.data_type() == DataType::Int64);
        if is_row {
            return Ok(plan);
        }
        let problems = vec![format!("`{SET_RULE_ROW}` of `incoming` is missing")];
        Err(EngineError::Columns { what: what.to_owned(), problems })
    }

    /// The query with a parameter wherever it says `as_of`.
    fn with_parameter(&self, query: &str) -> Result<String, datafusion::error::DataFusionError> {
        let mut statement = self.parse(query)?;
        let Statement::Statement(inner) = &mut statement else { return Ok(query.to_owned()) };
        let _: ControlFlow<()> = visit_expressions_mut(inner.as_mut(), |part| {
            if matches!(part, Expr::Identifier(name) if name.value == AS_OF) {
                *part = Expr::Value(Value::Placeholder(format!("${AS_OF}")).into());
            }
            ControlFlow::Continue(())
        });
        Ok(statement.to_string())
    }
}
