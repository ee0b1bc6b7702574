//! Rules. Checks the header against the schema, types the cells of each chunk and says what is wrong with its rows. A
//! failed check is a finding, never an error; all findings of a row come at once. Reads no files and knows no SQL:
//! cross-column rules arrive compiled, keys of other datasets as sets of fingerprints.
//!
//! Invariant: a validator keeps nothing between chunks. What needs other rows is left to the caller, who gets the
//! fingerprints of keys and the counts for it.

mod cell;
mod checks;
mod chunk;
mod columns;
mod error;
mod fingerprint;
mod header;
mod key_filter;
mod keys;
mod nearest;
mod notes;
mod pattern;
mod plan;
mod references;
mod repair;
mod retyped;
pub mod rules;
#[cfg(test)]
mod tests;
mod validator;
mod words;

pub use chunk::{CheckedChunk, TypeFit};
pub use error::ValidateError;
pub use fingerprint::{KeySeeds, fingerprint_rows};
pub use header::check_header;
pub use key_filter::KeyFilter;
pub use keys::{KeyColumn, KeyHasher, KeySet};
pub use references::References;
pub use retyped::check_retyped;
pub use validator::{Validator, shown_key};
