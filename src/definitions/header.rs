//! Takes a TOML header apart, key by key, and remembers everything that is wrong with it. Never stops at the first problem.

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::Problem;
use super::indicator::{Dimension, Measure, Text};
use crate::model::{IndicatorId, Kind, Unit};

/// Columns that every query has, so no breakdown can be called by their names.
const RESERVED: [&str; 22] = [
    "measure",
    "dated_on",
    "lad_code",
    "business_id",
    "group_id",
    "numerator",
    "denominator",
    "period_index",
    "status",
    "years",
    "cohort",
    "enterprises",
    "observations",
    "area",
    "area_code",
    "year",
    "time",
    "value",
    "lower",
    "upper",
    "vintage",
    "source",
];
/// A cell's key grows with every breakdown, and so does what can be computed from its margins.
const MOST_DIMENSIONS: usize = 6;

/// A header half read: what was taken is gone from the table, what remains at the end is unknown.
pub(super) struct Header {
    file: String,
    prefix: String,
    table: Table,
    problems: Vec<Problem>,
}

impl Header {
    pub(super) fn parse(file: &str, text: &str) -> Result<Self, Problem> {
        let table = text.parse::<Table>().map_err(|error| Problem {
            file: file.to_owned(),
            at: "header".to_owned(),
            what: format!("is not TOML: {}", error.message()),
            hint: "see https://toml.io".to_owned(),
        })?;
        Ok(Self { file: file.to_owned(), prefix: String::new(), table, problems: Vec::new() })
    }

    pub(super) fn problem(&mut self, at: &str, what: &str, hint: &str) {
        self.problems.push(Problem {
            file: self.file.clone(),
            at: format!("{}{at}", self.prefix),
            what: what.to_owned(),
            hint: hint.to_owned(),
        });
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    pub(super) fn refuse_unknown_keys(&mut self) {
        let unknown: Vec<String> = self.table.keys().cloned().collect();
        for key in unknown {
            self.problem(&key, "is not a key of this header", "remove it or correct its spelling");
        }
    }

    fn take(&mut self, key: &str) -> Option<Value> {
        let value = self.table.remove(key);
        if value.is_none() {
            self.problem(key, "is missing", "every header states it");
        }
        value
    }

    /// A text that is not empty.
    pub(super) fn line(&mut self, key: &str) -> Option<String> {
        match self.take(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text),
            Value::String(_) => {
                self.problem(key, "is empty", "say it in words");
                None
            }
            _ => {
                self.problem(key, "is not a text", "put it between quotes");
                None
            }
        }
    }

    /// A text that may be left out.
    pub(super) fn optional_line(&mut self, key: &str) -> Option<String> {
        if self.table.contains_key(key) { self.line(key) } else { None }
    }

    /// A text in both languages.
    pub(super) fn text(&mut self, key: &str) -> Option<Text> {
        let Value::Table(table) = self.take(key)? else {
            self.problem(key, "is not given in two languages", &format!("write {key}.en and {key}.cy"));
            return None;
        };
        let (en, cy) = self.within(key, table, |inner| (inner.line("en"), inner.line("cy")));
        Some(Text { en: en?, cy: cy? })
    }

    /// A text in both languages that may be left out.
    pub(super) fn optional_text(&mut self, key: &str) -> Option<Text> {
        if self.table.contains_key(key) { self.text(key) } else { None }
    }

    /// Reads a table inside this one, and refuses what it does not know in there.
    fn within<T>(&mut self, key: &str, table: Table, read: impl FnOnce(&mut Self) -> T) -> T {
        let mut inner = Self {
            file: self.file.clone(),
            prefix: format!("{}{key}.", self.prefix),
            table,
            problems: std::mem::take(&mut self.problems),
        };
        let result = read(&mut inner);
        inner.refuse_unknown_keys();
        self.problems = inner.problems;
        result
    }

