//! Patterns of fields, matched byte by byte where they are simple: literals, classes of ASCII characters, counts, and
//! alternatives, such as `(IV|IP|SC)-[0-9]{6,9}`. Everything else goes through the `regex` crate; both give the same
//! answers.

use regex::Regex;

/// Sequences that the alternatives of a simple pattern may become.
const SEQUENCES: usize = 64;

/// A pattern that a whole text must match.
#[derive(Clone, Debug)]
pub(super) enum Matcher {
    Simple(Vec<Vec<Item>>),
    Other(Regex),
}

/// A part of a simple pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Literal(Vec<u8>),
    Class { set: ByteSet, least: usize, most: usize },
}

/// A set of ASCII characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ByteSet([u64; 2]);

impl ByteSet {
    const fn insert(&mut self, byte: u8) {
        if byte < 128 {
            self.0[(byte >> 6) as usize] |= 1 << (byte & 63);
        }
    }

    const fn holds(self, byte: u8) -> bool {
        byte < 128 && self.0[(byte >> 6) as usize] >> (byte & 63) & 1 == 1
    }

    const fn is_apart(self, other: Self) -> bool {
        self.0[0] & other.0[0] == 0 && self.0[1] & other.0[1] == 0
    }
}

impl Matcher {
    /// `source` is the pattern as written, `regex` the same compiled to match whole texts.
    pub(super) fn new(source: &str, regex: &Regex) -> Self {
        let mut parser = Parser { rest: source.as_bytes() };
        let simple = parser.alternatives().filter(|_| parser.rest.is_empty());
        let simple = simple.map(|found| found.into_iter().map(joined).collect::<Vec<_>>());
        match simple.filter(|found| found.iter().all(|items| is_greedy_enough(items))) {
            Some(sequences) => Self::Simple(sequences),
            None => Self::Other(regex.clone()),
        }
    }

    #[inline]
    pub(super) fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Simple(sequences) => sequences.iter().any(|items| fits(items, text.as_bytes())),
            Self::Other(regex) => regex.is_match(text),
        }
    }

    /// Whether every text that matches consists of characters that `wanted` holds for. False when that is not known.
    pub(super) fn admits_only(&self, wanted: fn(u8) -> bool) -> bool {
        let Self::Simple(sequences) = self else { return false };
        sequences.iter().flatten().all(|item| match item {
            Item::Literal(bytes) => bytes.iter().all(|byte| wanted(*byte)),
            Item::Class { set, .. } => (0..128).filter(|byte| set.holds(*byte)).all(wanted),
        })
    }
}

fn fits(items: &[Item], mut bytes: &[u8]) -> bool {
    for item in items {
        match item {
            Item::Literal(literal) => match bytes.strip_prefix(literal.as_slice()) {
                Some(rest) => bytes = rest,
                None => return false,
            },
            Item::Class { set, least, most } => {
                let count = bytes.iter().take(*most).take_while(|byte| set.holds(**byte)).count();
                if count < *least {
                    return false;
                }
                bytes = &bytes[count..];
            }
        }
    }
    bytes.is_empty()
}

/// Single characters in a row become one literal.
fn joined(items: Vec<Item>) -> Vec<Item> {
    let mut short: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        match (short.last_mut(), item) {
            (Some(Item::Literal(before)), Item::Literal(bytes)) => before.extend(bytes),
            (_, item) => short.push(item),
        }
    }
    short
}

/// Whether taking as many characters as possible at each part never takes one that a later part needs.
fn is_greedy_enough(items: &[Item]) -> bool {
    let first_of = |item: &Item| match item {
        Item::Literal(bytes) => {
            let mut set = ByteSet::default();
            set.insert(bytes[0]);
            (set, 1)
        }
        Item::Class { set, least, .. } => (*set, *least),
    };
    items.iter().enumerate().all(|(at, item)| {
        let Item::Class { set, least, most } = item else { return true };
        if least == most {
            return true;
        }
        for later in &items[at + 1..] {
            let (first, needed) = first_of(later);
            if !set.is_apart(first) {
                return false;
            }
            if needed > 0 {
                break;
            }
        }
        true
    })
}

