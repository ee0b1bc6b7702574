//! `DataFusion`: sessions over a pinned snapshot, limits, functions, rules and indicators. All SQL is read-only by plan,
//! runs in a bounded pool that spills to disk, and under a deadline. Raw tables have no name here: SQL sees views of the
//! live rows and the open columns. Never writes to the lake and never puts a row's value into an error.

mod catalog;
mod contributions;
mod dataset;
mod error;
mod functions;
mod keys;
mod limits;
pub mod method;
mod overflow;
mod parameters;
mod query;
mod rule;
mod session;
mod set_rule;
mod suggest;

pub use contributions::{CONTRIBUTION_COLUMNS, Contributions, RowShape};
pub use dataset::{DatasetSchema, FileTable, HiddenRows, MemoryTable, NamedSql, SessionSource};
pub use error::EngineError;
pub use limits::{Engine, EngineLimits};
pub use parameters::QueryParameters;
pub use query::QueryStream;
pub use rule::{RuleText, compile_rule};
pub use session::{Session, TableInfo};

#[cfg(test)]
mod tests;
