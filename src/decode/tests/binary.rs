//! What is found in old binary workbooks before they are read.

use crate::decode::binary_workbook::{Unreadable, check_binary_workbook, declared};
use crate::decode::number_format::NumberFormat;

/// A compound file of one stream of at least 4096 bytes: its table is sector 0, its directory sector 1.
fn compound(stream: &[u8]) -> Vec<u8> {
    let sectors = stream.len().div_ceil(512);
    let mut file = vec![0xFF_u8; 512];
    file[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    for (at, number) in [(30, 9_u32), (48, 1), (56, 4096), (60, u32::MAX), (68, u32::MAX), (76, 0)] {
        let bytes = number.to_le_bytes();
        let width = if at == 30 { 2 } else { 4 };
        file[at..at + width].copy_from_slice(&bytes[..width]);
    }
    let mut table = vec![0xFFFF_FFFD_u32, 0xFFFF_FFFE];
    table.extend(
        (0..sectors).map(|at| if at + 1 == sectors { 0xFFFF_FFFE } else { u32::try_from(at + 3).expect("small") }),
    );
    table.resize(128, u32::MAX);
    file.extend(table.iter().flat_map(|number| number.to_le_bytes()));
    let mut entry = vec![0_u8; 512];
    for (at, unit) in "Workbook".encode_utf16().enumerate() {
        entry[2 * at..2 * at + 2].copy_from_slice(&unit.to_le_bytes());
    }
    entry[64] = 18;
    entry[66] = 2;
    entry[116] = 2;
    entry[120..124].copy_from_slice(&u32::try_from(stream.len()).expect("small").to_le_bytes());
    file.extend(entry);
    file.extend(stream);
    file.resize(file.len().div_ceil(512) * 512, 0);
    file
}

fn record(kind: u16, data: &[u16]) -> Vec<u8> {
    let length = u16::try_from(data.len() * 2).expect("small");
    [kind, length].iter().chain(data).flat_map(|unit| unit.to_le_bytes()).collect()
}

/// A workbook of one sheet, in which style 1 is a percentage; one shared text has 30,000 letters.
fn workbook(records: &[Vec<u8>]) -> Vec<u8> {
    let mut stream = record(0x0809, &[0x0600, 5]);
    stream.extend([record(0x00E0, &[0, 0]), record(0x00E0, &[0, 10])].concat());
    let start = stream.len() + 4 + 4;
    stream.extend(record(0x0085, &[0, 0]));
    let mut text = vec![1, 0, 1, 0, 8000, u16::from_le_bytes([0, b'x'])];
    text.extend([u16::from_le_bytes([b'x', b'x']); 2000]);
    stream.extend(record(0x00FC, &text));
    let mut more = vec![u16::from_le_bytes([0, b'x'])];
    more.extend([u16::from_le_bytes([b'x', b'x']); 1999]);
    stream.extend(record(0x003C, &more));
    stream.extend(record(0x000A, &[]));
    let sheet = u32::try_from(stream.len()).expect("small").to_le_bytes();
    stream[start - 4..start].copy_from_slice(&sheet);
    stream.extend(record(0x0809, &[0x0600, 0x10]));
    stream.extend(records.concat());
    stream.extend(record(0x000A, &[]));
    compound(&stream)
}

#[test]
fn percentages_are_found() {
    let found = check_binary_workbook(
        &workbook(&[
            record(0x0203, &[3, 2, 1, 0, 0, 0, 0]),
            record(0x0203, &[4, 2, 0, 0, 0, 0, 0]),
            record(0x00BD, &[5, 0, 0, 0, 0, 1, 0, 0, 1]),
        ]),
        1 << 20,
    );
    let percent = NumberFormat::Percent;
    assert_eq!(found, Ok(vec![[((3, 2), percent), ((5, 1), percent)].into()]));
}

#[test]
fn what_would_fill_the_memory_is_refused() {
    let far = [record(0x0203, &[0, 0, 0, 0, 0, 0, 0]), record(0x0203, &[65_535, 255, 0, 0, 0, 0, 0])];
    assert_eq!(check_binary_workbook(&workbook(&far), 1 << 20), Err(Unreadable::Cells(4 << 20)));
    let near = [record(0x0203, &[0, 0, 0, 0, 0, 0, 0]), record(0x0203, &[65_535, 20, 0, 0, 0, 0, 0])];
    assert!(check_binary_workbook(&workbook(&near), 1 << 20).is_ok());
    let texts: Vec<Vec<u8>> = (0..50).map(|row| record(0x00FD, &[row, 0, 0, 0, 0])).collect();
    assert_eq!(check_binary_workbook(&workbook(&texts), 1 << 20), Err(Unreadable::Text(1 << 20)));
    assert!(check_binary_workbook(&workbook(&texts), 2 << 20).is_ok());
    let wide = [record(0x0200, &[0, 0, 0xFFFF, 0xFFFF, 0, 256, 0])];
    assert_eq!(check_binary_workbook(&workbook(&wide), 1 << 20), Err(Unreadable::Cells(1 << 24)));
    let turned: Vec<u8> = [9_u32, 3].iter().flat_map(|row| row.to_le_bytes()).chain([0, 0, 4, 0, 0, 0]).collect();
    assert_eq!(declared(&turned), u64::MAX);
}

#[test]
fn real_workbooks_pass() {
    let bytes = include_bytes!("things.xls");
    assert!(check_binary_workbook(bytes, 1 << 20).is_ok());
    for length in [100, 600, bytes.len() / 2] {
        let _ = check_binary_workbook(&bytes[..length], 1 << 20);
    }
    assert_eq!(check_binary_workbook(b"\xD0\xCF\x11\xE0", 1 << 20), Err(Unreadable::Damaged));
}
