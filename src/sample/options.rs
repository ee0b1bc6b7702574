//! What to draw. Checks itself; draws nothing.

use jiff::civil::{Date, date};

use super::day::Day;
use super::error::SampleError;

/// The fewest firms a sample may have: below, no cell would survive disclosure control.
pub const MIN_FIRMS: u64 = 20;

/// The most firms a sample may have; ids are built for it.
pub const MAX_FIRMS: u64 = 10_000_000;

/// The fewest days between the first and the last one: shorter, hardly a report would be out.
pub const MIN_DAYS: i32 = 90;

/// The most rows of a million that may carry a defect.
pub const MOST_DIRT: u32 = 200_000;

/// What to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleOptions {
    /// How many firms are registered, from [`MIN_FIRMS`] to [`MAX_FIRMS`]. About four in five receive a diagnostic.
    pub firms: u64,
    /// The same seed gives the same bytes.
    pub seed: u64,
    /// The first day on which a firm may ask for a diagnostic, not before 1 January 2019.
    pub from: Date,
    /// The last day that is known, inclusive; it is the as-of day in the files' names.
    pub to: Date,
    /// Whether bad rows are planted, each of another kind. They are listed in the report.
    pub planted: bool,
    /// Rows of a million that carry a defect, at most [`MOST_DIRT`]; above 0 the defects are listed in a file.
    pub dirt: u32,
}

/// Options that hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) firms: i64,
    pub(super) seed: u64,
    pub(super) from: Day,
    pub(super) to: Day,
    pub(super) dirt: i64,
}

impl Plan {
    /// Checks the options.
    pub(super) fn new(options: &SampleOptions) -> Result<Self, SampleError> {
        let refuse = |what: String, hint: &str| Err(SampleError::Options { what, hint: hint.to_owned() });
        if !(MIN_FIRMS..=MAX_FIRMS).contains(&options.firms) {
            return refuse(
                format!("{} firms are asked for", options.firms),
                &format!("choose {MIN_FIRMS} to {MAX_FIRMS}"),
            );
        }
        if options.from < date(2019, 1, 1) || options.to > date(2099, 12, 31) {
            return refuse(
                format!("{} to {} lies outside the programme", options.from, options.to),
                "choose days from 2019-01-01 to 2099-12-31",
            );
        }
        let (from, to) = (Day::from(options.from), Day::from(options.to));
        if to.since(from) < MIN_DAYS {
            return refuse(
                format!("{} to {} is too short", options.from, options.to),
                &format!("choose at least {MIN_DAYS} days"),
            );
        }
        if options.dirt > MOST_DIRT {
            return refuse(
                format!("{} rows of a million are asked to be bad", options.dirt),
                &format!("choose at most {MOST_DIRT}, a share of 0.2"),
            );
        }
        let firms = i64::try_from(options.firms).expect("ten million fit 63 bits");
        Ok(Self { firms, seed: options.seed, from, to, dirt: i64::from(options.dirt) })
    }
}
