//! How long `calamine` alone takes for the first sheet of a workbook: every cell is read, nothing is made of it. The measure
//! for benches/ingest/workbook.py.
//!
//! `cargo bench --bench calamine_alone -- FILE`

use std::io::Write;

use anyhow::Context;
use calamine::{DataRef, Reader, Xlsx, open_workbook};

fn main() -> anyhow::Result<()> {
    let path = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).context("name a workbook")?;
    let mut workbook: Xlsx<_> = open_workbook(&path).with_context(|| format!("failed to open `{path}`"))?;
    let sheet = workbook.sheet_names().first().cloned().context("the workbook has no sheet")?;
    let mut cells = workbook.worksheet_cells_reader(&sheet)?;
    let mut filled = 0_u64;
    while let Some(cell) = cells.next_cell()? {
        filled += u64::from(!matches!(cell.get_value(), DataRef::Empty));
    }
    writeln!(std::io::stdout(), "{filled}")?;
    Ok(())
}
