//! Financial years and windows in SQL: `fin_year`, `fin_year_start`, `fin_label`, `apportion_days`, `subsidy_window_start`.
//! The programme's year starts on 1 April; `date_trunc` of `DataFusion` counts calendar quarters.

use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::scalar::Scalar;
use super::value::Argument::{Day, Text};
use super::value::{Answer, Value, Yields};
use crate::engine::method::MethodError;
use crate::model::{Language, Period};

/// Bases of subsidy that cumulate over the elapsed part of a financial year and the two before it (Subsidy Control Act 2022,
/// section 36, and what it counts from before; domain, section 2F).
const CUMULATING: [&str; 3] = ["MFA", "EU_DE_MINIMIS", "TCA_SMALL"];

/// The functions of this file.
pub(super) const FUNCTIONS: &[Scalar] = &[
    Scalar {
        name: "fin_year",
        forms: &[&[Day]],
        yields: Yields::Text,
        compute: |v| Ok(Answer::Text(quarter(v[0].day()?)?.year_label())),
    },
    Scalar {
        name: "fin_year_start",
        forms: &[&[Day]],
        yields: Yields::Day,
        compute: |v| Ok(Answer::Day(first_of_april(quarter(v[0].day()?)?.year_start()))),
    },
    Scalar { name: "fin_label", forms: &[&[Day, Text]], yields: Yields::Text, compute: label },
    Scalar { name: "apportion_days", forms: &[&[Day, Day, Text]], yields: Yields::Number(18), compute: apportioned },
    Scalar { name: "subsidy_window_start", forms: &[&[Day, Text]], yields: Yields::Day, compute: window_start },
];

/// The quarter of a day with a whole financial year around it.
fn quarter(day: Date) -> Result<Period, MethodError> {
    if (-9990..=9990).contains(&day.year()) {
        return Ok(Period::containing(day));
    }
    Err(MethodError::Argument { name: "a date", rule: "within the years -9990 and 9990" })
}

const fn first_of_april(year: i16) -> Date {
    date(year, 4, 1)
}

/// `Q3 2019-20` or `Ch3 2019-20`.
fn label(values: &[Value]) -> Result<Answer, MethodError> {
    let language = match values[1].text()? {
        "cy" => Language::Cy,
        "en" => Language::En,
        _ => return Err(MethodError::Argument { name: "the language", rule: "`cy` or `en`" }),
    };
    Ok(Answer::Text(quarter(values[0].day()?)?.label(language)))
}

/// The share of the days from the first to the last, both counted, that lie in a financial year.
fn apportioned(values: &[Value]) -> Result<Answer, MethodError> {
    let (first, last) = (values[0].day()?, values[1].day()?);
    if first > last {
        return Err(MethodError::Argument { name: "the first day", rule: "on or before the last one" });
    }
    let year = format!("{}-Q1", values[2].text()?).parse::<Period>();
    let year = year.map_err(|_| MethodError::Argument { name: "the financial year", rule: "written as 2019-20" })?;
    let (opens, closes) = (year.first_day(), Period::from_index(year.index() + 3).last_day());
    let days = |from: Date, to: Date| Decimal::from(((to - from).get_days() + 1).max(0));
    let inside = days(first.max(opens), last.min(closes));
    inside.checked_div(days(first, last)).map(Answer::Number).ok_or(MethodError::Overflow)
}

/// 1 April two financial years before that of the day, for bases that cumulate; null for others.
fn window_start(values: &[Value]) -> Result<Answer, MethodError> {
    if !CUMULATING.contains(&values[1].text()?) {
        return Ok(Answer::Null);
    }
    Ok(Answer::Day(first_of_april(quarter(values[0].day()?)?.year_start() - 2)))
}
