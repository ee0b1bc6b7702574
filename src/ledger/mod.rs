//! The ledger: the permanent record of extracts, runs, editions, dispatches, slots, released cells and questions, in one
//! `SQLite` file.
//!
//! Every time is handed in; the ledger never asks for it. It holds no personal data but the names of those who let rows
//! or files through or asked for something: a recipient is known by a [`RecipientKey`], a keyed hash of the address. All writes are single
//! statements or immediate transactions, so a reader never waits for a writer and a killed process leaves no half
//! record.

mod ad_hoc;
mod copy;
mod deliveries;
mod dispatch;
mod dispatches;
mod editions;
mod error;
mod extracts;
mod holds;
mod lateness;
mod lock;
mod open;
mod released;
mod released_editions;
mod releases;
mod row;
mod runs;
mod slots;
#[cfg(test)]
mod tests;

pub use ad_hoc::{AdHocOutcome, AdHocQuery, RecordedQuery};
pub use deliveries::{Delivery, LiveExtract, live_of};
pub use dispatch::{Channel, Decision, DispatchOutcome, DispatchRecord, DispatchState, RecipientKey};
pub use editions::EditionRecord;
pub use error::LedgerError;
pub use extracts::{ExtractRecord, ExtractState};
pub use holds::{Acceptance, Before, PastExtract};
pub use lateness::Lateness;
pub use lock::Lock;
pub use open::Ledger;
pub use released::{CellRelease, CellToRelease, GroupDigests, ReleasedCell};
pub use released_editions::{DigestedCell, released_by};
pub use releases::Release;
pub use runs::{RunId, RunIdError, RunRecord, RunState};
pub use slots::SlotRecord;
