//! Rewrites what lies below the aggregate: every scan of a confidential table gets a column with its owner and one with
//! the identity of its row, and both are carried up. A query cannot name them, drop them or make them up.

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema};
use datafusion::error::DataFusionError;
use datafusion::functions::expr_fn::{coalesce, concat};
use datafusion::logical_expr::{JoinType, LogicalPlan, LogicalPlanBuilder, lit};
use datafusion::prelude::{Expr, cast};

use arrow::datatypes::DataType;

use super::form::{Form, Source, form_of};
use super::marked::{confidential, mark_of};
use super::refuse;
use super::rules::{Held, Mark};
use crate::engine::EngineError;

/// How hidden columns begin; no column of a query may.
const HIDDEN: &str = "__mesur_";
/// Stands for nothing in the identity of a row that is made of all its columns.
const NOTHING: &str = "\u{1e}";
/// Stands between the parts of a row's identity.
pub(super) const BETWEEN: &str = "\u{1f}";

/// A rewritten plan.
#[derive(Clone, Debug)]
pub(super) struct Traced {
    /// The plan, with hidden columns among the others.
    pub(super) plan: LogicalPlan,
    /// What its columns hold, in their order.
    pub(super) forms: Vec<Form>,
}

/// A confidential table as often as it is read.
#[derive(Clone, Debug)]
pub(super) struct Scan {
    /// Which table.
    pub(super) held: Held,
    place: usize,
}

impl Scan {
    /// The hidden column that says whose the row is.
    pub(super) fn owner(&self) -> String {
        format!("{HIDDEN}owner_{}", self.place)
    }

    /// The hidden column that identifies the row; null where an outer join found none.
    pub(super) fn row(&self) -> String {
        format!("{HIDDEN}row_{}", self.place)
    }
}

/// Rewrites a plan and remembers its scans.
#[derive(Debug, Default)]
pub(super) struct Tracer {
    /// The confidential scans, in the order in which they were met.
    pub(super) scans: Vec<Scan>,
}

impl Tracer {
    /// Rewrites a plan from its leaves up.
    ///
    /// # Errors
    /// [`EngineError::Export`] at a node through which owners cannot be carried.
    pub(super) fn trace(&mut self, plan: &LogicalPlan) -> Result<Traced, EngineError> {
        if confidential(plan).is_empty() {
            // It would be taken for a hidden column further up.
            check_names(plan.schema())?;
            let forms = vec![Form::Other; plan.schema().fields().len()];
            return Ok(Traced { plan: plan.clone(), forms });
        }
        check_expressions(plan)?;
        match plan {
            LogicalPlan::TableScan(scan) => match mark_of(scan) {
                Mark::Held(held) => self.scan(plan, held),
                Mark::Closed { name } => Err(refuse(
                    format!("`{name}` is confidential, and nobody knows whose its rows are"),
                    "group over a table whose rows belong to a business",
                )),
                Mark::Open => Err(refuse("a table changed its mark", "ask again")),
            },
            LogicalPlan::SubqueryAlias(node) => {
                let input = self.trace(&node.input)?;
                let forms = input.forms;
                with_inputs(plan, vec![input.plan], forms)
            }
            LogicalPlan::Filter(node) => {
                let input = self.trace(&node.input)?;
                with_inputs(plan, vec![input.plan], input.forms)
            }
            LogicalPlan::Sort(node) if node.fetch.is_none() => {
                let input = self.trace(&node.input)?;
                with_inputs(plan, vec![input.plan], input.forms)
            }
            LogicalPlan::Projection(node) => {
                let input = self.trace(&node.input)?;
                project(node.expr.clone(), input)
            }
            LogicalPlan::Join(node) => {
                if !matches!(node.join_type, JoinType::Inner | JoinType::Left | JoinType::Right | JoinType::Full) {
                    return Err(unsupported("a semi or anti join", "join the tables with `join ... on`"));
                }
                let (left, right) = (self.trace(&node.left)?, self.trace(&node.right)?);
                let forms = left.forms.into_iter().chain(right.forms).collect();
                with_inputs(plan, vec![left.plan, right.plan], forms)
            }
            other => Err(refused_node(other)),
        }
    }

    /// A scan with its two hidden columns.
    fn scan(&mut self, plan: &LogicalPlan, held: Held) -> Result<Traced, EngineError> {
        let scan = Scan { held, place: self.scans.len() };
        let schema = plan.schema();
        let mut shown = Vec::new();
        let mut forms = Vec::new();
        check_names(schema)?;
        for (qualifier, field) in schema.iter() {
            shown.push(Expr::Column(Column::from((qualifier, field))));
            forms.push(Form::Column(Source {
                scan: scan.place,
                column: field.name().clone(),
                kind: field.data_type().clone(),
            }));
        }
        let owner = find(schema, scan.held.owner.column())?;
        shown.push(cast(owner, DataType::Utf8).alias(scan.owner()));
        shown.push(row_identity(schema, &scan.held)?.alias(scan.row()));
        forms.extend([Form::Other, Form::Other]);
        let plan = LogicalPlanBuilder::from(plan.clone())
            .project(shown)
            .and_then(LogicalPlanBuilder::build)
            .map_err(|source| EngineError::plan("the export", source))?;
        self.scans.push(scan);
        Ok(Traced { plan, forms })
    }
}

