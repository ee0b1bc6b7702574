//! Cells of an indicator's raw tables as texts beside the cells that a fixture expects. A cell that is listed must be there,
//! whatever its time; a cell of the reported quarter to which somebody contributes must be listed.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::difference::{Difference, compare, plain_number};
use crate::definitions::{IndicatorDefinition, TextTable};
use crate::model::{CellKey, Period, Raw, RawCell, Table, TableHeader, TimeKey};
use crate::pipeline::results::value_of;

/// Digits after the point of a value, as results are stored.
const VALUE_DECIMALS: u32 = 12;

/// Columns that say which cell.
fn key_columns(definition: &IndicatorDefinition) -> Vec<String> {
    let dimensions = definition.dimensions.iter().map(|dimension| dimension.name.as_str());
    ["measure", "time", "area"].into_iter().chain(dimensions).map(str::to_owned).collect()
}

/// What a cell holds: its value, how many groups contribute, and the two largest contributions.
const CONTENT: [&str; 4] = ["value", "n", "largest", "second"];
/// What may be compared beside that. Without the column `status`, no cell may have one.
const OPTIONAL: [&str; 5] = ["status", "numerator", "denominator", "lower", "upper"];

/// What is wrong with the columns and keys of expected cells.
pub(super) fn check_columns(definition: &IndicatorDefinition, expected: &TextTable) -> Vec<String> {
    if expected.columns.is_empty() {
        return Vec::new();
    }
    let keys = key_columns(definition);
    let needed: Vec<&str> = keys.iter().map(String::as_str).chain(CONTENT).collect();
    let mut problems = Vec::new();
    for name in needed.iter().filter(|name| expected.find_column(name).is_none()) {
        problems.push(format!("the column `{name}` is missing; cells have {}", needed.join(", ")));
    }
    let known = |name: &str| needed.contains(&name) || OPTIONAL.contains(&name);
    for name in expected.columns.iter().filter(|name| !known(name)) {
        let all = format!("{}, and may have {}", needed.join(", "), OPTIONAL.join(", "));
        problems.push(format!("`{name}` is not a column of cells, which have {all}"));
    }
    let mut seen = BTreeSet::new();
    for row in &expected.rows {
        let key = key_of(&keys, &expected.columns, row);
        if problems.is_empty() && !seen.insert(key.clone()) {
            problems.push(format!("the cell {} is there twice", key.join(", ")));
        }
    }
    problems
}

fn key_of(keys: &[String], columns: &[String], row: &[Option<String>]) -> Vec<String> {
    let cell = |key: &String| columns.iter().position(|column| column == key).and_then(|at| row[at].clone());
    keys.iter().map(|key| cell(key).unwrap_or_default()).collect()
}

/// Compares the tables of an indicator with expected cells.
pub(super) fn compare_cells(
    definition: &IndicatorDefinition,
    tables: &[Table<Raw>],
    period: Period,
    expected: &TextTable,
) -> Option<Difference> {
    let keys = key_columns(definition);
    let columns: Vec<String> = if expected.columns.is_empty() {
        keys.iter().cloned().chain(CONTENT.map(str::to_owned)).collect()
    } else {
        expected.columns.clone()
    };
    let mut columns_shown = columns.clone();
    let status_said = columns.iter().any(|column| column == "status");
    if !status_said {
        columns_shown.push("status".to_owned());
    }
    let wanted: Vec<Vec<Option<String>>> = expected.rows.iter().map(|row| plain_row(row, status_said)).collect();
    let listed: Vec<Vec<String>> = wanted.iter().map(|row| key_of(&keys, &columns, row)).collect();
    let mut named: Vec<Option<Vec<Option<String>>>> = vec![None; listed.len()];
    let mut unlisted = Vec::new();
    for table in tables {
        for (key, cell) in table.cells() {
            let row: Vec<Option<String>> =
                columns_shown.iter().map(|column| content(column, table.header(), key, cell)).collect();
            let found = key_of(&keys, &columns_shown, &row);
            let is_reported = matches!(key.time, TimeKey::Quarter(of) | TimeKey::ToDate(of) if of == period);
            match listed.iter().position(|other| *other == found) {
                Some(at) => named[at] = Some(row),
                None if is_reported && !cell.contributions.is_empty() => unlisted.push(row),
                None => {}
            }
        }
    }
    let actual: Vec<_> = named.into_iter().flatten().chain(unlisted).collect();
    compare("cells", &columns_shown, &wanted, &actual)
}

/// Numbers are compared by value. A row without the column `status` expects none.
fn plain_row(row: &[Option<String>], status_said: bool) -> Vec<Option<String>> {
    let mut plain: Vec<Option<String>> = row.iter().map(|cell| cell.as_deref().map(plain_number)).collect();
    if !status_said {
        plain.push(None);
    }
    plain
}

/// One column of one cell. A quarter reads `2020-21-Q3`, from the programme's start to its end `to 2020-21-Q3`.
fn content(column: &str, header: &TableHeader, key: &CellKey, cell: &RawCell) -> Option<String> {
    let number = |value: Decimal| plain_number(&value.to_string());
    match column {
        "measure" => Some(header.measure.clone()),
        "time" => Some(match key.time {
            TimeKey::Year(year) => year.to_string(),
            TimeKey::Quarter(period) => period.to_string(),
            TimeKey::ToDate(period) => format!("to {period}"),
        }),
        "area" => Some(key.area.to_string()),
        "value" if cell.missing.is_some() => None,
        "value" => {
            value_of(header, cell.numerator, cell.denominator).map(|value| number(value.round_dp(VALUE_DECIMALS)))
        }
        "lower" => cell.interval.map(|interval| number(interval.lower.round_dp(VALUE_DECIMALS))),
        "upper" => cell.interval.map(|interval| number(interval.upper.round_dp(VALUE_DECIMALS))),
        "n" => Some(cell.contributions.len().to_string()),
        "largest" => by_size(cell).first().copied().map(number),
        "second" => by_size(cell).get(1).copied().map(number),
        "numerator" => Some(number(cell.numerator)),
        "denominator" => cell.denominator.map(number),
        "status" => {
            let marks: String = cell.marks.iter().map(|mark| mark.shorthand()).collect();
            let status = cell.missing.map_or(marks, |status| status.shorthand().to_owned());
            (!status.is_empty()).then_some(status)
        }
        dimension => {
            let position = header.dimensions.iter().position(|name| name == dimension)?;
            key.members.get(position).cloned()
        }
    }
}

/// What each group adds to the numerator, the largest amount first, whatever its sign.
fn by_size(cell: &RawCell) -> Vec<Decimal> {
    let mut parts: Vec<Decimal> = cell.contributions.iter().map(|part| part.numerator).collect();
    parts.sort_by(|a, b| b.abs().cmp(&a.abs()).then(b.cmp(a)));
    parts
}
