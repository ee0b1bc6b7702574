//! Turns one row of a published table into rows of the dataset, in the order of the schema's fields.

use std::collections::BTreeMap;

use crate::definitions::{ChosenSheet, IdColumn, Layout, NumberCell, rewrite_text};

use super::chunk::ChunkBuilder;
use super::row::Row;
use super::unpivot_header::Mapping;

/// What is known of a sheet once its header is read, and what the row before it left.
pub(super) struct RowWriter {
    mapping: Mapping,
    /// What is the same in all rows of the sheet: one value a field.
    constants: Vec<String>,
    /// The row that is being made: one value a field.
    cells: Vec<String>,
    /// The last text of columns whose blank cells repeat it, in the layout's order.
    filled: Vec<String>,
    /// The position of each field.
    positions: BTreeMap<String, usize>,
}

impl RowWriter {
    pub(super) fn new(
        mapping: Mapping,
        fields: &[String],
        base: &BTreeMap<String, String>,
        sheet: &ChosenSheet,
        layout: &Layout,
    ) -> Self {
        let constant = |field: &String| {
            let found = mapping.above.get(field).or_else(|| sheet.constants.get(field)).or_else(|| base.get(field));
            found.map(|text| mapped(layout, field, text.clone())).unwrap_or_default()
        };
        Self {
            constants: fields.iter().map(constant).collect(),
            cells: vec![String::new(); fields.len()],
            filled: vec![String::new(); layout.columns.len()],
            positions: fields.iter().enumerate().map(|(at, field)| (field.clone(), at)).collect(),
            mapping,
        }
    }

    /// Whether the row has a key, or a cell that becomes a row.
    pub(super) fn is_identified(&self, row: &Row) -> bool {
        let key = self.mapping.ids.first().copied().flatten();
        let mut filled = key.into_iter().chain(self.value_columns());
        filled.any(|column| !row.cell(column).trim().is_empty())
    }

    fn value_columns(&self) -> impl Iterator<Item = usize> {
        self.mapping.values.iter().flat_map(|columns| columns.cells.iter().map(|(column, _)| *column))
    }

    /// Whether the row looks like one of the table, which a note does not.
    pub(super) fn is_data(&self, row: &Row, layout: &Layout) -> bool {
        match &layout.unpivot {
            Some(unpivot) => self.value_columns().any(|column| {
                let cell = layout.markers.cut_notes(row.cell(column));
                unpivot.number.find_number(&cell).is_some()
            }),
            None => {
                self.mapping.ids.iter().flatten().filter(|column| !row.cell(**column).trim().is_empty()).count() > 1
            }
        }
    }

    /// Writes what a row of the table gives. An error says what is different from the layout.
    pub(super) fn write(
        &mut self,
        row: &Row,
        layout: &Layout,
        is_fixed_width: bool,
        builder: &mut ChunkBuilder,
    ) -> Result<(), String> {
        for (index, _) in layout.columns.iter().enumerate().filter(|(_, id)| id.fill) {
            let cell = self.mapping.ids[index].map(|column| row.cell(column)).unwrap_or_default();
            if !cell.trim().is_empty() {
                cell.clone_into(&mut self.filled[index]);
            }
        }
        let mut filters = layout.filters.iter().zip(&self.mapping.filters);
        if !filters.all(|(filter, column)| filter.passes(self.cell(row, *column, layout).trim())) {
            return Ok(());
        }
        self.cells.clone_from(&self.constants);
        self.take_kind(row, layout)?;
        for (index, id) in layout.columns.iter().enumerate() {
            if let Some(column) = self.mapping.ids[index] {
                let text = if id.fill { self.filled[index].clone() } else { row.cell(column).to_owned() };
                self.take_id(id, &text, layout);
            }
        }
        let ragged = self.is_ragged(row, is_fixed_width);
        if layout.unpivot.is_none() {
            builder.push(row.number, self.cells.iter().map(String::as_str), ragged);
            return Ok(());
        }
        self.write_values(row, layout, ragged, builder);
        Ok(())
    }

