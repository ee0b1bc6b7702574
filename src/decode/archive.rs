//! Looks into a workbook's ZIP archive before anybody unpacks it: how many parts, how large, how strongly packed. What the
//! directory says may be a lie, so every part is unpacked once and counted, and its checksum is tried.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use super::dialect::FileFormat;
use super::spreadsheet::count_cells;
use super::{DecodeError, DecodeLimits};

/// Parts of a workbook; real ones have some dozens.
const MAX_ENTRIES: usize = 10_000;
/// Small parts may be packed as strongly as they like.
const RATIO_FROM_BYTES: u64 = 1 << 20;

/// Checks the archive and tells which kind of workbook it is.
pub(super) fn check_archive(path: &Path, file: &str, limits: &DecodeLimits) -> Result<FileFormat, DecodeError> {
    let opened = File::open(path).map_err(|source| DecodeError::io(path, source))?;
    let damaged = |what: String| DecodeError::Damaged { file: file.to_owned(), what };
    let bomb =
        |entry: &str, what, limit| DecodeError::Bomb { file: file.to_owned(), entry: entry.to_owned(), what, limit };
    let mut archive =
        zip::ZipArchive::new(BufReader::new(opened)).map_err(|error| damaged(format!("no ZIP archive: {error}")))?;
    if archive.len() > MAX_ENTRIES {
        return Err(bomb("the archive", "parts", u64::try_from(MAX_ENTRIES).unwrap_or(u64::MAX)));
    }
    let (mut total, mut format) = (0_u64, None);
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| damaged(error.to_string()))?;
        let name = part.name().map_or_else(|_| format!("part {index}"), std::borrow::Cow::into_owned);
        match name.as_str() {
            "xl/workbook.xml" => format = Some(FileFormat::Xlsx),
            "xl/workbook.bin" => {
                return Err(DecodeError::NotWorkbook { file: file.to_owned(), what: "it is a binary .xlsb workbook" });
            }
            "content.xml" => format = format.or(Some(FileFormat::Ods)),
            _ => {}
        }
        let packed = part.compressed_size().max(1);
        let allowed = limits.expanded_bytes.saturating_sub(total);
        let by_ratio = packed.saturating_mul(limits.expansion_ratio).max(RATIO_FROM_BYTES);
        let mut counted = (&mut part).take(allowed.min(by_ratio).saturating_add(1));
        let size = std::io::copy(&mut counted, &mut std::io::sink())
            .map_err(|error| damaged(format!("`{name}` cannot be unpacked: {error}")))?;
        if size > by_ratio {
            return Err(bomb(&name, "times its packed size", limits.expansion_ratio));
        }
        if size > allowed {
            return Err(bomb(&name, "bytes together with the other parts", limits.expanded_bytes));
        }
        total += size;
    }
    let format = format.ok_or_else(|| DecodeError::NotWorkbook {
        file: file.to_owned(),
        what: "the archive holds neither an .xlsx nor an .ods workbook",
    })?;
    if format == FileFormat::Ods {
        let content = archive.by_name("content.xml").map_err(|error| damaged(error.to_string()))?;
        let cells = count_cells(BufReader::new(content)).map_err(damaged)?;
        let limit = limits.expanded_bytes / 64;
        if cells > limit {
            return Err(DecodeError::Limit {
                file: file.to_owned(),
                what: "cells with the repeated ones",
                limit,
                row: None,
            });
        }
    }
    Ok(format)
}