/// Reads a simple pattern; None at the first thing that is not simple.
struct Parser<'a> {
    rest: &'a [u8],
}

impl Parser<'_> {
    fn take(&mut self, byte: u8) -> bool {
        let found = self.rest.first() == Some(&byte);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn alternatives(&mut self) -> Option<Vec<Vec<Item>>> {
        let mut all = self.sequences()?;
        while self.take(b'|') {
            all.extend(self.sequences()?);
        }
        (all.len() <= SEQUENCES).then_some(all)
    }

    /// One alternative: several sequences when it holds groups.
    fn sequences(&mut self) -> Option<Vec<Vec<Item>>> {
        let mut all: Vec<Vec<Item>> = vec![Vec::new()];
        self.take(b'^');
        while let Some(first) = self.rest.first() {
            let choices = match first {
                b'|' | b')' => break,
                b'$' => {
                    self.rest = &self.rest[1..];
                    match self.rest.first() {
                        None | Some(b'|' | b')') => break,
                        Some(_) => return None,
                    }
                }
                b'(' => self.group()?,
                _ => vec![vec![self.single()?]],
            };
            let mut longer = Vec::with_capacity(all.len() * choices.len());
            for before in &all {
                longer.extend(choices.iter().map(|choice| [before.as_slice(), choice].concat()));
            }
            if longer.len() > SEQUENCES {
                return None;
            }
            all = longer;
        }
        Some(all)
    }

    fn group(&mut self) -> Option<Vec<Vec<Item>>> {
        self.next();
        if self.take(b'?') && !self.take(b':') {
            return None;
        }
        let mut choices = self.alternatives()?;
        if !self.take(b')') {
            return None;
        }
        if self.take(b'?') {
            choices.push(Vec::new());
        }
        // Other counts, and `??`, are left to the regex.
        (!matches!(self.rest.first(), Some(b'{' | b'*' | b'+' | b'?'))).then_some(choices)
    }

    fn single(&mut self) -> Option<Item> {
        let mut set = ByteSet::default();
        let mut literal = None;
        match self.next()? {
            b'[' => set = self.class()?,
            b'\\' => literal = Some(self.escaped()?),
            byte if is_ordinary(byte) => literal = Some(byte),
            _ => return None,
        }
        let (least, most) = self.count()?;
        match literal {
            Some(byte) if (least, most) == (1, 1) => return Some(Item::Literal(vec![byte])),
            Some(byte) => set.insert(byte),
            None => {}
        }
        Some(Item::Class { set, least, most })
    }

    /// Escaped punctuation stands for itself; escaped letters do not.
    fn escaped(&mut self) -> Option<u8> {
        self.next().filter(u8::is_ascii_punctuation).filter(|byte| !matches!(byte, b'<' | b'>'))
    }

    fn class(&mut self) -> Option<ByteSet> {
        let mut set = ByteSet::default();
        if matches!(self.rest.first(), Some(b'^' | b']')) {
            return None;
        }
        loop {
            let first = match self.next()? {
                b']' => return Some(set),
                b'\\' => self.escaped()?,
                // Nested classes and operations on sets are the regex crate's own.
                b'[' | b'&' | b'~' => return None,
                b'-' if self.rest.first() != Some(&b']') => return None,
                byte if byte.is_ascii_graphic() || byte == b' ' => byte,
                _ => return None,
            };
            if self.rest.first() == Some(&b'-') && self.rest.get(1).is_some_and(|byte| *byte != b']') {
                self.next();
                let last = self.next().filter(u8::is_ascii_alphanumeric)?;
                if !first.is_ascii_alphanumeric() || first > last {
                    return None;
                }
                (first..=last).for_each(|byte| set.insert(byte));
            } else {
                set.insert(first);
            }
        }
    }

    /// How often: `{6}`, `{6,9}`, `{6,}`, `?`, `*`, `+`, or once.
    fn count(&mut self) -> Option<(usize, usize)> {
        let counted = match self.rest.first() {
            Some(b'?') => (0, 1),
            Some(b'*') => (0, usize::MAX),
            Some(b'+') => (1, usize::MAX),
            Some(b'{') => return self.braces(),
            _ => return Some((1, 1)),
        };
        self.next();
        self.is_settled().then_some(counted)
    }

    fn braces(&mut self) -> Option<(usize, usize)> {
        let end = self.rest.iter().position(|byte| *byte == b'}')?;
        let inside = std::str::from_utf8(&self.rest[1..end]).ok()?;
        self.rest = &self.rest[end + 1..];
        let number = |text: &str| if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None };
        let counted = match inside.split_once(',') {
            None => (number(inside)?, number(inside)?),
            Some((least, "")) => (number(least)?, usize::MAX),
            Some((least, most)) => (number(least)?, number(most)?),
        };
        (self.is_settled() && counted.0 <= counted.1).then_some(counted)
    }

    /// A second count, or one that takes as little as it can, is not simple.
    fn is_settled(&self) -> bool {
        !matches!(self.rest.first(), Some(b'?' | b'*' | b'+' | b'{'))
    }
}

