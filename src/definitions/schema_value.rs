//! How one text is read as a value of a column: exactly, or not at all. No rounding, no guessing, no locale.

use jiff::civil::Date;

use super::schema::FieldKind;

/// Why a text is not a value of its column's kind. Says nothing about the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueError {
    /// Not a whole number.
    NotInteger,
    /// Not a decimal number.
    NotNumber,
    /// A separator of thousands that the schema does not declare, or in the wrong place.
    Thousands,
    /// More digits after the point than the column keeps.
    Scale,
    /// Does not fit the column.
    TooLarge,
    /// Not a day.
    NotDate,
    /// A day in an order that cannot be known, or a number of days.
    AmbiguousDate,
    /// Not an instant.
    NotTimestamp,
    /// An instant without its offset from UTC.
    NoOffset,
    /// Neither true nor false.
    NotBoolean,
}

/// Reads a text as a value in the units in which the column is stored: an integer; a decimal times ten to its scale;
/// days, or microseconds, since 1970-01-01; 1 or 0. A text column has no such value and gives 0.
///
/// # Errors
/// When the text is not exactly such a value.
pub fn parse_stored(text: &str, kind: &FieldKind) -> Result<i128, ValueError> {
    match kind {
        FieldKind::Text => Ok(0),
        FieldKind::Integer { group } => parse_integer(text, *group).map(i128::from),
        FieldKind::Number { precision, scale, group } => parse_decimal(text, *precision, *scale, *group),
        FieldKind::Date => parse_date(text).map(i128::from),
        FieldKind::Timestamp => parse_timestamp(text).map(i128::from),
        FieldKind::Boolean { truths, falsehoods } => parse_boolean(text, truths, falsehoods).map(i128::from),
    }
}

/// Reads a whole number: an optional sign and digits.
///
/// # Errors
/// When there is anything else, or it does not fit 64 bits.
pub fn parse_integer(text: &str, group: Option<char>) -> Result<i64, ValueError> {
    let number = Digits::read(text, group, ValueError::NotInteger)?;
    if number.has_point {
        return Err(ValueError::NotInteger);
    }
    number.scaled(0).and_then(|value| i64::try_from(value).map_err(|_| ValueError::TooLarge))
}

/// Reads an exact decimal as an integer times ten to minus `scale`. Zeros beyond the scale are no digits.
///
/// # Errors
/// When the text is not a plain decimal (`1E5` is not), has more decimals than `scale` or more digits than `precision`.
pub fn parse_decimal(text: &str, precision: u8, scale: i8, group: Option<char>) -> Result<i128, ValueError> {
    let value = Digits::read(text, group, ValueError::NotNumber)?.scaled(usize::try_from(scale).unwrap_or(0))?;
    let limit = 10_i128.checked_pow(u32::from(precision)).unwrap_or(i128::MAX);
    if value.unsigned_abs() < limit.unsigned_abs() { Ok(value) } else { Err(ValueError::TooLarge) }
}

/// A number taken apart: its sign, and its digits on both sides of the point.
struct Digits {
    negative: bool,
    whole: String,
    fraction: String,
    has_point: bool,
}

impl Digits {
    fn read(text: &str, group: Option<char>, wrong: ValueError) -> Result<Self, ValueError> {
        let (negative, body) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, fraction, has_point) = match body.split_once('.') {
            Some((whole, fraction)) => (whole, fraction, true),
            None => (body, "", false),
        };
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(fraction) || whole.is_empty() && fraction.is_empty() {
            return Err(wrong);
        }
        if all_digits(whole) {
            return Ok(Self { negative, whole: whole.to_owned(), fraction: fraction.to_owned(), has_point });
        }
        let Some(separator) = group else {
            let thousands = |c: char| is_grouped(whole, c);
            return Err(if [',', ' ', '\u{a0}'].into_iter().any(thousands) { ValueError::Thousands } else { wrong });
        };
        if !is_grouped(whole, separator) {
            let digits_and_separators = whole.chars().all(|c| c.is_ascii_digit() || c == separator);
            return Err(if digits_and_separators { ValueError::Thousands } else { wrong });
        }
        let whole = whole.chars().filter(|c| *c != separator).collect();
        Ok(Self { negative, whole, fraction: fraction.to_owned(), has_point })
    }

    fn scaled(&self, scale: usize) -> Result<i128, ValueError> {
        let fraction = self.fraction.trim_end_matches('0');
        if fraction.len() > scale {
            return Err(ValueError::Scale);
        }
        let mut value: i128 = 0;
        let zeros = std::iter::repeat_n(b'0', scale - fraction.len());
        for digit in self.whole.bytes().chain(fraction.bytes()).chain(zeros) {
            value = value
                .checked_mul(10)
                .and_then(|v| v.checked_add(i128::from(digit - b'0')))
                .ok_or(ValueError::TooLarge)?;
        }
        Ok(if self.negative { -value } else { value })
    }
}

/// Whether digits stand in groups of three behind a first group of one to three.
fn is_grouped(whole: &str, separator: char) -> bool {
    let mut groups = whole.split(separator);
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && digits(first) && groups.all(|part| part.len() == 3 && digits(part))
}

/// Reads a day written `YYYY-MM-DD` as days since 1970-01-01.
///
/// # Errors
/// When it is written otherwise or does not exist.
pub fn parse_date(text: &str) -> Result<i32, ValueError> {
    let wrong = || if looks_like_another_date(text) { ValueError::AmbiguousDate } else { ValueError::NotDate };
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return Err(wrong());
    }
    let number = |range: std::ops::Range<usize>| {
        let part = bytes.get(range)?;
        part.iter().try_fold(0_i16, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i16::from(b - b'0')))
    };
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        return Err(wrong());
    };
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
        return Err(ValueError::NotDate);
    };
    let date = Date::new(year, month, day).map_err(|_| ValueError::NotDate)?;
    Ok(days_since_epoch(date))
}

