//! Applies a layout: one row of a published table becomes one row a year, in the order of the schema's fields.

use std::collections::BTreeMap;

use crate::definitions::{Layout, parse_integer};

use super::DecodeError;
use super::chunk::{ChunkBuilder, TextChunk};
use super::row::{Row, RowSource};
use super::unpivot_header::{HeaderSearch, Mapping};

enum Stage {
    Header(HeaderSearch),
    Table(Mapping),
    Notes(Mapping),
}

pub(super) struct LayoutChunks {
    file: String,
    layout: Layout,
    source: Box<dyn RowSource>,
    /// What is the same in all rows of a sheet: one value a field.
    constants: Vec<String>,
    /// Constants of layout and release.
    base: BTreeMap<String, String>,
    fields: Vec<String>,
    builder: ChunkBuilder,
    row: Row,
    sheet: usize,
    stage: Stage,
    /// A row that was read and belongs to the next sheet.
    held: bool,
    finished: bool,
}

impl LayoutChunks {
    pub(super) fn new(
        file: &str,
        layout: &Layout,
        source: Box<dyn RowSource>,
        fields: Vec<String>,
        release: Option<&BTreeMap<String, String>>,
    ) -> Self {
        let mut base = layout.constants.clone();
        base.extend(release.into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())));
        let builder = ChunkBuilder::new(&fields);
        let mut chunks = Self {
            file: file.to_owned(),
            layout: layout.clone(),
            source,
            constants: Vec::new(),
            base,
            fields,
            builder,
            row: Row::default(),
            sheet: 0,
            stage: Stage::Header(HeaderSearch::default()),
            held: false,
            finished: false,
        };
        chunks.begin_sheet(0);
        chunks
    }

    fn begin_sheet(&mut self, sheet: usize) {
        self.sheet = sheet;
        self.stage = Stage::Header(HeaderSearch::default());
        let own = self.layout.sheets.get(sheet).map(|pick| &pick.constants);
        let value = |field: &String| own.and_then(|own| own.get(field)).or_else(|| self.base.get(field)).cloned();
        self.constants = self.fields.iter().map(|field| value(field).unwrap_or_default()).collect();
    }

    fn differs(&self, what: String) -> DecodeError {
        DecodeError::Layout {
            file: self.file.clone(),
            sheet: self.source.sheets().get(self.sheet).cloned(),
            layout: self.layout.name.clone(),
            what,
        }
    }

    /// Reads until the chunk is full, the sheet ends, or the file ends.
    fn fill(&mut self) -> Result<(), DecodeError> {
        while !self.builder.is_full() {
            if !std::mem::take(&mut self.held) && !self.source.read(&mut self.row)? {
                self.finished = true;
                self.end_sheet()?;
                if self.sheet + 1 < self.source.sheets().len() {
                    self.sheet += 1;
                    return Err(self.differs("the sheet is empty".to_owned()));
                }
                return Ok(());
            }
            if self.row.sheet != self.sheet {
                self.end_sheet()?;
                if self.row.sheet != self.sheet + 1 {
                    self.sheet += 1;
                    return Err(self.differs("the sheet is empty".to_owned()));
                }
                self.held = true;
                return Ok(());
            }
            self.take_row()?;
        }
        Ok(())
    }

    fn end_sheet(&self) -> Result<(), DecodeError> {
        if !matches!(self.stage, Stage::Header(_)) {
            return Ok(());
        }
        let sought = match self.layout.header.row {
            Some(row) => format!("row {row}"),
            None => format!("a cell `{}`", self.layout.header.texts.join("` or `")),
        };
        Err(self.differs(format!("there is no header, looked for {sought}")))
    }

    fn take_row(&mut self) -> Result<(), DecodeError> {
        let ended = match &mut self.stage {
            Stage::Header(search) => {
                let pick = self.layout.sheets.get(self.sheet);
                let found = search.take(&self.row, &self.layout, pick);
                if let Some(mapping) = found.map_err(|what| self.differs(what))? {
                    self.stage = Stage::Table(mapping);
                }
                return Ok(());
            }
            Stage::Notes(mapping) => {
                let group = self.layout.years.group;
                if mapping.years.iter().any(|(column, _)| plain_number(self.row.cell(*column), group).is_some()) {
                    let what = format!("row {} holds numbers after the end of the table", self.row.number);
                    return Err(self.differs(what));
                }
                return Ok(());
            }
            Stage::Table(mapping) => {
                let identified = mapping.ids.first().is_some_and(|id| !self.row.cell(*id).trim().is_empty());
                let filled = mapping.years.iter().any(|(column, _)| !self.row.cell(*column).trim().is_empty());
                if identified || filled {
                    emit_row(
                        &mut self.builder,
                        &self.row,
                        mapping,
                        &self.layout,
                        &self.fields,
                        &self.constants,
                        self.source.is_fixed_width(),
                    );
                }
                !identified && !filled
            }
        };
        if ended {
            let header = Stage::Header(HeaderSearch::default());
            if let Stage::Table(mapping) = std::mem::replace(&mut self.stage, header) {
                self.stage = Stage::Notes(mapping);
            }
        }
        Ok(())
    }
}