fn is_ordinary(byte: u8) -> bool {
    byte == b' ' || byte.is_ascii_graphic() && !br"\.+*?()|[]{}^$".contains(&byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::Matcher;

    const SIMPLE: [&str; 12] = [
        "^WB-[0-9]{7,9}$",
        "^(IV|IP|SC)-[0-9]{6,9}$",
        "^W060000[0-2][0-9]$",
        "^[0-9]{4}-(0[1-9]|1[0-2])$",
        "T-[0-9]{3}",
        "^[A-Z0-9]{2,6}$",
        "(?:a|bc)?d*",
        "a+b?c",
        "x|y{2}|",
        "[A-Za-z]{1,2}[0-9][A-Z]? [0-9][A-Z]{2}",
        "a\\.b",
        "[a-c_.-]{0,3}",
    ];
    const OTHER: [&str; 8] = ["a.c", "[^a]b", "\\d{3}", "[0-9]{2,3}[0-9]", "(ab){2}", "a*?b", "(?i)ab", "[a-z&&[^b]]"];

    fn matcher(source: &str) -> (Matcher, Regex) {
        let regex = Regex::new(&format!("^(?:{source})$")).expect("a pattern");
        (Matcher::new(source, &regex), regex)
    }

    #[test]
    fn simple_patterns_are_known() {
        for source in SIMPLE {
            assert!(matches!(matcher(source).0, Matcher::Simple(_)), "{source}");
        }
        for source in OTHER {
            assert!(matches!(matcher(source).0, Matcher::Other(_)), "{source}");
        }
        assert!(matcher(SIMPLE[0]).0.admits_only(|byte| !byte.is_ascii_lowercase()));
        assert!(!matcher(SIMPLE[7]).0.admits_only(|byte| !byte.is_ascii_lowercase()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn both_ways_give_the_same_answer(text in "[WBIVPSCTDabcdxy0-9. ŵ_-]{0,14}", near in 0usize..20) {
            for source in SIMPLE.into_iter().chain(OTHER) {
                let (matcher, regex) = matcher(source);
                prop_assert_eq!(matcher.is_match(&text), regex.is_match(&text), "{} {}", source, text);
            }
            for (source, good) in [(SIMPLE[0], "WB-12345678"), (SIMPLE[1], "SC-123456"), (SIMPLE[9], "CF1A 3AT")] {
                let (matcher, regex) = matcher(source);
                prop_assert!(matcher.is_match(good));
                let cut: String = good.chars().take(near).chain(text.chars().take(1)).collect();
                prop_assert_eq!(matcher.is_match(&cut), regex.is_match(&cut), "{} {}", source, cut);
            }
        }
    }
}
