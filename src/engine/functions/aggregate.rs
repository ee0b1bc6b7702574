//! Functions of all rows of a group. They hold the rows until the last has come, since none of them is a running sum.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, new_empty_array};
use arrow::buffer::OffsetBuffer;
use arrow::compute::concat;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{ScalarValue, plan_err};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::format_state_name;
use datafusion::logical_expr::{Accumulator, AggregateUDF, AggregateUDFImpl, Signature, Volatility};

use super::value::{Answer, Argument, Arguments, Value, Yields, coerced, column_of, failed, result_type};
use crate::engine::method::MethodError;

/// The rows of a group, an entry an argument.
pub(super) type Rows = [Vec<Option<Value>>];

/// An aggregate function.
#[derive(Debug)]
pub(super) struct Aggregate {
    /// Its name in SQL.
    pub(super) name: &'static str,
    /// Its arguments, and whether a row counts although this one is null.
    pub(super) arguments: &'static [(Argument, bool)],
    /// What it gives.
    pub(super) yields: Yields,
    /// Its value for the rows of a group, in any order.
    pub(super) compute: fn(&Rows) -> Result<Answer, MethodError>,
}

/// A function as `DataFusion` knows it.
pub(super) fn function(spec: &'static Aggregate) -> Arc<AggregateUDF> {
    Arc::new(AggregateUDF::from(Function { spec, signature: Signature::user_defined(Volatility::Immutable) }))
}

#[derive(Debug)]
struct Function {
    spec: &'static Aggregate,
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

impl AggregateUDFImpl for Function {
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
        let wanted = self.spec.arguments;
        if wanted.len() != given.len() {
            return plan_err!("`{}` takes {} arguments, not {}", self.spec.name, wanted.len(), given.len());
        }
        wanted.iter().zip(given).map(|((argument, _), kind)| coerced(self.spec.name, *argument, kind)).collect()
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>, DataFusionError> {
        let field = |(at, input): (usize, &FieldRef)| {
            let item = Field::new_list_field(input.data_type().clone(), true);
            let name = format_state_name(args.name, &at.to_string());
            Arc::new(Field::new(name, DataType::List(Arc::new(item)), true))
        };
        Ok(args.input_fields.iter().enumerate().map(field).collect())
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>, DataFusionError> {
        if args.is_distinct {
            return plan_err!("`{}` counts every row; leave DISTINCT out", self.spec.name);
        }
        let kinds: Vec<DataType> = args.expr_fields.iter().map(|field| field.data_type().clone()).collect();
        let columns = vec![Vec::new(); kinds.len()];
        Ok(Box::new(Held { spec: self.spec, kinds, columns }))
    }
}

/// The rows of a group, column by column, as they came.
#[derive(Debug)]
struct Held {
    spec: &'static Aggregate,
    kinds: Vec<DataType>,
    columns: Vec<Vec<ArrayRef>>,
}

impl Held {
    fn whole(&self) -> Result<Vec<ArrayRef>, DataFusionError> {
        let one = |(parts, kind): (&Vec<ArrayRef>, &DataType)| {
            let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
            Ok(if parts.is_empty() { new_empty_array(kind) } else { concat(&parts)? })
        };
        self.columns.iter().zip(&self.kinds).map(one).collect()
    }
}

impl Accumulator for Held {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<(), DataFusionError> {
        for (column, array) in self.columns.iter_mut().zip(values).filter(|(_, array)| !array.is_empty()) {
            column.push(Arc::clone(array));
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>, DataFusionError> {
        let list = |values: ArrayRef| {
            let item = Arc::new(Field::new_list_field(values.data_type().clone(), true));
            let list = ListArray::new(item, OffsetBuffer::from_lengths([values.len()]), values, None);
            ScalarValue::List(Arc::new(list))
        };
        Ok(self.whole()?.into_iter().map(list).collect())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<(), DataFusionError> {
        for (column, state) in self.columns.iter_mut().zip(states) {
            column.extend(state.as_list::<i32>().iter().flatten().filter(|values| !values.is_empty()));
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue, DataFusionError> {
        let name = self.spec.name;
        let whole = self.whole()?;
        let rows = whole.first().map_or(0, Array::len);
        let columns = whole.iter().map(|array| Arguments::new(name, array)).collect::<Result<Vec<_>, _>>()?;
        let mut values = Vec::with_capacity(rows);
        for row in 0..rows {
            let all = columns.iter().map(|column| column.value(row)).collect::<Result<Vec<_>, _>>();
            let all = all.map_err(|error| failed(name, error))?;
            let needed = all.iter().zip(self.spec.arguments);
            if needed.into_iter().all(|(value, (_, may_be_null))| value.is_some() || *may_be_null) {
                values.push(all);
            }
        }
        let answer = (self.spec.compute)(&values).map_err(|error| failed(name, error))?;
        ScalarValue::try_from_array(&column_of(name, self.spec.yields, &[answer])?, 0)
    }

    fn size(&self) -> usize {
        let held: usize = self.columns.iter().flatten().map(Array::get_array_memory_size).sum();
        size_of_val(self) + held
    }
}
