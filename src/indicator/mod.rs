//! Contributions to `Table<Raw>`: sums per cell and enterprise group over time, areas and breakdowns. Never runs SQL, never
//! rounds, never decides what may be published.

mod columns;
mod error;
mod reference;
mod sums;
mod tabulate;

#[cfg(test)]
mod tests;

pub use error::IndicatorError;
pub use reference::tabulate_reference;
pub use tabulate::tabulate;
