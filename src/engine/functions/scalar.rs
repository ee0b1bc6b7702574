//! Functions of the values of one row.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::plan_err;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};

use super::value::{Answer, Argument, Arguments, Value, Yields, coerced, column_of, failed, result_type};
use crate::engine::method::MethodError;

/// A function and its forms.
#[derive(Debug)]
pub(super) struct Scalar {
    /// Its name in SQL.
    pub(super) name: &'static str,
    /// The lists of arguments it takes; they differ in length.
    pub(super) forms: &'static [&'static [Argument]],
    /// What it gives.
    pub(super) yields: Yields,
    /// Its value for arguments of which none is null.
    pub(super) compute: fn(&[Value]) -> Result<Answer, MethodError>,
}

/// A function as `DataFusion` knows it.
pub(super) fn function(spec: &'static Scalar) -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::from(Function { spec, signature: Signature::user_defined(Volatility::Immutable) }))
}

#[derive(Debug)]
struct Function {
    spec: &'static Scalar,
    signature: Signature,
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.spec.name == other.spec.name
    }
}

impl Eq for Function {}

impl Hash for Function {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.spec.name.hash(state);
    }
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &str {
        self.spec.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType, DataFusionError> {
        Ok(result_type(self.spec.yields))
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>, DataFusionError> {
        let Some(form) = self.spec.forms.iter().find(|form| form.len() == given.len()) else {
            let counts: Vec<String> = self.spec.forms.iter().map(|form| form.len().to_string()).collect();
            return plan_err!("`{}` takes {} arguments, not {}", self.spec.name, counts.join(" or "), given.len());
        };
        form.iter().zip(given).map(|(argument, kind)| coerced(self.spec.name, *argument, kind)).collect()
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue, DataFusionError> {
        let rows = args.number_rows;
        let columns = args.args.iter().map(|argument| match argument {
            ColumnarValue::Array(array) => Ok((Arguments::new(self.spec.name, array)?, false)),
            ColumnarValue::Scalar(scalar) => Ok((Arguments::new(self.spec.name, &scalar.to_array()?)?, true)),
        });
        let columns = columns.collect::<Result<Vec<_>, DataFusionError>>()?;
        let constant = columns.iter().all(|(_, scalar)| *scalar);
        let mut answers = Vec::with_capacity(rows);
        for row in 0..(if constant { 1 } else { rows }) {
            answers.push(self.answer(&columns, row)?);
        }
        let column = column_of(self.spec.name, self.spec.yields, &answers)?;
        if constant {
            return Ok(ColumnarValue::Scalar(datafusion::common::ScalarValue::try_from_array(&column, 0)?));
        }
        Ok(ColumnarValue::Array(column))
    }
}

impl Function {
    fn answer(&self, columns: &[(Arguments, bool)], row: usize) -> Result<Answer, DataFusionError> {
        let mut values = Vec::with_capacity(columns.len());
        for (column, constant) in columns {
            match column.value(if *constant { 0 } else { row }) {
                Ok(Some(value)) => values.push(value),
                Ok(None) => return Ok(Answer::Null),
                Err(error) => return Err(failed(self.spec.name, error)),
            }
        }
        (self.spec.compute)(&values).map_err(|error| failed(self.spec.name, error))
    }
}
