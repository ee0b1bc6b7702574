//! Formats other than plain text, and what they may be wrapped in. The content decides, not the name.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int64Array, ListArray,
    RecordBatch, StringArray, TimestampMicrosecondArray, TimestampMillisecondArray,
};
use arrow::datatypes::Int32Type;
use arrow::ipc::CompressionType;
use arrow::ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use parquet::arrow::ArrowWriter;

use super::{Bench, chunks, lines};
use crate::decode::{Compression, FileFormat};

pub(super) const TEXT: &[u8] = b"code,note\n007,\"two\nlines\"\n1E5,1.10\n";

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("packs");
    encoder.finish().expect("packs")
}

pub(super) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ::zstd::encode_all(bytes, 3).expect("packs")
}

pub(super) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, ::zip::write::SimpleFileOptions::default()).expect("a part");
        archive.write_all(bytes).expect("writes");
    }
    archive.finish().expect("ends").into_inner()
}

#[test]
fn wrapped_files_read_like_plain_ones() {
    let bench = Bench::new();
    let mut two = gzip(&TEXT[..20]);
    two.extend(gzip(&TEXT[20..]));
    for (bytes, compression) in [
        (gzip(TEXT), Compression::Gzip),
        (two, Compression::Gzip),
        (zstd(TEXT), Compression::Zstd),
        (zip(&[("data.csv", TEXT)]), Compression::Zip),
        (zip(&[("__MACOSX/._data.csv", b"x"), (".DS_Store", b"x"), ("a/data.csv", TEXT)]), Compression::Zip),
    ] {
        let path = bench.write("things.bin", &bytes);
        assert_eq!(bench.dialect(&path).compression, Some(compression));
        assert_eq!(lines(&bench.read(&path).expect("reads").1), ["2: 007|two\nlines", "3: 1E5|1.10"]);
    }
    assert_eq!(std::fs::read_dir(bench.dir.path().join("scratch")).expect("a folder").count(), 0, "nothing stays");
}

#[test]
fn a_wrapping_must_hold_one_file_once() {
    let bench = Bench::new();
    let fails = |bytes: &[u8]| bench.read(&bench.write("things.zip", bytes)).expect_err("refused").to_string();
    assert!(fails(&zip(&[("a.csv", TEXT), ("b.csv", TEXT)])).contains("the archive holds 2 files; send one data file"));
    assert!(fails(&zip(&[("a/", b"")])).contains("the archive holds 0 files"));
    for twice in [
        gzip(&gzip(TEXT)),
        zstd(&gzip(TEXT)),
        gzip(&zip(&[("a.csv", TEXT)])),
        zip(&[("a.zip", &zip(&[("a.csv", TEXT)]))]),
    ] {
        assert!(fails(&twice).contains("it is compressed twice; compress the data file once"));
    }
    assert!(fails(&gzip(TEXT)[..30]).contains("cannot be unpacked"));
    assert!(fails(&zstd(TEXT)[..20]).contains("cannot be unpacked"));
    assert!(fails(&gzip(b"")).contains("the file is empty"));
    assert!(fails(&zip(&[])).contains("the archive holds 0 files"));
    assert!(fails(&gzip(b"%PDF-1.7")).contains("it is a PDF document"));
}

#[test]
fn a_workbook_may_be_wrapped() {
    let bench = Bench::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write(0, 0, "code").expect("writes").write(1, 0, "007").expect("writes");
    let bytes = book.save_to_buffer().expect("saves");
    for wrapped in [gzip(&bytes), zip(&[("things.xlsx", &bytes)])] {
        let path = bench.write("things.xlsx.gz", &wrapped);
        assert_eq!(lines(&bench.read(&path).expect("reads").1), ["2: 007"]);
        assert_eq!(bench.dialect(&path).format, FileFormat::Xlsx);
    }
}

