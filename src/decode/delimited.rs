//! Delimited text: parts of a table, or rows for a layout.

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use memchr::memchr;

use crate::definitions::{Layout, Schema};

use super::chunk::rows_per_chunk;
use super::delimiter::{Separation, delimiter_name, find_separation, first_rows};
use super::dialect::{Dialect, FileFormat};
use super::encoding::TextForm;
use super::error::{Fault, from_io};
use super::header::{Header, KnownNames};
use super::part::{Part, Records};
use super::records::{Grammar, count, read_records};
use super::row::{Row, RowSource};
use super::sink::RowSink;
use super::source::Source;
use super::split::{Slice, Splitter};
use super::table::Table;
use super::{DecodeError, OpenOptions};

/// How much of a text is looked at to recognise its form.
const HEAD_BYTES: usize = 256 << 10;

/// Text whose form is known.
pub(super) struct Delimited {
    splitter: Splitter<Box<dyn Read + Send>>,
    path: PathBuf,
    file: String,
    grammar: Grammar,
}

impl Delimited {
    /// Finds out what separates and encloses cells. `expected` is what separates them where no name is recognised, and
    /// whether the file is then refused, as its name says that it is a workbook.
    pub(super) fn open(
        source: &Source,
        form: TextForm,
        (expected, is_misnamed): (u8, bool),
        options: &OpenOptions<'_>,
        dialect: &mut Dialect,
    ) -> Result<Self, DecodeError> {
        let known = match options.layout {
            Some(layout) => KnownNames::of_texts(layout_texts(layout)),
            None => KnownNames::of_schema(options.schema),
        };
        let mut splitter = Splitter::new(form.reader(source)?, Grammar::new(expected, b'"', options.limits));
        let (head, is_all) = splitter.peek(HEAD_BYTES).map_err(|error| from_io(&source.path, &source.name, error))?;
        let head = whole_lines(&head[..head.len().min(HEAD_BYTES)], is_all);
        let (delimiter, quote) = match find_separation(head, expected, &known, options.limits) {
            Separation::Recognised { delimiter, quote } => (delimiter, quote),
            _ if is_misnamed => {
                let what = "its content is not a workbook's";
                return Err(DecodeError::NotWorkbook { file: source.name.clone(), what });
            }
            Separation::AsExpected => (expected, b'"'),
            Separation::Other(seen) => {
                let (seen, expected) = (delimiter_name(seen), delimiter_name(expected));
                return Err(DecodeError::WrongDelimiter { file: source.name.clone(), seen, expected });
            }
        };
        let grammar = Grammar::new(delimiter, quote, options.limits);
        splitter.set_grammar(grammar.clone());
        dialect.format = FileFormat::Csv;
        dialect.delimiter = Some(char::from(delimiter));
        dialect.quote = Some(char::from(quote));
        Ok(Self { splitter, path: source.path.clone(), file: source.name.clone(), grammar })
    }

    /// Reads the header; what follows are the parts.
    pub(super) fn into_parts(
        mut self,
        options: &OpenOptions<'_>,
        dialect: &mut Dialect,
    ) -> Result<(Vec<String>, DelimitedParts), DecodeError> {
        let header = self.read_header(options.schema)?;
        dialect.header_row = Some(header.row);
        dialect.title = header.title;
        dialect.phantom_columns = header.width - header.columns.len();
        let footnotes = dialect.footnotes.clone();
        let table = Table::new(&self.file, &header.columns, header.width, options.schema, options.limits, footnotes);
        let row_limit = u64::try_from(rows_per_chunk(header.columns.len())).unwrap_or(u64::MAX);
        let grammar = Arc::new(self.grammar.clone());
        Ok((header.columns, DelimitedParts { text: self, grammar, table, row_limit, finished: false }))
    }

