//! What an expression may hold, as far as the gate must know it: the values of one confidential column as they are, marks
//! of 0 and 1, or anything else. Only the first two are added up, since anything else may be padded: a constant beside
//! one firm's value makes the sum look as if many had given to it.

use arrow::datatypes::DataType;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::logical_expr::ExprSchemable;
use datafusion::prelude::Expr;

/// A column of a confidential scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// Which scan.
    pub(super) scan: usize,
    /// The column's name there.
    pub(super) column: String,
    /// Its type there.
    pub(super) kind: DataType,
}

/// What an expression may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing.
    Null,
    /// Nought, or nothing.
    Zero,
    /// One, or nothing.
    One,
    /// One, nought or nothing.
    Flag,
    /// The column's own values, or nothing.
    Column(Source),
    /// The column's own values, nought or nothing.
    Amount(Source),
    /// Anything else.
    Other,
}

impl Form {
    /// What holds either.
    fn or(self, other: Self) -> Self {
        use Form::{Amount, Column, Flag, Null, One, Other, Zero};
        match (self, other) {
            (Null, form) | (form, Null) => form,
            (Column(a), Column(b)) if a == b => Column(a),
            (Column(a) | Amount(a), Zero) | (Zero, Column(a) | Amount(a)) => Amount(a),
            (Column(a) | Amount(a), Column(b) | Amount(b)) if a == b => Amount(a),
            (Zero, Zero) => Zero,
            (One, One) => One,
            (Zero | One | Flag, Zero | One | Flag) => Flag,
            _ => Other,
        }
    }
}

/// The form of an expression over columns of known forms, which stand in the order of the schema.
pub(super) fn form_of(expr: &Expr, schema: &DFSchema, forms: &[Form]) -> Form {
    let inner = |expr: &Expr| form_of(expr, schema, forms);
    match expr {
        Expr::Alias(alias) => inner(&alias.expr),
        Expr::Column(column) => {
            let place = schema.maybe_index_of_column(column);
            place.and_then(|place| forms.get(place)).cloned().unwrap_or(Form::Other)
        }
        Expr::Literal(value, _) => form_of_literal(value),
        Expr::Cast(cast) if is_truth(&cast.expr, schema) && cast.field.data_type().is_integer() => Form::Flag,
        Expr::Cast(cast) => match inner(&cast.expr) {
            // Only exact numbers may be summed; a column that was cast to anything else is no longer itself.
            form if is_exact(cast.field.data_type()) || !matches!(form, Form::Column(_) | Form::Amount(_)) => form,
            _ => Form::Other,
        },
        Expr::Case(case) => {
            let branches = case.when_then_expr.iter().map(|(_, then)| then).chain(case.else_expr.as_ref());
            branches.map(|branch| inner(branch)).fold(Form::Null, Form::or)
        }
        Expr::ScalarFunction(call) if call.func.name() == "coalesce" => {
            call.args.iter().map(inner).fold(Form::Null, Form::or)
        }
        _ => Form::Other,
    }
}

fn form_of_literal(value: &ScalarValue) -> Form {
    if value.is_null() {
        return Form::Null;
    }
    match value {
        ScalarValue::Int64(Some(0)) | ScalarValue::UInt64(Some(0)) | ScalarValue::Decimal128(Some(0), _, _) => {
            Form::Zero
        }
        ScalarValue::Int64(Some(1)) | ScalarValue::UInt64(Some(1)) => Form::One,
        ScalarValue::Float64(Some(number)) if *number == 0.0 => Form::Zero,
        _ => Form::Other,
    }
}

/// Whether an expression is a truth value. The type of a choice is planned by its first branch only, so it is none.
fn is_truth(expr: &Expr, schema: &DFSchema) -> bool {
    if matches!(expr, Expr::Case(_) | Expr::ScalarFunction(_)) {
        return false;
    }
    expr.get_type(schema).is_ok_and(|kind| kind == DataType::Boolean)
}

/// Whether numbers of a type are exact.
pub(super) fn is_exact(kind: &DataType) -> bool {
    kind.is_integer() || matches!(kind, DataType::Decimal128(_, scale) if *scale >= 0)
}