fn emit_row(
    builder: &mut ChunkBuilder,
    row: &Row,
    mapping: &Mapping,
    layout: &Layout,
    fields: &[String],
    constants: &[String],
    is_fixed_width: bool,
) {
    let kept = layout.filters.iter().zip(&mapping.filters);
    if !kept.into_iter().all(|(filter, column)| filter.equals.iter().any(|value| value == row.cell(*column).trim())) {
        return;
    }
    let misfit = is_fixed_width && row.cells.len() != mapping.width;
    let beyond = mapping.phantoms.iter().copied().chain(mapping.width..row.cells.len());
    let ragged = misfit || beyond.into_iter().any(|column| !row.cell(column).trim().is_empty());
    let position = |name: &str| fields.iter().position(|field| field == name);
    let year_at = position(&layout.years.field);
    let value_at = position(&layout.years.value);
    let status_at = layout.markers.status_field.as_deref().and_then(position);
    let ids: Vec<Option<usize>> = layout.columns.iter().map(|column| position(&column.field)).collect();
    for (column, year) in &mapping.years {
        let text = row.cell(*column).trim();
        if layout.markers.skip.iter().any(|marker| marker == text) {
            continue;
        }
        let status = layout.markers.status.get(text);
        let number = plain_number(text, layout.years.group).map(|number| multiplied(number, layout.years.multiply));
        let value = if status.is_some() { String::new() } else { number.unwrap_or_else(|| text.to_owned()) };
        let cells = (0..fields.len()).map(|at| {
            if Some(at) == year_at {
                return year.as_str();
            }
            if Some(at) == value_at {
                return value.as_str();
            }
            if let (true, Some(status)) = (Some(at) == status_at, status) {
                return status.as_str();
            }
            let id = ids.iter().position(|id| *id == Some(at));
            id.map_or(constants[at].as_str(), |index| row.cell(mapping.ids[index]).trim())
        });
        builder.push(row.number, cells, ragged);
    }
}

/// The digits of a number without separators of thousands; nothing if the text is not a number so written.
fn plain_number(text: &str, group: Option<char>) -> Option<String> {
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    parse_integer(whole, group).ok()?;
    Some(group.map_or_else(|| text.to_owned(), |separator| text.replace(separator, "")))
}

fn multiplied(number: String, factor: rust_decimal::Decimal) -> String {
    if factor == rust_decimal::Decimal::ONE {
        return number;
    }
    let exact = rust_decimal::Decimal::from_str_exact(&number).ok().and_then(|n| n.checked_mul(factor));
    exact.map_or(number, |product| product.normalize().to_string())
}

impl Iterator for LayoutChunks {
    type Item = Result<TextChunk, DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.finished {
            if self.held && self.row.sheet != self.sheet {
                self.begin_sheet(self.row.sheet);
            }
            let sheet = self.source.sheets().get(self.sheet).map(|name| name.as_str().into());
            if let Err(error) = self.fill() {
                self.finished = true;
                return Some(Err(error));
            }
            if let Some(chunk) = self.builder.take(&self.file, sheet) {
                return Some(chunk);
            }
        }
        None
    }
}
