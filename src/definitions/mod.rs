//! What users write: schemas, queries, jobs. Loads them and checks them against each other; SQL itself is planned by
//! `engine`. Never touches data.

mod header;
mod indicator;
mod problem;
mod query_file;

#[cfg(test)]
mod indicator_tests;

pub use indicator::{Breakdowns, Dimension, DisclosureUnit, IndicatorDefinition, Measure, Text, load_indicators};
pub use problem::{DefinitionsError, Problem};
pub use query_file::{DataCheck, StagingView, load_checks, load_staging};
