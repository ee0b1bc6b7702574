//! The passes over a plan: those of `DataFusion`, with two replaced that give wrong rows (decision 22). Never adds a pass.

use std::sync::Arc;

use datafusion::common::NullEquality;
use datafusion::common::tree_node::Transformed;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::LogicalPlan;
use datafusion::optimizer::extract_equijoin_predicate::ExtractEquijoinPredicate;
use datafusion::optimizer::optimizer::{ApplyOrder, Optimizer};
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

use super::cross_joins::CrossJoins;

/// The passes in order.
pub(super) fn optimizer_rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    let ours = |rule: Arc<dyn OptimizerRule + Send + Sync>| -> Arc<dyn OptimizerRule + Send + Sync> {
        match rule.name() {
            "eliminate_cross_join" => Arc::new(CrossJoins),
            "extract_equijoin_predicate" => Arc::new(JoinKeys(ExtractEquijoinPredicate::new())),
            _ => rule,
        }
    };
    Optimizer::new().rules.into_iter().map(ours).collect()
}

/// Makes keys of the equalities in a join's condition, but not in a join in which null equals null: its new keys would let null
/// equal null as well.
#[derive(Debug)]
struct JoinKeys(ExtractEquijoinPredicate);

impl OptimizerRule for JoinKeys {
    fn name(&self) -> &'static str {
        "extract_join_keys"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        self.0.apply_order()
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>, DataFusionError> {
        match &plan {
            LogicalPlan::Join(join) if join.null_equality == NullEquality::NullEqualsNull => Ok(Transformed::no(plan)),
            _ => self.0.rewrite(plan, config),
        }
    }
}

#[cfg(test)]
mod tests;
