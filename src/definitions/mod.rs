//! What users write: schemas, queries, jobs. Loads them and checks them against each other; SQL itself is planned by
//! `engine`. Never touches data.

mod problem;

pub use problem::{DefinitionsError, Problem};
