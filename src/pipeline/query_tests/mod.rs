//! Tests of queries, as an author runs them: fixtures (small inputs, expected rows) need no lake; data tests look for wrong
//! rows in the live one. No value of the lake leaves here beside keys that are not confidential.

mod cells;
mod data;
mod difference;
mod fixtures;
mod given;
mod prepare;
mod report;
mod run;
#[cfg(test)]
mod tests;

pub use difference::{Difference, DifferentRow, Side};
pub use report::{DataTestOutcome, FixtureOutcome, TestReport, Verdict, WrongKeys};
pub use run::{TestRequest, Tests};
