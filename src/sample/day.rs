//! Days as numbers, because a sample draws millions of them. Never asks what day it is.

use jiff::civil::{Date, date};

/// Days since 1 January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(i32);

impl From<Date> for Day {
    fn from(day: Date) -> Self {
        Self::of(i32::from(day.year()), i32::from(day.month()), i32::from(day.day()))
    }
}

impl Day {
    /// The day of a civil date that exists.
    // Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil, for years from 0.
    pub(super) const fn of(year: i32, month: i32, day: i32) -> Self {
        let year = if month <= 2 { year - 1 } else { year };
        let era = year / 400;
        let year_of_era = year - era * 400;
        let shifted_month = (month + 9) % 12;
        let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self(era * 146_097 + day_of_era - 719_468)
    }

    /// Year, month and day.
    // The inverse, civil_from_days.
    pub(super) const fn civil(self) -> (i32, i32, i32) {
        let shifted = self.0 + 719_468;
        let era = shifted / 146_097;
        let day_of_era = shifted - era * 146_097;
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, month, day)
    }

    /// So many days later.
    pub(super) fn plus(self, days: i64) -> Self {
        Self(self.0 + i32::try_from(days).expect("a sample spans decades, not millennia"))
    }

    /// Days from `earlier` to here.
    pub(super) const fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// This day, or the Monday after if it falls on a weekend. Keeps the order of days.
    pub(super) const fn workday(self) -> Self {
        // 1 January 1970 was a Thursday; 0 is Monday.
        match (self.0 + 3).rem_euclid(7) {
            5 => Self(self.0 + 2),
            6 => Self(self.0 + 1),
            _ => self,
        }
    }

    /// The calendar year in which its financial year starts.
    pub(super) const fn financial_year(self) -> i32 {
        let (year, month, _) = self.civil();
        if month < 4 { year - 1 } else { year }
    }

    /// `YYYY-MM-DD`.
    pub(super) fn text(self) -> String {
        let (year, month, day) = self.civil();
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// `YYYYMMDD`.
    pub(super) fn compact(self) -> String {
        self.text().replace('-', "")
    }
}

/// From this day visits were remote.
pub(super) fn remote_visits_begin() -> Day {
    Day::from(date(2020, 3, 17))
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;

    use super::Day;

    #[test]
    fn days_agree_with_the_calendar() {
        let mut day = date(1970, 1, 1);
        let mut number = Day(0);
        while day < date(2101, 1, 1) {
            assert_eq!(Day::from(day), number);
            assert_eq!(number.text(), day.to_string());
            let work = Day::from(match day.weekday() {
                jiff::civil::Weekday::Saturday => day + 2.days(),
                jiff::civil::Weekday::Sunday => day + 1.day(),
                _ => day,
            });
            assert_eq!(number.workday(), work);
            (day, number) = (day + 1.day(), number.plus(1));
        }
        assert_eq!(Day::from(date(2020, 3, 31)).financial_year(), 2019);
        assert_eq!(Day::from(date(2020, 4, 1)).financial_year(), 2020);
    }
}
