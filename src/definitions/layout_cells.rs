//! What a layout does to the text of one cell: rewriting, numbers, marks. Pure functions of a text; knows no table.

use std::collections::BTreeMap;

use regex::Regex;
use rust_decimal::{Decimal, RoundingStrategy};

/// Replaces a text that matches as a whole by another, in which `$1` and `${name}` stand for what the groups hold.
#[derive(Clone, Debug)]
pub struct Rewrite {
    /// What the whole text must be like.
    pub pattern: Regex,
    /// What it becomes.
    pub to: String,
}

/// The text rewritten by the first that matches; unchanged if none does.
#[must_use]
pub fn rewrite_text(rewrites: &[Rewrite], text: &str) -> String {
    for rewrite in rewrites {
        if let Some(captures) = rewrite.pattern.captures(text) {
            let mut rewritten = String::new();
            captures.expand(&rewrite.to, &mut rewritten);
            return rewritten;
        }
    }
    text.to_owned()
}

/// How numbers are written, and what is done to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellNumberForm {
    /// The separator of thousands. A space stands for all kinds of space.
    pub group: Option<char>,
    /// What separates decimals.
    pub decimal: char,
    /// Numbers are multiplied by this, exactly.
    pub multiply: Decimal,
    /// Numbers are rounded to this many significant digits, to lose the noise of binary fractions.
    pub digits: Option<u32>,
}

impl Default for CellNumberForm {
    fn default() -> Self {
        Self { group: None, decimal: '.', multiply: Decimal::ONE, digits: None }
    }
}

impl CellNumberForm {
    /// The number as plain digits with a point; nothing if the text is not a number so written.
    #[must_use]
    pub fn find_number(&self, text: &str) -> Option<String> {
        let plain = self.plain_digits(text.trim())?;
        if self.multiply == Decimal::ONE && self.digits.is_none() {
            return Some(plain);
        }
        let Some(number) = Decimal::from_str_exact(&plain).ok().and_then(|number| number.checked_mul(self.multiply))
        else {
            return Some(plain).filter(|_| self.multiply == Decimal::ONE);
        };
        let rounded = match self.digits {
            Some(digits) => {
                number.round_sf_with_strategy(digits, RoundingStrategy::MidpointNearestEven).unwrap_or(number)
            }
            None => number,
        };
        Some(rounded.normalize().to_string())
    }

    fn plain_digits(&self, text: &str) -> Option<String> {
        let (sign, body) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(body) => ("-", body),
            None => ("", text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = match body.split_once(self.decimal) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (body, None),
        };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let mut plain = String::with_capacity(text.len() + 1);
        plain.push_str(sign);
        let mut groups = whole.split(|c| self.is_group(c));
        let first = groups.next().unwrap_or_default();
        let rest: Vec<&str> = groups.collect();
        if !(digits(first) || first.is_empty() && rest.is_empty() && fraction.is_some()) {
            return None;
        }
        if !rest.is_empty() && (first.len() > 3 || !rest.iter().all(|group| group.len() == 3 && digits(group))) {
            return None;
        }
        plain.push_str(if first.is_empty() { "0" } else { first });
        for group in &rest {
            plain.push_str(group);
        }
        if let Some(fraction) = fraction {
            if !digits(fraction) {
                return None;
            }
            plain.push('.');
            plain.push_str(fraction);
        }
        Some(plain)
    }

    fn is_group(&self, c: char) -> bool {
        match self.group {
            Some(' ') => matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}'),
            Some(group) => c == group,
            None => false,
        }
    }
}

/// Texts that stand in place of a number, and marks beside one.
#[derive(Clone, Debug, Default)]
pub struct Markers {
    /// Cells with these texts give no row, or no value where one row stays one row.
    pub skip: Vec<String>,
    /// Cells with these texts give no value, and this status.
    pub status: BTreeMap<String, String>,
    /// Marks after a number, with their status; the longest comes first.
    pub marks: Vec<(String, String)>,
    /// Footnote marks: what matches is cut off cells and header texts.
    pub notes: Option<Regex>,
    /// The field that takes the status, unless a column has its own.
    pub status_field: Option<String>,
}

/// What a cell that should hold a number says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberCell {
    /// Nothing that counts: there is no row.
    Skipped,
    /// A number, or a text that is none and will be found, with the status of a mark beside it.
    Text(String, Option<String>),
    /// No value, for this reason.
    Missing(String),
}

impl NumberCell {
    /// The text, empty where there is no value, and the status.
    #[must_use]
    pub fn into_parts(self) -> (String, Option<String>) {
        match self {
            Self::Skipped => (String::new(), None),
            Self::Text(text, status) => (text, status),
            Self::Missing(status) => (String::new(), Some(status)),
        }
    }
}

impl Markers {
    /// A text without footnote marks and without white space at its ends.
    #[must_use]
    pub fn cut_notes<'a>(&self, text: &'a str) -> std::borrow::Cow<'a, str> {
        match &self.notes {
            Some(notes) if notes.is_match(text) => notes.replace_all(text, "").trim().to_owned().into(),
            _ => text.trim().into(),
        }
    }

    /// Reads a cell. Marks are cut off only where a number, or a text in place of one, stands before them.
    #[must_use]
    pub fn read_number(&self, cell: &str, form: &CellNumberForm) -> NumberCell {
        let whole = self.cut_notes(cell);
        let mut text: &str = &whole;
        let mut found: Vec<&str> = Vec::new();
        loop {
            if self.skip.iter().any(|marker| marker == text) {
                return NumberCell::Skipped;
            }
            if let Some(status) = self.status.get(text) {
                return NumberCell::Missing(status.clone());
            }
            if let Some(number) = form.find_number(text) {
                return NumberCell::Text(number, (!found.is_empty()).then(|| found.join(" ")));
            }
            let cut = self.marks.iter().find_map(|(mark, status)| Some((text.strip_suffix(mark.as_str())?, status)));
            let Some((rest, status)) = cut else { break };
            text = rest.trim_end();
            if !status.is_empty() {
                found.push(status);
            }
        }
        NumberCell::Text(whole.into_owned(), None)
    }
}
