//! Walks a JSON document and notes every problem with its place, so that a user sees all of them at once. Knows the
//! shape of no document.

use std::cell::RefCell;

use serde_json::{Map, Value};

use super::Problem;

/// Collects the problems of one file.
#[derive(Debug)]
pub(super) struct Notes {
    file: String,
    problems: RefCell<Vec<Problem>>,
}

impl Notes {
    pub(super) fn new(file: impl Into<String>) -> Self {
        Self { file: file.into(), problems: RefCell::default() }
    }

    pub(super) fn add(&self, at: impl Into<String>, what: impl Into<String>, hint: impl Into<String>) {
        let problem = Problem { file: self.file.clone(), at: at.into(), what: what.into(), hint: hint.into() };
        self.problems.borrow_mut().push(problem);
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }
}

/// An object of the document, with the path that leads to it.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    map: &'a Map<String, Value>,
    pub(super) path: String,
    notes: &'a Notes,
}

impl<'a> Node<'a> {
    /// Takes an object whose keys are all known.
    pub(super) fn open(value: &'a Value, path: &str, known: &[&str], notes: &'a Notes) -> Option<Self> {
        let Some(map) = value.as_object() else {
            notes.add(path, "is not an object", "write { ... }");
            return None;
        };
        for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
            notes.add(join(path, key), "is not a known key", format!("known are {}", known.join(", ")));
        }
        Some(Self { map, path: path.to_owned(), notes })
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key)
    }

    pub(super) fn place(&self, key: &str) -> String {
        join(&self.path, key)
    }

    pub(super) fn problem(&self, key: &str, what: impl Into<String>, hint: impl Into<String>) {
        self.notes.add(self.place(key), what, hint);
    }

    /// An object below this one.
    pub(super) fn child(&self, key: &str, known: &[&str]) -> Option<Self> {
        Self::open(self.get(key)?, &self.place(key), known, self.notes)
    }

    /// The elements of a list below this one, each with its path.
    pub(super) fn list(&self, key: &str) -> Vec<(String, &'a Value)> {
        match self.get(key) {
            None => Vec::new(),
            Some(Value::Array(items)) => {
                items.iter().enumerate().map(|(i, item)| (format!("{}[{i}]", self.place(key)), item)).collect()
            }
            Some(_) => {
                self.problem(key, "is not a list", "write [ ... ]");
                Vec::new()
            }
        }
    }

    pub(super) fn find_text(&self, key: &str) -> Option<String> {
        let text = self.get(key)?.as_str().map(str::to_owned);
        if text.is_none() {
            self.problem(key, "is not a text", "write it in quotes");
        }
        text
    }

    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.require(key)?;
        self.find_text(key)
    }

    pub(super) fn find_number<T: TryFrom<u64>>(&self, key: &str) -> Option<T> {
        let number = self.get(key)?.as_u64().and_then(|n| T::try_from(n).ok());
        if number.is_none() {
            self.problem(key, "is not a whole number of the right size", "");
        }
        number
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        match self.get(key) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.problem(key, "is neither true nor false", "");
                false
            }
        }
    }

    /// A list of texts; a single text counts as a list of one, as in Table Schema.
    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        if let Some(Value::String(text)) = self.get(key) {
            return vec![text.clone()];
        }
        let mut texts = Vec::new();
        for (path, item) in self.list(key) {
            match item {
                Value::String(text) => texts.push(text.clone()),
                Value::Number(number) => texts.push(number.to_string()),
                Value::Bool(flag) => texts.push(flag.to_string()),
                _ => self.notes.add(path, "is not a text", "write it in quotes"),
            }
        }
        texts
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.find_text(key)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let list: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.problem(key, format!("is `{text}`"), format!("write one of {}", list.join(", ")));
        }
        found
    }

    pub(super) fn require(&self, key: &str) -> Option<&'a Value> {
        let value = self.get(key);
        if value.is_none() {
            self.problem(key, "is missing", "");
        }
        value
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
