//! One export: the rows that are asked for, and what stands behind each cell.

use std::collections::BTreeMap;

use arrow::array::{Array, Decimal128Array, Int64Array, RecordBatch, UInt64Array};
use arrow::datatypes::{DataType, SchemaRef};
use datafusion::functions_aggregate::expr_fn::{count, count_distinct};
use datafusion::logical_expr::{Aggregate, LogicalPlan};
use datafusion::prelude::Expr;

use super::cells::ExportCell;
use super::fold::{Fold, key_texts};
use super::marked::confidential;
use super::measures::{Measure, MeasureKind, find_aggregate, keys_of, measures_of};
use super::owners::Owners;
use super::refuse;
use super::rules::ExportRules;
use super::trace::{Scan, Traced, Tracer};
use crate::engine::dataset::column;
use crate::engine::{EngineError, Session};

const WHAT: &str = "the export";

/// The answer to a query that asks to leave.
#[derive(Clone)]
pub struct Export {
    /// Names and types of the columns; texts are `Utf8`.
    pub schema: SchemaRef,
    /// The rows.
    pub batches: Vec<RecordBatch>,
    /// Its cells and their marginal sums; none when only open tables were read.
    pub cells: Option<Vec<ExportCell>>,
}

impl Session {
    /// Answers a query and says what stands behind each cell.
    ///
    /// # Errors
    /// [`EngineError::Export`] when the query reads confidential tables and is not one aggregate whose cells can be
    /// traced to enterprise groups; otherwise as [`Session::query`].
    pub async fn export(&self, sql: &str, rules: &ExportRules) -> Result<Export, EngineError> {
        let session = self.marked(rules)?;
        let plan = session.plan("the query", sql).await?;
        if confidential(&plan).is_empty() {
            let (schema, batches) = session.rows(plan).await?;
            return Ok(Export { schema, batches, cells: None });
        }
        let cells = session.cells(find_aggregate(&plan)?, rules).await?;
        let (schema, batches) = session.rows(plan).await?;
        Ok(Export { schema, batches, cells: Some(cells) })
    }

    async fn rows(&self, plan: LogicalPlan) -> Result<(SchemaRef, Vec<RecordBatch>), EngineError> {
        let stream = self.stream("the query", self.frame(plan)).await?;
        let schema = SchemaRef::clone(stream.schema());
        Ok((schema, stream.collect().await?))
    }

    /// The cells of an aggregate, checked against what the query itself gives.
    async fn cells(&self, aggregate: &Aggregate, rules: &ExportRules) -> Result<Vec<ExportCell>, EngineError> {
        let mut tracer = Tracer::default();
        let input = tracer.trace(&aggregate.input)?;
        let scans = tracer.scans;
        if scans.is_empty() {
            return Err(refuse("confidential tables stand outside of the aggregate", "read them in `from`"));
        }
        let keys = keys_of(aggregate)?;
        let measures = measures_of(aggregate, &input)?;
        let owners = Owners::load(self, rules, &scans).await?;
        let names = keys.iter().map(name_of).collect();
        let mut fold = Fold::new(names, &measures, &scans, &owners);
        let mut detail = self.detail(&input, &keys, &measures, &scans).await?;
        while let Some(batch) = detail.next().await {
            fold.add(&batch?)?;
        }
        self.check_totals(aggregate, &measures, &fold.totals()).await?;
        let unique = self.unique(&input, &scans).await?;
        fold.finish(&unique)
    }

    /// The rows below the aggregate: keys, measures, owners and rows.
    async fn detail(
        &self,
        input: &Traced,
        keys: &[Expr],
        measures: &[Measure],
        scans: &[Scan],
    ) -> Result<crate::engine::QueryStream, EngineError> {
        let keys = keys.iter().cloned();
        let values = measures.iter().map(|measure| measure.value.clone());
        let hidden = scans.iter().flat_map(|scan| [column(&scan.owner()), column(&scan.row())]);
        let shown: Vec<Expr> =
            keys.chain(values).chain(hidden).enumerate().map(|(place, expr)| expr.alias(format!("c{place}"))).collect();
        let frame = self.frame(input.plan.clone()).select(shown).map_err(|source| EngineError::plan(WHAT, source))?;
        self.stream(WHAT, frame).await
    }

