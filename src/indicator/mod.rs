//! Contributions to `Table<Raw>`: sums per cell and enterprise group over time, areas and breakdowns. Never runs SQL, never
//! rounds, never decides what may be published.

mod cell;
mod columns;
mod error;
mod figure;
mod grid;
mod reference;
mod rows;
mod status;
mod sums;
mod tabulate;
mod thresholds;

#[cfg(test)]
mod tests;

pub use error::IndicatorError;
pub use reference::tabulate_reference;
pub use tabulate::tabulate;
pub use thresholds::Thresholds;
