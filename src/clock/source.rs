//! The clock itself: the system's, or one that stands still for a rehearsal.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Where the time comes from. Cheap to clone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The system's clock.
    #[default]
    System,
    /// Always the same instant: a rehearsal, and what is built under it says so.
    Fixed(Timestamp),
}

impl Clock {
    /// The present instant, in UTC.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            #[expect(clippy::disallowed_methods, reason = "the clock is where the time is asked for")]
            Self::System => Timestamp::now(),
            Self::Fixed(instant) => *instant,
        }
    }

    /// The present day in a zone.
    #[must_use]
    pub fn today(&self, zone: &TimeZone) -> Date {
        self.now().to_zoned(zone.clone()).date()
    }

    /// Whether the time is made up.
    #[must_use]
    pub const fn is_rehearsal(&self) -> bool {
        matches!(self, Self::Fixed(_))
    }

    /// Starts measuring how long something takes. Runs on the monotonic clock, also in a rehearsal.
    #[must_use]
    pub fn start_stopwatch(&self) -> Stopwatch {
        Stopwatch { started: Self::monotonic() }
    }

    /// The instant so far from now on the monotonic clock, also in a rehearsal: what is not done by then is late.
    #[must_use]
    pub fn deadline_in(limit: Duration) -> Instant {
        Self::monotonic() + limit
    }

    fn monotonic() -> Instant {
        #[expect(clippy::disallowed_methods, reason = "the clock is where the time is asked for")]
        Instant::now()
    }
}

/// Measures a duration; untouched by jumps of the wall clock.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch {
    started: Instant,
}

impl Stopwatch {
    /// How long ago it was started.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        Clock::monotonic().saturating_duration_since(self.started)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    use super::Clock;

    #[test]
    fn a_fixed_clock_stands_still_and_says_so() {
        let instant: Timestamp = "2021-07-10T23:30:00Z".parse().expect("an instant");
        let clock = Clock::Fixed(instant);
        assert_eq!((clock.now(), clock.now()), (instant, instant));
        assert!(clock.is_rehearsal());
        assert!(!Clock::default().is_rehearsal());
    }

    #[test]
    fn today_is_the_day_of_the_zone() {
        let clock = Clock::Fixed("2021-07-10T23:30:00Z".parse().expect("an instant"));
        assert_eq!(clock.today(&TimeZone::UTC), date(2021, 7, 10));
        let london = TimeZone::get("Europe/London").expect("the system knows London");
        assert_eq!(clock.today(&london), date(2021, 7, 11));
    }

    #[test]
    fn a_stopwatch_never_runs_backwards() {
        let stopwatch = Clock::Fixed(Timestamp::UNIX_EPOCH).start_stopwatch();
        let first = stopwatch.elapsed();
        assert!(stopwatch.elapsed() >= first);
    }
}
