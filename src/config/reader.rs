//! Gathers what file, environment and flags say about each key, and hands out the winning values. Collects problems
//! and goes on, so that all of them are found.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use secrecy::SecretString;

use super::document::{Document, Entry, Literal};
use super::environment::{Environment, Flag};
use super::error::SettingProblem;
use super::keys::{Fallback, KEYS, Key, KeyKind, find_key, is_section};
use super::load::SETTINGS_FILE;
use super::nearest::find_nearest;
use super::quantity::format_bytes;
use super::settings::{Origin, OriginLine};
use super::typed::{Value, Wrong, type_literal, type_text};

/// Variables that set no key of the file.
const OTHER_VARIABLES: [&str; 2] = ["MESUR_NOW", "MESUR_PROJECT"];
/// The short name of `MESUR_LOG__FILTER`.
const LOG_VARIABLE: &str = "MESUR_LOG";

/// What is known about every key so far.
pub(super) struct Reader {
    found: BTreeMap<&'static str, (Value, Origin)>,
    broken: BTreeMap<&'static str, Origin>,
    problems: Vec<SettingProblem>,
}

impl Reader {
    /// Takes all sources, the weakest first, so that a stronger one replaces it.
    pub(super) fn new(document: &Document, environment: &Environment, flags: &[Flag]) -> Self {
        let mut reader = Self { found: BTreeMap::new(), broken: BTreeMap::new(), problems: Vec::new() };
        for key in KEYS {
            if let Fallback::Value(text) = key.fallback {
                reader.keep(key, Origin::Default, type_text(key.kind, text));
            }
        }
        for entry in &document.entries {
            reader.take_entry(entry);
        }
        for (name, value) in &environment.variables {
            reader.take_variable(name, value, environment);
        }
        for flag in flags {
            reader.take_flag(flag);
        }
        reader
    }

    fn take_entry(&mut self, entry: &Entry) {
        let origin = Origin::File { line: entry.line };
        match find_key(&entry.key) {
            Some(key) => self.keep(key, origin, type_literal(key.kind, &entry.value)),
            None if is_section(&entry.key) && entry.value == Literal::EmptyTable => {}
            None if is_section(&entry.key) => {
                let what = format!("is {} where a table belongs", entry.value.kind());
                self.problem(&origin, &entry.key, what, format!("write it as [{}]", entry.key));
            }
            None => {
                let hint = find_nearest(&entry.key, KEYS.iter().map(|key| key.name)).or(find_elsewhere(&entry.key));
                self.problem(&origin, &entry.key, "no such setting", suggest(hint));
            }
        }
    }

    fn take_variable(&mut self, name: &str, value: &str, environment: &Environment) {
        if OTHER_VARIABLES.contains(&name) {
            return;
        }
        let origin = Origin::Environment { variable: name.to_owned() };
        let long = if name == LOG_VARIABLE { "MESUR_LOG__FILTER" } else { name };
        if name == LOG_VARIABLE && environment.find(long).is_some() {
            return self.problem(&origin, "log.filter", format!("`{long}` says the same setting"), "unset one of them");
        }
        if let Some(key) = KEYS.iter().find(|key| key.variable() == long) {
            return self.keep(key, origin, type_text(key.kind, value));
        }
        let variables: Vec<String> = KEYS.iter().map(Key::variable).collect();
        let known = variables.iter().map(String::as_str).chain(OTHER_VARIABLES).chain([LOG_VARIABLE]);
        let hint = suggest(find_nearest(name, known));
        self.problem(&origin, "", "no such setting", hint);
    }

    fn take_flag(&mut self, flag: &Flag) {
        let origin = Origin::Flag { name: flag.name.to_owned() };
        match find_key(flag.key) {
            Some(key) if key.kind == KeyKind::Secret => {
                self.problem(&origin, key.name, "other users see the command line", format!("set {}", key.variable()));
            }
            Some(key) => self.keep(key, origin, type_text(key.kind, &flag.value)),
            None => self.problem(&origin, flag.key, "no such setting", ""),
        }
    }

    fn keep(&mut self, key: &'static Key, origin: Origin, value: Result<Value, Wrong>) {
        match value {
            Ok(value) => drop(self.found.insert(key.name, (value, origin))),
            Err(wrong) => {
                self.problem(&origin, key.name, wrong.what, wrong.hint);
                self.broken.insert(key.name, origin);
            }
        }
    }

    fn problem(&mut self, origin: &Origin, key: &str, what: impl Into<String>, hint: impl Into<String>) {
        let (file, line, key) = match origin {
            Origin::Default => (SETTINGS_FILE, None, key.to_owned()),
            Origin::File { line } => (SETTINGS_FILE, Some(*line), key.to_owned()),
            Origin::Environment { variable } => ("environment", None, variable.clone()),
            Origin::Flag { name } => ("command line", None, name.clone()),
        };
        self.problems.push(SettingProblem { file: file.to_owned(), line, key, what: what.into(), hint: hint.into() });
    }

