//! `prank() OVER (PARTITION BY ... ORDER BY x)`: the mid-rank percentile of each row, (how many lie below + half of those that
//! are equal, itself among them) / all (domain, section 2F). Within 0 and 1, a half for the middle, the same for equals.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::exec_err;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::function::{PartitionEvaluatorArgs, WindowUDFFieldArgs};
use datafusion::logical_expr::{PartitionEvaluator, Signature, Volatility, WindowUDF, WindowUDFImpl};
use rust_decimal::{Decimal, RoundingStrategy};

/// Digits after the point.
const SCALE: i8 = 12;

/// The function.
pub(super) fn prank() -> Arc<WindowUDF> {
    Arc::new(WindowUDF::from(Prank { signature: Signature::nullary(Volatility::Immutable) }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Prank {
    signature: Signature,
}

impl WindowUDFImpl for Prank {
    fn name(&self) -> &'static str {
        "prank"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn partition_evaluator(&self, _: PartitionEvaluatorArgs) -> Result<Box<dyn PartitionEvaluator>, DataFusionError> {
        Ok(Box::new(Evaluator))
    }

    fn field(&self, args: WindowUDFFieldArgs) -> Result<FieldRef, DataFusionError> {
        Ok(Arc::new(Field::new(args.name(), DataType::Decimal128(38, SCALE), false)))
    }
}

#[derive(Debug)]
struct Evaluator;

impl PartitionEvaluator for Evaluator {
    fn evaluate_all_with_rank(&self, rows: usize, equals: &[Range<usize>]) -> Result<ArrayRef, DataFusionError> {
        let mut values = Vec::with_capacity(rows);
        for range in equals {
            let Some(held) = mid_rank(range, rows) else { return exec_err!("`prank`: too many rows") };
            values.extend(std::iter::repeat_n(held, range.len()));
        }
        Ok(Arc::new(Decimal128Array::from(values).with_precision_and_scale(38, SCALE)?))
    }

    fn include_rank(&self) -> bool {
        true
    }
}

/// (2 below + equal) / (2 all), as Arrow holds it.
fn mid_rank(range: &Range<usize>, rows: usize) -> Option<i128> {
    let twice = Decimal::from(range.start.checked_mul(2)?.checked_add(range.len())?);
    let share = twice.checked_div(Decimal::from(rows.checked_mul(2)?))?;
    let mut rounded = share.round_dp_with_strategy(SCALE.unsigned_abs().into(), RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(SCALE.unsigned_abs().into());
    Some(rounded.mantissa())
}
