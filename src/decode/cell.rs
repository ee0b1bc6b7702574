//! What a workbook's cell says, as text: numbers exactly as a spreadsheet holds them, dates as ISO dates.

use std::fmt::Write;

use calamine::{Data, DataRef, ExcelDateTime};

use super::number_format::NumberFormat;
use crate::model::{COVERED_CELL, NOT_CALCULATED};

/// What a cell holds, before it becomes text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'a> {
    /// A text that is there.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A number that is shown times a hundred with a per cent sign.
    Percent(f64),
    /// A day, an instant or a duration.
    Time(ExcelDateTime),
    /// A time of day, in days.
    Clock(f64),
    /// True or false.
    Flag(bool),
    /// An error value keeps its name, such as `#N/A`, and is found when the cells are checked.
    Error(&'static str),
    /// A formula whose value the file does not hold.
    NotCalculated,
    /// Nothing of its own: the cell on its left is merged over it.
    Covered,
}

impl<'a> Value<'a> {
    /// The cell of an .xlsx sheet; nothing when it is empty.
    pub(super) fn of_ref(cell: &'a DataRef<'_>) -> Option<Self> {
        Some(match cell {
            DataRef::Empty => return None,
            DataRef::SharedString(text) => Self::Text(text),
            DataRef::String(text) => Self::Text(text),
            DataRef::DurationIso(text) => clock(text),
            DataRef::DateTimeIso(text) => Self::Text(without_midnight(text)),
            DataRef::Int(number) => Self::Integer(*number),
            DataRef::Float(number) => Self::Number(*number),
            DataRef::Bool(flag) => Self::Flag(*flag),
            DataRef::DateTime(time) => Self::Time(*time),
            DataRef::Error(error) => Self::Error(error_text(error)),
        })
    }

    /// The same for cells of other sheets.
    pub(super) fn of(cell: &'a Data) -> Option<Self> {
        Some(match cell {
            Data::Empty => return None,
            Data::String(text) => Self::Text(text),
            Data::DurationIso(text) => clock(text),
            Data::DateTimeIso(text) => Self::Text(without_midnight(text)),
            Data::Int(number) => Self::Integer(*number),
            Data::Float(number) => Self::Number(*number),
            Data::Bool(flag) => Self::Flag(*flag),
            Data::DateTime(time) => Self::Time(*time),
            Data::Error(error) => Self::Error(error_text(error)),
        })
    }

    /// Whether anything can be seen in the cell.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::Covered => true,
            _ => false,
        }
    }

    /// The value as the format of its cell has it.
    pub(super) fn shown_as(self, format: NumberFormat) -> Self {
        match (self, format) {
            (Self::Number(number), NumberFormat::Percent) => Self::Percent(number),
            // An old workbook may hold a small whole number as one.
            #[expect(clippy::cast_precision_loss, reason = "a spreadsheet holds no whole number that is not exact")]
            (Self::Integer(number), NumberFormat::Percent) => Self::Percent(number as f64),
            (Self::Time(time), NumberFormat::Clock) if (0.0..1.0).contains(&time.as_f64()) => {
                Self::Clock(time.as_f64())
            }
            (other, _) => other,
        }
    }
}

/// A duration such as `PT09H45M00S` as its part of a day; other texts stay what they are.
fn clock(text: &str) -> Value<'_> {
    let days = || {
        let (hours, rest) = text.strip_prefix("PT")?.split_once('H')?;
        let (minutes, rest) = rest.split_once('M')?;
        let number = |part: &str| part.parse::<f64>().ok().filter(|number| (0.0..1e6).contains(number));
        Some(number(hours)? / 24.0 + number(minutes)? / 1440.0 + number(rest.strip_suffix('S')?)? / 86_400.0)
    };
    days().map_or(Value::Text(text), Value::Clock)
}

