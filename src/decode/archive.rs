//! Looks into a ZIP archive before anybody unpacks it: how many parts, how large, how strongly packed. What the directory
//! says may be a lie, so every part of a workbook is unpacked once and counted, and its checksum is tried.

use std::fs::File;
use std::io::{BufReader, Read, Write};

use memchr::memmem;

use super::dialect::FileFormat;
use super::source::Source;
use super::spreadsheet::{SheetFacts, count_cells};
use super::{DecodeError, DecodeLimits};

/// Parts of an archive; real workbooks have some dozens.
pub(super) const MAX_ENTRIES: usize = 10_000;
/// Small parts may be packed as strongly as they like.
pub(super) const RATIO_FROM_BYTES: u64 = 1 << 20;

/// A workbook that was looked through.
pub(super) struct CheckedWorkbook {
    pub(super) format: FileFormat,
    /// Whether a sheet has merged cells; finding them costs another reading.
    pub(super) has_merged_cells: bool,
    /// Whether a sheet has formulas; finding those without a stored value costs another reading.
    pub(super) has_formulas: bool,
    /// The program that wrote the file asks that formulas be calculated when it is opened: it did not do so itself.
    pub(super) is_to_be_calculated: bool,
    /// What the reader does not tell of the sheets of an `OpenDocument` workbook, in order.
    pub(super) facts: Vec<SheetFacts>,
}

impl CheckedWorkbook {
    /// An old binary workbook, which is no archive.
    pub(super) const fn old() -> Self {
        let (has_formulas, is_to_be_calculated) = (false, false);
        Self { format: FileFormat::Xls, has_merged_cells: true, has_formulas, is_to_be_calculated, facts: Vec::new() }
    }
}

/// Checks the archive and tells which kind of workbook it is; nothing when it is no workbook.
pub(super) fn check_archive(source: &Source, limits: &DecodeLimits) -> Result<Option<CheckedWorkbook>, DecodeError> {
    let file = &source.name;
    let damaged = |what: String| DecodeError::Damaged { file: file.clone(), what };
    let bomb =
        |entry: &str, what, limit| DecodeError::Bomb { file: file.clone(), entry: entry.to_owned(), what, limit };
    let mut archive = zip::ZipArchive::new(BufReader::new(source.open()?))
        .map_err(|error| damaged(format!("no ZIP archive: {error}")))?;
    if archive.len() > MAX_ENTRIES {
        return Err(bomb("the archive", "parts", u64::try_from(MAX_ENTRIES).unwrap_or(u64::MAX)));
    }
    let Some(format) = find_format(&archive) else { return Ok(None) };
    if archive.index_for_name("xl/workbook.bin").is_some() {
        let what = "it is a binary .xlsb workbook";
        return Err(DecodeError::NotWorkbook { file: file.clone(), what });
    }
    let (mut total, mut words) = (0_u64, Finders::default());
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| damaged(error.to_string()))?;
        let name = part.name().map_or_else(|_| format!("part {index}"), std::borrow::Cow::into_owned);
        let packed = part.compressed_size().max(1);
        let allowed = limits.expanded_bytes.saturating_sub(total);
        let by_ratio = packed.saturating_mul(limits.expansion_ratio).max(RATIO_FROM_BYTES);
        let mut counted = (&mut part).take(allowed.min(by_ratio).saturating_add(1));
        let size = std::io::copy(&mut counted, &mut words)
            .map_err(|error| damaged(format!("`{name}` cannot be unpacked: {error}")))?;
        if size > by_ratio {
            return Err(bomb(&name, "times its packed size", limits.expansion_ratio));
        }
        if size > allowed {
            return Err(bomb(&name, "bytes together with the other parts", limits.expanded_bytes));
        }
        total += size;
    }
    let facts = if format == FileFormat::Ods { check_repeats(&mut archive, file, limits)? } else { Vec::new() };
    Ok(Some(CheckedWorkbook {
        format,
        has_merged_cells: words.merges.found,
        has_formulas: words.formulas.iter().any(|word| word.found),
        is_to_be_calculated: words.calculate.iter().any(|word| word.found),
        facts,
    }))
}

fn find_format(archive: &zip::ZipArchive<BufReader<File>>) -> Option<FileFormat> {
    let has = |name| archive.index_for_name(name).is_some();
    if has("xl/workbook.xml") || has("xl/workbook.bin") {
        return Some(FileFormat::Xlsx);
    }
    has("content.xml").then_some(FileFormat::Ods)
}

/// Counts the cells of an `OpenDocument` workbook with those that it repeats; gives what was noted of its sheets on the way.
fn check_repeats(
    archive: &mut zip::ZipArchive<BufReader<File>>,
    file: &str,
    limits: &DecodeLimits,
) -> Result<Vec<SheetFacts>, DecodeError> {
    let damaged = |what: String| DecodeError::Damaged { file: file.to_owned(), what };
    let content = archive.by_name("content.xml").map_err(|error| damaged(error.to_string()))?;
    let (cells, facts) = count_cells(BufReader::new(content)).map_err(damaged)?;
    let limit = limits.expanded_bytes / 64;
    if cells > limit {
        let what = "cells with the repeated ones";
        return Err(DecodeError::Limit { file: file.to_owned(), what, limit, row: None });
    }
    Ok(facts)
}

/// What the parts of a workbook are searched for. Elements may have a prefix.
struct Finders {
    merges: Finder,
    formulas: [Finder; 2],
    calculate: [Finder; 2],
}

impl Default for Finders {
    fn default() -> Self {
        Self {
            merges: Finder::new(b"mergeCell "),
            formulas: [Finder::new(b"</f>"), Finder::new(b":f>")],
            calculate: [Finder::new(b"fullCalcOnLoad=\"1\""), Finder::new(b"fullCalcOnLoad=\"true\"")],
        }
    }
}

impl Write for Finders {
    fn write(&mut self, block: &[u8]) -> std::io::Result<usize> {
        for finder in std::iter::once(&mut self.merges).chain(&mut self.formulas).chain(&mut self.calculate) {
            finder.write_all(block)?;
        }
        Ok(block.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Looks for a word in what is written to it, across the borders of blocks.
struct Finder {
    word: memmem::Finder<'static>,
    tail: Vec<u8>,
    found: bool,
}

impl Finder {
    fn new(word: &'static [u8]) -> Self {
        Self { word: memmem::Finder::new(word), tail: Vec::new(), found: false }
    }
}

impl Write for Finder {
    fn write(&mut self, block: &[u8]) -> std::io::Result<usize> {
        if !self.found {
            let keep = self.word.needle().len() - 1;
            self.tail.extend_from_slice(&block[..block.len().min(keep)]);
            self.found = self.word.find(&self.tail).is_some() || self.word.find(block).is_some();
            if block.len() >= keep {
                self.tail.clear();
            }
            self.tail.extend_from_slice(&block[block.len().saturating_sub(keep)..]);
            let surplus = self.tail.len().saturating_sub(keep);
            self.tail.drain(..surplus);
        }
        Ok(block.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
