//! One extract from the inbox to the lake. Reading runs on several threads and gives rows in file order; what needs order
//! or memory over rows (keys, counts, quarantine, staged files) is done by one; set rules, verdict and commit follow.
//! Memory is bounded whatever the file holds.

mod admission;
mod again;
mod bits;
mod counts;
mod followers;
mod held;
mod in_order;
mod journal;
mod known_keys;
mod quarantining;
mod reading;
mod redelivery;
mod scratch;
mod set_rules;
mod stage;
mod take_in;
mod task;
mod totals;
mod uniqueness;
mod verdict;

pub(super) use again::check_sets_again;
pub(super) use scratch::{SCRATCH_PREFIX, remove_dead_scratch};
pub(super) use take_in::take_in;
pub(super) use task::{Task, compile_one, file_name};
