//! Aggregates over observations: `percentile_exact`, `mean_interval`, `km_median`, `km_survival`, `did`,
//! `group_time_att`, `group_time_pretrend`.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::aggregate::{Aggregate, Rows};
use super::value::Argument::{Flag, Number, Text};
use super::value::{Answer, Part, Value, Yields};
use crate::engine::method::{
    Arm, Change, Effect, Followed, MethodError, Placebo, Sighting, SurvivalCurve, effect, group_time_changes,
    mean_interval, percentile,
};

const NUMBER: Part = Part::Number(12);
const AMOUNT: Yields = Yields::Number(12);
const EFFECT: Yields = Yields::Struct(&[
    ("value", NUMBER),
    ("lower", NUMBER),
    ("upper", NUMBER),
    ("n_treated", Part::Count),
    ("n_control", Part::Count),
    ("df", NUMBER),
]);
const PANEL: &[(super::value::Argument, bool)] =
    &[(Text, false), (Number, false), (Number, true), (Number, false), (Number, false)];

/// The functions of this file.
pub(super) const AGGREGATES: &[Aggregate] = &[
    Aggregate {
        name: "percentile_exact",
        arguments: &[(Number, false), (Number, false)],
        yields: AMOUNT,
        compute: |rows| {
            let Some(share) = constant(rows, 1)? else { return Ok(Answer::Null) };
            Ok(percentile(numbers(rows, 0)?, share)?.into())
        },
    },
    Aggregate {
        name: "mean_interval",
        arguments: &[(Number, false), (Number, false)],
        yields: Yields::Struct(&[("value", NUMBER), ("lower", NUMBER), ("upper", NUMBER), ("n", Part::Count)]),
        compute: mean,
    },
    Aggregate {
        name: "km_median",
        arguments: &[(Number, false), (Flag, false)],
        yields: AMOUNT,
        compute: |rows| Ok(curve(rows)?.median().into()),
    },
    Aggregate {
        name: "km_survival",
        arguments: &[(Number, false), (Flag, false), (Number, false)],
        yields: AMOUNT,
        compute: |rows| {
            let Some(at) = constant(rows, 2)? else { return Ok(Answer::Null) };
            Ok(Answer::Number(curve(rows)?.survival_at(at)))
        },
    },
    Aggregate {
        name: "did",
        arguments: &[(Number, false), (Flag, false), (Number, false)],
        yields: EFFECT,
        compute: did,
    },
    Aggregate {
        name: "group_time_att",
        arguments: PANEL,
        yields: EFFECT,
        compute: |rows| staggered(rows, Placebo::Effect),
    },
    Aggregate {
        name: "group_time_pretrend",
        arguments: PANEL,
        yields: EFFECT,
        compute: |rows| staggered(rows, Placebo::PreTrend),
    },
];

/// A number that is there, since rows without it do not come here.
fn number(row: &[Option<Value>], at: usize) -> Result<Decimal, MethodError> {
    row[at].as_ref().map_or(Err(MethodError::Overflow), Value::number)
}

fn numbers(rows: &Rows, at: usize) -> Result<Vec<Decimal>, MethodError> {
    rows.iter().map(|row| number(row, at)).collect()
}

/// An argument that is the same in every row; none without rows.
fn constant(rows: &Rows, at: usize) -> Result<Option<Decimal>, MethodError> {
    let Some(first) = rows.first() else { return Ok(None) };
    if rows.iter().any(|row| row[at] != first[at]) {
        return Err(MethodError::Argument { name: "the last argument", rule: "the same in every row" });
    }
    number(first, at).map(Some)
}

fn mean(rows: &Rows) -> Result<Answer, MethodError> {
    let Some(confidence) = constant(rows, 1)? else { return Ok(Answer::Null) };
    let found = mean_interval(&numbers(rows, 0)?, confidence)?;
    let listed = |found: crate::engine::method::MeanInterval| {
        let (lower, upper) = found.interval.unzip();
        Answer::Struct(vec![Some(found.mean), lower, upper, Some(Decimal::from(found.count))])
    };
    Ok(found.map_or(Answer::Null, listed))
}

fn curve(rows: &Rows) -> Result<SurvivalCurve, MethodError> {
    let followed = |row: &Vec<Option<Value>>| Ok(Followed { days: number(row, 0)?, event: !number(row, 1)?.is_zero() });
    SurvivalCurve::new(rows.iter().map(followed).collect::<Result<_, MethodError>>()?)
}

fn did(rows: &Rows) -> Result<Answer, MethodError> {
    let Some(confidence) = constant(rows, 2)? else { return Ok(Answer::Null) };
    let mut changes = Vec::with_capacity(rows.len());
    for (row, unit) in rows.iter().zip(0..) {
        let arm = if number(row, 1)?.is_zero() { Arm::Control } else { Arm::Treated };
        changes.push(Change { cohort: 0, arm, unit, change: number(row, 0)? });
    }
    Ok(told(effect(&changes, confidence)?))
}

fn staggered(rows: &Rows, placebo: Placebo) -> Result<Answer, MethodError> {
    let Some(confidence) = constant(rows, 4)? else { return Ok(Answer::Null) };
    let mut units: BTreeMap<&str, u32> = BTreeMap::new();
    for row in rows {
        units.entry(row[0].as_ref().map_or(Err(MethodError::Overflow), Value::text)?).or_default();
    }
    for (rank, unit) in (0..).zip(units.values_mut()) {
        *unit = rank;
    }
    let mut sightings = Vec::with_capacity(rows.len());
    for row in rows {
        let unit = row[0].as_ref().and_then(|value| units.get(value.text().ok()?)).copied().unwrap_or_default();
        let period = row[1].as_ref().map_or(Err(MethodError::Overflow), Value::integer)?;
        let start = row[2].as_ref().map(Value::integer).transpose()?;
        sightings.push(Sighting { unit, period, start, outcome: number(row, 3)? });
    }
    Ok(told(effect(&group_time_changes(&sightings, placebo)?, confidence)?))
}

fn told(effect: Option<Effect>) -> Answer {
    let Some(effect) = effect else { return Answer::Null };
    let (lower, upper) = effect.interval.unzip();
    let count = |count: usize| Some(Decimal::from(count));
    let (treated, controls) = (count(effect.treated), count(effect.controls));
    Answer::Struct(vec![Some(effect.value), lower, upper, treated, controls, effect.freedom])
}
