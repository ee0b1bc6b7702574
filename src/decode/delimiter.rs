//! Which character separates columns and which encloses cells: those under which the names appear that the schema knows.

use super::DecodeLimits;
use super::header::{HEADER_WITHIN, KnownNames, NumberedRow};
use super::records::{Grammar, Place, read_records};
use super::sink::RowSink;

/// What is looked for.
const CANDIDATES: [(u8, &str); 7] = [
    (b',', "comma"),
    (b';', "semicolon"),
    (b'\t', "tab"),
    (b'|', "vertical bar"),
    (b'^', "circumflex"),
    (b'~', "tilde"),
    (0x1F, "unit separator"),
];
const QUOTES: [u8; 2] = [b'"', b'\''];

/// What a delimiter is called.
pub(super) fn delimiter_name(delimiter: u8) -> &'static str {
    CANDIDATES.iter().find(|(byte, _)| *byte == delimiter).map_or("another character", |(_, name)| name)
}

/// What the beginning of a text shows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Separation {
    /// The known names appear with these.
    Recognised { delimiter: u8, quote: u8 },
    /// No known name appears, and the expected delimiter separates something or nothing does.
    AsExpected,
    /// No known name appears; the expected delimiter separates nothing and this one does.
    Other(u8),
}

/// Looks at the first rows with every delimiter and quote.
pub(super) fn find_separation(head: &[u8], expected: u8, known: &KnownNames, limits: &DecodeLimits) -> Separation {
    let others = CANDIDATES.iter().map(|(byte, _)| *byte).filter(|byte| *byte != expected);
    let mut best = (0, expected, QUOTES[0]);
    let mut widths = Vec::new();
    for delimiter in std::iter::once(expected).chain(others) {
        for quote in QUOTES {
            let rows = first_rows(head, &Grammar::new(delimiter, quote, limits));
            let matches = rows.iter().map(|(_, cells)| known.matches(cells)).max().unwrap_or(0);
            if matches > best.0 {
                best = (matches, delimiter, quote);
            }
            if quote == QUOTES[0] {
                widths.push((rows.first().map_or(0, |(_, cells)| cells.len()), delimiter));
            }
        }
    }
    if best.0 > 0 {
        return Separation::Recognised { delimiter: best.1, quote: best.2 };
    }
    let expected_width = widths.first().map_or(0, |(width, _)| *width);
    let widest = widths.into_iter().skip(1).max_by_key(|(width, _)| *width);
    match widest {
        Some((width, delimiter)) if expected_width <= 1 && width > 1 => Separation::Other(delimiter),
        _ => Separation::AsExpected,
    }
}

/// The first rows that are not blank, as far as they can be read.
pub(super) fn first_rows(head: &[u8], grammar: &Grammar) -> Vec<NumberedRow> {
    let mut sink = RowSink::with_limit(HEADER_WITHIN);
    // What is wrong is found again, and then reported, when the rows are read for good.
    let _ = read_records(head, Place { row: 1, line: 1 }, grammar, &mut sink);
    sink.rows
}
