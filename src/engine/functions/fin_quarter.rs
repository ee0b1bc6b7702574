//! Functions for SQL: `fin_quarter(date)` and `fin_quarter_index(date)`, which both ask `model::Period`, so that SQL and
//! Rust can never disagree about a quarter.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int32Array, StringBuilder};
use arrow::datatypes::DataType;
use datafusion::common::cast::as_date32_array;
use datafusion::common::exec_err;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use jiff::Span;
use jiff::civil::date;

use crate::model::Period;

/// `fin_quarter('2020-11-05')` is `2020-21-Q3`.
pub(in crate::engine) fn fin_quarter() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::from(FinQuarter { signature: one_date(), yields: Yields::Label }))
}

/// `fin_quarter_index(date)` counts quarters; differences are numbers of quarters.
pub(in crate::engine) fn fin_quarter_index() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::from(FinQuarter { signature: one_date(), yields: Yields::Index }))
}

fn one_date() -> Signature {
    Signature::exact(vec![DataType::Date32], Volatility::Immutable)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Yields {
    Label,
    Index,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct FinQuarter {
    signature: Signature,
    yields: Yields,
}

impl ScalarUDFImpl for FinQuarter {
    fn name(&self) -> &str {
        match self.yields {
            Yields::Label => "fin_quarter",
            Yields::Index => "fin_quarter_index",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType, DataFusionError> {
        Ok(match self.yields {
            Yields::Label => DataType::Utf8,
            Yields::Index => DataType::Int32,
        })
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue, DataFusionError> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let [days] = arrays.as_slice() else { return exec_err!("{} takes one date", self.name()) };
        let days = as_date32_array(days)?;
        let array: ArrayRef = match self.yields {
            Yields::Label => Arc::new(labels(days)?),
            Yields::Index => Arc::new(indexes(days)?),
        };
        Ok(ColumnarValue::Array(array))
    }
}

fn indexes(days: &Date32Array) -> Result<Int32Array, DataFusionError> {
    let mut quarters = Quarters::default();
    days.iter().map(|day| day.map(|day| quarters.of(day).map(Period::index)).transpose()).collect()
}

fn labels(days: &Date32Array) -> Result<arrow::array::StringArray, DataFusionError> {
    let mut quarters = Quarters::default();
    let mut texts = StringBuilder::with_capacity(days.len(), days.len() * 10);
    for day in days {
        match day {
            Some(day) => texts.append_value(quarters.of(day)?.to_string()),
            None => texts.append_null(),
        }
    }
    Ok(texts.finish())
}

/// Remembers the last quarter, since neighbouring rows mostly share it.
#[derive(Default)]
struct Quarters {
    last: Option<(i32, i32, Period)>,
}

impl Quarters {
    fn of(&mut self, day: i32) -> Result<Period, DataFusionError> {
        if let Some((first, last, period)) = self.last
            && (first..=last).contains(&day)
        {
            return Ok(period);
        }
        let Ok(civil) = Span::new().try_days(day).and_then(|days| date(1970, 1, 1).checked_add(days)) else {
            return exec_err!("a date lies outside the years -9999 to 9999");
        };
        // The very first and last years have no financial year around them.
        if !(-9998..9998).contains(&civil.year()) {
            return exec_err!("a date lies outside the years -9998 to 9997");
        }
        let period = Period::containing(civil);
        let days = crate::engine::parameters::days_since_epoch;
        self.last = Some((days(period.first_day()), days(period.last_day()), period));
        Ok(period)
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, Date32Array};
    use jiff::ToSpan;
    use jiff::civil::date;

    use super::{indexes, labels};
    use crate::model::Period;

    #[test]
    fn sql_and_rust_agree_on_the_quarter_of_every_day() {
        let first = date(1999, 1, 1);
        let days: Vec<_> = (0..365 * 30).map(|n| first.checked_add(n.days()).expect("a day")).collect();
        let array: Date32Array =
            days.iter().map(|day| Some(crate::engine::parameters::days_since_epoch(*day))).collect();
        let (numbers, texts) = (indexes(&array).expect("in range"), labels(&array).expect("in range"));
        for (row, day) in days.iter().enumerate() {
            assert_eq!(numbers.value(row), Period::containing(*day).index(), "{day}");
            assert_eq!(texts.value(row), Period::containing(*day).to_string(), "{day}");
        }
    }

    #[test]
    fn null_stays_null_and_far_days_are_errors() {
        assert!(indexes(&Date32Array::from(vec![None])).expect("no day").is_null(0));
        assert!(indexes(&Date32Array::from(vec![i32::MAX])).is_err());
        assert!(indexes(&Date32Array::from(vec![i32::MIN])).is_err());
    }
}