    /// Records a problem of settings taken together, at the place of `key`.
    pub(super) fn contradict(&mut self, key: &str, what: impl Into<String>, hint: impl Into<String>) {
        let origin = self.origin(key);
        self.problem(&origin, key, what, hint);
    }

    /// Records a problem that has no key of the file.
    pub(super) fn reject(&mut self, origin: &Origin, what: impl Into<String>, hint: impl Into<String>) {
        self.problem(origin, "", what, hint);
    }

    /// Whether somebody said something about a key, right or wrong, rather than leaving it to its default.
    pub(super) fn is_said(&self, key: &str) -> bool {
        self.broken.contains_key(key) || self.found.get(key).is_some_and(|(_, origin)| *origin != Origin::Default)
    }

    fn origin(&self, key: &str) -> Origin {
        let broken = self.broken.get(key);
        broken.or(self.found.get(key).map(|(_, origin)| origin)).cloned().unwrap_or(Origin::Default)
    }

    fn value(&self, key: &str) -> Option<&Value> {
        debug_assert!(find_key(key).is_some(), "`{key}` is not in the table of settings");
        self.found.get(key).map(|(value, _)| value)
    }

    pub(super) fn text(&self, key: &str) -> Option<String> {
        if let Some(Value::Text(text)) = self.value(key) { Some(text.clone()) } else { None }
    }

    pub(super) fn path(&self, key: &str) -> Option<PathBuf> {
        if let Some(Value::Path(path)) = self.value(key) { Some(path.clone()) } else { None }
    }

    /// A whole number or a size. Its bounds in the table of settings keep it inside `T`.
    pub(super) fn number<T: TryFrom<u64>>(&self, key: &str) -> Option<T> {
        if let Some(Value::Number(number)) = self.value(key) { T::try_from(*number).ok() } else { None }
    }

    pub(super) fn share(&self, key: &str) -> Option<Decimal> {
        if let Some(Value::Share(share)) = self.value(key) { Some(*share) } else { None }
    }

    /// A number of either kind.
    pub(super) fn decimal(&self, key: &str) -> Option<Decimal> {
        match self.value(key) {
            Some(Value::Share(number) | Value::Amount(number)) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn day(&self, key: &str) -> Option<Date> {
        if let Some(Value::Day(day)) = self.value(key) { Some(*day) } else { None }
    }

    pub(super) fn days(&self, key: &str) -> Option<Vec<Date>> {
        if let Some(Value::Days(days)) = self.value(key) { Some(days.clone()) } else { None }
    }

    pub(super) fn zone(&self, key: &str) -> Option<TimeZone> {
        if let Some(Value::Zone(zone)) = self.value(key) { Some(zone.clone()) } else { None }
    }

    pub(super) fn secret(&self, key: &str) -> Option<SecretString> {
        if let Some(Value::Secret(secret)) = self.value(key) { Some(secret.clone()) } else { None }
    }

    /// Every problem: the file's by line, then the environment's, the flags', and those of settings taken together.
    pub(super) fn finish(self) -> (Vec<OriginLine>, Vec<SettingProblem>) {
        let lines = KEYS.iter().map(|key| OriginLine {
            key: key.name,
            value: self.value(key.name).map(|value| show(key.kind, value)).or(show_fallback(key)),
            origin: self.origin(key.name),
        });
        (lines.collect(), self.problems)
    }
}

/// The key with the same last part, for one that stands in the wrong section.
fn find_elsewhere(typed: &str) -> Option<&'static str> {
    let last = |name: &str| name.rsplit('.').next().map(str::to_owned);
    KEYS.iter().map(|key| key.name).find(|name| last(name) == last(typed))
}

fn suggest(nearest: Option<&str>) -> String {
    nearest.map_or_else(|| "docs/configuration.md lists them".to_owned(), |name| format!("did you mean `{name}`?"))
}

fn show_fallback(key: &Key) -> Option<String> {
    match key.fallback {
        Fallback::BelowState(path) => Some(format!("{path} in state.dir")),
        Fallback::Value(_) | Fallback::Nothing => None,
    }
}

fn show(kind: KeyKind, value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Path(path) => path.display().to_string(),
        Value::Number(bytes) if matches!(kind, KeyKind::Bytes(..)) => format_bytes(*bytes),
        Value::Number(number) => number.to_string(),
        Value::Share(number) | Value::Amount(number) => number.to_string(),
        Value::Day(day) => day.to_string(),
        Value::Days(days) => days.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        Value::Zone(zone) => zone.iana_name().unwrap_or("unnamed").to_owned(),
        Value::Secret(_) => "***".to_owned(),
    }
}
