//! Regions, industries and their gaps in SQL: `location_quotient`, `shift_share`, `log_gap3`, `log_gap5`.

use rust_decimal::Decimal;

use super::scalar::Scalar;
use super::value::Argument::Number;
use super::value::{Answer, Part, Value, Yields};
use crate::engine::method::{MethodError, location_quotient, log_gap, shift_share};

const AMOUNT: Part = Part::Number(12);
/// Parts of a log gap have twelve significant digits, so a few more after the point keep them.
const LOG: Part = Part::Number(18);

/// The functions of this file.
pub(super) const FUNCTIONS: &[Scalar] = &[
    Scalar {
        name: "location_quotient",
        forms: &[&[Number; 4]],
        yields: Yields::Number(12),
        compute: |v| Ok(location_quotient(v[0].number()?, v[1].number()?, v[2].number()?, v[3].number()?)?.into()),
    },
    Scalar {
        name: "shift_share",
        forms: &[&[Number; 6]],
        yields: Yields::Struct(&[("national", AMOUNT), ("mix", AMOUNT), ("regional", AMOUNT), ("change", AMOUNT)]),
        compute: shifted,
    },
    Scalar {
        name: "log_gap3",
        forms: &[&[Number; 8]],
        yields: Yields::Struct(&[("total", LOG), ("hourly", LOG), ("hours_per_job", LOG), ("jobs_per_head", LOG)]),
        compute: gap,
    },
    Scalar {
        name: "log_gap5",
        forms: &[&[Number; 12]],
        yields: Yields::Struct(&[
            ("total", LOG),
            ("hourly", LOG),
            ("hours_per_job", LOG),
            ("jobs_per_resident", LOG),
            ("employment_rate", LOG),
            ("working_age", LOG),
        ]),
        compute: gap,
    },
];

fn numbers(values: &[Value]) -> Result<Vec<Decimal>, MethodError> {
    values.iter().map(Value::number).collect()
}

fn shifted(values: &[Value]) -> Result<Answer, MethodError> {
    let n = numbers(values)?;
    let parts = shift_share((n[0], n[1]), (n[2], n[3]), (n[4], n[5]))?;
    let listed = |p: crate::engine::method::ShiftShare| [p.national, p.mix, p.regional, p.change].map(Some).to_vec();
    Ok(parts.map_or(Answer::Null, |parts| Answer::Struct(listed(parts))))
}

/// The first half of the arguments is the area, the second the one it is compared with.
fn gap(values: &[Value]) -> Result<Answer, MethodError> {
    let quantities = numbers(values)?;
    let (area, other) = quantities.split_at(quantities.len() / 2);
    let Some(parts) = log_gap(area, other)? else { return Ok(Answer::Null) };
    // Rounded to what the column holds, so that its parts add up too.
    let parts: Vec<Decimal> = parts.into_iter().map(|part| part.round_dp(18)).collect();
    let total = parts.iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(*part));
    let total = total.ok_or(MethodError::Overflow)?;
    Ok(Answer::Struct(std::iter::once(total).chain(parts).map(Some).collect()))
}
