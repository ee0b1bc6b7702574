//! What the program says about itself while it works: lines on standard error, quiet unless something is wrong. Never
//! sees a row's value; secrets and addresses are masked. Printing results is `cli`'s.

pub mod field;
mod masked;
mod subscriber;

pub use masked::Masked;
pub use subscriber::{TelemetryError, init_telemetry};
