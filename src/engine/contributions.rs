//! Disclosive indicators: their SQL yields one row per contributor and cell, the engine adds up who gives what to which
//! cell, so that no author can forget to. Decimals only; a sum that could run over is an error. Rows of measures that are
//! no sums (medians, times to an event, effects) stay apart.

use std::sync::Arc;

use arrow::array::{Array, BooleanArray, Int64Array, RecordBatch};
use arrow::compute::{and, filter_record_batch, is_not_null};
use arrow::datatypes::{DataType, Schema, SchemaRef};
use arrow::error::ArrowError;
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use datafusion::functions_aggregate::expr_fn::{count, sum};
use datafusion::logical_expr::{LogicalPlan, lit, when};
use datafusion::prelude::{Expr, cast, coalesce};

use super::dataset::column;
use super::overflow::SUMMABLE_PRECISION;
use super::session::{Session, plain_schema};
use super::{EngineError, QueryParameters, functions};

/// The columns of [`Contributions::batches`] beside dimensions, which stand after `lad_code`.
pub const CONTRIBUTION_COLUMNS: [&str; 7] =
    ["measure", "period_index", "lad_code", "group_id", "numerator", "denominator", "enterprises"];

/// Columns that a query may have beside those it must have, and what they are cast to.
const OPTIONAL: [(&str, DataType); 3] =
    [("status", DataType::Utf8), ("years", DataType::Decimal128(20, 6)), ("cohort", DataType::Utf8)];

/// Counts the SQL's rows behind a row of the result.
const ROWS: &str = "observations";
/// What keeps rows of equal numbers together and others apart; never leave this file.
const VALUE: &str = "_value";
const BASE: &str = "_base";
/// Who gives, for counting; `business_id` itself is shown only where rows stay apart.
const BUSINESS: &str = "_business";

/// What an indicator's rows carry beside the columns that all have.
#[derive(Clone, Copy, Debug)]
pub struct RowShape<'a> {
    /// Columns by which figures are broken down.
    pub dimensions: &'a [String],
    /// Measures whose rows are not added up: each is a value by itself.
    pub by_row: &'a [String],
}

/// Who gives what to which cell.
#[derive(Clone, Debug)]
pub struct Contributions {
    /// Sorted by their keys. Columns: `measure` Utf8, `period_index` Int32 (`model::Period::index`), `lad_code` Utf8,
    /// the dimensions (Utf8, null where the SQL gives none), `group_id` Utf8, `numerator` and `denominator`
    /// Decimal128(38, s) and nullable, `enterprises` Int64 (distinct businesses).
    ///
    /// After `group_id` stand `status` Utf8, `years` Decimal128(20, 6) and `cohort` Utf8, those that the SQL gives. Where
    /// measures are kept by row there are `business_id` Utf8 (null for all other measures) before `numerator`, and
    /// `observations` Int64 at the end: such a row stands for so many equal ones of one business, and its numerator and
    /// denominator are their sums.
    pub batches: Vec<RecordBatch>,
    /// The columns, also when there is no batch.
    pub schema: SchemaRef,
    /// Rows of the SQL that count nowhere, because their measure, day, area, or both group and business are null.
    pub dropped: u64,
}

impl Session {
    /// Runs a disclosive indicator's SQL and adds up its rows by measure, quarter, area, dimensions and enterprise group.
    /// A business without a group is a group of its own.
    ///
    /// # Errors
    /// [`EngineError::Columns`] when the SQL does not yield what it must; otherwise when it is wrong or fails.
    pub async fn contributions(
        &self,
        sql: &str,
        shape: RowShape<'_>,
        parameters: &QueryParameters,
    ) -> Result<Contributions, EngineError> {
        let what = "the indicator";
        let plan = self.bound_plan(what, sql, parameters).await?;
        let scales = check_columns(what, &*self.optimized_schema(what, &plan)?, shape.dimensions)?;
        let frame = aggregated(self.frame(plan), shape, scales).map_err(|e| EngineError::plan(what, e))?;
        let stream = self.stream(what, frame).await?;
        let schema = Arc::clone(stream.schema());
        let batches = stream.collect().await?;
        split(&schema, &batches, shape).map_err(|error| EngineError::run(what, error.into(), 0))
    }

