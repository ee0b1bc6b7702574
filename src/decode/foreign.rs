//! Recognises files that are no table of a kind that is read, by their first bytes, so that their refusal says what they
//! are and what to send instead.

/// How much of a file is looked at.
pub(super) const FOREIGN_HEAD_BYTES: usize = 4 << 10;

/// What a file is, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Foreign {
    pub(super) what: &'static str,
    pub(super) hint: &'static str,
}

const SEND_DATA: &str = "send the data themselves, as .csv or .xlsx";
const UNPACK: &str = "unpack it and send the data file, alone or in .zip, .gz or .zst";
const SAVE_AGAIN: &str = "open it in Excel and save it as .xlsx";
const AS_UTF8: &str = "save it as UTF-8";

/// First bytes, what they belong to, and what to do.
const BEGINNINGS: [(&[u8], &str, &str); 14] = [
    (b"%PDF-", "a PDF document", SEND_DATA),
    (b"\x89PNG\r\n", "a picture", SEND_DATA),
    (b"\xFF\xD8\xFF", "a picture", SEND_DATA),
    (b"GIF8", "a picture", SEND_DATA),
    (b"{\\rtf", "a text document (RTF)", SEND_DATA),
    (b"SQLite format 3\0", "an SQLite database", "export the table as .csv"),
    (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive", UNPACK),
    (b"Rar!\x1A\x07", "a RAR archive", UNPACK),
    (b"\xFD7zXZ\0", "compressed with xz", UNPACK),
    (b"BZh", "compressed with bzip2", UNPACK),
    (b"\xFF\xFE\0\0", "text in UTF-32", AS_UTF8),
    (b"\0\0\xFE\xFF", "text in UTF-32", AS_UTF8),
    (b"Return-Path:", "a mail", "send the file that is attached to it"),
    (b"MIME-Version:", "a web archive or a mail", SEND_DATA),
];

/// What the beginning of a file shows, if it is none that is read. `head` is its first bytes.
pub(super) fn find_foreign(head: &[u8]) -> Option<Foreign> {
    let known = |what: &'static str, hint: &'static str| Some(Foreign { what, hint });
    for (beginning, what, hint) in BEGINNINGS {
        // A table of names may begin with these letters, compressed bytes are no text.
        let is_text = beginning == b"BZh" && head.iter().take(64).all(u8::is_ascii);
        if head.starts_with(beginning) && !is_text {
            return known(what, hint);
        }
    }
    if is_sylk(head) {
        return known("a SYLK workbook", SAVE_AGAIN);
    }
    if is_mailbox(head) {
        return known("a mail", "send the file that is attached to it");
    }
    if head.get(257..262) == Some(b"ustar") {
        return known("a tar archive", UNPACK);
    }
    if is_utf32(head) {
        return known("text in UTF-32", AS_UTF8);
    }
    if is_ebcdic(head) {
        return known("text in EBCDIC, from a mainframe", AS_UTF8);
    }
    find_markup(head)
}

fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end)
}

/// Its first record is `ID;P`, and the next ones begin with a letter or two and a semicolon. A table may have such a header.
fn is_sylk(head: &[u8]) -> bool {
    let second = lines(head).nth(1).unwrap_or_default();
    let records: [&[u8]; 6] = [b"P;", b"B;", b"C;", b"F;", b"O;", b"NN;"];
    head.starts_with(b"ID;P") && records.iter().any(|record| second.starts_with(record))
}

/// `From somebody@example.org Tue Mar  5 09:30:00 2024`, and no title or header that begins with this word.
fn is_mailbox(head: &[u8]) -> bool {
    let first = lines(head).next().unwrap_or_default();
    first.starts_with(b"From ") && first.contains(&b'@') && !first.contains(&b',')
}

