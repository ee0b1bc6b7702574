//! How many cells an `OpenDocument` sheet has once its repetitions are written out: a few bytes may stand for a thousand
//! million cells, which the reader would put into memory. And what the reader does not tell of a sheet: percentages, merged
//! cells, and formulas that were never calculated.

use std::io::BufRead;

use calamine::Dimensions;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::binary_workbook::CellFormats;
use super::number_format::NumberFormat;

/// Percentages of a spreadsheet that are remembered, one by one, and merged cells.
const MAX_FACTS: usize = 4 << 20;

/// What the reader does not tell of a sheet. Rows and columns count from 0.
#[derive(Debug, Default, PartialEq)]
pub(super) struct SheetFacts {
    pub(super) formats: CellFormats,
    pub(super) merged: Vec<Dimensions>,
    /// The first cell with a formula and no value.
    pub(super) not_calculated: Option<(u64, u64)>,
}

impl SheetFacts {
    /// How many places are remembered.
    fn len(&self) -> usize {
        self.formats.len() + self.merged.len()
    }
}

/// Bytes of text that take as much memory as a cell.
const TEXT_OF_CELL: u64 = 32;

/// Counts cells, gaps before the last filled one included, for all sheets together; their text, which is repeated with
/// them, counts as the cells that would take its memory. Errors are for people.
pub(super) fn count_cells(content: impl BufRead) -> Result<(u64, Vec<SheetFacts>), String> {
    let mut reader = Reader::from_reader(content);
    let mut buffer = Vec::new();
    let (mut total, mut sheet, mut all) = (0_u64, Sheet::default(), Vec::new());
    let mut noted = 0_usize;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| format!("content.xml: {error}"))? {
            Event::Start(tag) => sheet.open(&tag),
            Event::Empty(tag) => {
                sheet.open(&tag);
                match tag.name().as_ref() {
                    b"table:table-row" => sheet.close_row(),
                    b"table:table-cell" | b"table:covered-table-cell" => sheet.in_cell = false,
                    b"table:table" => all.push(SheetFacts::default()),
                    _ => {}
                }
            }
            Event::Text(text) => sheet.add_text(u64::try_from(text.len()).unwrap_or(u64::MAX)),
            Event::GeneralRef(_) => sheet.add_text(4),
            Event::End(tag) => match tag.name().as_ref() {
                b"table:table-cell" | b"table:covered-table-cell" => sheet.in_cell = false,
                b"table:table-row" => sheet.close_row(),
                b"table:table" => {
                    total = total.saturating_add(sheet.height.saturating_mul(sheet.width));
                    total = total.saturating_add(sheet.text / TEXT_OF_CELL);
                    noted += sheet.facts.len();
                    all.push(std::mem::take(&mut sheet).facts);
                }
                _ => {}
            },
            Event::Eof => return Ok((total, all)),
            _ => {}
        }
        if noted + sheet.facts.len() > MAX_FACTS {
            return Err(format!("content.xml: more than {MAX_FACTS} percentages or merged cells"));
        }
    }
}

/// The rectangle that the reader would make of a sheet.
#[derive(Default)]
struct Sheet {
    height: u64,
    width: u64,
    rows: u64,
    row_repeats: u64,
    cells: u64,
    filled: u64,
    cell_repeats: u64,
    in_cell: bool,
    /// Bytes of text in the row, repeated as its cells are, and in all rows.
    row_text: u64,
    text: u64,
    facts: SheetFacts,
}

impl Sheet {
    fn open(&mut self, tag: &BytesStart<'_>) {
        match tag.name().as_ref() {
            b"table:table-row" => {
                self.row_repeats = repeats(tag, "table:number-rows-repeated");
                (self.cells, self.filled, self.row_text) = (0, 0, 0);
            }
            b"table:table-cell" | b"table:covered-table-cell" => {
                self.cell_repeats = repeats(tag, "table:number-columns-repeated");
                self.note_facts(tag);
                self.cells = self.cells.saturating_add(self.cell_repeats);
                self.in_cell = true;
                for name in ["office:string-value", "office:date-value", "office:time-value", "table:formula"] {
                    if let Ok(Some(text)) = tag.try_get_attribute(name) {
                        self.add_text(u64::try_from(text.value.len()).unwrap_or(u64::MAX));
                    }
                }
                if matches!(tag.try_get_attribute("office:value-type"), Ok(Some(_))) {
                    self.filled = self.cells;
                }
            }
            // Text without a value type still fills its cell.
            b"text:p" => {
                self.filled = self.cells;
                self.add_text(1);
            }
            // A run of blanks is written as their number.
            b"text:s" => self.add_text(repeats(tag, "text:c")),
            b"text:tab" | b"text:line-break" => self.add_text(1),
            _ => {}
        }
    }

