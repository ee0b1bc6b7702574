//! Bytes to text columns: encodings, delimited text, workbooks, layouts. Checks limits on size, rows, columns, cells and
//! compression before it trusts anything. Never guesses a type: `007` stays `007`. Says nothing about whether values
//! are right.
//!
//! Rows are numbered as a spreadsheet shows them: the first row of the file or sheet is 1, blank rows count, a line
//! break inside quotes does not.

mod archive;
mod cell;
mod chunk;
mod delimited;
mod delimiter;
mod dialect;
mod encoding;
mod error;
mod guard;
mod limits;
mod open;
mod plain;
mod row;
mod spreadsheet;
#[cfg(test)]
mod tests;
mod unpivot;
mod unpivot_header;
mod unpivot_row;
#[cfg(test)]
mod unpivot_tests;
mod workbook;

pub use chunk::TextChunk;
pub use dialect::{Dialect, FileFormat};
pub use error::DecodeError;
pub use limits::DecodeLimits;
pub use open::{Decoded, open_extract};
