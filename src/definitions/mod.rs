//! What users write: schemas, queries, jobs. Loads them and checks them against each other; SQL itself is planned by
//! `engine`. Never touches data.

mod compiled_rule;
mod problem;

pub use compiled_rule::{CompiledRule, RowCheck};
pub use problem::{DefinitionsError, Problem};
