//! Which tables are joined first where a query crosses tables (`from a, b, c where ...`, `cross join`), so that a product
//! is made only of what nothing connects. Takes the place of `DataFusion`'s rule `eliminate_cross_join`, which loses a
//! condition over columns of three tables, and lets null equal null where only another join of the query asks for it.
//! Never drops a condition: what does not become a join key stays a filter over the whole (decision 22).

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, NullEquality};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::utils::{can_hash, conjunction, find_valid_equijoin_key_pair, split_conjunction};
use datafusion::logical_expr::{
    BinaryExpr, ExprSchemable, Filter, Join, JoinConstraint, JoinType, LogicalPlan, Operator, Projection,
};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};
use datafusion::prelude::Expr;

/// Joins the inputs of nested inner joins of which at least one is a product, in the order in which they are connected.
#[derive(Debug)]
pub(super) struct CrossJoins;

impl OptimizerRule for CrossJoins {
    fn name(&self) -> &'static str {
        "join_connected_inputs"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::TopDown)
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>, DataFusionError> {
        let (join, predicate) = match &plan {
            LogicalPlan::Join(join) => (join, None),
            LogicalPlan::Filter(filter) => match filter.input.as_ref() {
                LogicalPlan::Join(join) => (join, Some(&filter.predicate)),
                _ => return Ok(Transformed::no(plan)),
            },
            _ => return Ok(Transformed::no(plan)),
        };
        if !has_product(join) {
            return Ok(Transformed::no(plan));
        }
        let mut group = Group { inputs: Vec::new(), conditions: Vec::new() };
        group.gather(join);
        group.conditions.extend(predicate.into_iter().flat_map(split_conjunction).cloned());
        if group.conditions.iter().all(|condition| equalities(condition).is_empty()) {
            return Ok(Transformed::no(plan));
        }
        let joined = group.join(join)?;
        Ok(Transformed::yes(joined))
    }
}

/// Whether a join may be taken apart: an inner one in which null equals nothing.
fn is_plain(join: &Join) -> bool {
    join.join_type == JoinType::Inner && join.null_equality == NullEquality::NullEqualsNothing
}

/// The join of an input that may be taken apart together with the join above it.
fn plain_join(input: &LogicalPlan) -> Option<&Join> {
    match input {
        LogicalPlan::Join(join) if is_plain(join) => Some(join),
        _ => None,
    }
}

/// Whether a plain join, or a plain one right below it, joins by no key.
fn has_product(join: &Join) -> bool {
    is_plain(join) && (join.on.is_empty() || [&join.left, &join.right].into_iter().any(|input| below(input)))
}

fn below(input: &LogicalPlan) -> bool {
    plain_join(input).is_some_and(has_product)
}

/// Nested plain joins taken apart: what they join, in the order written, and every condition on their rows.
struct Group {
    inputs: Vec<Arc<LogicalPlan>>,
    conditions: Vec<Expr>,
}

impl Group {
    fn gather(&mut self, join: &Join) {
        for input in [&join.left, &join.right] {
            match plain_join(input) {
                Some(inner) => self.gather(inner),
                None => self.inputs.push(Arc::clone(input)),
            }
        }
        self.conditions.extend(join.on.iter().map(|(left, right)| left.clone().eq(right.clone())));
        self.conditions.extend(join.filter.iter().flat_map(split_conjunction).cloned());
    }

    /// The inputs joined one after another, each time the first that a key connects to those before it, else the first;
    /// then the columns in the order of `whole`, and what is left of the conditions.
    fn join(self, whole: &Join) -> Result<LogicalPlan, DataFusionError> {
        let Self { inputs, mut conditions } = self;
        let mut inputs = inputs.into_iter();
        let first = inputs.next().ok_or_else(|| DataFusionError::Internal("a join without inputs".to_owned()))?;
        let mut waiting: Vec<_> = inputs.collect();
        let mut joined = first;
        while !waiting.is_empty() {
            let (position, keys) = next_input(joined.schema(), &waiting, &conditions)?;
            let right = waiting.remove(position);
            let mut settled = keys.settled.iter();
            conditions.retain(|_| settled.next() != Some(&true));
            joined = Arc::new(LogicalPlan::Join(inner_join(joined, right, keys.on)?));
        }
        if joined.schema() != &whole.schema {
            joined = Arc::new(LogicalPlan::Projection(Projection::new_from_schema(joined, Arc::clone(&whole.schema))));
        }
        match conjunction(conditions) {
            Some(rest) => Ok(LogicalPlan::Filter(Filter::try_new(rest, joined)?)),
            None => Ok(Arc::unwrap_or_clone(joined)),
        }
    }
}

/// What joins two inputs.
#[derive(Default)]
struct Keys {
    on: Vec<(Expr, Expr)>,
    /// For each condition, in order, whether a key says all that it says.
    settled: Vec<bool>,
}

/// The first input that a key connects to what is joined already, or the very first and no keys.
fn next_input(
    joined: &DFSchema,
    waiting: &[Arc<LogicalPlan>],
    conditions: &[Expr],
) -> Result<(usize, Keys), DataFusionError> {
    for (position, input) in waiting.iter().enumerate() {
        let keys = find_keys(joined, input.schema(), conditions)?;
        if !keys.on.is_empty() {
            return Ok((position, keys));
        }
    }
    Ok((0, Keys::default()))
}

fn find_keys(left: &DFSchema, right: &DFSchema, conditions: &[Expr]) -> Result<Keys, DataFusionError> {
    let mut keys = Keys::default();
    for condition in conditions {
        let mut settled = false;
        for (one, other) in equalities(condition) {
            let Some(pair) = find_valid_equijoin_key_pair(one, other, left, right)? else { continue };
            if !can_hash(&pair.0.get_type(left)?) || !can_hash(&pair.1.get_type(right)?) {
                continue;
            }
            // Of an equality in both arms of an OR the arms remain to be asked.
            settled = is_equality(condition);
            if !keys.on.contains(&pair) {
                keys.on.push(pair);
            }
        }
        keys.settled.push(settled);
    }
    Ok(keys)
}

/// The equalities that hold wherever a condition holds: it is one, or both arms of an OR have it.
fn equalities(condition: &Expr) -> Vec<(&Expr, &Expr)> {
    let Expr::BinaryExpr(BinaryExpr { left, op, right }) = condition else { return Vec::new() };
    match op {
        Operator::Eq if condition.contains_outer() => Vec::new(),
        Operator::Eq => vec![(left.as_ref(), right.as_ref())],
        Operator::And => [equalities(left), equalities(right)].concat(),
        Operator::Or => {
            let others = equalities(right);
            let both = |(a, b): &(&Expr, &Expr)| others.contains(&(*a, *b)) || others.contains(&(*b, *a));
            equalities(left).into_iter().filter(both).collect()
        }
        _ => Vec::new(),
    }
}

fn is_equality(condition: &Expr) -> bool {
    matches!(condition, Expr::BinaryExpr(BinaryExpr { op: Operator::Eq, .. }))
}

fn inner_join(left: Arc<LogicalPlan>, right: Arc<LogicalPlan>, on: Vec<(Expr, Expr)>) -> Result<Join, DataFusionError> {
    let nulls = NullEquality::NullEqualsNothing;
    Join::try_new(left, right, on, None, JoinType::Inner, JoinConstraint::On, nulls, false)
}
