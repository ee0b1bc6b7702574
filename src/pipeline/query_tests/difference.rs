//! How what came differs from what was expected. Rows keep the query's order; the shortest way from one to the other is shown.

/// Which row a line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// As the fixture says.
    Expected,
    /// As the query gave it.
    Actual,
}

/// One row that is on one side only, or differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DifferentRow {
    /// Whose row it is.
    pub side: Side,
    /// Its cells; none for no value.
    pub cells: Vec<Option<String>>,
}

/// The rows that differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What was compared: `rows` or `cells`.
    pub what: &'static str,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows in their order; of a pair the expected one comes first.
    pub rows: Vec<DifferentRow>,
}

type Cells = Vec<Option<String>>;

/// Compares rows in their order. None if they are the same.
pub(super) fn compare(
    what: &'static str,
    columns: &[String],
    expected: &[Cells],
    actual: &[Cells],
) -> Option<Difference> {
    if expected == actual {
        return None;
    }
    let common = common_lengths(expected, actual);
    let (mut i, mut j) = (0, 0);
    let mut rows = Vec::new();
    let (mut left, mut right): (Vec<DifferentRow>, Vec<DifferentRow>) = (Vec::new(), Vec::new());
    while i < expected.len() || j < actual.len() {
        if i < expected.len() && j < actual.len() && expected[i] == actual[j] {
            pair_up(&mut rows, &mut left, &mut right);
            (i, j) = (i + 1, j + 1);
        } else if j == actual.len() || (i < expected.len() && common[i + 1][j] >= common[i][j + 1]) {
            left.push(DifferentRow { side: Side::Expected, cells: expected[i].clone() });
            i += 1;
        } else {
            right.push(DifferentRow { side: Side::Actual, cells: actual[j].clone() });
            j += 1;
        }
    }
    pair_up(&mut rows, &mut left, &mut right);
    Some(Difference { what, columns: columns.to_vec(), rows })
}

/// Puts rows of a gap side by side: the first expected one before the first that came, and so on.
fn pair_up(rows: &mut Vec<DifferentRow>, left: &mut Vec<DifferentRow>, right: &mut Vec<DifferentRow>) {
    let mut actual = right.drain(..);
    for row in left.drain(..) {
        rows.push(row);
        rows.extend(actual.next());
    }
    rows.extend(actual);
}

/// The longest common subsequence from each pair of places to the ends.
fn common_lengths(expected: &[Cells], actual: &[Cells]) -> Vec<Vec<u32>> {
    let mut lengths = vec![vec![0_u32; actual.len() + 1]; expected.len() + 1];
    for i in (0..expected.len()).rev() {
        for j in (0..actual.len()).rev() {
            lengths[i][j] = if expected[i] == actual[j] {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    lengths
}

impl Difference {
    /// Names of the columns in which a row differs from the one before it, if the two are a pair.
    #[must_use]
    pub fn differing(&self, row: usize) -> Vec<&str> {
        let Some(before) = row.checked_sub(1).and_then(|before| self.rows.get(before)) else { return Vec::new() };
        let this = &self.rows[row];
        if (before.side, this.side) != (Side::Expected, Side::Actual) {
            return Vec::new();
        }
        let pairs = before.cells.iter().zip(&this.cells).zip(&self.columns);
        pairs.filter(|((a, b), _)| a != b).map(|(_, name)| name.as_str()).collect()
    }
}

/// A number without signs and zeros that say nothing, so that `1.50`, `+1.5` and `1.5` are one text. Other texts stay.
pub(super) fn plain_number(text: &str) -> String {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(part) {
        return text.to_owned();
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        rest => rest,
    };
    let part = part.trim_end_matches('0');
    let sign = if negative && (whole != "0" || !part.is_empty()) { "-" } else { "" };
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

#[cfg(test)]
mod tests {
    use super::{Side, compare, plain_number};

    fn rows(texts: &[&str]) -> Vec<Vec<Option<String>>> {
        texts.iter().map(|text| text.split(' ').map(|cell| Some(cell.to_owned())).collect()).collect()
    }

    fn shown(expected: &[&str], actual: &[&str]) -> Vec<String> {
        let columns = ["a".to_owned(), "b".to_owned()];
        let Some(difference) = compare("rows", &columns, &rows(expected), &rows(actual)) else { return Vec::new() };
        let line = |(index, row): (usize, &super::DifferentRow)| {
            let sign = if row.side == Side::Expected { "-" } else { "+" };
            let cells: Vec<&str> = row.cells.iter().flatten().map(String::as_str).collect();
            format!("{sign}{} {}", cells.join(" "), difference.differing(index).join(","))
        };
        difference.rows.iter().enumerate().map(line).collect()
    }

    #[test]
    fn a_missing_row_does_not_shift_the_others() {
        assert!(shown(&["1 x", "2 y"], &["1 x", "2 y"]).is_empty());
        assert_eq!(shown(&["1 x", "2 y", "3 z"], &["1 x", "3 z"]), ["-2 y "]);
        assert_eq!(shown(&["2 y"], &["1 x", "2 y"]), ["+1 x "]);
        assert_eq!(shown(&["1 x", "2 y", "3 z"], &["1 x", "2 q", "3 z"]), ["-2 y ", "+2 q b"]);
        assert_eq!(shown(&["1 x", "2 y"], &["2 y", "1 x"]).len(), 2, "the order counts");
    }

    #[test]
    fn numbers_are_the_same_however_they_are_written() {
        for (text, plain) in
            [("1.50", "1.5"), ("+007", "7"), ("-0.00", "0"), ("0.120", "0.12"), ("-3", "-3"), ("1e5", "1e5"), ("", "")]
        {
            assert_eq!(plain_number(text), plain);
        }
    }
}
