//! How the days of a column may be written, and how such a text is read. A text that two declared forms read as
//! different days is refused: nobody can know which one was meant.

use jiff::civil::Date;

use super::{ValueError, days_since_epoch};

/// One way to write a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateForm {
    /// `YYYY-MM-DD`.
    Iso,
    /// A pattern of `strptime`.
    Pattern(DatePattern),
    /// `2019-20`: the first day of the financial year, 1 April.
    FinancialYear,
    /// The number of days by which spreadsheets count, 1900 system.
    ExcelSerial,
}

/// A pattern such as `%d/%m/%Y`, taken apart. What it does not say is the first: `%m/%Y` is the first of the month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatePattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    Literal(char),
}

/// Names of months in English and Welsh; three letters or more of an English one are enough.
const MONTHS: [(&str, &str); 12] = [
    ("january", "ionawr"),
    ("february", "chwefror"),
    ("march", "mawrth"),
    ("april", "ebrill"),
    ("may", "mai"),
    ("june", "mehefin"),
    ("july", "gorffennaf"),
    ("august", "awst"),
    ("september", "medi"),
    ("october", "hydref"),
    ("november", "tachwedd"),
    ("december", "rhagfyr"),
];

impl DateForm {
    /// Reads a form as a schema names it; the error says what is wrong with it.
    pub(super) fn named(name: &str) -> Result<Self, &'static str> {
        match name {
            "%Y-%m-%d" | "default" => Ok(Self::Iso),
            "financial-year" => Ok(Self::FinancialYear),
            "excel-serial" => Ok(Self::ExcelSerial),
            pattern => DatePattern::compile(pattern).map(Self::Pattern),
        }
    }

    /// What a text is in this form.
    fn read(&self, text: &str) -> Reading {
        match self {
            Self::Iso => match parse_iso(without_midnight(text).as_bytes()) {
                Some(day) => Reading::Day(day),
                None if is_iso_shaped(text) => Reading::NoSuchDay,
                None => Reading::Other,
            },
            Self::Pattern(pattern) => pattern.read(text),
            Self::FinancialYear => financial_year(text),
            Self::ExcelSerial => excel_serial(text),
        }
    }
}

/// A day that is written with its midnight is the day: databases and Parquet files write days so.
fn without_midnight(text: &str) -> &str {
    let Some((day, time)) = text.split_at_checked("0000-00-00".len()) else { return text };
    let Some(time) = time.strip_prefix(['T', ' ']) else { return text };
    let time = time.strip_suffix('Z').or_else(|| time.strip_suffix("+00:00")).unwrap_or(time);
    let fraction = match time.strip_prefix("00:00") {
        Some("") => "",
        Some(seconds) => seconds.strip_prefix(":00").unwrap_or("x"),
        None => "x",
    };
    let zeros = fraction.strip_prefix('.').filter(|zeros| !zeros.is_empty()).unwrap_or(fraction);
    if zeros.bytes().all(|byte| byte == b'0') && (fraction.is_empty() || fraction.starts_with('.')) {
        day
    } else {
        text
    }
}

/// What a text is in a form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// A day, since 1970-01-01.
    Day(i32),
    /// So written, but there is no such day.
    NoSuchDay,
    /// Not so written.
    Other,
}

impl Reading {
    fn of(date: Option<Date>) -> Self {
        date.map_or(Self::NoSuchDay, |date| Self::Day(days_since_epoch(date)))
    }
}

/// Reads a day by any of the declared forms.
///
/// # Errors
/// [`ValueError::AmbiguousDate`] when two forms give different days, or none fits a text that looks like a day of
/// another form; [`ValueError::NotDate`] when it is none at all.
pub fn parse_day(text: &str, forms: &[DateForm]) -> Result<i32, ValueError> {
    let (mut found, mut is_declared) = (None, false);
    for form in forms {
        match (form.read(text), found) {
            (Reading::Day(day), Some(other)) if other != day => return Err(ValueError::AmbiguousDate),
            (Reading::Day(day), _) => found = Some(day),
            (Reading::NoSuchDay, _) => is_declared = true,
            (Reading::Other, _) => {}
        }
    }
    let wrong =
        if !is_declared && looks_like_another_date(text) { ValueError::AmbiguousDate } else { ValueError::NotDate };
    found.ok_or(wrong)
}

