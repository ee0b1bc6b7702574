//! What is too much is refused, and early: no more of it is read or unpacked than the limits allow.

use std::io::{Cursor, Read};
use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use arrow::record_batch::RecordBatch;
use proptest::prelude::*;

use super::formats::{TEXT, arrow_file, arrow_stream, gzip, parquet, typed, zip, zstd};
use super::{Bench, chunks, open_document};
use crate::decode::records::Grammar;
use crate::decode::split::Splitter;
use crate::decode::{DecodeLimits, TextChunk};

/// Counts what is read from it.
struct Counted<R>(R, u64);

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.read(buffer)?;
        self.1 += count as u64;
        Ok(count)
    }
}

/// Reads until something is refused; gives the reason and how much was read.
fn refused_after(bytes: impl Read) -> (String, u64) {
    let mut counted = Counted(bytes, 0);
    let mut splitter = Splitter::new(&mut counted, Grammar::new(b',', b'"', &DecodeLimits::default()));
    let error = loop {
        match splitter.next(u64::MAX) {
            Ok(Some(_)) => {}
            Ok(None) => panic!("nothing was refused"),
            Err(error) => break error.to_string(),
        }
    };
    drop(splitter);
    (error, counted.1)
}

#[test]
fn a_line_of_two_gigabytes_is_refused_before_it_is_read() {
    const LENGTH: u64 = 2 << 30;
    let (error, read) = refused_after(std::io::repeat(b'x').take(LENGTH));
    assert!(error.contains("bytes in one cell") && read < 40 << 20, "{error} after {read}");
    let (error, read) = refused_after(Cursor::new(b"\"").chain(std::io::repeat(b'\n').take(LENGTH)));
    assert!(error.contains("bytes in one cell") && read < 40 << 20, "{error} after {read}");
    let (error, read) = refused_after(std::io::repeat(0).take(LENGTH));
    assert!(error.contains("Binary") && read < 40 << 20, "{error} after {read}");
}

#[test]
fn ten_thousand_columns_and_a_million_byte_cell_are_refused() {
    let mut bench = Bench::new();
    bench.limits = DecodeLimits::default();
    let fails = |name: &str, bytes: &[u8]| bench.read(&bench.write(name, bytes)).expect_err("refused").to_string();
    let names: Vec<String> = (0..10_000).map(|i| format!("c{i}")).collect();
    assert!(fails("wide.csv", names.join(",").as_bytes()).contains("more than 2000 columns near row 1"));
    let object: Vec<String> = names.iter().map(|name| format!("\"{name}\": 1")).collect();
    assert!(fails("wide.json", format!("[{{{}}}]", object.join(",")).as_bytes()).contains("more than 2000 columns"));
    let column: ArrayRef = Arc::new(StringArray::from(vec!["x"]));
    let batch = RecordBatch::try_from_iter(names.iter().map(|name| (name, column.clone()))).expect("a batch");
    assert!(fails("wide.parquet", &parquet(&batch)).contains("more than 2000 columns"));
    assert!(fails("wide.arrow", &arrow_file(&batch)).contains("more than 2000 columns"));
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "code").expect("writes").write(1, 9_999, "x").expect("writes");
    assert!(fails("wide.xlsx", &book.save_to_buffer().expect("saves")).contains("more than 2000 columns near row 2"));

    let million = "x".repeat(1_000_000);
    for (name, text) in [
        ("cell.csv", format!("code\n{million}\n")),
        ("cell.csv", format!("code\n\"{million}\"\n")),
        ("cell.json", format!("[{{\"code\": \"{million}\"}}]")),
        ("cell.json", format!("[{{\"code\": {}}}]", "1".repeat(1_000_000))),
    ] {
        assert!(fails(name, text.as_bytes()).contains("bytes in one cell"), "{name}");
    }
}

#[test]
fn deep_nesting_is_refused_where_it_opens() {
    let bench = Bench::new();
    for text in ["[".repeat(1_000_000), format!("[{}", "{\"a\":".repeat(1_000_000)), "{\"a\":[".repeat(1_000_000)] {
        let error = bench.read(&bench.write("deep.json", text.as_bytes())).expect_err("refused").to_string();
        assert!(error.len() < 300, "{error}");
    }
}