    /// Finds the header and leaves the splitter behind it.
    fn read_header(&mut self, schema: &Schema) -> Result<Header, DecodeError> {
        let known = KnownNames::of_schema(schema);
        loop {
            let place = self.splitter.place();
            let (head, is_all) =
                self.splitter.peek(HEAD_BYTES).map_err(|error| from_io(&self.path, &self.file, error))?;
            let rows = first_rows(whole_lines(head, is_all), &self.grammar);
            if !rows.is_empty() {
                let found = rows[known.find_header(&rows)].0;
                // The rows are read again by the strict way, which also says what is wrong with them.
                let Some(slice) = self.next_slice(found)? else { break };
                let rows = self.slice_rows(&slice)?;
                let index = rows.iter().position(|(row, _)| *row == place.row + found - 1);
                if let Some(index) = index {
                    return Header::at(&rows, index, schema, &self.file);
                }
                break;
            }
            // Nothing but blank rows, or a row that is longer than what was looked at.
            let Some(slice) = self.next_slice(u64::MAX)? else { break };
            if let Some(first) = self.slice_rows(&slice)?.first() {
                return Err(DecodeError::Limit {
                    file: self.file.clone(),
                    what: "bytes up to the header",
                    limit: u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX),
                    row: Some(first.0),
                });
            }
        }
        Err(DecodeError::Empty { file: self.file.clone() })
    }

    fn next_slice(&mut self, row_limit: u64) -> Result<Option<Slice>, DecodeError> {
        self.splitter.next(row_limit).map_err(|error| from_io(&self.path, &self.file, error))
    }

    fn slice_rows(&self, slice: &Slice) -> Result<Vec<(u64, Vec<String>)>, DecodeError> {
        let bytes = slice.bytes.as_slice();
        let clean = memchr(0, bytes).map_or(bytes, |nul| &bytes[..nul]);
        let mut sink = RowSink::with_limit(usize::MAX);
        let read = read_records(clean, slice.from, &self.grammar, &mut sink);
        let fault = match read {
            Err(fault @ (Fault::StrayQuote { .. } | Fault::Limit { .. })) => fault,
            _ if clean.len() < bytes.len() => Fault::Binary { line: slice.from.line + count(clean) },
            Err(fault) => fault,
            Ok(()) => return Ok(sink.rows),
        };
        Err(fault.into_error(&self.file))
    }
}

/// Header texts that a layout names.
fn layout_texts(layout: &Layout) -> impl Iterator<Item = &String> {
    layout.columns.iter().flat_map(|column| &column.from)
}

/// The text up to its last line end, unless it is all.
fn whole_lines(head: &[u8], is_all: bool) -> &[u8] {
    if is_all {
        return head;
    }
    memchr::memrchr2(b'\n', b'\r', head).map_or(&[], |end| &head[..end])
}

/// The parts of a table.
pub(super) struct DelimitedParts {
    text: Delimited,
    grammar: Arc<Grammar>,
    table: Arc<Table>,
    row_limit: u64,
    finished: bool,
}

impl Iterator for DelimitedParts {
    type Item = Result<Part, DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        let next = self.text.next_slice(self.row_limit).transpose();
        self.finished = !matches!(next, Some(Ok(_)));
        let part = |slice| Part::records(Records { slice, grammar: self.grammar.clone(), table: self.table.clone() });
        next.map(|slice| slice.map(part))
    }
}

/// Rows for a layout, one after the other.
pub(super) struct DelimitedRows {
    text: Delimited,
    ready: std::vec::IntoIter<(u64, Vec<String>)>,
    rows: u64,
    row_limit: u64,
}

impl DelimitedRows {
    pub(super) fn new(text: Delimited, row_limit: u64) -> Self {
        Self { text, ready: Vec::new().into_iter(), rows: 0, row_limit }
    }
}

impl RowSource for DelimitedRows {
    fn read(&mut self, row: &mut Row) -> Result<bool, DecodeError> {
        loop {
            if let Some((number, cells)) = self.ready.next() {
                *row = Row { number, sheet: 0, cells: csv::StringRecord::from(cells) };
                self.rows += 1;
                if self.rows > self.row_limit.saturating_add(1) {
                    let file = self.text.file.clone();
                    return Err(DecodeError::Limit { file, what: "rows", limit: self.row_limit, row: None });
                }
                return Ok(true);
            }
            let Some(slice) = self.text.next_slice(u64::MAX)? else { return Ok(false) };
            self.ready = self.text.slice_rows(&slice)?.into_iter();
        }
    }

    fn is_fixed_width(&self) -> bool {
        true
    }

    fn sheets(&self) -> &[String] {
        &[]
    }
}
