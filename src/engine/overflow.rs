//! Sums that could run over. `DataFusion`'s `sum` of decimals and integers wraps around in silence, and a wrapped sum is a
//! wrong statistic. A `Decimal128` holds 38 digits, so a sum over at most ten thousand million rows is safe when each
//! value has at most 28: that is what is asked of every decimal that is summed.

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{ExprSchemable, LogicalPlan};
use datafusion::prelude::Expr;

use super::EngineError;

/// The digits that a summed value may have.
pub(super) const SUMMABLE_PRECISION: u8 = 28;

/// Refuses a plan that sums or averages decimals of more than [`SUMMABLE_PRECISION`] digits. A sum of sums is safe, since
/// it counts the same rows.
pub(super) fn check_sums(what: &str, plan: &LogicalPlan) -> Result<(), EngineError> {
    let mut problems = Vec::new();
    plan.apply_with_subqueries(|node| {
        let (found, input) = match node {
            LogicalPlan::Aggregate(aggregate) => (&aggregate.aggr_expr, &aggregate.input),
            LogicalPlan::Window(window) => (&window.window_expr, &window.input),
            _ => return Ok(TreeNodeRecursion::Continue),
        };
        for expr in found {
            check_expr(expr, input, &mut problems)?;
        }
        Ok(TreeNodeRecursion::Continue)
    })
    .map_err(|source| EngineError::plan(what, source))?;
    problems.sort();
    problems.dedup();
    if problems.is_empty() { Ok(()) } else { Err(EngineError::Overflow { what: what.to_owned(), problems }) }
}

fn check_expr(expr: &Expr, input: &LogicalPlan, problems: &mut Vec<String>) -> Result<(), DataFusionError> {
    expr.apply(|part| {
        let (name, args) = match part {
            Expr::AggregateFunction(call) => (call.func.name(), &call.params.args),
            Expr::WindowFunction(call) => (call.fun.name(), &call.params.args),
            _ => return Ok(TreeNodeRecursion::Continue),
        };
        if matches!(name, "sum" | "avg" | "mean") {
            for arg in args {
                if let DataType::Decimal128(precision, scale) = arg.get_type(input.schema().as_ref())?
                    && precision > SUMMABLE_PRECISION
                    && !is_sum(arg, input)
                {
                    problems.push(format!(
                        "`{name}({arg})` adds decimal({precision}, {scale}) and could run over (hint: cast it to \
                         decimal({SUMMABLE_PRECISION}, {scale}) or narrower first)"
                    ));
                }
            }
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(())
}

/// Whether a column is a sum made one step below.
fn is_sum(expr: &Expr, input: &LogicalPlan) -> bool {
    let Expr::Column(column) = expr else { return false };
    match input {
        LogicalPlan::Aggregate(aggregate) => {
            let position = aggregate.schema.maybe_index_of_column(column);
            let made = position.and_then(|at| aggregate.aggr_expr.get(at.checked_sub(aggregate.group_expr.len())?));
            made.is_some_and(is_sum_call)
        }
        LogicalPlan::Projection(projection) => projection
            .schema
            .maybe_index_of_column(column)
            .and_then(|at| projection.expr.get(at))
            .is_some_and(|expr| is_sum(unalias(expr), &projection.input)),
        LogicalPlan::SubqueryAlias(alias) => {
            let position = alias.schema.maybe_index_of_column(column);
            position.is_some_and(|at| {
                let (qualifier, field) = alias.input.schema().qualified_field(at);
                is_sum(&Expr::Column((qualifier, field).into()), &alias.input)
            })
        }
        LogicalPlan::Filter(filter) => is_sum(expr, &filter.input),
        LogicalPlan::Sort(sort) => is_sum(expr, &sort.input),
        _ => false,
    }
}

fn is_sum_call(expr: &Expr) -> bool {
    matches!(unalias(expr), Expr::AggregateFunction(call) if call.func.name() == "sum")
}

fn unalias(expr: &Expr) -> &Expr {
    match expr {
        Expr::Alias(alias) => unalias(&alias.expr),
        other => other,
    }
}
