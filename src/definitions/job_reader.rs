//! Reads the keys of one job file. Every wrong, missing or unknown key becomes a problem, and reading goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::problem::Problem;
use crate::config::{Document, Literal, find_nearest};

/// One job file, and what is wrong with it so far.
pub(super) struct JobReader {
    file: String,
    entries: BTreeMap<String, (usize, Literal)>,
    pub(super) asked: BTreeSet<&'static str>,
    pub(super) problems: Vec<Problem>,
}

impl JobReader {
    pub(super) fn new(file: &str, text: &str) -> Self {
        let mut reader =
            Self { file: file.to_owned(), entries: BTreeMap::new(), asked: BTreeSet::new(), problems: Vec::new() };
        match Document::parse(text) {
            Ok(document) => {
                let entries = document.entries.into_iter();
                reader.entries = entries.map(|entry| (entry.key, (entry.line, entry.value))).collect();
            }
            Err(problems) => {
                for problem in problems {
                    reader.add(format!("line {}", problem.line), problem.what, "this is not TOML");
                }
            }
        }
        reader
    }

    fn add(&mut self, at: impl Into<String>, what: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(Problem { file: self.file.clone(), at: at.into(), what: what.into(), hint: hint.into() });
    }

    /// Records a problem at a key, with its line if the key is there.
    pub(super) fn problem(&mut self, key: &str, what: impl Into<String>, hint: impl Into<String>) {
        let line = self.entries.get(key).map(|(line, _)| *line);
        self.add(line.map_or_else(|| key.to_owned(), |line| format!("line {line}, {key}")), what, hint);
    }

    pub(super) fn is_said(&mut self, key: &'static str) -> bool {
        self.asked.insert(key);
        self.entries.contains_key(key)
    }

    fn literal(&mut self, key: &'static str) -> Option<Literal> {
        self.asked.insert(key);
        self.entries.get(key).map(|(_, literal)| literal.clone())
    }

    fn mistyped<T>(&mut self, key: &str, found: &Literal, wanted: &str) -> Option<T> {
        self.problem(key, format!("is {} where {wanted} belongs", found.kind()), "");
        None
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        match self.literal(key)? {
            Literal::Text(text) if !text.trim().is_empty() => Some(text),
            Literal::Text(_) => {
                self.problem(key, "is empty", "");
                None
            }
            other => self.mistyped(key, &other, "a text"),
        }
    }

    pub(super) fn boolean(&mut self, key: &'static str) -> Option<bool> {
        match self.literal(key)? {
            Literal::Boolean(flag) => Some(flag),
            other => self.mistyped(key, &other, "true or false"),
        }
    }

    /// A whole number within bounds, both included.
    pub(super) fn number<T: TryFrom<i64>>(&mut self, key: &'static str, bounds: RangeInclusive<i64>) -> Option<T> {
        match self.literal(key)? {
            Literal::Integer(number) if bounds.contains(&number) => T::try_from(number).ok(),
            Literal::Integer(number) => {
                let hint = format!("from {} to {}", bounds.start(), bounds.end());
                self.problem(key, format!("{number} is out of bounds"), hint);
                None
            }
            other => self.mistyped(key, &other, "a whole number"),
        }
    }

    pub(super) fn texts(&mut self, key: &'static str) -> Option<Vec<String>> {
        let literal = self.literal(key)?;
        let Literal::List(items) = &literal else { return self.mistyped(key, &literal, "a list of texts") };
        let texts = items.iter().map(|item| if let Literal::Text(text) = item { Some(text.clone()) } else { None });
        let texts: Option<Vec<_>> = texts.collect();
        if texts.is_none() {
            self.problem(key, "holds something that is not a text", "");
        }
        texts
    }

    /// One of some words, or the first of them when nothing is said.
    pub(super) fn choice<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        if !self.is_said(key) {
            return words.first().map(|(_, value)| *value);
        }
        let text = self.text(key)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            self.problem(key, format!("`{text}` is not known"), format!("one of {}", words.join(", ")));
        }
        found
    }

    /// Ends reading: keys that nobody asked for are unknown. Problems come in the order of lines.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        let unknown: Vec<String> =
            self.entries.keys().filter(|key| !self.asked.contains(key.as_str())).cloned().collect();
        for key in unknown {
            let section = format!("{key}.");
            if self.entries.get(&key).is_some_and(|(_, value)| *value == Literal::EmptyTable)
                && self.asked.iter().any(|asked| asked.starts_with(&section))
            {
                continue;
            }
            let nearest = find_nearest(&key, self.asked.iter().copied());
            let hint = nearest.map_or_else(
                || "docs/jobs.md lists the keys".to_owned(),
                |nearest| format!("did you mean `{nearest}`?"),
            );
            self.problem(&key, "no such key", hint);
        }
        let entries = self.entries;
        let line_of = |problem: &Problem| {
            let key = problem.at.rsplit(", ").next().unwrap_or_default();
            entries.get(key).map_or(usize::MAX, |(line, _)| *line)
        };
        self.problems.sort_by_key(line_of);
        self.problems
    }
}
