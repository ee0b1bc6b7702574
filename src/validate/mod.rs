//! Rules. Checks the header against the schema, types the cells of each chunk, and parts its rows into accepted and
//! quarantined. A failed check is a finding, never an error; all findings of a row come at once. Reads no files and knows
//! no SQL: cross-column rules arrive compiled, keys of other datasets as sets.
//!
//! Invariant: accepted and quarantined rows together are the rows that came in.

mod cells;
mod checks;
mod columns;
mod error;
mod header;
mod key_filter;
mod keys;
mod nearest;
mod references;
mod repair;
pub mod rules;
mod validator;

pub use error::ValidateError;
pub use header::check_header;
pub use key_filter::KeyFilter;
pub use keys::{KeyColumn, KeyHasher, KeySet};
pub use references::References;
pub use validator::{CheckedChunk, Validator};
