//! Finds extracts in the inbox, fingerprints them and keeps their raw bytes, in one pass over each. Refuses a file that
//! changes meanwhile. Never moves, changes or opens for writing anything in the inbox, and never looks inside a file.

mod error;
mod fingerprint;
mod inbox;
mod raw;
mod taking;

pub use error::IntakeError;
pub use fingerprint::fingerprint;
pub use inbox::{Candidate, Inbox, Skipped, list_inbox};
pub use raw::{Kept, raw_path};
pub use taking::{Taken, Taking};