#[test]
fn compression_bombs_are_not_unpacked() {
    let mut bench = Bench::new();
    let zeros = vec![b' '; 30 << 20];
    let fails = |bench: &Bench, bytes: &[u8]| bench.read(&bench.write("b.gz", bytes)).expect_err("a bomb").to_string();
    for bomb in [gzip(&zeros), zstd(&zeros), zip(&[("a.csv", &zeros)]), zip(&[("a.zip", &zip(&[("b.csv", &zeros)]))])] {
        let error = fails(&bench, &bomb);
        assert!(error.contains("times its packed size") || error.contains("compressed twice"), "{error}");
    }
    bench.limits.expanded_bytes = 100_000;
    let text = "code\n1\n".repeat(20_000);
    for bomb in [gzip(text.as_bytes()), zstd(text.as_bytes()), zip(&[("a.csv", text.as_bytes())])] {
        assert!(fails(&bench, &bomb).contains("more than 100000 bytes, refused as a bomb"));
    }
    assert_eq!(std::fs::read_dir(bench.dir.path().join("scratch")).expect("a folder").count(), 0, "nothing stays");
    let column: ArrayRef = Arc::new(StringArray::from_iter_values((0..5000).map(|_| "x".repeat(100))));
    let batch = RecordBatch::try_from_iter([("code", column)]).expect("a batch");
    let packed = arrow_stream(&batch, Some(arrow::ipc::CompressionType::ZSTD));
    assert!(fails(&bench, &packed).contains("it unpacks to more than 100000 bytes"));
}

#[test]
fn a_few_bytes_do_not_become_a_large_chunk() {
    let mut bench = Bench::new();
    bench.limits = DecodeLimits::default();
    let names: Vec<String> = (0..2000).map(|i| format!("c{i}")).collect();
    let text = format!("{}\n{}", names.join(","), "x\n".repeat(8_000));
    let decoded = bench.open(&bench.write("short.csv", text.as_bytes())).expect("opens");
    let mut rows = 0;
    for part in decoded.parts {
        let chunks = part.expect("a part").decode().expect("reads");
        assert!(chunks.iter().all(is_small));
        rows += chunks.iter().map(|chunk| chunk.rows.len()).sum::<usize>();
    }
    assert_eq!(rows, 8_000);
}

fn is_small(chunk: &TextChunk) -> bool {
    chunk.batch.get_array_memory_size() < 40 << 20 && chunk.rows.len() <= 64 << 10
}

/// A good file of every kind.
fn samples() -> Vec<Vec<u8>> {
    let (batch, _) = typed();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "code").expect("writes").write(1, 0, "007").expect("writes").write(2, 1, 0.1).expect("writes");
    vec![
        TEXT.to_vec(),
        gzip(TEXT),
        zstd(TEXT),
        zip(&[("a.csv", TEXT)]),
        br#"[{"code": "007", "note": 1E5}, {"year": 1.10, "code": "a\"\u00e9"}]"#.to_vec(),
        parquet(&batch),
        arrow_file(&batch),
        arrow_stream(&batch, None),
        arrow_stream(&batch, Some(arrow::ipc::CompressionType::ZSTD)),
        book.save_to_buffer().expect("saves"),
        super::sheets::sample(),
        open_document(3),
        include_bytes!("things.xls").to_vec(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_files_never_panic_nor_grow(
        sample in prop::sample::select(samples()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 0..6),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut bytes = sample;
        for (at, byte, what) in changes {
            let at = at.index(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => bytes[at] ^= 1 << (byte % 8),
                2 => bytes.insert(at, byte),
                _ => bytes[at] = 0xFF,
            }
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let bench = Bench::new();
        if let Ok(decoded) = bench.open(&bench.write("x", &bytes)) {
            // Refused or not: nothing large may come of little.
            let all = chunks(decoded.parts).unwrap_or_default();
            prop_assert!(all.iter().all(is_small));
        }
    }
}
