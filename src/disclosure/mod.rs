//! The only maker of `Table<Protected>`: threshold and p% rules, then complementary suppression so that no hidden cell follows
//! from what is published beside it. Never writes a parameter of the policy, a group or a contribution anywhere.
//!
//! Nobody else can make a protected table, because nobody else has a value of its state:
//!
//! ```compile_fail,E0423
//! use mesur::disclosure::Protected;
//! use mesur::model::{Table, TableHeader};
//! fn forge(header: TableHeader) -> Table<Protected> {
//!     Table::new(Protected(()), header, Default::default())
//! }
//! ```
//!
//! and a raw table does not pass for a protected one:
//!
//! ```compile_fail,E0308
//! use mesur::disclosure::Protected;
//! use mesur::model::{Raw, Table};
//! fn print(table: &Table<Protected>) -> usize {
//!     table.cells().len()
//! }
//! fn leak(table: Table<Raw>) -> usize {
//!     print(&table)
//! }
//! ```

mod audit;
mod bounds;
mod classes;
mod differences;
mod error;
mod export;
mod growth;
mod history;
mod knowledge;
mod linear;
mod moves;
mod patterns;
mod policy;
mod policy_file;
mod primary;
mod protect;
mod relations;
mod rounding;
mod secondary;
mod variables;

#[cfg(test)]
mod primary_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use crate::model::{PublishedCell, TableState};

pub use audit::{Exhibit, Finding, TableVerdict, Verdict, Weakness, audit};
pub use classes::{Cost, RuleClass};
pub use error::DisclosureError;
pub use export::{ExportRefusal, ExportShares, ExportSizes};
pub use history::{Earlier, History, Step};
pub use policy::{Policy, RecordedWaiver, Waivers};
pub use protect::{Protection, Request, TableProtection, protect, protect_all, protect_with_waivers};
pub use rounding::Scheme;

/// The state of a table that went through disclosure control. Its private field keeps everybody else from making one.
#[derive(Debug)]
pub struct Protected(());

impl TableState for Protected {
    type Cell = PublishedCell;
}

#[cfg(test)]
impl Protected {
    /// For tests of `pack` only: a state without any protection behind it.
    pub(crate) const fn assume_for_test() -> Self {
        Self(())
    }
}
