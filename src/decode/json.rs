//! JSON arrays of objects, and objects one after the other: keys become columns. The text is read twice, first for its keys,
//! since any object may have one that no other has.

use std::collections::HashMap;
use std::io::Read;

use super::chunk::ChunkBuilder;
use super::dialect::FileFormat;
use super::encoding::TextForm;
use super::error::from_io;
use super::json_text::{JsonFault, JsonText, syntax};
use super::part::Part;
use super::source::Source;
use super::{DecodeError, DecodeLimits};

type Bytes = Box<dyn Read + Send>;

/// What the beginning of a text shows, if it is JSON.
pub(super) fn find_json(head: &[u8]) -> Option<FileFormat> {
    let mut tokens = head.iter().filter(|byte| !byte.is_ascii_whitespace());
    match (tokens.next()?, tokens.next()) {
        // Arrays of arrays are JSON too, and then refused as such.
        (b'[', Some(b'{' | b']' | b'[') | None) => Some(FileFormat::Json),
        (b'{', Some(b'"' | b'}')) => Some(FileFormat::NdJson),
        _ => None,
    }
}

/// The keys in the order in which they appear, and the rows.
pub(super) fn open_json(
    source: &Source,
    form: TextForm,
    format: FileFormat,
    limits: &DecodeLimits,
) -> Result<(Vec<String>, JsonParts), DecodeError> {
    let objects = || Ok(Objects::new(source, form.reader(source)?, format, limits));
    let mut first: Objects = objects()?;
    while first.read(&mut |_, _| ())? {}
    if first.row == 0 {
        return Err(DecodeError::Empty { file: source.name.clone() });
    }
    let columns = first.names;
    let mut objects = objects()?;
    // The same columns in both readings, though each finds them in its own time.
    for name in &columns {
        objects.column(name.as_bytes())?;
    }
    let builder = ChunkBuilder::new(&columns);
    let cells = vec![String::new(); columns.len()];
    Ok((columns, JsonParts { objects, builder, cells, finished: false }))
}

/// Objects, one after the other.
struct Objects {
    source: Source,
    text: JsonText<Bytes>,
    format: FileFormat,
    limits: DecodeLimits,
    names: Vec<String>,
    columns: HashMap<Vec<u8>, usize>,
    /// Whether the column was seen in the current object.
    seen: Vec<u64>,
    key: Vec<u8>,
    value: Vec<u8>,
    row: u64,
    opened: bool,
    record: usize,
}

impl Objects {
    fn new(source: &Source, bytes: Bytes, format: FileFormat, limits: &DecodeLimits) -> Self {
        Self {
            source: source.clone(),
            text: JsonText::new(bytes, limits.cell_bytes),
            format,
            limits: limits.clone(),
            names: Vec::new(),
            columns: HashMap::new(),
            seen: Vec::new(),
            key: Vec::new(),
            value: Vec::new(),
            row: 0,
            opened: false,
            record: 0,
        }
    }

    /// Reads an object, cell by cell; false when there is no more.
    fn read(&mut self, cell: &mut dyn FnMut(usize, &[u8])) -> Result<bool, DecodeError> {
        match self.read_object(cell) {
            Ok(found) => found,
            Err(fault) => Err(self.explain(fault)),
        }
    }

    fn read_object(&mut self, cell: &mut dyn FnMut(usize, &[u8])) -> Result<Result<bool, DecodeError>, JsonFault> {
        if !self.begin()? {
            return Ok(Ok(false));
        }
        self.row += 1;
        self.record = 0;
        if self.row > self.limits.rows {
            let file = self.source.name.clone();
            return Ok(Err(DecodeError::Limit { file, what: "rows", limit: self.limits.rows, row: None }));
        }
        self.text.expect(b'{')?;
        if self.text.take(b'}')? {
            return Ok(Ok(true));
        }
        loop {
            if let Err(error) = self.read_pair(cell)? {
                return Ok(Err(error));
            }
            if !self.text.take(b',')? {
                self.text.expect(b'}')?;
                return Ok(Ok(true));
            }
        }
    }

