//! What must be known of a query before its result leaves: which enterprise groups stand behind each cell, and with how
//! much. A query over confidential tables is planned over tables that cannot be seen through, its plan is rewritten to
//! carry whose row each row is up to the one aggregate, and the rows below that are added up by cell and group. Whether
//! a cell may leave is decided elsewhere; here a query is refused whose cells cannot be traced to groups.

mod cells;
mod fold;
mod form;
mod marked;
mod measures;
mod owners;
mod rules;
mod run;
mod trace;

#[cfg(test)]
mod tests;

pub use cells::{CellMeasure, ExportCell, Fact, Shares};
pub use rules::{ExportRules, ExportTable, OwnerKey, Register};
pub use run::Export;

pub(super) use marked::{MarkedTable, mark_of_view};

use super::EngineError;

/// A refusal: why, and how to ask better.
fn refuse(reason: impl Into<String>, hint: &str) -> EngineError {
    EngineError::Export { reason: reason.into(), hint: hint.to_owned() }
}
