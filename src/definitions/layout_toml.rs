//! Walks a TOML document and notes every problem with its line, so that a user sees all of them at once. Knows no keys:
//! whoever reads a table asks for them, and what nobody asked for is unknown.

use std::cell::RefCell;
use std::collections::BTreeMap;

use regex::Regex;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Problem;
use super::schema_node::Notes;
use crate::config::find_nearest;

/// One document, and what is wrong with it so far.
#[derive(Debug)]
pub(super) struct TomlNotes<'a> {
    text: &'a str,
    notes: Notes,
    lines: RefCell<Vec<usize>>,
}

impl<'a> TomlNotes<'a> {
    pub(super) fn new(file: &str, text: &'a str) -> Self {
        Self { text, notes: Notes::new(file), lines: RefCell::default() }
    }

    pub(super) fn add(&self, offset: usize, key: &str, what: impl Into<String>, hint: impl Into<String>) {
        let line = 1 + self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
        let at = if key.is_empty() { format!("line {line}") } else { format!("line {line}, {key}") };
        self.lines.borrow_mut().push(line);
        self.notes.add(at, what, hint);
    }

    /// The document, or nothing if it is not TOML.
    pub(super) fn parse(&self) -> Option<Spanned<DeTable<'a>>> {
        let (root, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let what = error.message().lines().collect::<Vec<_>>().join(", ");
            self.add(error.span().map_or(0, |span| span.start), "", what, "this is not TOML");
        }
        errors.is_empty().then_some(root)
    }

    /// The problems in the order of lines.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems: Vec<(usize, Problem)> =
            self.lines.into_inner().into_iter().zip(self.notes.into_problems()).collect();
        problems.sort();
        problems.into_iter().map(|(_, problem)| problem).collect()
    }
}

