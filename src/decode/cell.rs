//! What a workbook's cell says, as text: numbers exactly as a spreadsheet holds them, dates as ISO dates.

use std::fmt::Write;

use calamine::{Data, DataRef, ExcelDateTime};

/// What a cell holds, before it becomes text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'a> {
    /// A text that is there.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A day, an instant or a duration.
    Time(ExcelDateTime),
    /// True or false.
    Flag(bool),
    /// An error value keeps its name, such as `#N/A`, and is found later by the column's type.
    Error(&'static str),
}

impl<'a> Value<'a> {
    /// The cell of an .xlsx sheet; nothing when it is empty.
    pub(super) fn of_ref(cell: &'a DataRef<'_>) -> Option<Self> {
        Some(match cell {
            DataRef::Empty => return None,
            DataRef::SharedString(text) => Self::Text(text),
            DataRef::String(text) | DataRef::DurationIso(text) => Self::Text(text),
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
            Data::String(text) | Data::DurationIso(text) => Self::Text(text),
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
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }
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

/// Writes a cell's text.
pub(super) fn write_value(out: &mut String, value: &Value<'_>) {
    match value {
        Value::Integer(number) => write_integer(out, *number),
        Value::Number(number) => write_number(out, *number),
        Value::Time(time) => write_time(out, time),
        Value::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Text(text) | Value::Error(text) => out.push_str(text),
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

fn write_time(out: &mut String, time: &ExcelDateTime) {
    if time.is_duration() {
        write_number(out, time.as_f64());
        return;
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let _ = write!(out, "{year:04}-{month:02}-{day:02}");
    if (hour, minute, second, milli) == (0, 0, 0, 0) {
        return;
    }
    let _ = write!(out, "T{hour:02}:{minute:02}:{second:02}");
    if milli != 0 {
        let _ = write!(out, ".{milli:03}");
    }
}

#[cfg(test)]
mod tests {
    use calamine::Data;

    use super::{Value, write_number};

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
}
