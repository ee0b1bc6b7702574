//! Dispatch: one message to one recipient, into a file of the outbox or to a mail server, and the owner's alerts and drafts.
//!
//! A message goes out at most once: its state is in the ledger before and after each send, its `Message-ID` is fixed,
//! and an outcome that nobody knows is held for a person. Addresses stand in envelope and headers only; every error
//! and every answer of a server is masked before it is kept or shown.

mod alert;
mod draft;
mod error;
mod message;
mod outbox;
mod probe;
mod scrub;
mod send;
mod smtp;

pub use alert::{Alert, send_alert};
pub use draft::{Draft, write_draft};
pub use error::{DispatchError, ServerText};
pub use probe::probe_server;
pub use send::{Delivered, DispatchSummary, EditionMail, send_edition};
