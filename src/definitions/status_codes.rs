//! Texts by which suppliers say why there is no number, or what kind of number it is. Such a text is never read as 0.

use std::collections::BTreeMap;

/// The codes of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusCodes {
    /// Texts that stand in place of a value, with the status that each means.
    pub codes: BTreeMap<String, String>,
    /// Texts behind a value (`123 e`, `45.6 [p]`) or behind a code (`: c`), longest first, with their status.
    pub marks: Vec<(String, String)>,
    /// The field that takes the status where its own cell is empty. None: the implied column `<name>_status`.
    pub field: Option<String>,
}

/// The statuses that a code may mean: why there is no value, or what kind of value it is (domain, section 0 R3).
pub(super) const STATUSES: [&str; 11] = ["b", "c", "e", "f", "low", "p", "r", "u", "w", "x", "z"];

impl StatusCodes {
    /// The status of a code with a mark behind it. The mark says more than the code: `: c` is confidential.
    #[must_use]
    pub fn marked_code(&self, text: &str) -> Option<&str> {
        let marks = self.marks.iter();
        let mut found = marks.filter(|(mark, _)| before(text, mark).is_some_and(|code| self.codes.contains_key(code)));
        found.next().map(|(_, status)| status.as_str())
    }

    /// The value before a mark, and what the mark means.
    #[must_use]
    pub fn find_mark<'t>(&self, text: &'t str) -> Option<(&'t str, &str)> {
        let is_value = |value: &&str| value.ends_with(|c: char| c.is_ascii_digit() || matches!(c, ')' | '%'));
        self.marks.iter().find_map(|(mark, status)| Some((before(text, mark).filter(is_value)?, status.as_str())))
    }
}

fn before<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    text.strip_suffix(mark).map(|rest| rest.trim_end_matches([' ', '\u{a0}', '\u{202f}']))
}