/// HTML and XML, whatever they are called.
fn find_markup(head: &[u8]) -> Option<Foreign> {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    if !text.starts_with(b"<") {
        return None;
    }
    let text = String::from_utf8_lossy(text).to_ascii_lowercase();
    if text.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        return Some(Foreign { what: "an XML workbook of Excel 2003", hint: SAVE_AGAIN });
    }
    if ["<html", "<!doctype html", "<table", "<head", "<body", "<meta"].iter().any(|tag| text.contains(tag)) {
        let hint = "if it shows the table, open it in Excel and save it as .xlsx; if it shows an error or asks for a \
                    password, download the file again";
        return Some(Foreign { what: "a web page (HTML)", hint });
    }
    text.starts_with("<?xml").then_some(Foreign { what: "an XML document", hint: SEND_DATA })
}

/// Latin text in UTF-32 has three zeros with every letter.
fn is_utf32(head: &[u8]) -> bool {
    let units = head.chunks_exact(4);
    let count = units.len();
    let little = units.clone().filter(|unit| unit[0] != 0 && unit[1..] == [0; 3]).count();
    let big = units.filter(|unit| unit[3] != 0 && unit[..3] == [0; 3]).count();
    count >= 4 && (little * 10 > count * 9 || big * 10 > count * 9)
}

/// In EBCDIC letters and digits are bytes from 0x81 on, blanks are 0x40, and lines end in 0x15 or 0x25 or not at all.
fn is_ebcdic(head: &[u8]) -> bool {
    let share = |wanted: fn(&u8) -> bool| head.iter().filter(|byte| wanted(byte)).count() * 10 / head.len().max(1);
    let is_letter = |byte: &u8| matches!(byte, 0x81..=0xA9 | 0xC1..=0xE9 | 0xF0..=0xF9);
    head.len() >= 16
        && !head.iter().any(|byte| matches!(byte, b'\n' | b'\r' | 0))
        && std::str::from_utf8(head).is_err()
        && share(is_letter) >= 5
        && share(u8::is_ascii_alphanumeric) <= 2
}

#[cfg(test)]
mod tests {
    use super::find_foreign;

    #[test]
    fn a_file_is_known_by_its_beginning() {
        let what = |head: &[u8]| find_foreign(head).map(|foreign| foreign.what);
        let wide: Vec<u8> = "code,name\n".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        let mut tar = vec![0_u8; 512];
        tar[257..262].copy_from_slice(b"ustar");
        for (head, expected) in [
            (b"%PDF-1.7\n".as_slice(), Some("a PDF document")),
            (b"ID;PWXL;N;E\nP;PGeneral\n", Some("a SYLK workbook")),
            (b"ID;Project name;Edition\n1;Loom;2\n", None),
            (b"From a@example.org Tue Mar  5 09:30:00 2024\n", Some("a mail")),
            (b"From date,To date\n", None),
            (b"From April 2024 these codes apply\n", None),
            (&wide, Some("text in UTF-32")),
            (&tar, Some("a tar archive")),
            (b"\xEF\xBB\xBF\n<!DOCTYPE html><html>", Some("a web page (HTML)")),
            (b"<table><tr><td>code</td></tr></table>", Some("a web page (HTML)")),
            (
                b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                Some("an XML workbook of Excel 2003"),
            ),
            (b"<?xml version=\"1.0\"?><rows/>", Some("an XML document")),
            (
                b"\x83\x96\x84\x85\x6B\x95\x81\x94\x85\x25\xF0\xF0\xF7\x6B\xC1\x95\x95\x25",
                Some("text in EBCDIC, from a mainframe"),
            ),
            (b"BZh91AY&SY\xC3\x01", Some("compressed with bzip2")),
            (b"BZh,code\n1,2\n", None),
            (b"code,name\n<1,2\n", None),
            (b"<5,code\n1,2\n", None),
            (b"\xEA\xEE\xE4,\xE8\xEC\xFF\n\xEA\xEE\xE4,\xE8\xEC\xFF\n", None),
            (b"", None),
        ] {
            assert_eq!(what(head), expected, "{head:?}");
        }
    }
}