/// A day that is written with its midnight is the day, as where days are numbers.
fn without_midnight(text: &str) -> &str {
    match text.split_once('T') {
        Some((day, "00:00" | "00:00:00" | "00:00:00.000" | "00:00:00.000000000")) => day,
        _ => text,
    }
}

const fn error_text(error: &calamine::CellErrorType) -> &'static str {
    use calamine::CellErrorType as E;
    match error {
        E::Div0 => "#DIV/0!",
        E::NA => "#N/A",
        E::Name => "#NAME?",
        E::Null => "#NULL!",
        E::Num => "#NUM!",
        E::Ref => "#REF!",
        E::Value => "#VALUE!",
        E::GettingData => "#DATA!",
    }
}

/// Writes what a cell stores: numbers without their format, and nothing where there is no value.
pub(super) fn write_value(out: &mut String, value: &Value<'_>) {
    match value {
        Value::Integer(number) => write_integer(out, *number),
        Value::Number(number) | Value::Percent(number) => write_number(out, *number),
        Value::Time(time) => write_time(out, time),
        Value::Clock(days) => write_clock(out, *days),
        Value::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Text(text) | Value::Error(text) => out.push_str(text),
        Value::NotCalculated | Value::Covered => {}
    }
}

/// Writes what a cell of a table says to the people who see it, so that the forms of its column apply as they do to
/// delimited text. A cell that should say something and cannot has a text that is found when it is checked.
pub(super) fn write_shown(out: &mut String, value: &Value<'_>) {
    match value {
        Value::Percent(number) => write_percent(out, *number),
        Value::NotCalculated => out.push_str(NOT_CALCULATED),
        Value::Covered => out.push_str(COVERED_CELL),
        value => write_value(out, value),
    }
}

fn write_integer(out: &mut String, number: i64) {
    // Writing to a `String` cannot fail.
    let _ = write!(out, "{number}");
}

/// Writes a number without the noise of binary fractions: whole numbers exactly, others to the 15 significant digits that a
/// spreadsheet keeps and shows.
pub(super) fn write_number(out: &mut String, number: f64) {
    /// Whole numbers below two to the 53rd are exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    const DIGITS: usize = 15;
    if number.abs() < f64::MIN_POSITIVE {
        out.push('0');
        return;
    }
    if number.abs() < EXACT && number.fract().abs() < f64::MIN_POSITIVE {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number below two to the 53rd")]
        write_integer(out, number as i64);
        return;
    }
    let start = out.len();
    let _ = write!(out, "{number}");
    let digits = out[start..].bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
    if digits <= DIGITS || !number.is_finite() {
        return;
    }
    out.truncate(start);
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    let _ = write!(out, "{rounded}");
}

/// Writes a number times a hundred and a per cent sign, by moving the point two places to the right.
fn write_percent(out: &mut String, number: f64) {
    let mut plain = String::new();
    write_number(&mut plain, number);
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        out.push_str(&plain);
        return;
    }
    let moved = format!("{whole}{fraction:0<2}");
    let (whole, fraction) = moved.split_at(whole.len() + 2);
    let whole = whole.trim_start_matches('0');
    let _ = write!(out, "{sign}{}", if whole.is_empty() { "0" } else { whole });
    if !fraction.is_empty() {
        let _ = write!(out, ".{fraction}");
    }
    out.push('%');
}

