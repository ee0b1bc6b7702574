//! Tables that planning cannot see through, so that a plan names them whatever a query calls them.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::cte_worktable::CteWorkTable;
use datafusion::datasource::{TableType, source_as_provider};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{LogicalPlan, TableProviderFilterPushDown, TableScan};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::prelude::Expr;

use super::rules::{ExportRules, Mark};
use super::trace::Tracer;

/// A table with its mark. A name in a plan may be an alias, this is not.
#[derive(Debug)]
pub(in crate::engine) struct MarkedTable {
    inner: Arc<dyn TableProvider>,
    mark: Mark,
}

impl MarkedTable {
    pub(in crate::engine) const fn new(inner: Arc<dyn TableProvider>, mark: Mark) -> Self {
        Self { inner, mark }
    }
}

#[async_trait]
impl TableProvider for MarkedTable {
    fn schema(&self) -> SchemaRef {
        self.inner.schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>, DataFusionError> {
        self.inner.supports_filters_pushdown(filters)
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
        self.inner.scan(state, projection, filters, limit).await
    }
}

/// What a scan is to the gate. Whatever carries no mark is closed, but for what holds no data of the lake: the names of
/// tables, and the rows of a recursion, which come from tables that are scanned beside it.
pub(super) fn mark_of(scan: &TableScan) -> Mark {
    let provider = source_as_provider(&scan.source).ok();
    if let Some(table) = provider.as_ref().and_then(|provider| provider.downcast_ref::<MarkedTable>()) {
        return table.mark.clone();
    }
    let names_only = scan.table_name.schema() == Some("information_schema");
    let recursion = provider.is_some_and(|provider| provider.downcast_ref::<CteWorkTable>().is_some());
    if names_only || recursion { Mark::Open } else { Mark::Closed { name: scan.table_name.to_string() } }
}

/// The marks of the confidential tables that a plan reads anywhere, subqueries included.
pub(super) fn confidential(plan: &LogicalPlan) -> Vec<Mark> {
    let mut found = Vec::new();
    let visited = plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            let mark = mark_of(scan);
            if mark != Mark::Open {
                found.push(mark);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    });
    // The visitor above never fails; if it did, the plan must not pass for an open one.
    if visited.is_err() {
        found.push(Mark::Closed { name: "a plan that cannot be read".to_owned() });
    }
    found
}

/// The mark of a view; none when it may be seen through, because it is open or can be rewritten itself.
pub(in crate::engine) fn mark_of_view(
    name: &str,
    plan: &LogicalPlan,
    columns: &SchemaRef,
    rules: &ExportRules,
) -> Option<Mark> {
    let marks = confidential(plan);
    if marks.is_empty() || Tracer::default().trace(plan).is_ok() {
        return None;
    }
    let reads: BTreeSet<String> = marks
        .into_iter()
        .map(|mark| match mark {
            Mark::Held(held) => held.dataset,
            Mark::Closed { name } => name,
            Mark::Open => String::new(),
        })
        .collect();
    Some(rules.mark_view(name, columns, &reads))
}