    fn write_values(&mut self, row: &Row, layout: &Layout, ragged: bool, builder: &mut ChunkBuilder) {
        let Some(unpivot) = &layout.unpivot else { return };
        let status_at = layout.markers.status_field.as_ref().and_then(|field| self.positions.get(field).copied());
        let usual = status_at.map(|at| self.cells[at].clone());
        for columns in &self.mapping.values {
            let (mut status, mut is_there) = (None, false);
            for (column, field) in &columns.cells {
                let cell = layout.markers.read_number(row.cell(*column), &unpivot.number);
                is_there |= cell != NumberCell::Skipped;
                let (value, own) = cell.into_parts();
                status = status.or(own);
                if let Some(at) = self.positions.get(field) {
                    self.cells[*at] = value;
                }
            }
            if !is_there {
                continue;
            }
            for (field, text) in &columns.fields {
                if let Some(at) = self.positions.get(field) {
                    self.cells[*at] = mapped(layout, field, text.clone());
                }
            }
            if let Some(at) = status_at {
                self.cells[at] = status.or_else(|| usual.clone()).unwrap_or_default();
            }
            builder.push(row.number, self.cells.iter().map(String::as_str), ragged);
        }
    }

    /// The cell of a column, filled from above where the layout says so.
    fn cell<'a>(&'a self, row: &'a Row, column: usize, layout: &Layout) -> &'a str {
        let index = self.mapping.ids.iter().position(|id| *id == Some(column));
        match index.filter(|index| layout.columns[*index].fill) {
            Some(index) => &self.filled[index],
            None => row.cell(column),
        }
    }

    fn take_kind(&mut self, row: &Row, layout: &Layout) -> Result<(), String> {
        let mut kinds = layout.kinds.iter().zip(&self.mapping.kinds);
        let found = kinds.find(|(kind, column)| kind.test.passes(self.cell(row, **column, layout).trim()));
        match (found, self.mapping.kinds.first()) {
            (Some((kind, _)), _) => {
                for (field, value) in &kind.constants {
                    if let Some(at) = self.positions.get(field) {
                        value.clone_into(&mut self.cells[*at]);
                    }
                }
                Ok(())
            }
            (None, Some(column)) => {
                Err(format!("row {} is of none of the `kinds` (column {})", row.number, column + 1))
            }
            (None, None) => Ok(()),
        }
    }

    fn take_id(&mut self, id: &IdColumn, cell: &str, layout: &Layout) {
        if let Some(form) = &id.number {
            let (value, status) = layout.markers.read_number(cell, form).into_parts();
            self.put(&id.field, value, layout);
            let field = id.status.as_ref().or(layout.markers.status_field.as_ref());
            if let (Some(field), Some(status)) = (field, status) {
                self.put(field, status, layout);
            }
            return;
        }
        let text = if id.trim { layout.markers.cut_notes(cell).into_owned() } else { cell.to_owned() };
        let text = rewrite_text(&id.rewrite, &text);
        if text.is_empty() {
            id.fields().into_iter().for_each(|field| self.put(field, String::new(), layout));
            return;
        }
        let text = format!("{}{text}{}", id.around.0, id.around.1);
        let Some(split) = &id.split else { return self.put(&id.field, text, layout) };
        let found = split.captures(&text);
        let parts: Vec<(&str, String)> = split
            .capture_names()
            .flatten()
            .enumerate()
            .map(|(index, name)| match &found {
                Some(groups) => (name, groups.name(name).map_or("", |group| group.as_str()).trim().to_owned()),
                // A cell of another form goes whole to the first field, so that the schema's checks can show it.
                None => (name, if index == 0 { text.clone() } else { String::new() }),
            })
            .collect();
        for (name, part) in parts {
            self.put(name, part, layout);
        }
    }

    fn put(&mut self, field: &str, text: String, layout: &Layout) {
        if let Some(at) = self.positions.get(field) {
            self.cells[*at] = mapped(layout, field, text);
        }
    }

    fn is_ragged(&self, row: &Row, is_fixed_width: bool) -> bool {
        let misfit = is_fixed_width && row.cells.len() != self.mapping.width;
        let beyond = self.mapping.phantoms.iter().copied().chain(self.mapping.width..row.cells.len());
        misfit || beyond.into_iter().any(|column| !row.cell(column).trim().is_empty())
    }
}

/// The text that stands for another in a field.
fn mapped(layout: &Layout, field: &str, text: String) -> String {
    layout.values.get(field).and_then(|values| values.get(&text)).cloned().unwrap_or(text)
}
