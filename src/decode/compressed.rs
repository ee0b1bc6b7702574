//! Unwraps gzip, Zstandard and ZIP, once, under the limits: what unpacks to too much, or to many times its size, is refused
//! while it unpacks.

use std::io::{BufReader, Read};

use super::archive::RATIO_FROM_BYTES;
use super::dialect::Compression;
use super::source::{Scratch, Source, copy_limited};
use super::{DecodeError, OpenOptions};

/// Zstandard needs this many bytes, as a power of two, of what it unpacked before; more is refused.
const ZSTD_WINDOW_LOG: u32 = 27;

/// What compressed bytes begin with.
pub(super) fn find_compression(magic: &[u8]) -> Option<Compression> {
    if magic.starts_with(&[0x1F, 0x8B]) {
        return Some(Compression::Gzip);
    }
    // A frame, or one that is skipped before the first.
    let is_zstd = magic.starts_with(&[0x28, 0xB5, 0x2F, 0xFD])
        || magic.len() >= 4 && (0x50..=0x5F).contains(&magic[0]) && magic[1..4] == [0x2A, 0x4D, 0x18];
    if is_zstd {
        return Some(Compression::Zstd);
    }
    // The second is an archive of nothing.
    (magic.starts_with(b"PK\x03\x04") || magic.starts_with(b"PK\x05\x06")).then_some(Compression::Zip)
}

/// Unpacks gzip or Zstandard to the scratch folder.
pub(super) fn unwrap_stream(
    source: &Source,
    compression: Compression,
    options: &OpenOptions<'_>,
) -> Result<Source, DecodeError> {
    let packed = source.bytes()?;
    let file = BufReader::with_capacity(256 << 10, source.open()?);
    let mut reader: Box<dyn Read> = match compression {
        Compression::Zstd => {
            let damaged = |error: std::io::Error| damaged(source, &error);
            let mut decoder = zstd::stream::read::Decoder::with_buffer(file).map_err(damaged)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG).map_err(damaged)?;
            Box::new(decoder)
        }
        _ => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
    };
    unpack(source, reader.as_mut(), packed, &source.name, compression, options)
}

/// Unpacks the only data file of a ZIP archive to the scratch folder.
pub(super) fn unwrap_zip(source: &Source, options: &OpenOptions<'_>) -> Result<Source, DecodeError> {
    let damaged = |error: zip::result::ZipError| DecodeError::Damaged {
        file: source.name.clone(),
        what: format!("no ZIP archive: {error}"),
    };
    let mut archive = zip::ZipArchive::new(BufReader::new(source.open()?)).map_err(damaged)?;
    let mut files = Vec::new();
    for index in 0..archive.len().min(super::archive::MAX_ENTRIES) {
        let part = archive.by_index_raw(index).map_err(damaged)?;
        let name = part.name().map_or_else(|_| format!("part {index}"), std::borrow::Cow::into_owned);
        let last = name.rsplit('/').next().unwrap_or_default();
        if !part.is_dir() && !name.starts_with("__MACOSX/") && !last.starts_with('.') && last != "Thumbs.db" {
            files.push((index, name));
        }
    }
    let [(index, entry)] = files.as_slice() else {
        let what = format!("the archive holds {} files", files.len());
        return Err(DecodeError::Unwrap { file: source.name.clone(), what, hint: "send one data file in an archive" });
    };
    if archive.by_index_raw(*index).is_ok_and(|part| part.encrypted()) {
        let what = "the archive needs a password".to_owned();
        return Err(DecodeError::Unwrap { file: source.name.clone(), what, hint: "send it without one" });
    }
    let mut part = archive.by_index(*index).map_err(damaged)?;
    let packed = part.compressed_size();
    unpack(source, &mut part, packed, entry, Compression::Zip, options)
}

fn unpack(
    source: &Source,
    reader: &mut dyn Read,
    packed: u64,
    entry: &str,
    compression: Compression,
    options: &OpenOptions<'_>,
) -> Result<Source, DecodeError> {
    let (scratch, mut file) = Scratch::create(options.scratch_dir)?;
    let limits = options.limits;
    let by_ratio = packed.saturating_mul(limits.expansion_ratio).max(RATIO_FROM_BYTES);
    let bomb = |what, limit| DecodeError::Bomb { file: source.name.clone(), entry: entry.to_owned(), what, limit };
    let check = |total: u64| match total {
        _ if total > limits.expanded_bytes => Err(bomb("bytes", limits.expanded_bytes)),
        _ if total > by_ratio => Err(bomb("times its packed size", limits.expansion_ratio)),
        _ => Ok(()),
    };
    let failed = |error: std::io::Error| damaged(source, &error);
    let total = copy_limited(reader, &mut file, check, failed, scratch.path())?;
    if total == 0 {
        return Err(DecodeError::Empty { file: source.name.clone() });
    }
    Ok(Source::unwrapped(&source.name, scratch, compression))
}

fn damaged(source: &Source, error: &std::io::Error) -> DecodeError {
    DecodeError::Damaged { file: source.name.clone(), what: format!("it cannot be unpacked: {error}") }
}