    /// Plans a disclosive indicator's SQL and checks its columns without touching data.
    ///
    /// # Errors
    /// As [`Session::contributions`].
    pub async fn plan_indicator(&self, sql: &str, dimensions: &[String]) -> Result<(), EngineError> {
        let what = "the indicator";
        let plan: LogicalPlan = self.bound_plan(what, sql, &QueryParameters::for_planning()).await?;
        let schema = self.optimized_schema(what, &plan)?;
        check_columns(what, &schema, dimensions).map(|_| ())
    }

    /// Plans a reference indicator's SQL and checks its columns without touching data.
    ///
    /// # Errors
    /// [`EngineError::Columns`] when the SQL does not yield what it must; otherwise when it is wrong.
    pub async fn plan_reference(&self, sql: &str, dimensions: &[String]) -> Result<(), EngineError> {
        let what = "the reference indicator";
        let plan = self.bound_plan(what, sql, &QueryParameters::for_planning()).await?;
        let schema = plain_schema(&*self.optimized_schema(what, &plan)?);
        let mut problems = Vec::new();
        for name in ["measure", "area_code", "status", "vintage", "source"] {
            need(&schema, name, "text", is_text, &mut problems);
        }
        if schema.column_with_name("time").is_some() {
            need(&schema, "time", "text", is_text, &mut problems);
        } else {
            need(&schema, "year", "a whole number", DataType::is_integer, &mut problems);
        }
        need(&schema, "value", "a decimal", |kind| scale_of(kind).is_some(), &mut problems);
        for name in dimensions {
            need(&schema, name, "text", is_text, &mut problems);
        }
        for name in ["lower", "upper"].into_iter().filter(|name| schema.column_with_name(name).is_some()) {
            need(&schema, name, "a decimal", |kind| scale_of(kind).is_some(), &mut problems);
        }
        if problems.is_empty() { Ok(()) } else { Err(EngineError::Columns { what: what.to_owned(), problems }) }
    }
}

/// Digits after the point of the sums.
#[derive(Clone, Copy)]
struct Scales {
    numerator: i8,
    denominator: i8,
}

fn check_columns(what: &str, schema: &Schema, dimensions: &[String]) -> Result<Scales, EngineError> {
    let mut problems = Vec::new();
    let texts = ["measure", "lad_code", "business_id", "group_id"];
    for name in texts.into_iter().chain(dimensions.iter().map(String::as_str)) {
        need(schema, name, "text", is_text, &mut problems);
    }
    need(schema, "dated_on", "a date", |kind| matches!(kind, DataType::Date32), &mut problems);
    let number = "a decimal of at most 28 digits after the point, or a whole number";
    need(schema, "numerator", number, |kind| scale_of(kind).is_some(), &mut problems);
    let perhaps = |kind: &DataType| *kind == DataType::Null || scale_of(kind).is_some();
    need(schema, "denominator", number, perhaps, &mut problems);
    for (name, _) in OPTIONAL.iter().filter(|(name, _)| schema.column_with_name(name).is_some()) {
        match *name {
            "years" => need(schema, name, number, perhaps, &mut problems),
            _ => need(schema, name, "text", is_text, &mut problems),
        }
    }
    if !problems.is_empty() {
        return Err(EngineError::Columns { what: what.to_owned(), problems });
    }
    let scale = |name| schema.field_with_name(name).ok().and_then(|field| scale_of(field.data_type())).unwrap_or(0);
    Ok(Scales { numerator: scale("numerator"), denominator: scale("denominator") })
}

