//! Compiles a cross-column rule of a schema, so that `validate` can run it without knowing SQL.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::error::DataFusionError;
use datafusion::optimizer::simplify_expressions::{ExprSimplifier, SimplifyContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::prelude::{Expr, SessionContext};
use jiff::civil::Date;

use super::{EngineError, error, functions, parameters};
use crate::definitions::{CompiledRule, RowCheck, RowRule};
use crate::model::{DatasetName, RuleId, Severity};

/// A rule as a schema states it.
#[derive(Clone, Copy, Debug)]
pub struct RuleText<'a> {
    /// Whose schema.
    pub dataset: &'a str,
    /// Its public id.
    pub id: &'a RuleId,
    /// What a failure does.
    pub severity: Severity,
    /// The columns a person should look at.
    pub fields: &'a [String],
    /// A truth value over the columns of one row and `as_of`; true and null pass.
    pub expression: &'a str,
    /// Why a failing row is wrong.
    pub reason: &'a str,
    /// How to mend it.
    pub hint: &'a str,
}

impl<'a> RuleText<'a> {
    /// A rule as its schema states it.
    #[must_use]
    pub fn of(dataset: &'a DatasetName, rule: &'a RowRule) -> Self {
        Self {
            dataset: dataset.as_str(),
            id: &rule.id,
            severity: rule.severity,
            fields: &rule.fields,
            expression: &rule.expression,
            reason: &rule.reason,
            hint: &rule.hint,
        }
    }
}

/// What `as_of` is called in an expression.
const AS_OF: &str = "as_of";

/// Compiles a rule over the columns of a schema ([`crate::definitions::CompiledRule`] says which batches it takes;
/// columns are found by name). `as_of` in the expression, bare or as `$as_of`, is the day up to which the extract is
/// known, unless the schema has a column of that name.
///
/// # Errors
/// [`EngineError::Rule`] when the expression is wrong, [`EngineError::RuleType`] when it is no truth value.
pub fn compile_rule(columns: &SchemaRef, rule: RuleText<'_>, as_of: Date) -> Result<CompiledRule, EngineError> {
    let fail = |source| EngineError::Rule {
        rule: rule.id.to_string(),
        dataset: rule.dataset.to_owned(),
        source: Box::new(source),
    };
    let compiled = compile(columns, rule.expression, as_of).map_err(fail)?;
    let found = compiled.data_type(columns).map_err(fail)?;
    if !matches!(found, DataType::Boolean | DataType::Null) {
        return Err(EngineError::RuleType {
            rule: rule.id.to_string(),
            dataset: rule.dataset.to_owned(),
            found: found.to_string(),
        });
    }
    Ok(CompiledRule {
        id: rule.id.clone(),
        severity: rule.severity,
        fields: rule.fields.to_vec(),
        reason: rule.reason.to_owned(),
        hint: rule.hint.to_owned(),
        check: check(Arc::clone(columns), compiled),
    })
}

fn compile(columns: &SchemaRef, expression: &str, as_of: Date) -> Result<Arc<dyn PhysicalExpr>, DataFusionError> {
    let context = SessionContext::new();
    for function in functions::all_functions() {
        context.register_udf(function.as_ref().clone());
    }
    let has_own = columns.column_with_name(AS_OF).is_some();
    let mut fields: Vec<_> = columns.fields().iter().cloned().collect();
    if !has_own {
        fields.push(Arc::new(Field::new(AS_OF, DataType::Date32, false)));
    }
    let seen = DFSchema::try_from(Schema::new(fields))?;
    let day = parameters::date32(as_of);
    let bound = context.parse_sql_expr(expression, &seen)?.transform_up(|part| Ok(bind(part, &day, has_own)))?.data;
    let own = DFSchema::try_from(columns.as_ref().clone())?;
    // Some functions (`coalesce`) only exist until they are simplified into others.
    let simplifier = ExprSimplifier::new(SimplifyContext::builder().with_schema(Arc::new(own.clone())).build());
    let simple = simplifier.simplify(simplifier.coerce(bound, &own)?)?;
    context.create_physical_expr(simple, &own)
}

fn bind(part: Expr, day: &ScalarValue, has_own: bool) -> Transformed<Expr> {
    let is_parameter = match &part {
        Expr::Column(column) => !has_own && column.name == AS_OF,
        Expr::Placeholder(placeholder) => placeholder.id == format!("${AS_OF}"),
        _ => false,
    };
    if is_parameter { Transformed::yes(Expr::Literal(day.clone(), None)) } else { Transformed::no(part) }
}

