//! Reads the sheets of each kind of workbook, cell by cell: what a reader does not tell of a cell is found out beside it.
//! Where the rows go is the collector's to say.

use std::fs::File;
use std::io::BufReader;

use calamine::{DataRef, Dimensions, Ods, Reader, Style, Xls, Xlsx, XlsxError, XlsxFormulaMetadata};

use super::DecodeError;
use super::archive::CheckedWorkbook;
use super::binary_workbook::{Unreadable, check_binary_workbook};
use super::cell::Value;
use super::collector::Collector;
use super::number_format::NumberFormat;
use super::spreadsheet::SheetFacts;
use super::workbook::{PickSheets, SheetNames, Stop, Task};

impl Task {
    pub(super) fn read_xlsx(&self, checked: &CheckedWorkbook, pick: PickSheets) -> Result<(), Stop> {
        let mut workbook: Xlsx<_> = Xlsx::new(self.open()?).map_err(|error| self.damaged(&error))?;
        let names = SheetNames::of(workbook.sheets_metadata());
        let mut filled = Vec::new();
        for name in &names.all {
            let Ok(mut reader) = workbook.worksheet_cells_reader(name) else { continue };
            while let Some(cell) = reader.next_cell().map_err(|error| self.unreadable(&error))? {
                if Value::of_ref(cell.get_value()).is_some_and(|value| !value.is_blank()) {
                    filled.push(name.clone());
                    break;
                }
            }
        }
        for (index, name) in self.choose(&names, &filled, pick)?.iter().enumerate() {
            let mut merged = Vec::new();
            if checked.has_merged_cells {
                merged = workbook.merge_cells_by_sheet_name(name).map_err(|error| self.damaged(&error))?;
            }
            let gaps = if checked.has_formulas { self.find_gaps(&mut workbook, name, checked)? } else { Vec::new() };
            let mut gaps = gaps.into_iter().peekable();
            let mut collector = Collector::new(self, index, merged);
            let mut reader = workbook.worksheet_cells_reader(name).map_err(|error| self.damaged(&error))?;
            let code =
                |style: &Style| style.number_format.as_ref().map(|format| NumberFormat::of_code(&format.format_code));
            let formats: Vec<NumberFormat> =
                reader.styles().iter().map(|style| code(style).unwrap_or_default()).collect();
            while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|error| self.unreadable(&error))? {
                let (row, column) = cell.get_position();
                if gaps.next_if_eq(&(row, column)).is_some() {
                    collector.put(row, column, &Value::NotCalculated)?;
                } else if let Some(value) = Value::of_ref(cell.get_value()) {
                    let format = formats.get(style).copied().unwrap_or_default();
                    collector.put(row, column, &value.shown_as(format))?;
                }
            }
            collector.finish()?;
        }
        Ok(())
    }

    /// Why a cell cannot be read; what it holds is not repeated.
    fn unreadable(&self, error: &XlsxError) -> DecodeError {
        match error {
            XlsxError::CellError(_) => DecodeError::NotWorkbook {
                file: self.source.name.clone(),
                what: "a cell holds an error value that is not known; mend its formula",
            },
            error => self.damaged(error),
        }
    }

    /// The cells of a sheet with a formula whose value the file does not hold, in its order. A program that leaves all
    /// calculation to whoever opens the workbook may have stored a 0 for each.
    fn find_gaps(
        &self,
        workbook: &mut Xlsx<BufReader<File>>,
        sheet: &str,
        checked: &CheckedWorkbook,
    ) -> Result<Vec<(u32, u32)>, DecodeError> {
        /// Where there are more, nobody needs to see each.
        const MOST: usize = 1_000_000;
        let (mut gaps, mut zeros, mut is_calculated) = (Vec::new(), Vec::new(), false);
        let mut reader = workbook.worksheet_cells_reader(sheet).map_err(|error| self.damaged(&error))?;
        while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(|error| self.unreadable(&error))? {
            let Some(formula) = &cell.formula else { continue };
            let found = match cell.value {
                // A link back to the contents is no data.
                DataRef::Empty if is_link(formula) => continue,
                DataRef::Empty => &mut gaps,
                DataRef::Float(number) if checked.is_to_be_calculated && number.abs() < f64::MIN_POSITIVE => &mut zeros,
                _ => {
                    is_calculated = true;
                    continue;
                }
            };
            let (row, column) = cell.pos;
            if found.len() == MOST {
                let (row, column) =
                    (u64::from(row) + 1, usize::try_from(column).unwrap_or(usize::MAX).saturating_add(1));
                let (file, sheet) = (self.source.name.clone(), sheet.to_owned());
                return Err(DecodeError::NotCalculated { file, sheet, row, column });
            }
            found.push((row, column));
        }
        // Whoever calculated other cells calculated these too.
        if !is_calculated {
            gaps.append(&mut zeros);
            gaps.sort_unstable();
        }
        Ok(gaps)
    }

    pub(super) fn read_ods(&self, facts: Vec<SheetFacts>, pick: PickSheets) -> Result<(), Stop> {
        let mut workbook: Ods<_> = Ods::new(self.open()?).map_err(|error| self.damaged(&error))?;
        self.read_ranges(&mut workbook, |_, _| Vec::new(), facts, pick)
    }

    pub(super) fn read_xls(&self, pick: PickSheets) -> Result<(), Stop> {
        // An .xlsx workbook with a password has the same wrapping as an old .xls one.
        const DAMAGED: &str = "it is a damaged old .xls workbook or one with a password";
        let not_workbook = |what| DecodeError::NotWorkbook { file: self.source.name.clone(), what };
        let too_much = |what, limit| DecodeError::Limit { file: self.source.name.clone(), what, limit, row: None };
        let bytes = std::fs::read(&self.source.path).map_err(|error| DecodeError::io(&self.source.path, error))?;
        let formats = check_binary_workbook(&bytes, self.limits.expanded_bytes / 4).map_err(|fault| match fault {
            Unreadable::Damaged => not_workbook(DAMAGED),
            Unreadable::Other(what) => not_workbook(what),
            Unreadable::Cells(limit) => too_much("cells in the ranges of its sheets, most of them empty", limit),
            Unreadable::Text(limit) => too_much("bytes of text in its cells", limit),
        })?;
        drop(bytes);
        let facts = formats.into_iter().map(|formats| SheetFacts { formats, ..SheetFacts::default() }).collect();
        let refused = |error: calamine::XlsError| match error {
            calamine::XlsError::Io(error) => DecodeError::io(&self.source.path, error),
            _ => not_workbook(DAMAGED),
        };
        let mut workbook: Xls<_> = Xls::new(self.open()?).map_err(refused)?;
        self.read_ranges(
            &mut workbook,
            |workbook, name| workbook.merge_cells_by_sheet_name(name).unwrap_or_default(),
            facts,
            pick,
        )
    }

    /// Reads sheets that the reader has in memory as a whole. `facts` are those that are known of each sheet.
    fn read_ranges<R: Reader<BufReader<File>>>(
        &self,
        workbook: &mut R,
        merged: impl Fn(&R, &str) -> Vec<Dimensions>,
        mut facts: Vec<SheetFacts>,
        pick: PickSheets,
    ) -> Result<(), Stop>
    where
        R::Error: ToString,
    {
        let names = SheetNames::of(workbook.sheets_metadata());
        let mut filled = Vec::new();
        for name in &names.all {
            if workbook.worksheet_range(name).is_ok_and(|range| !range.is_empty()) {
                filled.push(name.clone());
            }
        }
        for (index, name) in self.choose(&names, &filled, pick)?.iter().enumerate() {
            let range = workbook.worksheet_range(name).map_err(|error| self.damaged(&error))?;
            let place = names.all.iter().position(|all| all == name);
            let facts = place.and_then(|at| facts.get_mut(at)).map(std::mem::take).unwrap_or_default();
            if let Some((row, column)) = facts.not_calculated {
                let (file, sheet) = (self.source.name.clone(), name.clone());
                let column = usize::try_from(column).unwrap_or(usize::MAX).saturating_add(1);
                return Err(DecodeError::NotCalculated { file, sheet, row: row + 1, column }.into());
            }
            let format = |row, column| facts.formats.get(&(row, column)).copied().unwrap_or_default();
            let areas = merged(workbook, name).into_iter().chain(facts.merged.iter().copied()).collect();
            let mut collector = Collector::new(self, index, areas);
            let (top, left) = range.start().unwrap_or((0, 0));
            for (row, column, value) in range.used_cells() {
                let row = u32::try_from(row).map_or(u32::MAX, |row| row.saturating_add(top));
                let column = u32::try_from(column).map_or(u32::MAX, |column| column.saturating_add(left));
                if let Some(value) = Value::of(value) {
                    collector.put(row, column, &value.shown_as(format(row, column)))?;
                }
            }
            collector.finish()?;
        }
        Ok(())
    }
}

/// Whether a formula only leads somewhere else.
fn is_link(formula: &XlsxFormulaMetadata) -> bool {
    let (XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. }) = formula else {
        return false;
    };
    let name = formula.trim_start_matches(['=', ' ']).get(..10);
    name.is_some_and(|name| name.eq_ignore_ascii_case("HYPERLINK("))
}
