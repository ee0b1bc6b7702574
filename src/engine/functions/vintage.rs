//! `one_vintage(a, b, ...)` and the aggregate `only_vintage(v)`: the common vintage of what one figure is made of. Figures of
//! different publications are not comparable, so a mixture is an error (domain, section 0 R4).

use super::aggregate::Aggregate;
use super::scalar::Scalar;
use super::value::Argument::Text;
use super::value::{Answer, Value, Yields};
use crate::engine::method::MethodError;

const MIXED: MethodError =
    MethodError::Argument { name: "the vintage of a figure", rule: "the same for all of its inputs" };

/// The scalar form, for inputs that stand side by side.
pub(super) const FUNCTIONS: &[Scalar] = &[Scalar {
    name: "one_vintage",
    forms: &[&[Text; 1], &[Text; 2], &[Text; 3], &[Text; 4], &[Text; 5], &[Text; 6], &[Text; 7], &[Text; 8]],
    yields: Yields::Text,
    compute: |values| common(values.iter()),
}];

/// The aggregate form, for inputs in several rows; nulls do not count.
pub(super) const AGGREGATES: &[Aggregate] = &[Aggregate {
    name: "only_vintage",
    arguments: &[(Text, false)],
    yields: Yields::Text,
    compute: |rows| common(rows.iter().filter_map(|row| row.first()?.as_ref())),
}];

fn common<'a>(mut values: impl Iterator<Item = &'a Value>) -> Result<Answer, MethodError> {
    let Some(first) = values.next() else { return Ok(Answer::Null) };
    if values.any(|other| other != first) {
        return Err(MIXED);
    }
    Ok(Answer::Text(first.text()?.to_owned()))
}
