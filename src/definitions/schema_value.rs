//! How one text is read as a value of a column: exactly, or not at all. No rounding, no guessing, no locale.

use jiff::civil::Date;

use super::date_form::{DateForm, parse_day};
use super::number_form::NumberForm;
use super::schema::{Field, FieldKind};

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

/// Reads a text in the plain form of its kind, as a value in the units in which the column is stored: an integer; a
/// decimal times ten to its scale; days, or microseconds, since 1970-01-01; 1 or 0. A text column has no such value and
/// gives 0.
///
/// # Errors
/// When the text is not exactly such a value.
pub fn parse_stored(text: &str, kind: &FieldKind) -> Result<i128, ValueError> {
    match kind {
        FieldKind::Text => Ok(0),
        FieldKind::Integer => parse_integer(text, None).map(i128::from),
        FieldKind::Number { precision, scale } => parse_decimal(text, *precision, *scale, None),
        FieldKind::Date => parse_date(text).map(i128::from),
        FieldKind::Timestamp => parse_timestamp(text).map(i128::from),
        FieldKind::Boolean { truths, falsehoods } => parse_boolean(text, truths, falsehoods).map(i128::from),
    }
}

impl Field {
    /// Reads a text in the forms that the field declares, in the units of [`parse_stored`].
    ///
    /// # Errors
    /// When the text is not exactly such a value.
    pub fn parse(&self, text: &str) -> Result<i128, ValueError> {
        match &self.kind {
            FieldKind::Integer => {
                let value = self.number.parse(text, 0, ValueError::NotInteger)?;
                i64::try_from(value).map(i128::from).map_err(|_| ValueError::TooLarge)
            }
            FieldKind::Number { precision, scale } => {
                let scale = usize::try_from(*scale).unwrap_or(0);
                check_size(self.number.parse(text, scale, ValueError::NotNumber)?, *precision)
            }
            FieldKind::Date => parse_day(text, &self.dates).map(i128::from),
            kind => parse_stored(text, kind),
        }
    }
}

/// Reads a whole number: an optional sign and digits.
///
/// # Errors
/// When there is anything else, or it does not fit 64 bits.
pub fn parse_integer(text: &str, group: Option<char>) -> Result<i64, ValueError> {
    let value = NumberForm::grouped(group).parse(text, 0, ValueError::NotInteger)?;
    i64::try_from(value).map_err(|_| ValueError::TooLarge)
}

/// Reads an exact decimal as an integer times ten to minus `scale`. Zeros beyond the scale are no digits.
///
/// # Errors
/// When the text is not a plain decimal (`1E5` is not), has more decimals than `scale` or more digits than `precision`.
pub fn parse_decimal(text: &str, precision: u8, scale: i8, group: Option<char>) -> Result<i128, ValueError> {
    let scale = usize::try_from(scale).unwrap_or(0);
    check_size(NumberForm::grouped(group).parse(text, scale, ValueError::NotNumber)?, precision)
}

/// A value that fits its column.
pub(super) fn check_size(value: i128, precision: u8) -> Result<i128, ValueError> {
    let limit = 10_i128.checked_pow(u32::from(precision)).unwrap_or(i128::MAX);
    if value.unsigned_abs() < limit.unsigned_abs() { Ok(value) } else { Err(ValueError::TooLarge) }
}

/// Reads a day written `YYYY-MM-DD` as days since 1970-01-01.
///
/// # Errors
/// When it is written otherwise or does not exist.
pub fn parse_date(text: &str) -> Result<i32, ValueError> {
    parse_day(text, &[DateForm::Iso])
}

/// Days since 1970-01-01, as Arrow's `Date32` counts them.
#[must_use]
pub fn days_since_epoch(date: Date) -> i32 {
    days_from_civil(i32::from(date.year()), i32::from(date.month()), i32::from(date.day()))
}

/// Howard Hinnant's `days_from_civil`: exact integer arithmetic in the proleptic Gregorian calendar.
pub(super) const fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
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
