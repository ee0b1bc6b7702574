//! How many cells an `OpenDocument` sheet has once its repetitions are written out. A few bytes may stand for a
//! thousand million cells, which the reader would put into memory.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Bytes of text that take as much memory as a cell.
const TEXT_OF_CELL: u64 = 32;

/// Counts cells, gaps before the last filled one included, for all sheets together; their text, which is repeated with
/// them, counts as the cells that would take its memory. Errors are for people.
pub(super) fn count_cells(content: impl BufRead) -> Result<u64, String> {
    let mut reader = Reader::from_reader(content);
    let mut buffer = Vec::new();
    let (mut total, mut sheet) = (0_u64, Sheet::default());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| format!("content.xml: {error}"))? {
            Event::Start(tag) => sheet.open(&tag),
            Event::Empty(tag) => {
                sheet.open(&tag);
                match tag.name().as_ref() {
                    b"table:table-row" => sheet.close_row(),
                    b"table:table-cell" | b"table:covered-table-cell" => sheet.in_cell = false,
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
                    sheet = Sheet::default();
                }
                _ => {}
            },
            Event::Eof => return Ok(total),
            _ => {}
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
    use super::count_cells;

    #[test]
    fn repeated_text_counts_by_the_memory_it_takes() {
        let count = |cell: &str| {
            let row = format!(r#"<table:table-row table:number-rows-repeated="1000">{cell}</table:table-row>"#);
            count_cells(format!("<table:table>{row}</table:table>").as_bytes())
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