    /// Goes to the next object.
    fn begin(&mut self) -> Result<bool, JsonFault> {
        if self.format == FileFormat::NdJson {
            return Ok(self.text.peek_token()?.is_some());
        }
        let first = !std::mem::replace(&mut self.opened, true);
        if first {
            self.text.expect(b'[')?;
        }
        if first || !self.text.take(b',')? {
            if self.text.peek_token()? == Some(b'{') && first {
                return Ok(true);
            }
            self.text.expect(b']')?;
            return match self.text.peek_token()? {
                None => Ok(false),
                Some(_) => Err(syntax("something follows the end of the array")),
            };
        }
        Ok(true)
    }

    fn read_pair(&mut self, cell: &mut dyn FnMut(usize, &[u8])) -> Result<Result<(), DecodeError>, JsonFault> {
        let mut key = std::mem::take(&mut self.key);
        self.text.read_text(&mut key)?;
        self.text.expect(b':')?;
        match self.text.peek_token()? {
            Some(b'"') => self.text.read_text(&mut self.value)?,
            Some(b'{' | b'[') => {
                return Err(syntax(&format!("nested values under `{}`", String::from_utf8_lossy(&key).escape_debug())));
            }
            _ => self.text.read_word(&mut self.value)?,
        }
        let column = match self.column(&key) {
            Ok(column) => column,
            Err(error) => return Ok(Err(error)),
        };
        if std::mem::replace(&mut self.seen[column], self.row) == self.row {
            return Err(syntax(&format!("`{}` stands twice", self.names[column].escape_debug())));
        }
        self.record += key.len() + self.value.len();
        self.key = key;
        if self.record > self.limits.record_bytes() {
            let limit = u64::try_from(self.limits.record_bytes()).unwrap_or(u64::MAX);
            let file = self.source.name.clone();
            return Ok(Err(DecodeError::Limit { file, what: "bytes in one object", limit, row: Some(self.row) }));
        }
        cell(column, &self.value);
        Ok(Ok(()))
    }

    fn column(&mut self, key: &[u8]) -> Result<usize, DecodeError> {
        if let Some(column) = self.columns.get(key) {
            return Ok(*column);
        }
        let column = self.names.len();
        if column >= self.limits.columns {
            let limit = u64::try_from(self.limits.columns).unwrap_or(u64::MAX);
            let file = self.source.name.clone();
            return Err(DecodeError::Limit { file, what: "columns", limit, row: Some(self.row) });
        }
        self.names.push(String::from_utf8_lossy(key).into_owned());
        self.columns.insert(key.to_vec(), column);
        self.seen.push(0);
        Ok(column)
    }

    fn explain(&self, fault: JsonFault) -> DecodeError {
        let file = self.source.name.clone();
        match fault {
            JsonFault::Io(error) => from_io(&self.source.path, &file, error),
            JsonFault::Syntax(what) => DecodeError::Json { file, row: self.row.max(1), what },
            JsonFault::Long(limit) => {
                let limit = u64::try_from(limit).unwrap_or(u64::MAX);
                DecodeError::Limit { file, what: "bytes in one cell", limit, row: Some(self.row) }
            }
        }
    }
}

/// The rows as text columns.
pub(super) struct JsonParts {
    objects: Objects,
    builder: ChunkBuilder,
    cells: Vec<String>,
    finished: bool,
}

impl JsonParts {
    fn fill(&mut self) -> Result<(), DecodeError> {
        while !self.builder.is_full() {
            self.cells.iter_mut().for_each(String::clear);
            let cells = &mut self.cells;
            let mut put = |column: usize, value: &[u8]| {
                if let Some(cell) = cells.get_mut(column) {
                    cell.push_str(&String::from_utf8_lossy(value));
                }
            };
            if !self.objects.read(&mut put)? {
                self.finished = true;
                return Ok(());
            }
            self.builder.push(self.objects.row, self.cells.iter().map(String::as_str), false);
        }
        Ok(())
    }
}

impl Iterator for JsonParts {
    type Item = Result<Part, DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        if let Err(error) = self.fill() {
            self.finished = true;
            return Some(Err(error));
        }
        self.builder.take(&self.objects.source.name, None).map(|chunk| chunk.map(Part::text))
    }
}