    /// Of each scan, whether each of its rows comes once only.
    async fn unique(&self, input: &Traced, scans: &[Scan]) -> Result<Vec<bool>, EngineError> {
        let row = |scan: &Scan| column(&scan.row());
        let counts = scans.iter().flat_map(|scan| [count(row(scan)), count_distinct(row(scan))]);
        let counts: Vec<Expr> = counts.enumerate().map(|(place, expr)| expr.alias(format!("c{place}"))).collect();
        let frame = self.frame(input.plan.clone()).aggregate(Vec::new(), counts);
        let frame = frame.map_err(|source| EngineError::plan(WHAT, source))?;
        let batches = self.stream(WHAT, frame).await?.collect().await?;
        let number = |place: usize| {
            let batch = batches.iter().find(|batch| batch.num_rows() == 1)?;
            batch.column(place).as_any().downcast_ref::<Int64Array>().map(|array| array.value(0))
        };
        Ok((0..scans.len())
            .map(|scan| number(2 * scan).is_some_and(|rows| Some(rows) == number(2 * scan + 1)))
            .collect())
    }

    /// The gate's own sums are those of the query, so that what is checked is what leaves.
    async fn check_totals(
        &self,
        aggregate: &Aggregate,
        measures: &[Measure],
        totals: &BTreeMap<Vec<String>, Vec<i128>>,
    ) -> Result<(), EngineError> {
        let differs = || refuse("the cells cannot be followed to their rows", "write the query more simply");
        let (_, batches) = self.rows(LogicalPlan::Aggregate(aggregate.clone())).await?;
        let mut cells = 0;
        for batch in &batches {
            let keys = key_texts(&batch.columns()[..aggregate.group_expr.len()], batch.num_rows())?;
            cells += keys.len();
            for (row, key) in keys.iter().enumerate() {
                let ours = totals.get(key).ok_or_else(differs)?;
                for (measure, total) in measures.iter().zip(ours) {
                    let same = measure.column.is_none_or(|place| is_total(batch, place, row, &measure.kind, *total));
                    if !same {
                        return Err(differs());
                    }
                }
            }
        }
        if cells == totals.len() { Ok(()) } else { Err(differs()) }
    }
}

/// A key's name, without the table it was read from, which a query may call anything.
fn name_of(key: &Expr) -> String {
    match key {
        Expr::Column(column) => column.name.clone(),
        other => other.schema_name().to_string(),
    }
}

/// Whether a value of the aggregate is this total; a sum over nothing is null there and nought here.
fn is_total(batch: &RecordBatch, place: usize, row: usize, kind: &MeasureKind, total: i128) -> bool {
    let array = batch.column(place);
    if array.is_null(row) {
        return total == 0;
    }
    let scale = match kind {
        MeasureKind::Count => 0,
        MeasureKind::Amount { scale, .. } => *scale,
    };
    let found = match array.data_type() {
        DataType::Int64 => array.as_any().downcast_ref::<Int64Array>().map(|a| (i128::from(a.value(row)), 0)),
        DataType::UInt64 => array.as_any().downcast_ref::<UInt64Array>().map(|a| (i128::from(a.value(row)), 0)),
        DataType::Decimal128(_, scale) => {
            array.as_any().downcast_ref::<Decimal128Array>().map(|a| (a.value(row), *scale))
        }
        // Other types hold no exact sums; such a query does not leave.
        _ => None,
    };
    let Some((value, found_scale)) = found else { return false };
    let common = scale.max(found_scale);
    rescaled(value, found_scale, common).is_some()
        && rescaled(value, found_scale, common) == rescaled(total, scale, common)
}

fn rescaled(value: i128, from: i8, to: i8) -> Option<i128> {
    let digits = u32::try_from(i16::from(to) - i16::from(from)).ok()?;
    value.checked_mul(10_i128.checked_pow(digits)?)
}
