//! Ad hoc SQL over the live rows of the lake and the released indicators: read-only by plan, no personal columns,
//! under a deadline. Every question is recorded. What leaves the terminal passes the export gate: cells of enough
//! groups, none dominated by one, none that gives a few groups away beside what is already out.

mod export_rules;
mod gate;
mod query;
mod tables;

#[cfg(test)]
mod tests;

pub use query::{Answer, Passage, Question, answer};