/// Days since 1970-01-01, as Arrow's `Date32` counts them.
#[must_use]
pub fn days_since_epoch(date: Date) -> i32 {
    // Howard Hinnant's `days_from_civil`: exact integer arithmetic in the proleptic Gregorian calendar.
    let (month, day) = (i32::from(date.month()), i32::from(date.day()));
    let year = i32::from(date.year()) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Three groups of digits in another order, or the number of days by which spreadsheets count.
fn looks_like_another_date(text: &str) -> bool {
    let groups: Vec<&str> = text.split(['/', '.', '-', ' ']).collect();
    let digits = |part: &&str| !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
    let serial = text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit());
    serial || groups.len() == 3 && groups.iter().all(digits)
}

/// Reads an instant in ISO 8601 with its offset, such as `2023-06-20T08:30:00Z`, as microseconds since 1970-01-01 UTC.
///
/// # Errors
/// When it is written otherwise, lacks its offset or does not exist.
pub fn parse_timestamp(text: &str) -> Result<i64, ValueError> {
    let bytes = text.as_bytes();
    if bytes.len() < 16 || !text.is_ascii() || bytes[4] != b'-' || !matches!(bytes[10], b'T' | b't' | b' ') {
        return Err(ValueError::NotTimestamp);
    }
    match text.parse::<jiff::Timestamp>() {
        Ok(instant) => Ok(instant.as_microsecond()),
        Err(_) if text.parse::<jiff::civil::DateTime>().is_ok() => Err(ValueError::NoOffset),
        Err(_) => Err(ValueError::NotTimestamp),
    }
}

/// Reads true (1) or false (0).
///
/// # Errors
/// When the text is neither.
pub fn parse_boolean(text: &str, truths: &[String], falsehoods: &[String]) -> Result<i8, ValueError> {
    let among = |list: &[String]| list.iter().any(|word| word == text);
    if among(truths) {
        return Ok(1);
    }
    if among(falsehoods) { Ok(0) } else { Err(ValueError::NotBoolean) }
}

#[cfg(test)]
mod tests {
    use super::{ValueError, days_since_epoch, parse_date, parse_decimal, parse_integer, parse_timestamp};
    use jiff::civil::date;

    #[test]
    fn decimals_are_exact_or_refused() {
        let read = |text| parse_decimal(text, 6, 2, None);
        assert_eq!(read("12"), Ok(1200));
        assert_eq!(read("-0.5"), Ok(-50));
        assert_eq!(read("+1.500"), Ok(150));
        assert_eq!(read(".25"), Ok(25));
        assert_eq!(read("9999.99"), Ok(999_999));
        assert_eq!(read("10000"), Err(ValueError::TooLarge));
        assert_eq!(read("1.005"), Err(ValueError::Scale));
        assert_eq!(read("1,200"), Err(ValueError::Thousands));
        for text in ["1E5", "", "-", ".", "NaN", "inf", "1.2.3", "£5", "(5)", " 1", "1 ", "--1", "١"] {
            assert_eq!(read(text), Err(ValueError::NotNumber), "{text}");
        }
        let digits = "9".repeat(60);
        assert_eq!(parse_decimal(&digits, 38, 0, None), Err(ValueError::TooLarge));
        assert_eq!(parse_decimal(&"9".repeat(38), 38, 0, None), Ok(10_i128.pow(38) - 1));
    }

    #[test]
    fn a_declared_separator_must_stand_at_thousands() {
        assert_eq!(parse_integer("1,234,567", Some(',')), Ok(1_234_567));
        assert_eq!(parse_integer("999", Some(',')), Ok(999));
        for text in ["1,23", "1,2345", ",123", "1234,567", "1,,234"] {
            assert_eq!(parse_integer(text, Some(',')), Err(ValueError::Thousands), "{text}");
        }
        assert_eq!(parse_integer("12.0", None), Err(ValueError::NotInteger));
        assert_eq!(parse_integer("9223372036854775808", None), Err(ValueError::TooLarge));
        assert_eq!(parse_integer("007", None), Ok(7));
    }

    #[test]
    fn days_are_iso_or_refused() {
        assert_eq!(parse_date("1970-01-01"), Ok(0));
        assert_eq!(parse_date("2000-02-29"), Ok(11_016));
        assert_eq!(parse_date("1969-12-31"), Ok(-1));
        assert_eq!(days_since_epoch(date(2020, 9, 30)), 18_535);
        for text in ["03/04/2019", "3.4.2019", "03-04-2019", "43558", "2019/04/03"] {
            assert_eq!(parse_date(text), Err(ValueError::AmbiguousDate), "{text}");
        }
        for text in ["2019-02-29", "2019-13-01", "1900-01-00", "", "soon", "2019-04-0é"] {
            assert_eq!(parse_date(text), Err(ValueError::NotDate), "{text}");
        }
    }

    #[test]
    fn instants_need_their_offset() {
        assert_eq!(parse_timestamp("1970-01-01T00:00:01Z"), Ok(1_000_000));
        assert_eq!(parse_timestamp("1970-01-01T01:00:00+01:00"), Ok(0));
        assert_eq!(parse_timestamp("1970-01-01T00:00:00"), Err(ValueError::NoOffset));
        assert_eq!(parse_timestamp("1970-01-01"), Err(ValueError::NotTimestamp));
        assert_eq!(parse_timestamp("x"), Err(ValueError::NotTimestamp));
    }
}
