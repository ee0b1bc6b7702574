//! Parts give what one pass gives: the same rows under the same numbers, in whatever order they are decoded.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::{Bench, chunks, lines};
use crate::decode::Part;
use crate::decode::records::{Grammar, Place, read_records};
use crate::decode::sink::RowSink;
use crate::decode::split::{Slice, Splitter};

fn grammar(delimiter: u8) -> Grammar {
    Grammar { delimiter, quote: b'"', cell_bytes: 1000, record_bytes: 4000, columns: 50 }
}

/// Cuts a text into parts of about `part` bytes.
fn cut(text: &[u8], part: usize, row_limit: u64) -> Result<Vec<Slice>, String> {
    let mut splitter = Splitter::with_sizes(text, grammar(b','), part, part / 2);
    let mut slices = Vec::new();
    while let Some(slice) = splitter.next(row_limit).map_err(|error| error.to_string())? {
        slices.push(slice);
    }
    Ok(slices)
}

fn rows(bytes: &[u8], from: Place) -> Result<Vec<(u64, Vec<String>)>, String> {
    let mut sink = RowSink::with_limit(usize::MAX);
    read_records(bytes, from, &grammar(b','), &mut sink).map_err(|fault| fault.to_string())?;
    Ok(sink.rows)
}

/// A reader that hands out a few bytes at a time.
struct Trickle<'a>(&'a [u8], usize);

impl std::io::Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(buffer.len()).min(self.0.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

#[test]
fn a_return_at_the_end_of_a_block_is_not_cut_from_its_newline() {
    let text = b"a,b\r\nc,d\r\ne,f\r\n";
    for part in 1..text.len() {
        let slices = cut(text, part, u64::MAX).expect("good");
        assert!(slices.iter().all(|slice| slice.bytes.first() != Some(&b'\n')), "{part}");
        assert_eq!(slices.last().map(|slice| (slice.from.row + slice.rows, slice.is_last)), Some((4, true)), "{part}");
    }
}

#[test]
fn decoding_in_another_order_gives_the_same_rows() {
    let bench = Bench::new();
    let mut text = "code,note,year\n".to_owned();
    for i in 0..19_000 {
        let (long, year) = ("x".repeat(i % 200), 2000 + i % 20);
        text.extend(["K", &i.to_string(), ",\"two\nlines, ", &long, "\",", &year.to_string(), "\n"]);
        if i % 1000 == 0 {
            text.push_str("\n\n");
        }
    }
    let path = bench.write("things__office__20230601__001.csv", text.as_bytes());
    let forwards = lines(&chunks(bench.open(&path).expect("opens").parts).expect("reads"));
    let mut parts: VecDeque<Part> = bench.open(&path).expect("opens").parts.map(|part| part.expect("a part")).collect();
    assert!(parts.len() > 1);
    let mut backwards = VecDeque::new();
    std::thread::scope(|scope| {
        while let Some(part) = parts.pop_back() {
            let decoded = scope.spawn(|| part.decode().expect("reads")).join().expect("no panic");
            backwards.push_front(lines(&decoded));
        }
    });
    assert_eq!(backwards.into_iter().flatten().collect::<Vec<_>>(), forwards);
    assert_eq!(forwards.len(), 19_000);
    assert!(forwards[18_999].starts_with("19039: K18999|"), "{}", &forwards[18_999][..20]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_are_the_text_and_have_its_rows(
        text in "([a-c\"\\r\\n,é ]|\"\"|,\"|\"\\n|\\r\\n|\"[a,\\n]{0,9}\"){0,60}",
        part in 1_usize..40,
        row_limit in prop_oneof![Just(u64::MAX), 1_u64..5],
    ) {
        let whole = rows(text.as_bytes(), Place { row: 1, line: 1 });
        match (whole, cut(text.as_bytes(), part, row_limit)) {
            (Ok(whole), Ok(slices)) => {
                let mut found = Vec::new();
                let mut bytes: Vec<u8> = Vec::new();
                let mut next = 1;
                for slice in &slices {
                    prop_assert_eq!(slice.from.row, next);
                    prop_assert_eq!(slice.offset, bytes.len() as u64);
                    prop_assert!(slice.rows <= row_limit);
                    next += slice.rows;
                    bytes.extend(&slice.bytes);
                    found.extend(rows(&slice.bytes, slice.from).expect("a part of a good text is good"));
                }
                prop_assert_eq!(bytes, text.as_bytes());
                prop_assert_eq!(found, whole);
                prop_assert_eq!(slices.iter().filter(|slice| slice.is_last).count(), usize::from(!text.is_empty()));
            }
            // What one pass refuses is refused with the same words by the first part that is wrong, or by the splitter.
            (Err(whole), slices) => {
                let mut splitter = Splitter::with_sizes(text.as_bytes(), grammar(b','), part, part / 2);
                let mut first = None;
                while first.is_none() {
                    match splitter.next(row_limit) {
                        Ok(Some(slice)) => first = rows(&slice.bytes, slice.from).err(),
                        Ok(None) => break,
                        Err(error) => first = Some(error.to_string()),
                    }
                }
                prop_assert_eq!(first, Some(whole), "{:?}", slices.map(|s| s.len()));
            }
            (Ok(_), Err(error)) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn the_last_part_is_known_however_small_parts_are(text in "[a,\"\r\n]{1,12}", part in 1_usize..4) {
        if let Ok(slices) = cut(text.as_bytes(), part, u64::MAX) {
            prop_assert_eq!(slices.iter().map(|slice| slice.is_last).collect::<Vec<_>>().pop(), Some(true));
        }
    }

    #[test]
    fn well_formed_text_reads_as_the_csv_crate_reads_it(
        cells in prop::collection::vec(prop::collection::vec("[a-z0-9\",;\\r\\n éŵ]{0,12}", 1..6), 1..30),
        part in 1_usize..200,
        step in 1_usize..50,
    ) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for row in &cells {
            writer.write_record(row).expect("writes");
        }
        let text = writer.into_inner().expect("ends");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_slice());
        let expected: Vec<Vec<String>> = reader
            .records()
            .map(|record| record.expect("well formed").iter().map(str::to_owned).collect())
            .filter(|row: &Vec<String>| row.iter().any(|cell| !cell.trim().is_empty()))
            .collect();
        let mut splitter = Splitter::with_sizes(Trickle(&text, step), grammar(b','), part, part);
        let mut found = Vec::new();
        while let Some(slice) = splitter.next(u64::MAX).expect("well formed") {
            found.extend(rows(&slice.bytes, slice.from).expect("well formed"));
        }
        let numbers: Vec<u64> = (1_u64..)
            .zip(&cells)
            .filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()))
            .map(|(number, _)| number)
            .collect();
        prop_assert_eq!(found.iter().map(|(number, _)| *number).collect::<Vec<_>>(), numbers);
        prop_assert_eq!(found.into_iter().map(|(_, row)| row).collect::<Vec<_>>(), expected);
    }
}
