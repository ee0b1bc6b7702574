//! From gross to net in SQL: `net_additional`, `break_even_deadweight`, `persistence`.

use rust_decimal::Decimal;

use super::scalar::Scalar;
use super::value::Argument::{Number, Text};
use super::value::{Answer, Value, Yields};
use crate::engine::method::{Factors, MethodError, break_even_deadweight, net_additional, persistence};

/// The functions of this file.
pub(super) const FUNCTIONS: &[Scalar] = &[
    Scalar { name: "net_additional", forms: &[&[Number; 6], &[Number; 10]], yields: Yields::Number(12), compute: net },
    Scalar {
        name: "break_even_deadweight",
        forms: &[&[Number; 2]],
        yields: Yields::Number(12),
        compute: |v| Ok(break_even_deadweight(v[0].number()?, v[1].number()?)?.into()),
    },
    Scalar {
        name: "persistence",
        forms: &[&[Number, Number, Number, Number, Text]],
        yields: Yields::Number(18),
        compute: |v| {
            let profile = profile(v[4].text()?)?;
            let share = persistence(v[0].count()?, v[1].count()?, v[2].count()?, v[3].number()?, &profile)?;
            Ok(Answer::Number(share))
        },
    },
];

fn factors(values: &[Value]) -> Result<Factors, MethodError> {
    Ok(Factors {
        leakage: values[0].number()?,
        displacement: values[1].number()?,
        substitution: values[2].number()?,
        multiplier: values[3].number()?,
    })
}

/// Six arguments are the short form: gross, deadweight, leakage, displacement, substitution, multiplier. Ten are the general
/// one: gross, reference, four factors, and leakage, displacement, substitution and multiplier of the reference case.
fn net(values: &[Value]) -> Result<Answer, MethodError> {
    let gross = values[0].number()?;
    let with = factors(&values[2..6])?;
    let (reference, without) = if let Some(rest) = values.get(6..10) {
        (values[1].number()?, factors(rest)?)
    } else {
        (gross.checked_mul(values[1].number()?).ok_or(MethodError::Overflow)?, with)
    };
    Ok(Answer::Number(net_additional(gross, with, reference, without)?))
}

/// `0.5;0.8;1`; an empty text is no profile.
fn profile(text: &str) -> Result<Vec<Decimal>, MethodError> {
    let shares = text.split(';').map(str::trim).filter(|share| !share.is_empty()).map(str::parse);
    let rule = "shares with `;` between them, such as 0.5;0.8;1";
    shares.collect::<Result<_, _>>().map_err(|_| MethodError::Argument { name: "the profile", rule })
}