fn check(columns: SchemaRef, compiled: Arc<dyn PhysicalExpr>) -> RowCheck {
    Box::new(move |batch| {
        let batch = by_name(batch, &columns)?;
        let failed = |error: DataFusionError| ArrowError::ComputeError(error::plain_reason(error.find_root()));
        let array = compiled.evaluate(&batch).and_then(|value| value.into_array(batch.num_rows())).map_err(failed)?;
        match array.as_any().downcast_ref::<BooleanArray>() {
            Some(truths) => Ok(truths.clone()),
            // An expression that is null for every row has the type of null.
            None => Ok(BooleanArray::new_null(batch.num_rows())),
        }
    })
}

/// The columns that the expression was compiled for, in their order.
fn by_name(batch: &RecordBatch, columns: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let find = |name: &str| {
        let column = batch.column_by_name(name).cloned();
        column.ok_or_else(|| ArrowError::SchemaError(format!("the batch has no column `{name}`")))
    };
    let arrays = columns.fields().iter().map(|field| find(field.name())).collect::<Result<Vec<ArrayRef>, _>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::clone(columns), arrays, &options)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{BooleanArray, Date32Array, RecordBatch, StringArray};
    use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
    use jiff::civil::date;

    use super::{RuleText, compile_rule};
    use crate::engine::{EngineError, parameters::days_since_epoch};
    use crate::model::{RuleId, Severity};

    fn visits() -> SchemaRef {
        Arc::new(Schema::new(vec![
            Field::new("stage", DataType::Utf8, true),
            Field::new("requested_on", DataType::Date32, true),
            Field::new("visited_on", DataType::Date32, true),
        ]))
    }

    fn rule<'a>(id: &'a RuleId, expression: &'a str) -> RuleText<'a> {
        let (dataset, reason, hint) = ("diagnostics", "wrong", "mend it");
        RuleText { dataset, id, severity: Severity::Quarantine, fields: &[], expression, reason, hint }
    }

    fn run(expression: &str) -> Vec<Option<bool>> {
        let id = RuleId::of("X101");
        let compiled = compile_rule(&visits(), rule(&id, expression), date(2020, 9, 30)).expect("a sound rule");
        let day = |day| Some(days_since_epoch(day));
        let columns: Vec<arrow::array::ArrayRef> = vec![
            Arc::new(Date32Array::from(vec![
                day(date(2020, 6, 1)),
                day(date(2020, 4, 30)),
                None,
                day(date(2020, 10, 1)),
            ])),
            Arc::new(StringArray::from(vec![Some("visited"), Some("visited"), None, Some("requested")])),
            Arc::new(Date32Array::from(vec![day(date(2020, 5, 1)); 4])),
        ];
        let names = ["visited_on", "stage", "requested_on"];
        let batch = RecordBatch::try_from_iter(names.into_iter().zip(columns)).expect("a batch in another order");
        let truths: BooleanArray = (compiled.check)(&batch).expect("runs");
        truths.iter().collect()
    }

    #[test]
    fn rules_see_columns_by_name_and_the_day_of_the_extract() {
        let order = "visited_on is null or visited_on >= requested_on";
        assert_eq!(run(order), [Some(true), Some(false), Some(true), Some(true)]);
        assert_eq!(run("visited_on <= as_of"), [Some(true), Some(true), None, Some(false)]);
        assert_eq!(run("visited_on <= $as_of"), [Some(true), Some(true), None, Some(false)]);
        assert_eq!(run("stage in ('visited', 'done')"), [Some(true), Some(true), None, Some(false)]);
        assert_eq!(run("fin_quarter(requested_on) = '2020-21-Q1'"), [Some(true); 4]);
        assert_eq!(run("null"), [None; 4]);
    }

    #[test]
    fn a_wrong_rule_is_named() {
        let id = RuleId::of("X102");
        let unknown = compile_rule(&visits(), rule(&id, "visited >= requested_on"), date(2020, 9, 30));
        assert!(matches!(&unknown, Err(EngineError::Rule { rule, .. }) if rule == "X102"));
        let number = compile_rule(&visits(), rule(&id, "1 + 1"), date(2020, 9, 30));
        assert!(matches!(number, Err(EngineError::RuleType { .. })));
    }
}
