//! A TOML document as a flat list of keys with their lines, so that a reader can report every problem in one go. Knows
//! nothing about which keys there should be.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value as it was typed.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `"text"`.
    Text(String),
    /// A whole number, as written but in decimal and without underscores.
    Integer(i64),
    /// A number with a fraction, as written, so that no digit is lost.
    Number(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A date, time, or both, as written.
    Moment(String),
    /// `[a, b]`, without tables in it.
    List(Vec<Literal>),
    /// A table without keys.
    EmptyTable,
    /// Anything that has no place in our files: an array of tables, a number beyond 64 bits.
    Strange(&'static str),
}

impl Literal {
    /// What it is, for messages: `a text`, `a whole number`, ...
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Integer(_) => "a whole number",
            Self::Number(_) => "a number with a fraction",
            Self::Boolean(_) => "true or false",
            Self::Moment(_) => "a date or time",
            Self::List(_) => "a list",
            Self::EmptyTable => "a table",
            Self::Strange(what) => what,
        }
    }
}

/// One key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The whole key, parts joined with dots: `mail.smtp.host`.
    pub key: String,
    /// The line on which the value starts, from 1.
    pub line: usize,
    /// The value.
    pub value: Literal,
}

/// Why a text is not TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxProblem {
    /// The line, from 1.
    pub line: usize,
    /// What the parser says.
    pub what: String,
}

/// A parsed document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Its keys in the order of lines.
    pub entries: Vec<Entry>,
}

impl Document {
    /// Parses a text.
    ///
    /// # Errors
    /// Every syntax problem, in the order of lines. A text with one is not looked into any further.
    pub fn parse(text: &str) -> Result<Self, Vec<SyntaxProblem>> {
        let (root, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            let mut problems: Vec<_> = errors.iter().map(|error| syntax_problem(text, error)).collect();
            problems.sort_by_key(|problem| problem.line);
            // The parser goes on after a mistake and may stumble over the same line again.
            problems.dedup_by_key(|problem| problem.line);
            return Err(problems);
        }
        let mut entries = Vec::new();
        collect_table(text, "", root.get_ref(), &mut entries);
        entries.sort_by_key(|entry| entry.line);
        Ok(Self { entries })
    }

    /// The entry of a key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

fn syntax_problem(text: &str, error: &toml::de::Error) -> SyntaxProblem {
    let line = error.span().map_or(1, |span| line_of(text, span.start));
    SyntaxProblem { line, what: error.message().lines().collect::<Vec<_>>().join(", ") }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

fn collect_table(text: &str, prefix: &str, table: &DeTable<'_>, entries: &mut Vec<Entry>) {
    for (key, value) in table {
        let key = if prefix.is_empty() { key.get_ref().to_string() } else { format!("{prefix}.{}", key.get_ref()) };
        match value.get_ref() {
            DeValue::Table(inner) if !inner.is_empty() => collect_table(text, &key, inner, entries),
            _ => entries.push(Entry { key, line: line_of(text, value.span().start), value: literal(value) }),
        }
    }
}

fn literal(value: &Spanned<DeValue<'_>>) -> Literal {
    match value.get_ref() {
        DeValue::String(text) => Literal::Text(text.to_string()),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .map_or(Literal::Strange("a number that is too large"), Literal::Integer),
        DeValue::Float(float) => Literal::Number(float.as_str().to_owned()),
        DeValue::Boolean(flag) => Literal::Boolean(*flag),
        DeValue::Datetime(moment) => Literal::Moment(moment.to_string()),
        DeValue::Array(items) => Literal::List(items.iter().map(literal).collect()),
        DeValue::Table(table) if table.is_empty() => Literal::EmptyTable,
        DeValue::Table(_) => Literal::Strange("a list of tables"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;

    use super::{Document, Entry, Literal, SyntaxProblem};

    #[test]
    fn keys_are_flat_and_know_their_lines() {
        let text =
            "top = 1_000\n[a]\nb.c = \"x\"\n\n[a.d]\nlist = [1,\n  2]\nshare = 0.950\nday = 2019-01-01\n[empty]\n";
        let entry = |key: &str, line, value| Entry { key: key.to_owned(), line, value };
        assert_eq!(
            Document::parse(text).expect("is TOML").entries,
            [
                entry("top", 1, Literal::Integer(1000)),
                entry("a.b.c", 3, Literal::Text("x".to_owned())),
                entry("a.d.list", 6, Literal::List(vec![Literal::Integer(1), Literal::Integer(2)])),
                entry("a.d.share", 8, Literal::Number("0.950".to_owned())),
                entry("a.d.day", 9, Literal::Moment("2019-01-01".to_owned())),
                entry("empty", 10, Literal::EmptyTable),
            ]
        );
    }

    #[test]
    fn every_syntax_problem_has_its_line() {
        let problems = Document::parse("a = 1\nb = \nc = 3\na = 2\n").expect_err("two mistakes");
        assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(problems[1], SyntaxProblem { line: 4, what: "duplicate key".to_owned() });
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_parser(text in ".*") {
            let _ = Document::parse(&text);
        }
    }
}
