//! What a workbook's cell says, as text: numbers exactly as a spreadsheet holds them, dates as ISO dates.

use calamine::{Data, DataRef, ExcelDateTime};

/// The text of a cell. An error value keeps its name, such as `#N/A`, and is found later by the column's type.
pub(super) fn cell_text(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(time) => time_text(time),
        DataRef::Error(error) => error.to_string(),
    }
}

/// The same for cells of an `OpenDocument` sheet.
pub(super) fn data_text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number_text(*number),
        Data::Bool(flag) => flag.to_string(),
        Data::DateTime(time) => time_text(time),
        Data::Error(error) => error.to_string(),
    }
}

/// A number without the noise of binary fractions: whole numbers exactly, others to the 15 significant digits that a
/// spreadsheet keeps and shows.
pub(super) fn number_text(number: f64) -> String {
    /// Whole numbers below two to the 53rd are exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if !number.is_finite() {
        return number.to_string();
    }
    if number.abs() < f64::MIN_POSITIVE {
        return "0".to_owned();
    }
    if number.fract().abs() < f64::MIN_POSITIVE && number.abs() < EXACT {
        return format!("{number:.0}");
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

fn time_text(time: &ExcelDateTime) -> String {
    if time.is_duration() {
        return number_text(time.as_f64());
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second, milli) == (0, 0, 0, 0) {
        return date;
    }
    if milli == 0 {
        return format!("{date}T{hour:02}:{minute:02}:{second:02}");
    }
    format!("{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}")
}

#[cfg(test)]
mod tests {
    use super::number_text;

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
        ] {
            assert_eq!(number_text(number), text);
        }
    }
}