impl DatePattern {
    fn compile(pattern: &str) -> Result<Self, &'static str> {
        let mut parts = Vec::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            if c != '%' {
                parts.push(Part::Literal(c));
                continue;
            }
            parts.push(match chars.next() {
                Some('Y') => Part::Year,
                Some('y') => Part::ShortYear,
                Some('m') => Part::Month,
                Some('b' | 'B') => Part::MonthName,
                Some('d') => Part::Day,
                Some('%') => Part::Literal('%'),
                _ => return Err("knows %Y, %y, %m, %b, %B and %d only"),
            });
        }
        let count = |wanted: fn(&Part) -> bool| parts.iter().filter(|part| wanted(part)).count();
        let years = count(|part| matches!(part, Part::Year | Part::ShortYear));
        let months = count(|part| matches!(part, Part::Month | Part::MonthName));
        let days = count(|part| matches!(part, Part::Day));
        if years != 1 || months > 1 || days > 1 || days > months {
            return Err("must name the year once, and a month wherever it names a day");
        }
        Ok(Self { parts })
    }

    fn read(&self, text: &str) -> Reading {
        let Some((year, month, day)) = self.take(text) else { return Reading::Other };
        Reading::of(Date::new(year, month, day).ok())
    }

    fn take(&self, text: &str) -> Option<(i16, i8, i8)> {
        let (mut year, mut month, mut day) = (None, 1, 1);
        let mut rest = text;
        // Without anything between them nobody knows where a month ends that may have one digit.
        let parts = |part: &Part| matches!(part, Part::Literal(_) | Part::MonthName);
        let least = if self.parts.iter().any(parts) { 1 } else { 2 };
        for part in &self.parts {
            match part {
                Part::Year => year = Some(take_digits(&mut rest, 4, 4)?),
                Part::ShortYear => {
                    let short = take_digits(&mut rest, 2, 2)?;
                    // As POSIX has it, and Python.
                    year = Some(if short < 69 { 2000 + short } else { 1900 + short });
                }
                Part::Month => month = i8::try_from(take_digits(&mut rest, least, 2)?).ok()?,
                Part::MonthName => month = take_month(&mut rest)?,
                Part::Day => day = i8::try_from(take_digits(&mut rest, least, 2)?).ok()?,
                Part::Literal(c) => rest = rest.strip_prefix(*c)?,
            }
        }
        if rest.is_empty() { Some((year?, month, day)) } else { None }
    }
}

/// Takes between `least` and `most` digits, as many as there are.
fn take_digits(rest: &mut &str, least: usize, most: usize) -> Option<i16> {
    let count = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least {
        return None;
    }
    let (digits, left) = rest.split_at(count);
    *rest = left;
    digits.parse().ok()
}

fn take_month(rest: &mut &str) -> Option<i8> {
    let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    let (name, left) = rest.split_at(end);
    let is_start =
        |whole: &str| name.len() >= 3 && whole.get(..name.len()).is_some_and(|s| s.eq_ignore_ascii_case(name));
    let found = MONTHS.iter().position(|(en, cy)| is_start(en) || cy.eq_ignore_ascii_case(name))?;
    *rest = left;
    i8::try_from(found + 1).ok()
}

/// `2019-20`, `2019/20` or `2019-2020`: the second year follows the first.
fn financial_year(text: &str) -> Reading {
    let years = |text: &str| -> Option<(i16, i16)> {
        let (first, second) = text.split_once(['-', '/'])?;
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let is_shaped = first.len() == 4 && matches!(second.len(), 2 | 4) && digits(first) && digits(second);
        if is_shaped { Some((first.parse().ok()?, second.parse().ok()?)) } else { None }
    };
    let Some((first, second)) = years(text) else { return Reading::Other };
    let follows = second == first + 1 || (text.len() == 7 && second == (first + 1) % 100);
    Reading::of(if follows { Date::new(first, 4, 1).ok() } else { None })
}

/// Day 1 is 1900-01-01. Day 60, the 29 February 1900 that never was, is none.
fn excel_serial(text: &str) -> Reading {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_midnight = !fraction.is_empty() && fraction.bytes().all(|b| b == b'0');
    if !is_midnight || !(1..=7).contains(&whole.len()) || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return Reading::Other;
    }
    match whole.parse::<i32>() {
        Ok(serial @ 1..=59) => Reading::Day(serial - 25_568),
        Ok(serial @ 61..=2_958_465) => Reading::Day(serial - 25_569),
        _ => Reading::NoSuchDay,
    }
}

fn is_iso_shaped(text: &str) -> bool {
    let digits = |range| text.get(range).is_some_and(|part: &str| part.bytes().all(|b| b.is_ascii_digit()));
    text.len() == 10 && digits(0..4) && digits(5..7) && digits(8..10) && text[4..5] == *"-" && text[7..8] == *"-"
}

/// A day written `YYYY-MM-DD` as days since 1970-01-01, if it is so written and exists.
#[must_use]
#[inline]
pub fn parse_iso(text: &[u8]) -> Option<i32> {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *text else { return None };
    let digits = [y0, y1, y2, y3, m0, m1, d0, d1].map(|byte| byte.wrapping_sub(b'0'));
    if digits.iter().any(|digit| *digit > 9) {
        return None;
    }
    let [y0, y1, y2, y3, m0, m1, d0, d1] = digits.map(i32::from);
    let (year, month, day) = (y0 * 1000 + y1 * 100 + y2 * 10 + y3, m0 * 10 + m1, d0 * 10 + d1);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i32::from(is_leap),
        _ => return None,
    };
    (1..=last).contains(&day).then(|| super::schema_value::days_from_civil(year, month, day))
}

/// Three groups of digits in another order, or the number of days by which spreadsheets count.
fn looks_like_another_date(text: &str) -> bool {
    if is_iso_shaped(text) {
        return false;
    }
    let groups = || text.split(['/', '.', '-', ' ']);
    let digits = |part: &str| !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
    let serial = text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit());
    serial || groups().count() == 3 && groups().all(digits)
}
