//! Prices and time in SQL: `deflate`, `splice`, `discount_factor`, `present_value`, `cagr`, `annualise`.

use rust_decimal::Decimal;

use super::scalar::Scalar;
use super::value::Argument::Number;
use super::value::{Answer, Value, Yields};
use crate::engine::method::{
    DiscountStep, MethodError, compound_growth, deflate, discount_factor, present_value, splice,
};

/// Amounts and rates have twelve digits after the point, factors that are multiplied later have eighteen.
const AMOUNT: Yields = Yields::Number(12);
const FACTOR: Yields = Yields::Number(18);

/// The functions of this file.
pub(super) const FUNCTIONS: &[Scalar] = &[
    Scalar {
        name: "deflate",
        forms: &[&[Number; 3]],
        yields: AMOUNT,
        compute: |v| Ok(Answer::Number(deflate(v[0].number()?, v[1].number()?, v[2].number()?)?)),
    },
    Scalar {
        name: "splice",
        forms: &[&[Number; 3]],
        yields: AMOUNT,
        compute: |v| Ok(Answer::Number(splice(v[0].number()?, v[1].number()?, v[2].number()?)?)),
    },
    Scalar {
        name: "discount_factor",
        forms: &[&[Number; 2], &[Number; 6]],
        yields: FACTOR,
        compute: |v| Ok(Answer::Number(discount_factor(v[0].count()?, &steps(&v[1..])?)?)),
    },
    Scalar {
        name: "present_value",
        forms: &[&[Number; 3], &[Number; 7]],
        yields: AMOUNT,
        compute: |v| Ok(Answer::Number(present_value(v[0].number()?, v[1].count()?, &steps(&v[2..])?)?)),
    },
    Scalar {
        name: "cagr",
        forms: &[&[Number; 3]],
        yields: AMOUNT,
        compute: |v| Ok(compound_growth(v[0].number()?, v[1].number()?, v[2].number()?)?.into()),
    },
    Scalar { name: "annualise", forms: &[&[Number; 2]], yields: AMOUNT, compute: annualise },
];

/// Rates and the last years in which they hold: `r` alone, or `r1, last1, r2, last2, r3`.
fn steps(values: &[Value]) -> Result<Vec<DiscountStep>, MethodError> {
    let step = |pair: &[Value]| {
        let last_year = pair.get(1).map(Value::count).transpose()?;
        Ok(DiscountStep { rate: pair[0].number()?, last_year })
    };
    values.chunks(2).map(step).collect()
}

/// What a flow over some months is over twelve.
fn annualise(values: &[Value]) -> Result<Answer, MethodError> {
    let (flow, months) = (values[0].number()?, values[1].number()?);
    if months <= Decimal::ZERO {
        return Err(MethodError::Argument { name: "the months of a flow", rule: "above zero" });
    }
    let year = flow.checked_mul(Decimal::from(12)).and_then(|flow| flow.checked_div(months));
    year.map(Answer::Number).ok_or(MethodError::Overflow)
}