#[test]
fn json_keys_become_columns_and_numbers_stay_as_written() {
    let bench = Bench::new();
    let array = r#" [ {"code": "007", "note": 1E5}, {"year": 1.10, "code": "a\"\u00e9\ud83d\ude00\n"}, {}, {"note": null, "code": true, "year": -0.0} ] "#;
    let lined = "{\"code\": \"007\", \"note\": 1E5}\n{\"year\": 1.10, \"code\": \"a\\\"é😀\\n\"}\n{}\r\n\n{\"note\": null, \"code\": true, \"year\": -0.0}";
    for (text, format) in [(array, FileFormat::Json), (lined, FileFormat::NdJson)] {
        let path = bench.write("things.txt", text.as_bytes());
        let (columns, chunks) = bench.read(&path).expect("reads");
        assert_eq!(columns, ["code", "note", "year"]);
        assert_eq!(lines(&chunks), ["1: 007|1E5|", "2: a\"é😀\n||1.10", "3: ||", "4: true||-0.0"]);
        assert_eq!(bench.dialect(&path).format, format);
    }
    let wide: Vec<u8> = array.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(bench.read(&bench.write("things.json", &wide)).expect("reads").1[0].rows.len(), 4);
}

#[test]
fn json_that_is_no_table_is_refused() {
    let bench = Bench::new();
    for (text, what) in [
        (r#"[{"code": {"a": 1}}]"#, "nested values under `code` in object 1"),
        (r#"[{"code": 1}, {"code": [1]}]"#, "nested values under `code` in object 2"),
        (r#"[{"code": 1, "code": 2}]"#, "`code` stands twice in object 1"),
        (r#"[{"code": 1}, 5]"#, "another character stands where `{` should in object 2"),
        (r#"[{"code": 1}"#, "the text ends where `]` should stand"),
        (r#"[{"code": 01}]"#, "neither text, number, true, false nor null"),
        (r#"[{"code": NaN}]"#, "neither text, number, true, false nor null"),
        (r#"[{"code": "x}]"#, "a text is never closed"),
        ("[{\"code\": \"a\nb\"}]", "control character or a line break"),
        (r#"[{"code": "\ud800x"}]"#, "half of a character"),
        (r#"[{"code": 1}] []"#, "something follows the end of the array"),
        ("[]", "the file is empty"),
    ] {
        let error = bench.read(&bench.write("things.json", text.as_bytes())).expect_err("refused").to_string();
        assert!(error.contains(what), "{text}: {error}");
    }
}

/// Columns of many types, and what they become.
pub(super) fn typed() -> (RecordBatch, [&'static str; 2]) {
    let dictionary: DictionaryArray<Int32Type> = vec![Some("y"), None].into_iter().collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("code", Arc::new(StringArray::from(vec!["007", "é"]))),
        ("whole", Arc::new(Int64Array::from(vec![Some(-5), None]))),
        ("float", Arc::new(Float64Array::from(vec![0.1, 12.0]))),
        ("exact", Arc::new(Decimal128Array::from(vec![110, -5]).with_precision_and_scale(10, 2).expect("fits"))),
        ("flag", Arc::new(BooleanArray::from(vec![true, false]))),
        ("day", Arc::new(Date32Array::from(vec![18_535, -1]))),
        ("instant", Arc::new(TimestampMicrosecondArray::from(vec![0, 1_500_000]).with_timezone("Europe/London"))),
        ("local", Arc::new(TimestampMillisecondArray::from(vec![0, 61_000]))),
        ("kind", Arc::new(dictionary)),
    ];
    let batch =
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)));
    let rows = [
        "1: 007|-5|0.1|1.10|true|2020-09-30|1970-01-01T00:00:00Z|1970-01-01T00:00:00|y",
        "2: é||12|-0.05|false|1969-12-31|1970-01-01T00:00:01.500Z|1970-01-01T00:01:01|",
    ];
    (batch.expect("columns of one length"), rows)
}

pub(super) fn parquet(batch: &RecordBatch) -> Vec<u8> {
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).expect("a writer");
    writer.write(batch).expect("writes");
    writer.into_inner().expect("ends")
}

pub(super) fn arrow_file(batch: &RecordBatch) -> Vec<u8> {
    let mut writer = FileWriter::try_new(Vec::new(), &batch.schema()).expect("a writer");
    writer.write(batch).expect("writes");
    writer.into_inner().expect("ends")
}

pub(super) fn arrow_stream(batch: &RecordBatch, compression: Option<CompressionType>) -> Vec<u8> {
    let options = IpcWriteOptions::default().try_with_compression(compression).expect("known");
    let mut writer = StreamWriter::try_new_with_options(Vec::new(), &batch.schema(), options).expect("a writer");
    writer.write(batch).expect("writes");
    writer.into_inner().expect("ends")
}

#[test]
fn columnar_values_become_canonical_texts() {
    let bench = Bench::new();
    let (batch, expected) = typed();
    for (bytes, format) in [
        (parquet(&batch), FileFormat::Parquet),
        (arrow_file(&batch), FileFormat::Arrow),
        (arrow_stream(&batch, None), FileFormat::Arrow),
        (arrow_stream(&batch, Some(CompressionType::ZSTD)), FileFormat::Arrow),
        (arrow_stream(&batch, Some(CompressionType::LZ4_FRAME)), FileFormat::Arrow),
        (gzip(&parquet(&batch)), FileFormat::Parquet),
    ] {
        let path = bench.write("things.dat", &bytes);
        let (columns, chunks) = bench.read(&path).expect("reads");
        assert_eq!(columns, ["code", "whole", "float", "exact", "flag", "day", "instant", "local", "kind"]);
        assert_eq!(lines(&chunks), expected, "{format:?}");
        assert_eq!(bench.dialect(&path).format, format);
    }
}

#[test]
fn nested_and_damaged_columnar_files_are_refused() {
    let bench = Bench::new();
    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1)])]);
    let nested = RecordBatch::try_from_iter([("parts", Arc::new(lists) as ArrayRef)]).expect("a batch");
    for bytes in [parquet(&nested), arrow_file(&nested)] {
        let error = bench.read(&bench.write("things.dat", &bytes)).expect_err("nested").to_string();
        assert!(error.contains("column `parts` is of type List"), "{error}");
    }
    let (batch, _) = typed();
    for bytes in [parquet(&batch), arrow_file(&batch), arrow_stream(&batch, None)] {
        for length in [9, 40, bytes.len() / 2, bytes.len() * 9 / 10] {
            assert!(bench.read(&bench.write("things.dat", &bytes[..length])).is_err(), "{length} of {}", bytes.len());
        }
    }
}

#[test]
fn many_columnar_rows_come_in_small_chunks() {
    let mut bench = Bench::new();
    bench.limits.cell_bytes = 64 << 10;
    let long = "x".repeat(60_000);
    let texts: ArrayRef = Arc::new(StringArray::from_iter_values((0..600).map(|_| long.as_str())));
    let batch = RecordBatch::try_from_iter([("code", texts)]).expect("a batch");
    for bytes in [parquet(&batch), arrow_file(&batch)] {
        let (_, chunks) = bench.read(&bench.write("things.dat", &bytes)).expect("reads");
        assert_eq!(chunks.iter().map(|chunk| chunk.rows.len()).sum::<usize>(), 600);
        assert!(chunks.iter().all(|chunk| chunk.batch.get_array_memory_size() < 20 << 20));
    }
    bench.limits.cell_bytes = 50_000;
    let error = bench.read(&bench.write("things.dat", &parquet(&batch))).expect_err("long").to_string();
    assert!(error.contains("more than 50000 bytes in one cell near row 1"), "{error}");
    bench.limits.rows = 599;
    let error = bench.read(&bench.write("things.dat", &parquet(&batch))).expect_err("many").to_string();
    assert!(error.contains("more than 599 rows"), "{error}");
}

#[test]
fn an_old_workbook_is_read_with_its_merged_cells() {
    let bench = Bench::new();
    let path = bench.write("things.dat", include_bytes!("things.xls"));
    let dialect = bench.dialect(&path);
    assert_eq!((dialect.format, dialect.header_row), (FileFormat::Xls, Some(2)));
    assert_eq!(dialect.title, ["A title"]);
    let expected = ["3: 007|café|12|2020-09-30", "4: 007|0.3|true|"];
    assert_eq!(lines(&chunks(bench.open(&path).expect("opens").parts).expect("reads")), expected);
}