/// A table of the document, with the path that leads to it.
pub(super) struct TomlNode<'a> {
    table: &'a DeTable<'a>,
    path: String,
    offset: usize,
    notes: &'a TomlNotes<'a>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> TomlNode<'a> {
    pub(super) fn new(table: &'a DeTable<'a>, path: String, offset: usize, notes: &'a TomlNotes<'a>) -> Self {
        Self { table, path, offset, notes, asked: RefCell::default() }
    }

    fn get(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(key);
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    pub(super) fn place(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn has(&self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    /// Notes a problem at a key, or at the table where the key is not there.
    pub(super) fn problem(&self, key: &'static str, what: impl Into<String>, hint: impl Into<String>) {
        let offset = self.get(key).map_or(self.offset, |value| value.span().start);
        self.notes.add(offset, &self.place(key), what, hint);
    }

    fn mistyped<T>(&self, key: &'static str, wanted: &str) -> Option<T> {
        self.problem(key, format!("is not {wanted}"), "");
        None
    }

    pub(super) fn require(&self, key: &'static str) {
        if !self.has(key) {
            self.problem(key, "is missing", "");
        }
    }

    pub(super) fn text(&self, key: &'static str) -> Option<String> {
        match self.get(key)?.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            _ => self.mistyped(key, "a text"),
        }
    }

    /// A text of one character.
    pub(super) fn character(&self, key: &'static str) -> Option<char> {
        let text = self.text(key)?;
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) => Some(character),
            _ => self.mistyped(key, "one character"),
        }
    }

    pub(super) fn number(&self, key: &'static str) -> Option<u64> {
        match self.get(key)?.get_ref() {
            DeValue::Integer(number) => match u64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => Some(number),
                Err(_) => self.mistyped(key, "a whole number from 0"),
            },
            _ => self.mistyped(key, "a whole number from 0"),
        }
    }

    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        match self.get(key)?.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.mistyped(key, "true or false"),
        }
    }

    /// A list of texts, or one text.
    pub(super) fn texts(&self, key: &'static str) -> Vec<String> {
        let items = match self.get(key).map(Spanned::get_ref) {
            None => return Vec::new(),
            Some(DeValue::String(text)) => return vec![text.to_string()],
            Some(DeValue::Array(items)) => items,
            Some(_) => return self.mistyped(key, "a list of texts").unwrap_or_default(),
        };
        let texts = items.iter().map(|item| item.get_ref().as_str().map(str::to_owned));
        texts.collect::<Option<_>>().or_else(|| self.mistyped(key, "a list of texts")).unwrap_or_default()
    }

    /// A pattern that must match a whole text.
    pub(super) fn pattern(&self, key: &'static str) -> Option<Regex> {
        self.compile(key, |text| format!("^(?:{text})$"))
    }

    /// A pattern that may match any part of a text.
    pub(super) fn part_pattern(&self, key: &'static str) -> Option<Regex> {
        self.compile(key, ToOwned::to_owned)
    }

    fn compile(&self, key: &'static str, whole: impl Fn(&str) -> String) -> Option<Regex> {
        let text = self.text(key)?;
        Regex::new(&whole(&text))
            .map_err(|error| {
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                self.problem(key, format!("does not compile: {reason}"), "see the `regex` syntax");
            })
            .ok()
    }

    /// A table of texts.
    pub(super) fn pairs(&self, key: &'static str) -> BTreeMap<String, String> {
        let Some(value) = self.get(key) else { return BTreeMap::new() };
        match value.get_ref() {
            DeValue::Table(table) => self.read_pairs(table, &self.place(key)),
            _ => self.mistyped(key, "a table of texts").unwrap_or_default(),
        }
    }

    fn read_pairs(&self, table: &DeTable<'_>, path: &str) -> BTreeMap<String, String> {
        let mut pairs = BTreeMap::new();
        for (name, value) in table {
            if let Some(text) = value.get_ref().as_str() {
                pairs.insert(name.get_ref().to_string(), text.to_owned());
            } else {
                let place = format!("{path}.{}", name.get_ref());
                self.notes.add(value.span().start, &place, "is not a text", "write it in quotes");
            }
        }
        pairs
    }

    /// A table of tables of texts.
    pub(super) fn pairs_by_name(&self, key: &'static str) -> BTreeMap<String, BTreeMap<String, String>> {
        let Some(value) = self.get(key) else { return BTreeMap::new() };
        let DeValue::Table(table) = value.get_ref() else {
            return self.mistyped(key, "a table of tables").unwrap_or_default();
        };
        let mut all = BTreeMap::new();
        for (name, value) in table {
            let place = format!("{}.{}", self.place(key), name.get_ref());
            match value.get_ref() {
                DeValue::Table(inner) => drop(all.insert(name.get_ref().to_string(), self.read_pairs(inner, &place))),
                _ => self.notes.add(value.span().start, &place, "is not a table of texts", ""),
            }
        }
        all
    }

    /// A table below this one.
    pub(super) fn child(&self, key: &'static str) -> Option<TomlNode<'a>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Self::new(table, self.place(key), value.span().start, self.notes)),
            _ => self.mistyped(key, "a table"),
        }
    }

    /// The tables of a list below this one.
    pub(super) fn children(&self, key: &'static str) -> Vec<TomlNode<'a>> {
        let items = match self.get(key).map(Spanned::get_ref) {
            None => return Vec::new(),
            Some(DeValue::Array(items)) => items,
            Some(_) => return self.mistyped(key, "a list of tables").unwrap_or_default(),
        };
        let mut children = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let path = format!("{}[{index}]", self.place(key));
            match item.get_ref() {
                DeValue::Table(table) => children.push(Self::new(table, path, item.span().start, self.notes)),
                _ => self.notes.add(item.span().start, &path, "is not a table", "write { ... }"),
            }
        }
        children
    }

    /// Ends reading: keys that nobody asked for are unknown.
    pub(super) fn finish(self) {
        let asked = self.asked.borrow();
        for (name, _) in self.table {
            let typed: &str = name.get_ref();
            if asked.contains(&typed) {
                continue;
            }
            let nearest = find_nearest(typed, asked.iter().copied());
            let hint = nearest.map_or_else(
                || "docs/rules.md, layouts, lists the keys".to_owned(),
                |nearest| format!("did you mean `{nearest}`?"),
            );
            self.notes.add(name.span().start, &self.place(typed), "no such key", hint);
        }
    }
}
