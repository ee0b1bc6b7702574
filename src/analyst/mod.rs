//! Ad hoc SQL over the live rows of the lake and the released indicators: read-only by plan, no personal columns,
//! under a deadline.

mod query;
mod tables;

pub use query::{Answer, answer};
