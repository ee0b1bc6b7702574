//! Methods of the indicators as plain functions of numbers: no SQL, no Arrow, no settings. `functions` gives them their
//! names in SQL, `indicator` uses the same for its cells, so that a cell and an analyst's question cannot disagree.
//!
//! Decimals are exact to 28 digits, and what does not fit is an error. Floats serve logarithms, powers and intervals only;
//! what comes of them is rounded to twelve significant digits (domain, section 0.1).

mod additionality;
mod error;
mod gap;
mod group_time;
mod growth;
mod mean;
mod percentile;
mod price;
mod shift_share;
mod significant;
mod survival;
mod treatment;

pub use additionality::{Factors, break_even_deadweight, net_additional, persistence};
pub use error::MethodError;
pub use gap::{FIVE_FACTORS, THREE_FACTORS, log_gap};
pub use group_time::{Placebo, Sighting, group_time_changes};
pub use growth::{Grown, annual_rate, compound_growth};
pub use mean::{MeanInterval, mean_interval};
pub use percentile::percentile;
pub use price::{DiscountStep, deflate, discount_factor, present_value, splice};
pub use shift_share::{ShiftShare, location_quotient, shift_share};
pub use survival::{Followed, SurvivalCurve};
pub use treatment::{Arm, Change, Effect, effect};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
