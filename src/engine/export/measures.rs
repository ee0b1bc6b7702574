//! The one aggregate of an export: what it groups by and what it adds up, as columns to be folded row by row.

use arrow::datatypes::DataType;
use datafusion::logical_expr::{Aggregate, LogicalPlan, lit, when};
use datafusion::prelude::{Expr, cast};

use super::form::{Form, form_of, is_exact};
use super::refuse;
use super::trace::{Traced, check_expressions};
use crate::engine::EngineError;

/// The digits with which an amount is folded; a value that has more is an error of the cast.
const FOLDED_PRECISION: u8 = 38;
/// With more keys than these, marginal totals could not all be compared.
const MOST_KEYS: usize = 4;
/// How sums are asked for.
const COMBINE: &str =
    "name one column, alone or in `case when ... then column end`; multiply, divide and combine the results afterwards";

/// Something that is added up over the rows of a cell.
#[derive(Clone, Debug)]
pub(super) struct Measure {
    /// What is added, a decimal; null where the row does not count.
    pub(super) value: Expr,
    /// What it is.
    pub(super) kind: MeasureKind,
    /// The scan of which each row counts once, however often a join repeats it.
    pub(super) once: Option<usize>,
    /// The column of the aggregate's result that must be the same sum; none where it is no plain sum.
    pub(super) column: Option<usize>,
}

/// What is added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum MeasureKind {
    /// Rows, each one.
    Count,
    /// A column of one scan.
    Amount {
        /// Which scan.
        scan: usize,
        /// The column.
        column: String,
        /// Digits after the point.
        scale: i8,
    },
}

/// The aggregate of a query whose nodes above it only show its cells.
///
/// # Errors
/// [`EngineError::Export`] when something else stands there.
pub(super) fn find_aggregate(plan: &LogicalPlan) -> Result<&Aggregate, EngineError> {
    const HINT: &str =
        "ask select <keys>, count(*), sum(...), avg(...) from ... group by <keys>, and leave out the rest";
    check_expressions(plan)?;
    let what = match plan {
        LogicalPlan::Aggregate(aggregate) => return Ok(aggregate),
        LogicalPlan::Projection(node) => return find_aggregate(&node.input),
        LogicalPlan::Sort(node) => return find_aggregate(&node.input),
        LogicalPlan::Limit(node) => return find_aggregate(&node.input),
        LogicalPlan::SubqueryAlias(node) => return find_aggregate(&node.input),
        LogicalPlan::Filter(node) if find_aggregate(&node.input).is_ok() => {
            "`having` hides cells, and what is hidden tells something too"
        }
        LogicalPlan::TableScan(_) | LogicalPlan::Join(_) | LogicalPlan::Filter(_) => {
            "rows of confidential tables do not leave"
        }
        LogicalPlan::Window(_) => "a window function shows rows or compares cells",
        LogicalPlan::Distinct(_) => "`distinct` shows the rows of a table",
        LogicalPlan::Union(_) => "`union` mixes queries that must be checked one by one",
        LogicalPlan::Explain(_) | LogicalPlan::Analyze(_) => "`explain` tells sizes of confidential tables",
        _ => "only the cells of one `group by` leave",
    };
    Err(refuse(what, HINT))
}

/// The keys of an aggregate.
///
/// # Errors
/// [`EngineError::Export`] for several groupings at once and for too many keys.
pub(super) fn keys_of(aggregate: &Aggregate) -> Result<Vec<Expr>, EngineError> {
    if aggregate.group_expr.iter().any(|expr| matches!(expr, Expr::GroupingSet(_))) {
        return Err(refuse("several groupings stand in one query", "ask for each `group by` by itself"));
    }
    if aggregate.group_expr.len() > MOST_KEYS {
        let reason = format!("more than {MOST_KEYS} keys divide too finely");
        return Err(refuse(reason, "group by fewer columns"));
    }
    Ok(aggregate.group_expr.iter().map(|expr| expr.clone().unalias()).collect())
}

/// What an aggregate adds up.
///
/// # Errors
/// [`EngineError::Export`] for functions, or arguments, that could show one row's value.
pub(super) fn measures_of(aggregate: &Aggregate, input: &Traced) -> Result<Vec<Measure>, EngineError> {
    if aggregate.aggr_expr.is_empty() {
        return Err(refuse("nothing is counted or added up", "add count(*), sum(...) or avg(...)"));
    }
    let mut measures = Vec::new();
    for (place, expr) in aggregate.aggr_expr.iter().enumerate() {
        let column = aggregate.group_expr.len() + place;
        measures.extend(measures_of_call(expr, column, input)?);
    }
    Ok(measures)
}

