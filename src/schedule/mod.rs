//! Which runs are due, and the process that starts them. What is due is a pure function of the job, the last planned
//! slot and the present instant; `tokio-cron-scheduler` is only the heartbeat that asks it again and again.
//!
//! Does not know what a run does: whoever calls [`serve`] brings a [`Runner`], which also claims slots in the ledger.

mod due;
mod error;
mod explain;
mod heartbeat;
mod serve;
#[cfg(test)]
mod serve_tests;
mod serving;
mod slot;
#[cfg(test)]
mod tests;
mod timetable;
mod watch;

pub use due::{DueSlots, find_due_slots};
pub use error::ScheduleError;
pub use explain::explain_timetable;
pub use serve::{ServeOptions, serve};
pub use serving::{ClaimError, Ending, Runner, ServeSummary};
pub use slot::{Slot, SlotPeriod};
pub use timetable::{Timetable, load_timetables, next_slots};
pub use watch::{Due, Watch};