/// Refuses columns of a query that are called like hidden ones.
fn check_names(schema: &DFSchema) -> Result<(), EngineError> {
    match schema.fields().iter().find(|field| field.name().starts_with(HIDDEN)) {
        None => Ok(()),
        Some(field) => Err(misnamed(field.name())),
    }
}

fn misnamed(name: &str) -> EngineError {
    refuse(format!("`{name}` is not a name for a column"), "name it otherwise")
}

fn row_identity(schema: &DFSchema, held: &Held) -> Result<Expr, EngineError> {
    let text = |expr| cast(expr, DataType::Utf8);
    if let [one] = held.key.as_slice() {
        return Ok(text(find(schema, one)?));
    }
    let mut parts = Vec::new();
    if held.key.is_empty() {
        for (qualifier, field) in schema.iter() {
            let column = Expr::Column(Column::from((qualifier, field)));
            parts.extend([coalesce(vec![text(column), lit(NOTHING)]), lit(BETWEEN)]);
        }
    } else {
        for name in &held.key {
            parts.extend([text(find(schema, name)?), lit(BETWEEN)]);
        }
    }
    Ok(concat(parts))
}

/// A column of a scan by its name.
fn find(schema: &DFSchema, name: &str) -> Result<Expr, EngineError> {
    let (qualifier, field) =
        schema.qualified_field_with_unqualified_name(name).map_err(|source| EngineError::plan("the export", source))?;
    Ok(Expr::Column(Column::from((qualifier, field))))
}

/// A projection that keeps the hidden columns of its input.
fn project(mut shown: Vec<Expr>, input: Traced) -> Result<Traced, EngineError> {
    let schema = std::sync::Arc::clone(input.plan.schema());
    let mut forms: Vec<Form> = shown.iter().map(|expr| form_of(expr, &schema, &input.forms)).collect();
    for expr in &shown {
        if expr.schema_name().to_string().starts_with(HIDDEN) {
            return Err(misnamed(&expr.schema_name().to_string()));
        }
    }
    for (qualifier, field) in schema.iter().filter(|(_, field)| field.name().starts_with(HIDDEN)) {
        shown.push(Expr::Column(Column::from((qualifier, field))));
        forms.push(Form::Other);
    }
    let plan = LogicalPlanBuilder::from(input.plan)
        .project(shown)
        .and_then(LogicalPlanBuilder::build)
        .map_err(|source| EngineError::plan("the export", source))?;
    checked(plan, forms)
}

fn with_inputs(plan: &LogicalPlan, inputs: Vec<LogicalPlan>, forms: Vec<Form>) -> Result<Traced, EngineError> {
    let plan =
        plan.with_new_exprs(plan.expressions(), inputs).map_err(|source| EngineError::plan("the export", source))?;
    checked(plan, forms)
}

fn checked(plan: LogicalPlan, forms: Vec<Form>) -> Result<Traced, EngineError> {
    if plan.schema().fields().len() == forms.len() {
        return Ok(Traced { plan, forms });
    }
    Err(refuse("the gate lost track of a column", "write the query more simply"))
}

/// Refuses what would let one confidential row decide about others, or decide at random, in the expressions of a node.
pub(super) fn check_expressions(plan: &LogicalPlan) -> Result<(), EngineError> {
    let mut refusal = None;
    let visited = plan.apply_expressions(|expr| {
        refusal = refusal.take().or_else(|| refused_expression(expr));
        Ok(TreeNodeRecursion::Continue)
    });
    visited.map_err(|source| EngineError::plan("the export", source))?;
    refusal.map_or(Ok(()), Err)
}

fn refused_expression(expr: &Expr) -> Option<EngineError> {
    let subquery = expr.exists(|part| {
        let plan = match part {
            Expr::Exists(exists) => &exists.subquery.subquery,
            Expr::InSubquery(within) => &within.subquery.subquery,
            Expr::SetComparison(comparison) => &comparison.subquery.subquery,
            Expr::ScalarSubquery(scalar) => &scalar.subquery,
            _ => return Ok::<_, DataFusionError>(false),
        };
        Ok(!confidential(plan).is_empty())
    });
    if subquery.unwrap_or(true) {
        return Some(unsupported("a subquery in an expression", "join the tables with `join ... on`"));
    }
    expr.is_volatile().then(|| unsupported("a function that is random", "leave it out"))
}

fn unsupported(what: &str, hint: &str) -> EngineError {
    refuse(format!("{what} stands over confidential tables, where owners cannot be followed"), hint)
}

fn refused_node(node: &LogicalPlan) -> EngineError {
    let (what, hint) = match node {
        LogicalPlan::Aggregate(_) => ("an aggregate below another", "group once; `count(distinct ...)` counts firms"),
        LogicalPlan::Distinct(_) => ("`distinct`", "group once; `count(distinct ...)` counts firms"),
        LogicalPlan::Limit(_) | LogicalPlan::Sort(_) => ("`limit`", "put it after `group by`, or leave it out"),
        LogicalPlan::Union(_) => ("`union`", "ask for each part by itself"),
        LogicalPlan::Window(_) => ("a window function", "group instead"),
        LogicalPlan::Unnest(_) => ("`unnest`", "leave it out"),
        LogicalPlan::RecursiveQuery(_) => ("a recursive query", "use a staging view such as `firms`"),
        LogicalPlan::Explain(_) | LogicalPlan::Analyze(_) => ("`explain`", "ask for the result"),
        _ => ("a part of the query", "write it as select ... from ... join ... where ... group by"),
    };
    unsupported(what, hint)
}
