//! Reads the instant a person typed for `--now` or `MESUR_NOW`. Never asks for the time.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Why a text is not an instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time such as 2021-01-11T09:30:00Z, 2021-01-11T09:30 or 2021-01-11")]
pub struct InstantError(String);

/// Parses an instant: with an offset (`2021-01-11T09:30:00Z`), with a zone (`2021-01-11T09:30[Europe/London]`), or as
/// a local time or day (`2021-01-11T09:30`, `2021-01-11`, which means its first moment) in `zone`.
///
/// # Errors
/// When the text is none of these.
pub fn parse_instant(text: &str, zone: &TimeZone) -> Result<Timestamp, InstantError> {
    let fail = || InstantError(text.to_owned());
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    if let Ok(zoned) = text.parse::<Zoned>() {
        return Ok(zoned.timestamp());
    }
    // A bare day is tried first: the parser of local times takes it too, but a day need not start at midnight.
    let local = match text.parse::<Date>() {
        Ok(day) if text.len() == "2021-01-11".len() => day.to_zoned(zone.clone()),
        _ => text.parse::<DateTime>().map_err(|_| fail())?.to_zoned(zone.clone()),
    };
    local.map(|zoned| zoned.timestamp()).map_err(|_| fail())
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::parse_instant;

    #[test]
    fn every_way_to_write_an_instant_is_read() {
        let london = TimeZone::get("Europe/London").expect("the system knows London");
        for (text, instant) in [
            ("2021-01-11T09:30:00Z", "2021-01-11T09:30:00Z"),
            ("2021-07-11T09:30:00+01:00", "2021-07-11T08:30:00Z"),
            ("2021-07-11T09:30[Europe/London]", "2021-07-11T08:30:00Z"),
            ("2021-07-11T09:30", "2021-07-11T08:30:00Z"),
            ("2021-07-11 09:30:15", "2021-07-11T08:30:15Z"),
            ("2021-07-11", "2021-07-10T23:00:00Z"),
        ] {
            assert_eq!(parse_instant(text, &london).map(|t| t.to_string()), Ok(instant.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_not_an_instant_is_refused() {
        for text in ["", "now", "2021-13-01", "11/01/2021", "2021-01-11T25:00"] {
            assert!(parse_instant(text, &TimeZone::UTC).is_err(), "{text}");
        }
    }
}