fn need(schema: &Schema, name: &str, wanted: &str, fits: impl Fn(&DataType) -> bool, problems: &mut Vec<String>) {
    let count = schema.fields().iter().filter(|field| field.name() == name).count();
    match schema.field_with_name(name) {
        _ if count > 1 => problems.push(format!("`{name}` is there more than once")),
        Err(_) => problems.push(format!("`{name}` is missing; it must be {wanted}")),
        Ok(field) if !fits(field.data_type()) => {
            problems.push(format!("`{name}` is {}; it must be {wanted} (hint: cast it)", field.data_type()));
        }
        Ok(_) => {}
    }
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8 | DataType::Null => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

/// The digits after the point with which a number is summed exactly; none when it is not exact.
fn scale_of(kind: &DataType) -> Option<i8> {
    match kind {
        DataType::Decimal128(_, scale) if (0..=28).contains(scale) => Some(*scale),
        kind if kind.is_integer() => Some(0),
        _ => None,
    }
}

/// Adds up in two steps: first by business, then by group, so that counting distinct businesses can spill to disk. Rows
/// of measures by row are added up only with equal ones of the same business.
fn aggregated(frame: DataFrame, shape: RowShape<'_>, scales: Scales) -> Result<DataFrame, DataFusionError> {
    let text = |expr: Expr| cast(expr, DataType::Utf8);
    // More digits than these are an error of the cast, so the sums below cannot run over.
    let exact = |name, scale| cast(column(name), DataType::Decimal128(SUMMABLE_PRECISION, scale)).alias(name);
    let quarter = functions::fin_quarter_index().call(vec![column("dated_on")]).alias("period_index");
    let group = coalesce(vec![text(column("group_id")), text(column("business_id"))]).alias("group_id");
    let optional: Vec<_> =
        OPTIONAL.into_iter().filter(|(name, _)| frame.schema().has_column_with_unqualified_name(name)).collect();

    let mut names = vec!["measure", "period_index", "lad_code"];
    names.extend(shape.dimensions.iter().map(String::as_str));
    names.push("group_id");
    names.extend(optional.iter().map(|(name, _)| *name));

    let mut shown = vec![text(column("measure")).alias("measure"), quarter, text(column("lad_code")).alias("lad_code")];
    shown.extend(shape.dimensions.iter().map(|name| text(column(name)).alias(name)));
    shown.push(group);
    shown.extend(optional.iter().map(|(name, kind)| cast(column(name), kind.clone()).alias(*name)));
    shown.extend([text(column("business_id")).alias(BUSINESS)]);
    shown.extend([exact("numerator", scales.numerator), exact("denominator", scales.denominator)]);
    let mut frame = frame.select(shown)?;
    if !shape.by_row.is_empty() {
        names.extend(["business_id", VALUE, BASE]);
        for (name, from) in [("business_id", BUSINESS), (VALUE, "numerator"), (BASE, "denominator")] {
            frame = frame.with_column(name, only_by_row(shape.by_row, column(from))?)?;
        }
    }
    let keys = || names.iter().map(|name| column(name)).collect::<Vec<_>>();
    let mut by_business = keys();
    by_business.push(column(BUSINESS));
    let sums = || vec![sum(column("numerator")).alias("numerator"), sum(column("denominator")).alias("denominator")];
    let mut inner = sums();
    inner.push(count(lit(1_i64)).alias(ROWS));
    let mut outer = sums();
    outer.push(count(column(BUSINESS)).alias("enterprises"));
    outer.push(sum(column(ROWS)).alias(ROWS));
    let order = keys().into_iter().map(|key| key.sort(true, true)).collect();
    frame.aggregate(by_business, inner)?.aggregate(keys(), outer)?.sort(order)
}

/// A column for rows of measures by row, and null for all others.
fn only_by_row(measures: &[String], shown: Expr) -> Result<Expr, DataFusionError> {
    let names = measures.iter().map(|measure| lit(measure.as_str())).collect();
    when(column("measure").in_list(names, false), shown).end()
}

/// Takes out the rows that count nowhere, and the columns that only kept rows apart.
fn split(schema: &SchemaRef, batches: &[RecordBatch], shape: RowShape<'_>) -> Result<Contributions, ArrowError> {
    let rows = schema.fields().len() - 1;
    let inner = [VALUE, BASE].into_iter().chain(shape.by_row.is_empty().then_some(ROWS));
    let inner: Vec<&str> = inner.collect();
    let kept: Vec<usize> = (0..=rows).filter(|at| !inner.contains(&schema.field(*at).name().as_str())).collect();
    let shown = Arc::new(schema.project(&kept)?);
    let mut result = Contributions { batches: Vec::new(), schema: shown, dropped: 0 };
    for batch in batches {
        let mut counts = is_not_null(batch.column(0))?;
        for key in [1, 2, 3 + shape.dimensions.len()] {
            counts = and(&counts, &is_not_null(batch.column(key))?)?;
        }
        result.dropped += dropped_rows(batch.column(rows), &counts);
        let batch = filter_record_batch(&batch.project(&kept)?, &counts)?;
        if batch.num_rows() > 0 {
            result.batches.push(batch);
        }
    }
    Ok(result)
}

fn dropped_rows(counted: &dyn Array, kept: &BooleanArray) -> u64 {
    let Some(counted) = counted.as_any().downcast_ref::<Int64Array>() else { return 0 };
    let dropped = counted.iter().zip(kept).filter(|(_, kept)| *kept == Some(false));
    dropped.filter_map(|(rows, _)| u64::try_from(rows?).ok()).sum()
}
