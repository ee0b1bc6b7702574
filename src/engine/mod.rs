//! `DataFusion`: sessions over a pinned snapshot, limits, functions, rules and indicators. All SQL is read-only by plan,
//! runs in a bounded pool that spills to disk, and under a deadline. Raw tables have no name here: SQL sees views of the
//! live rows and the open columns. `export` finds out who stands behind each cell of a query that asks to leave. Never
//! writes to the lake and never puts a row's value into an error.

mod catalog;
mod contributions;
mod contributors;
mod cross_joins;
mod dataset;
mod error;
mod export;
mod functions;
mod kept;
mod keys;
mod limits;
pub mod method;
mod optimizer;
mod overflow;
mod parameters;
mod query;
mod revisions;
mod rule;
mod session;
mod set_rule;
mod suggest;

pub use contributions::{CONTRIBUTION_COLUMNS, Contributions, RowShape};
pub use contributors::Contributor;
pub use dataset::{
    DatasetSchema, FileTable, HiddenRows, MemoryTable, NamedSql, PlacedExtract, SessionSource, WholeTable,
};
pub use error::EngineError;
pub use export::{CellMeasure, Export, ExportCell, ExportRules, ExportTable, Fact, OwnerKey, Register, Shares};
pub use limits::{Engine, EngineLimits};
pub use parameters::QueryParameters;
pub use query::QueryStream;
pub use revisions::{DatedDataset, History, REVISIONS};
pub use rule::{RuleText, compile_rule};
pub use session::{Session, TableInfo};

#[cfg(test)]
mod exactness_tests;
#[cfg(test)]
mod tests;
