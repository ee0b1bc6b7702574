//! How many cells an `OpenDocument` sheet has once its repetitions are written out. A few bytes may stand for a
//! thousand million cells, which the reader would put into memory.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Counts cells, gaps before the last filled one included, for all sheets together. Errors are for people.
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
                if tag.name().as_ref() == b"table:table-row" {
                    sheet.close_row();
                }
            }
            Event::End(tag) if tag.name().as_ref() == b"table:table-row" => sheet.close_row(),
            Event::End(tag) if tag.name().as_ref() == b"table:table" => {
                total = total.saturating_add(sheet.height.saturating_mul(sheet.width));
                sheet = Sheet::default();
            }
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
}

impl Sheet {
    fn open(&mut self, tag: &BytesStart<'_>) {
        match tag.name().as_ref() {
            b"table:table-row" => {
                self.row_repeats = repeats(tag, "table:number-rows-repeated");
                (self.cells, self.filled) = (0, 0);
            }
            b"table:table-cell" | b"table:covered-table-cell" => {
                self.cells = self.cells.saturating_add(repeats(tag, "table:number-columns-repeated"));
                if matches!(tag.try_get_attribute("office:value-type"), Ok(Some(_))) {
                    self.filled = self.cells;
                }
            }
            // Text without a value type still fills its cell.
            b"text:p" => self.filled = self.cells,
            _ => {}
        }
    }

    fn close_row(&mut self) {
        self.rows = self.rows.saturating_add(self.row_repeats);
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
