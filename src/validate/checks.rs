//! Checks one cell: is it there, is it of its type, does it satisfy its constraints. All failures of a cell are told.

use crate::definitions::{Constraints, Field, FieldKind, TextFormat, ValueError};
use crate::model::{COVERED_CELL, NOT_CALCULATED, RuleId};

use super::rules;

/// One failed check of a cell: its rule, why, and how to mend it.
pub(super) type Failure = (RuleId, String, String);

/// What a formula leaves behind when it fails.
pub(super) const SPREADSHEET_ERRORS: [&str; 7] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];

/// What a text stands for that decoding puts where a workbook's cell has no value of its own.
fn find_gap(text: &str) -> Option<Failure> {
    let (reason, hint) = match text {
        NOT_CALCULATED => (
            "the cell has a formula without a stored value",
            "open the workbook in Excel, save it and deliver it again",
        ),
        COVERED_CELL => (
            "a cell is merged over this column from the left, so that nobody can tell whose the value is",
            "undo the merging and deliver a value in every cell",
        ),
        _ => return None,
    };
    Some((rules::SPREADSHEET_ERROR, reason.to_owned(), hint.to_owned()))
}

/// What a text is in its column.
pub(super) enum Checked {
    /// A good value, in stored units.
    Good(i128),
    /// A value that fails a constraint.
    Wrong,
    /// No value of the column's type.
    Misfit,
}

/// Reads a cell as a value of its column. Unless it is good, `failures` say why.
pub(super) fn check_value(text: &str, field: &Field, failures: &mut Vec<Failure>) -> Checked {
    if let Some(gap) = find_gap(text) {
        failures.push(gap);
        return Checked::Misfit;
    }
    let stored = match field.parse(text) {
        Ok(stored) => stored,
        Err(error) => {
            failures.push(explain(error, field));
            return Checked::Misfit;
        }
    };
    if field.kind == FieldKind::Text && SPREADSHEET_ERRORS.contains(&text) {
        let reason = "the value is a spreadsheet's error".to_owned();
        failures.push((rules::SPREADSHEET_ERROR, reason, "mend the formula and deliver its value".to_owned()));
        return Checked::Misfit;
    }
    let before = failures.len();
    check_text(text, field, failures);
    check_limits(stored, &field.constraints, failures);
    check_allowed(text, stored, field, failures);
    if failures.len() == before { Checked::Good(stored) } else { Checked::Wrong }
}

fn check_text(text: &str, field: &Field, failures: &mut Vec<Failure>) {
    let constraints = &field.constraints;
    if let Some(pattern) = &constraints.pattern
        && !pattern.is_match(text)
    {
        let source = constraints.pattern_source.as_deref().unwrap_or_default();
        failures.push((
            rules::PATTERN,
            "the value has another form than agreed".to_owned(),
            format!("the form is {source}"),
        ));
    }
    if let Some(format) = constraints.format.filter(|format| !format.admits(text)) {
        let (what, hint) = match format {
            TextFormat::Email => ("no mail address", "deliver one address without a name beside it"),
            TextFormat::Uri => ("no web address", "deliver it with its scheme"),
            TextFormat::Uuid => ("no UUID", "deliver all its digits"),
        };
        failures.push((rules::FORMAT, format!("the value is {what}"), format!("{hint}, such as {}", format.example())));
    }
    if constraints.min_length.is_none() && constraints.max_length.is_none() {
        return;
    }
    let length = text.chars().count();
    if let Some(least) = constraints.min_length.filter(|least| length < *least) {
        let reason = format!("the value has fewer than {least} characters");
        failures.push((rules::TOO_SHORT, reason, "deliver it in full".to_owned()));
    }
    if let Some(most) = constraints.max_length.filter(|most| length > *most) {
        let reason = format!("the value has more than {most} characters");
        failures.push((rules::TOO_LONG, reason, "shorten it".to_owned()));
    }
}

fn check_limits(stored: i128, constraints: &Constraints, failures: &mut Vec<Failure>) {
    if let Some(minimum) = constraints.minimum.as_ref().filter(|bound| stored < bound.stored) {
        let reason = format!("the value is below {}", minimum.text);
        failures.push((rules::BELOW_MINIMUM, reason, "check the value and its unit".to_owned()));
    }
    if let Some(maximum) = constraints.maximum.as_ref().filter(|bound| stored > bound.stored) {
        let reason = format!("the value is above {}", maximum.text);
        failures.push((rules::ABOVE_MAXIMUM, reason, "check the value and its unit".to_owned()));
    }
}

fn check_allowed(text: &str, stored: i128, field: &Field, failures: &mut Vec<Failure>) {
    let allowed = &field.constraints.allowed;
    if allowed.is_empty() {
        return;
    }
    let found = match field.kind {
        FieldKind::Text => allowed.iter().any(|value| value == text),
        // 5.0 is the allowed 5, however it is written.
        _ => field.constraints.allowed_stored.contains(&stored),
    };
    if !found {
        let shown: Vec<&str> = allowed.iter().take(12).map(String::as_str).collect();
        let more = if allowed.len() > shown.len() { ", ..." } else { "" };
        let hint = format!("deliver one of {}{more}", shown.join(", "));
        failures.push((rules::NOT_ALLOWED, "the value is not one of those agreed".to_owned(), hint));
    }
}

/// How every day can be delivered.
const DATE_HINT: &str = "deliver it as YYYY-MM-DD";

/// What a text that is no value of its kind is told as.
fn explain(error: ValueError, field: &Field) -> Failure {
    let (rule, reason, hint) = match error {
        ValueError::NotInteger => {
            (rules::NOT_INTEGER, "the value is not a whole number", "deliver digits only; nothing if it is not known")
        }
        ValueError::NotNumber => (
            rules::NOT_NUMBER,
            "the value is not a plain decimal number",
            "deliver digits and a point, without currency signs or exponents; nothing if it is not known",
        ),
        ValueError::Thousands => (
            rules::THOUSANDS,
            "the value has separators of thousands that are not agreed or stand in wrong places",
            "deliver the number without them",
        ),
        ValueError::Scale => {
            let scale = if let FieldKind::Number { scale, .. } = field.kind { scale } else { 0 };
            let hint = "round it where it is made; it is not rounded here".to_owned();
            return (rules::TOO_MANY_DECIMALS, format!("the value has more than {scale} decimals"), hint);
        }
        ValueError::TooLarge => {
            (rules::NUMBER_TOO_LARGE, "the number does not fit its column", "check the value and its unit")
        }
        ValueError::NotDate => (rules::NOT_DATE, "the value is not a day in a form that is agreed", DATE_HINT),
        ValueError::AmbiguousDate => (
            rules::AMBIGUOUS_DATE,
            "the day is written so that it cannot be told for certain which one is meant",
            DATE_HINT,
        ),
        ValueError::NotTimestamp => {
            (rules::NOT_TIMESTAMP, "the value is not an instant", "deliver it as 2020-09-30T08:30:00Z")
        }
        ValueError::NoOffset => (
            rules::NOT_TIMESTAMP,
            "the instant does not say its offset from UTC",
            "deliver it as 2020-09-30T08:30:00Z or with +01:00",
        ),
        ValueError::NotBoolean => (
            rules::NOT_BOOLEAN,
            "the value is neither true nor false",
            "deliver one of the words agreed for true and false",
        ),
    };
    (rule, reason.to_owned(), hint.to_owned())
}
