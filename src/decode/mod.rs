//! Bytes to text columns: compression, encodings, delimited text, JSON, workbooks, Parquet, Arrow, layouts. Checks
//! limits on size, rows, columns, cells, nesting and compression before it trusts anything. Never guesses a type: `007`
//! stays `007`. Says nothing about whether values are right. Memory is bounded but for old workbooks, which the reader
//! holds as whole sheets (`docs/reliability.md`).
//!
//! A file is read in [`Part`]s. Delimited text is cut at true ends of records by a pass that looks only at quotes and
//! line ends, so that parts can be decoded on several threads at once and still know their rows.
//!
//! Rows are numbered as a spreadsheet shows them: the first row of the file or sheet is 1, blank rows count, a line
//! break inside quotes does not. In JSON, Parquet and Arrow, which have no header row, the first object or row is 1.

mod archive;
mod binary_workbook;
mod block;
mod cell;
mod chunk;
mod collector;
mod columnar;
mod columnar_guard;
mod columnar_text;
mod compound;
mod compressed;
mod delimited;
mod delimiter;
mod dialect;
mod encoding;
mod error;
mod footnotes;
mod foreign;
mod header;
mod json;
mod json_text;
mod limits;
mod number_format;
mod open;
mod part;
mod records;
mod row;
mod shared_texts;
mod sheet;
mod sink;
mod source;
mod split;
mod spreadsheet;
mod table;
#[cfg(test)]
mod tests;
mod unpivot;
mod unpivot_header;
mod unpivot_row;
#[cfg(test)]
mod unpivot_tests;
mod workbook;
mod workbook_sheets;

pub use chunk::TextChunk;
pub use dialect::{Compression, Dialect, FileFormat, Footnotes};
pub use error::DecodeError;
pub use limits::DecodeLimits;
pub use open::{Decoded, OpenOptions, Parts, open_extract};
pub use part::Part;
