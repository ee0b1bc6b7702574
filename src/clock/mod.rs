//! The only place that asks for the time. Everybody else is handed a [`Clock`], so that a run can be rehearsed at any
//! instant and tests never depend on the day they run. Reads no settings: `config` decides which clock it is.

mod instant;
mod source;

pub use instant::{InstantError, parse_instant};
pub use source::{Clock, Stopwatch};