    pub(super) fn parsed<T, E: std::fmt::Display>(
        &mut self,
        key: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.line(key)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.problem(key, &error.to_string(), "correct it");
                None
            }
        }
    }

    /// One of the words that a type of ours is written as.
    pub(super) fn word<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        let text = self.line(key)?;
        match Value::String(text.clone()).try_into() {
            Ok(value) => Some(value),
            Err(error) => {
                self.problem(key, &format!("`{text}` is not known here"), error.message());
                None
            }
        }
    }

    /// One of some words; `default` if the key is absent and there is a default.
    pub(super) fn choice<T: Clone>(&mut self, key: &str, default: &str, choices: &[(&str, T)]) -> Option<T> {
        let text =
            if default.is_empty() || self.table.contains_key(key) { self.line(key)? } else { default.to_owned() };
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, value)| value.clone());
        if found.is_none() {
            let words = choices.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
            self.problem(key, &format!("`{text}` is not known here"), &format!("one of {words}"));
        }
        found
    }

    pub(super) fn flag(&mut self, key: &str, default: Option<bool>) -> Option<bool> {
        if default.is_some() && !self.table.contains_key(key) {
            return default;
        }
        let flag = self.take(key)?.as_bool();
        if flag.is_none() {
            self.problem(key, "is neither true nor false", "write it without quotes");
        }
        flag
    }

    fn list(&mut self, key: &str) -> Option<Vec<Value>> {
        if let Value::Array(values) = self.take(key)? {
            return Some(values);
        }
        self.problem(key, "is not a list", "put it between [ and ]");
        None
    }

    pub(super) fn numbers(&mut self, key: &str, least: u8, most: u8) -> Option<Vec<u8>> {
        let numbers: Option<Vec<u8>> = self
            .list(key)?
            .iter()
            .map(|value| value.as_integer().and_then(|n| u8::try_from(n).ok()).filter(|n| (least..=most).contains(n)))
            .collect();
        if numbers.is_none() {
            self.problem(key, &format!("holds something else than numbers from {least} to {most}"), "correct it");
        }
        numbers
    }

    pub(super) fn optional_number(&mut self, key: &str, most: u32) -> Option<u32> {
        if !self.table.contains_key(key) {
            return None;
        }
        let number = self.take(key)?.as_integer().and_then(|n| u32::try_from(n).ok()).filter(|n| *n <= most);
        if number.is_none() {
            self.problem(key, &format!("is not a whole number from 0 to {most}"), "correct it");
        }
        number
    }

    pub(super) fn lines(&mut self, key: &str) -> Option<Vec<String>> {
        let lines: Option<Vec<String>> = self
            .list(key)?
            .iter()
            .map(|value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned))
            .collect();
        if lines.is_none() {
            self.problem(key, "holds something else than texts", "put each between quotes");
        }
        lines
    }

    /// Texts; none if the key is absent.
    pub(super) fn optional_lines(&mut self, key: &str) -> Option<Vec<String>> {
        if self.table.contains_key(key) { self.lines(key) } else { Some(Vec::new()) }
    }

    pub(super) fn ids(&mut self, key: &str) -> Option<Vec<IndicatorId>> {
        let lines = self.lines(key)?;
        let mut ids = Vec::new();
        for line in lines {
            match IndicatorId::new(line) {
                Ok(id) => ids.push(id),
                Err(error) => self.problem(key, &error.to_string(), "correct it"),
            }
        }
        Some(ids)
    }

    fn tables(&mut self, key: &str) -> Option<Vec<Table>> {
        let tables: Option<Vec<Table>> = self
            .list(key)?
            .into_iter()
            .map(|value| match value {
                Value::Table(table) => Some(table),
                _ => None,
            })
            .collect();
        if tables.is_none() {
            self.problem(key, "holds something else than tables", "write { key = value }");
        }
        tables
    }

    pub(super) fn dimensions(&mut self, key: &str) -> Option<Vec<Dimension>> {
        let mut dimensions: Vec<Dimension> = Vec::new();
        for (index, table) in self.tables(key)?.into_iter().enumerate() {
            let at = format!("{key}.{}", index + 1);
            let (name, additive) = self.within(&at, table, |inner| (inner.line("name"), inner.flag("additive", None)));
            let (Some(name), Some(additive)) = (name, additive) else { continue };
            if RESERVED.contains(&name.as_str()) {
                self.problem(&at, "every query has a column of this name already", "call the breakdown differently");
            }
            if dimensions.iter().any(|other| other.name == name) {
                self.problem(&at, "two breakdowns have this name", "remove one");
            }
            dimensions.push(Dimension { name, additive });
        }
        if dimensions.len() > MOST_DIMENSIONS {
            self.problem(key, &format!("there are more than {MOST_DIMENSIONS}"), "leave some out");
        }
        Some(dimensions)
    }

    pub(super) fn measures(&mut self, key: &str) -> Option<Vec<Measure>> {
        let mut measures: Vec<Measure> = Vec::new();
        let tables = self.tables(key)?;
        if tables.is_empty() {
            self.problem(key, "there is none", "an indicator has at least one measure");
        }
        for (index, table) in tables.into_iter().enumerate() {
            let at = format!("{key}.{}", index + 1);
            let Some(measure) = self.within(&at, table, Self::measure) else { continue };
            if measures.iter().any(|other| other.id == measure.id) {
                self.problem(&at, "two measures have this id", "rename one");
            }
            measures.push(measure);
        }
        Some(measures)
    }

    fn measure(&mut self) -> Option<Measure> {
        let id = self.line("id");
        let kind = self.word::<Kind>("kind");
        let unit = self.word::<Unit>("unit");
        let decimals = self.take("decimals").and_then(|value| {
            let number = value.as_integer().and_then(|n| u32::try_from(n).ok()).filter(|n| *n <= 6);
            if number.is_none() {
                self.problem("decimals", "is not a whole number from 0 to 6", "correct it");
            }
            number
        });
        let rounding = self.optional_number("rounding", 1_000_000);
        let totals = self.flag("totals", Some(true));
        let years = self.optional_number("years", 100);
        let interval = self.flag("interval", Some(false));
        let title = self.text("title");
        Some(Measure {
            id: id?,
            kind: kind?,
            unit: unit?,
            decimals: decimals?,
            rounding,
            totals: totals?,
            years,
            interval: interval?,
            title: title?,
        })
    }
}