fn measures_of_call(expr: &Expr, column: usize, input: &Traced) -> Result<Vec<Measure>, EngineError> {
    let Expr::AggregateFunction(call) = expr.clone().unalias() else {
        return Err(refuse("an aggregate is not a plain function", "use count, sum or avg"));
    };
    let schema = input.plan.schema();
    let (name, params) = (call.func.name().to_owned(), call.params);
    let arg = match params.args.as_slice() {
        [] => lit(1_i64),
        [arg] => arg.clone(),
        _ => return Err(refuse(format!("`{name}` has several arguments"), "count one column")),
    };
    let form = form_of(&arg, schema, &input.forms);
    let filter = params.filter.map(|filter| *filter);
    let ask = |what: &str| refuse(format!("`{name}({arg})` {what}"), COMBINE);
    match (name.as_str(), params.distinct, &form) {
        ("count", false, _) => Ok(vec![count(&arg, filter, Some(column))?]),
        ("count", true, Form::Column(source)) => {
            Ok(vec![Measure { once: Some(source.scan), ..count(&arg, filter, None)? }])
        }
        ("count", true, _) => Err(ask("counts values that are made up; count one column as it is")),
        ("sum" | "avg", true, _) => Err(ask("adds each value once, which shows single values")),
        ("sum", false, Form::Zero | Form::One | Form::Flag | Form::Null) => {
            Ok(vec![count_ones(&arg, filter, Some(column))?])
        }
        ("avg", false, Form::Zero | Form::One | Form::Flag | Form::Null) => {
            Ok(vec![count_ones(&arg, filter.clone(), None)?, count(&arg, filter, None)?])
        }
        ("sum", false, Form::Column(_) | Form::Amount(_)) => Ok(vec![amount(&arg, &form, filter, Some(column))?]),
        ("avg", false, Form::Column(_) | Form::Amount(_)) => {
            Ok(vec![amount(&arg, &form, filter.clone(), None)?, count(&arg, filter, None)?])
        }
        ("sum" | "avg", false, Form::Other) => Err(ask("adds up something else than one confidential column as it is")),
        _ => Err(refuse(
            format!("`{name}` can show the value of one firm"),
            "only count, sum and avg leave; the pack has medians where they are safe",
        )),
    }
}

/// One for each row with a value.
fn count(arg: &Expr, filter: Option<Expr>, column: Option<usize>) -> Result<Measure, EngineError> {
    let there = match arg {
        Expr::Literal(value, _) => lit(!value.is_null()),
        arg => arg.clone().is_not_null(),
    };
    Ok(Measure { value: one_where(both(there, filter))?, kind: MeasureKind::Count, once: None, column })
}

/// One for each row with a one.
fn count_ones(arg: &Expr, filter: Option<Expr>, column: Option<usize>) -> Result<Measure, EngineError> {
    let one = cast(arg.clone(), DataType::Int64).eq(lit(1_i64));
    Ok(Measure { value: one_where(both(one, filter))?, kind: MeasureKind::Count, once: None, column })
}

fn amount(arg: &Expr, form: &Form, filter: Option<Expr>, column: Option<usize>) -> Result<Measure, EngineError> {
    let (Form::Column(source) | Form::Amount(source)) = form else {
        return Err(refuse("an amount has no column", "add up one column"));
    };
    if !is_exact(&source.kind) {
        return Err(refuse(format!("`{}` holds no exact numbers", source.column), "add up a column of exact numbers"));
    }
    let scale = match source.kind {
        DataType::Decimal128(_, scale) => scale,
        _ => 0,
    };
    let exact = cast(arg.clone(), DataType::Decimal128(FOLDED_PRECISION, scale));
    let value = match filter {
        None => exact,
        Some(filter) => when(filter, exact).end().map_err(|source| EngineError::plan("the export", source))?,
    };
    let kind = MeasureKind::Amount { scan: source.scan, column: source.column.clone(), scale };
    Ok(Measure { value, kind, once: None, column })
}

fn both(condition: Expr, filter: Option<Expr>) -> Expr {
    match filter {
        None => condition,
        Some(filter) => condition.and(filter),
    }
}

fn one_where(condition: Expr) -> Result<Expr, EngineError> {
    let one = when(condition, lit(1_i64)).end().map_err(|source| EngineError::plan("the export", source))?;
    Ok(cast(one, DataType::Decimal128(FOLDED_PRECISION, 0)))
}