    /// Notes what the reader does not tell, of the cell that begins behind the cells so far.
    fn note_facts(&mut self, tag: &BytesStart<'_>) {
        let kind = tag.try_get_attribute("office:value-type").ok().flatten();
        let has_formula = matches!(tag.try_get_attribute("table:formula"), Ok(Some(_)));
        if has_formula && kind.is_none() {
            self.facts.not_calculated.get_or_insert((self.rows, self.cells));
        }
        let place = |row: u64, column: u64| Some((u32::try_from(row).ok()?, u32::try_from(column).ok()?));
        if kind.is_some_and(|kind| kind.value.as_ref() == b"percentage") {
            let most = u64::try_from(MAX_FACTS).unwrap_or(u64::MAX);
            // One more than is remembered refuses the file.
            let rows = 0..self.row_repeats.min(most);
            for (row, column) in rows.flat_map(|row| (0..self.cell_repeats.min(most)).map(move |column| (row, column)))
            {
                let found = place(self.rows.saturating_add(row), self.cells.saturating_add(column));
                // Beyond the places that a sheet has nothing follows but places further out.
                let Some(found) = found.filter(|_| self.facts.len() <= MAX_FACTS) else { break };
                self.facts.formats.insert(found, NumberFormat::Percent);
            }
        }
        let spanned = |name| repeats(tag, name).max(1) - 1;
        let (rows, columns) = (spanned("table:number-rows-spanned"), spanned("table:number-columns-spanned"));
        if (rows > 0 || columns > 0)
            && let Some(start) = place(self.rows, self.cells)
            && let Some(end) = place(self.rows.saturating_add(rows), self.cells.saturating_add(columns))
        {
            self.facts.merged.push(Dimensions { start, end });
        }
    }

    fn add_text(&mut self, bytes: u64) {
        if self.in_cell {
            self.row_text = self.row_text.saturating_add(bytes.saturating_mul(self.cell_repeats));
        }
    }

    fn close_row(&mut self) {
        self.rows = self.rows.saturating_add(self.row_repeats);
        self.text = self.text.saturating_add(self.row_text.saturating_mul(self.row_repeats));
        if self.filled > 0 {
            self.height = self.rows;
            self.width = self.width.max(self.filled);
        }
    }
}

fn repeats(tag: &BytesStart<'_>, name: &str) -> u64 {
    let value = tag.try_get_attribute(name).ok().flatten();
    value.and_then(|value| std::str::from_utf8(&value.value).ok()?.parse().ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use calamine::Dimensions;

    use super::count_cells;
    use crate::decode::number_format::NumberFormat;

    #[test]
    fn what_the_reader_does_not_tell_is_noted() {
        let sheet = r#"<table:table><table:table-row table:number-rows-repeated="2"><table:table-cell/>
<table:table-cell office:value-type="percentage" office:value="0.5"/></table:table-row><table:table-row>
<table:table-cell table:number-rows-spanned="2" table:number-columns-spanned="3" office:value-type="float"/>
<table:covered-table-cell table:number-columns-repeated="2"/><table:table-cell table:formula="of:=1"/>
</table:table-row></table:table><table:table/><table:table></table:table>"#;
        let (_, facts) = count_cells(sheet.as_bytes()).expect("reads");
        let percent = NumberFormat::Percent;
        assert_eq!(facts[0].formats, [((0, 1), percent), ((1, 1), percent)].into());
        assert_eq!(facts[0].merged, [Dimensions { start: (2, 0), end: (3, 2) }]);
        assert_eq!(facts[0].not_calculated, Some((2, 3)));
        assert_eq!(facts.len(), 3);
    }

    #[test]
    fn repeated_text_counts_by_the_memory_it_takes() {
        let count = |cell: &str| {
            let row = format!(r#"<table:table-row table:number-rows-repeated="1000">{cell}</table:table-row>"#);
            count_cells(format!("<table:table>{row}</table:table>").as_bytes()).map(|(cells, _)| cells)
        };
        let text = "x".repeat(6399);
        let filled =
            format!(r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#);
        assert_eq!(count(&filled), Ok(1000 + 1000 * 200));
        let blanks = r#"<table:table-cell office:value-type="string"><text:s text:c="64"/></table:table-cell>"#;
        assert_eq!(count(blanks), Ok(1000 + 1000 * 2));
        assert_eq!(count(r#"<table:table-cell table:number-columns-repeated="16384"/>"#), Ok(0));
    }
}
