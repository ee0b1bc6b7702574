//! Financial quarters. April is the start of Q1; `2020-21-Q3` is October to December 2020.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, date};

use super::Language;

/// A financial quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    year_start: i16,
    quarter: i8,
}

/// Why a text is not a period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a financial quarter such as 2020-21-Q3")]
pub struct PeriodError(String);

impl Period {
    /// The quarter that holds a day: `fin_q = ((month + 8) % 12) / 3 + 1` (domain, section 0.1).
    #[must_use]
    pub fn containing(day: Date) -> Self {
        let year_start = if day.month() < 4 { day.year() - 1 } else { day.year() };
        Self { year_start, quarter: ((day.month() + 8) % 12) / 3 + 1 }
    }

    /// The calendar year in which the financial year starts.
    #[must_use]
    pub const fn year_start(self) -> i16 {
        self.year_start
    }

    /// 1 to 4.
    #[must_use]
    pub const fn quarter(self) -> i8 {
        self.quarter
    }

    /// The first day.
    #[must_use]
    pub const fn first_day(self) -> Date {
        match self.quarter {
            1 => date(self.year_start, 4, 1),
            2 => date(self.year_start, 7, 1),
            3 => date(self.year_start, 10, 1),
            _ => date(self.year_start + 1, 1, 1),
        }
    }

    /// The last day.
    #[must_use]
    pub const fn last_day(self) -> Date {
        match self.quarter {
            1 => date(self.year_start, 6, 30),
            2 => date(self.year_start, 9, 30),
            3 => date(self.year_start, 12, 31),
            _ => date(self.year_start + 1, 3, 31),
        }
    }

    /// Quarters since an arbitrary origin; differences are numbers of quarters.
    #[must_use]
    pub fn index(self) -> i32 {
        i32::from(self.year_start) * 4 + i32::from(self.quarter) - 1
    }

    /// The inverse of [`Period::index`].
    ///
    /// # Panics
    /// When the year does not fit; the index of a real period always does.
    #[must_use]
    pub fn from_index(index: i32) -> Self {
        let year_start = i16::try_from(index.div_euclid(4)).expect("a period's year fits 16 bits");
        let quarter = i8::try_from(index.rem_euclid(4)).expect("a remainder of four fits") + 1;
        Self { year_start, quarter }
    }

    /// The quarter before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::from_index(self.index() - 1)
    }

    /// The quarter after.
    #[must_use]
    pub fn next(self) -> Self {
        Self::from_index(self.index() + 1)
    }

    /// The same quarter a year before.
    #[must_use]
    pub fn year_before(self) -> Self {
        Self::from_index(self.index() - 4)
    }

    /// `2020-21`.
    #[must_use]
    pub fn year_label(self) -> String {
        format!("{}-{:02}", self.year_start, (self.year_start + 1).rem_euclid(100))
    }

    /// `Q3 2020-21` or `Ch3 2020-21`, as printed.
    #[must_use]
    pub fn label(self, language: Language) -> String {
        match language {
            Language::Cy => format!("Ch{} {}", self.quarter, self.year_label()),
            Language::En => format!("Q{} {}", self.quarter, self.year_label()),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}-Q{}", self.year_label(), self.quarter))
    }
}

impl FromStr for Period {
    type Err = PeriodError;
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let fail = || PeriodError(text.to_owned());
        let ascii = text.is_ascii() && text.len() == 10 && &text[4..5] == "-" && &text[7..9] == "-Q";
        if !ascii {
            return Err(fail());
        }
        let year_start: i16 = text[..4].parse().map_err(|_| fail())?;
        let quarter: i8 = text[9..].parse().map_err(|_| fail())?;
        let period = Self { year_start, quarter };
        // Printing it back catches a wrong second year such as 2020-22.
        if (1..=4).contains(&quarter) && period.to_string() == text { Ok(period) } else { Err(fail()) }
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;
    fn try_from(text: String) -> Result<Self, PeriodError> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Language, Period};

    #[test]
    fn days_fall_into_financial_quarters() {
        for (day, label) in [
            (date(2020, 4, 1), "2020-21-Q1"),
            (date(2020, 3, 31), "2019-20-Q4"),
            (date(2020, 12, 31), "2020-21-Q3"),
            (date(2019, 1, 1), "2018-19-Q4"),
            (date(1999, 12, 31), "1999-00-Q3"),
        ] {
            let period = Period::containing(day);
            assert_eq!(period.to_string(), label);
            assert!(period.first_day() <= day && day <= period.last_day());
            assert_eq!(label.parse::<Period>().expect("prints what it parses"), period);
        }
    }

    #[test]
    fn wrong_labels_are_refused() {
        for label in ["2020-22-Q3", "2020-21-Q5", "2020-21-Q0", "2020-21 Q3", "", "2020-21-q3", "20é0-21-Q3"] {
            assert!(label.parse::<Period>().is_err(), "{label}");
        }
    }

    #[test]
    fn neighbours_touch() {
        let period: Period = "2018-19-Q4".parse().expect("a period");
        assert_eq!(period.next().first_day(), period.last_day().tomorrow().expect("a day"));
        assert_eq!(period.next().previous(), period);
        assert_eq!(period.label(Language::Cy), "Ch4 2018-19");
    }
}