/// Writes a day as ISO 8601, with the time of day if there is one. What is no day is told as spreadsheets tell it: day 0 is
/// `1900-01-00`, and what lies outside the calendar is a number.
fn write_time(out: &mut String, time: &ExcelDateTime) {
    /// The first day after 9999-12-31.
    const END: f64 = 2_958_466.0;
    let serial = time.as_f64();
    if !(0.0..END).contains(&serial) {
        write_number(out, serial);
        return;
    }
    if time.is_duration() {
        write_clock(out, serial);
        return;
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    // In the other system of dates day 0 is the first of 1904.
    if serial < 1.0 && year < 1904 {
        out.push_str("1900-01-00");
    } else {
        let _ = write!(out, "{year:04}-{month:02}-{day:02}");
    }
    if (hour, minute, second, milli) == (0, 0, 0, 0) {
        return;
    }
    let _ = write!(out, "T{hour:02}:{minute:02}:{second:02}");
    if milli != 0 {
        let _ = write!(out, ".{milli:03}");
    }
}

/// Writes a part of a day, or several days, as hours, minutes and seconds.
fn write_clock(out: &mut String, days: f64) {
    const MILLIS_OF_DAY: f64 = 86_400_000.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the days of a calendar")]
    let millis = (days * MILLIS_OF_DAY).round() as u64;
    let (seconds, milli) = (millis / 1000, millis % 1000);
    let _ = write!(out, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if milli != 0 {
        let _ = write!(out, ".{milli:03}");
    }
}

#[cfg(test)]
mod tests {
    use calamine::{Data, ExcelDateTime, ExcelDateTimeType};

    use super::{Value, write_number, write_shown};

    #[test]
    fn a_day_with_its_midnight_is_the_day() {
        for (text, shown) in [("2020-02-29T00:00:00", "2020-02-29"), ("2020-02-29T12:00:00", "2020-02-29T12:00:00")] {
            assert_eq!(Value::of(&Data::DateTimeIso(text.to_owned())), Some(Value::Text(shown)));
        }
    }

    #[test]
    fn numbers_print_without_noise() {
        for (number, text) in [
            (12.0, "12"),
            (-0.0, "0"),
            (0.1 + 0.2, "0.3"),
            (131_687.92 / 2.0, "65843.96"),
            (23_741_247.0, "23741247"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (-1.5, "-1.5"),
            (30.87, "30.87"),
            (1e-7, "0.0000001"),
            (1.0 / 3.0, "0.333333333333333"),
            (f64::NAN, "NaN"),
        ] {
            let mut out = String::new();
            write_number(&mut out, number);
            assert_eq!(out, text);
        }
    }

    #[test]
    fn a_percentage_is_written_as_it_is_shown() {
        for (number, text) in [
            (0.5, "50%"),
            (0.5038, "50.38%"),
            (0.07, "7%"),
            (0.005, "0.5%"),
            (0.0, "0%"),
            (-0.125, "-12.5%"),
            (1.0, "100%"),
            (12.0, "1200%"),
            (0.1 + 0.2, "30%"),
        ] {
            let mut out = String::new();
            write_shown(&mut out, &Value::Percent(number));
            assert_eq!(out, text);
        }
    }

    #[test]
    fn what_is_no_day_is_not_written_as_one() {
        use ExcelDateTimeType::{DateTime, TimeDelta};
        for (serial, kind, is_1904, text) in [
            (44_104.0, DateTime, false, "2020-09-30"),
            (44_104.5, DateTime, false, "2020-09-30T12:00:00"),
            (42_642.0, DateTime, true, "2020-09-30"),
            (0.0, DateTime, true, "1904-01-01"),
            (0.0, DateTime, false, "1900-01-00"),
            (1.0, DateTime, false, "1900-01-01"),
            (60.0, DateTime, false, "1900-02-29"),
            (2_958_465.0, DateTime, false, "9999-12-31"),
            (2_958_466.0, DateTime, false, "2958466"),
            (-3.0, DateTime, false, "-3"),
            (1.5, TimeDelta, false, "36:00:00"),
        ] {
            let mut out = String::new();
            write_shown(&mut out, &Value::Time(ExcelDateTime::new(serial, kind, is_1904)));
            assert_eq!(out, text);
        }
        for (value, text) in [
            (Value::Clock(0.40625), "09:45:00"),
            (Value::of(&Data::DurationIso("PT09H45M01S".to_owned())).expect("a value"), "09:45:01"),
            (Value::of(&Data::DurationIso("P1D".to_owned())).expect("a value"), "P1D"),
        ] {
            let mut out = String::new();
            write_shown(&mut out, &value);
            assert_eq!(out, text);
        }
    }
}
