//! Working days in England and Wales: weekends, bank holidays by rule with their substitute days, and the single days
//! that were proclaimed. Knows nothing about the present day.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday, date};

/// Proclaimed holidays that no rule gives.
const PROCLAIMED: [Date; 7] = [
    date(1999, 12, 31), // millennium
    date(2002, 6, 3),   // golden jubilee
    date(2011, 4, 29),  // royal wedding
    date(2012, 6, 5),   // diamond jubilee
    date(2022, 6, 3),   // platinum jubilee
    date(2022, 9, 19),  // state funeral
    date(2023, 5, 8),   // coronation
];

/// Holidays that were moved: the day by rule, and the day it was kept.
const MOVED: [(Date, Date); 5] = [
    (date(1995, 5, 1), date(1995, 5, 8)),
    (date(2002, 5, 27), date(2002, 6, 4)),
    (date(2012, 5, 28), date(2012, 6, 4)),
    (date(2020, 5, 4), date(2020, 5, 8)),
    (date(2022, 5, 30), date(2022, 6, 2)),
];

/// The calendar of working days. Holds from 1978, when the present set of bank holidays was complete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkingDays {
    added: BTreeSet<Date>,
    removed: BTreeSet<Date>,
}

impl WorkingDays {
    /// The calendar with holidays added and removed by the settings `calendar.added` and `calendar.removed`.
    #[must_use]
    pub fn new(added: &[Date], removed: &[Date]) -> Self {
        Self { added: added.iter().copied().collect(), removed: removed.iter().copied().collect() }
    }

    /// Whether people work on a day.
    #[must_use]
    pub fn is_working(&self, day: Date) -> bool {
        !is_weekend(day) && !self.is_holiday(day)
    }

    /// Whether a day is a bank holiday or its substitute.
    #[must_use]
    pub fn is_holiday(&self, day: Date) -> bool {
        self.added.contains(&day) || (!self.removed.contains(&day) && bank_holidays(day.year()).contains(&day))
    }

    /// The `count`th working day after a day; the day itself for 0. None beyond the year 9999.
    #[must_use]
    pub fn after(&self, day: Date, count: u16) -> Option<Date> {
        let mut day = day;
        for _ in 0..count {
            day = day.tomorrow().ok()?;
            while !self.is_working(day) {
                day = day.tomorrow().ok()?;
            }
        }
        Some(day)
    }
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The bank holidays of a year in England and Wales, substitute days in place of holidays on a weekend, sorted.
#[must_use]
pub fn bank_holidays(year: i16) -> BTreeSet<Date> {
    let easter = easter_sunday(year);
    let mut days = BTreeSet::from([
        days_from(easter, -2),
        days_from(easter, 1),
        first_weekday(date(year, 5, 1), Weekday::Monday),
        last_monday(date(year, 5, 31)),
        last_monday(date(year, 8, 31)),
    ]);
    for (rule, kept) in MOVED {
        if days.remove(&rule) {
            days.insert(kept);
        }
    }
    // A fixed holiday on a weekend is kept on the next weekday that is free. Boxing Day goes first: with Christmas on
    // a Sunday, Monday is Boxing Day and Tuesday the substitute.
    for fixed in [date(year, 1, 1), date(year, 12, 26), date(year, 12, 25)] {
        let mut kept = fixed;
        while is_weekend(kept) || days.contains(&kept) {
            kept = days_from(kept, 1);
        }
        days.insert(kept);
    }
    days.extend(PROCLAIMED.iter().filter(|day| day.year() == year));
    days
}

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm, Meeus, Astronomical Algorithms, chapter 8).
#[must_use]
#[expect(clippy::many_single_char_names, reason = "the letters are those of the published algorithm")]
pub fn easter_sunday(year: i16) -> Date {
    let a = year % 19;
    let (b, c) = (year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    let small = |number: i16| i8::try_from(number).expect("a month or a day fits 8 bits");
    date(year, small(n / 31), small(n % 31 + 1))
}

fn first_weekday(from: Date, weekday: Weekday) -> Date {
    days_from(from, i32::from(from.weekday().until(weekday)))
}

fn last_monday(end_of_month: Date) -> Date {
    days_from(end_of_month, -i32::from(Weekday::Monday.until(end_of_month.weekday())))
}

fn days_from(day: Date, days: i32) -> Date {
    day.saturating_add(jiff::Span::new().days(days))
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::{WorkingDays, bank_holidays, easter_sunday};

    #[test]
    fn easter_falls_on_the_published_days() {
        for day in [
            date(1818, 3, 22),
            date(1954, 4, 18),
            date(1981, 4, 19),
            date(2000, 4, 23),
            date(2008, 3, 23),
            date(2019, 4, 21),
            date(2020, 4, 12),
            date(2024, 3, 31),
            date(2025, 4, 20),
            date(2026, 4, 5),
            date(2038, 4, 25),
            date(2049, 4, 18),
            date(2285, 3, 22),
        ] {
            assert_eq!(easter_sunday(day.year()), day);
        }
    }

    #[test]
    fn bank_holidays_are_those_of_the_published_list() {
        for (year, days) in [
            (2012, "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26"),
            (2016, "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27"),
            (2019, "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26"),
            (2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28"),
            (2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),
            (2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"),
            (2023, "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26"),
            (2024, "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26"),
            (2025, "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26"),
            (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
            (2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
        ] {
            let found: Vec<_> = bank_holidays(year).iter().map(|day| day.strftime("%m-%d").to_string()).collect();
            assert_eq!(found.join(" "), days, "{year}");
        }
    }

    #[test]
    fn working_days_step_over_weekends_and_holidays() {
        let days = WorkingDays::default();
        let after = |day: Date, count| days.after(day, count).expect("before the end of time");
        assert_eq!(after(date(2020, 12, 31), 5), date(2021, 1, 8));
        assert_eq!(after(date(2021, 3, 31), 1), date(2021, 4, 1));
        assert_eq!(after(date(2021, 3, 31), 2), date(2021, 4, 6));
        assert_eq!(after(date(2021, 3, 31), 0), date(2021, 3, 31));
        assert!(!days.is_working(date(2022, 9, 19)));
        assert_eq!(days.after(date(9999, 12, 30), 5), None);
    }

    #[test]
    fn settings_add_and_remove_holidays() {
        let days = WorkingDays::new(&[date(2030, 6, 3)], &[date(2023, 5, 8)]);
        assert!(!days.is_working(date(2030, 6, 3)));
        assert!(days.is_working(date(2023, 5, 8)));
    }
}
