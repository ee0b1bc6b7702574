//! A streaming reader of flat JSON objects. Texts are unescaped, numbers keep the characters they were written with, and
//! nothing is held but the cell that is being read. Nesting is refused where it opens, so its depth does not matter.

use std::io::Read;

use memchr::memchr2;

const BLOCK: usize = 64 << 10;
/// Characters of a number or word; real ones have some dozens at most.
const MAX_WORD: usize = 400;

/// Why it cannot go on.
pub(super) enum JsonFault {
    Io(std::io::Error),
    /// What is wrong with the text.
    Syntax(String),
    /// A text is longer than this.
    Long(usize),
}

/// Reads characters and simple values.
pub(super) struct JsonText<R> {
    inner: R,
    block: Vec<u8>,
    start: usize,
    end: usize,
    text_limit: usize,
}

impl<R: Read> JsonText<R> {
    pub(super) fn new(inner: R, text_limit: usize) -> Self {
        Self { inner, block: vec![0; BLOCK], start: 0, end: 0, text_limit }
    }

    fn fill(&mut self) -> Result<bool, JsonFault> {
        while self.start == self.end {
            match self.inner.read(&mut self.block) {
                Ok(0) => return Ok(false),
                Ok(count) => (self.start, self.end) = (0, count),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(JsonFault::Io(error)),
            }
        }
        Ok(true)
    }

    fn peek(&mut self) -> Result<Option<u8>, JsonFault> {
        Ok(if self.fill()? { Some(self.block[self.start]) } else { None })
    }

    fn next(&mut self) -> Result<u8, JsonFault> {
        let byte = self.peek()?.ok_or_else(|| syntax("the text ends"))?;
        self.start += 1;
        Ok(byte)
    }

    /// The next character that is no white space; not taken.
    pub(super) fn peek_token(&mut self) -> Result<Option<u8>, JsonFault> {
        while let Some(byte) = self.peek()? {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Ok(Some(byte));
            }
            self.start += 1;
        }
        Ok(None)
    }

    /// Takes a character if it is the next one.
    pub(super) fn take(&mut self, wanted: u8) -> Result<bool, JsonFault> {
        let found = self.peek_token()? == Some(wanted);
        if found {
            self.start += 1;
        }
        Ok(found)
    }

    pub(super) fn expect(&mut self, wanted: u8) -> Result<(), JsonFault> {
        if self.take(wanted)? {
            return Ok(());
        }
        Err(syntax(&match self.peek_token()? {
            Some(_) => format!("another character stands where `{}` should", char::from(wanted)),
            None => format!("the text ends where `{}` should stand", char::from(wanted)),
        }))
    }

    /// Reads a text in quotes into `out`.
    pub(super) fn read_text(&mut self, out: &mut Vec<u8>) -> Result<(), JsonFault> {
        out.clear();
        self.expect(b'"')?;
        loop {
            if !self.fill()? {
                return Err(syntax("a text is never closed"));
            }
            let ready = &self.block[self.start..self.end];
            let stop = memchr2(b'"', b'\\', ready).unwrap_or(ready.len());
            if ready[..stop].iter().any(|byte| *byte < 0x20) {
                return Err(syntax("a text holds a control character or a line break"));
            }
            out.extend_from_slice(&ready[..stop]);
            let found = ready.get(stop).copied();
            self.start += stop + usize::from(found.is_some());
            if out.len() > self.text_limit {
                return Err(JsonFault::Long(self.text_limit));
            }
            match found {
                Some(b'"') => return Ok(()),
                Some(_) => self.read_escape(out)?,
                None => {}
            }
        }
    }

    fn read_escape(&mut self, out: &mut Vec<u8>) -> Result<(), JsonFault> {
        let byte = match self.next()? {
            byte @ (b'"' | b'\\' | b'/') => byte,
            b'b' => 0x08,
            b'f' => 0x0C,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => return self.read_unicode(out),
            _ => return Err(syntax("an unknown escape")),
        };
        out.push(byte);
        Ok(())
    }

    fn read_unicode(&mut self, out: &mut Vec<u8>) -> Result<(), JsonFault> {
        let mut unit = self.read_hex()?;
        if (0xD800..0xDC00).contains(&unit) && self.next()? == b'\\' && self.next()? == b'u' {
            let low = self.read_hex()?;
            if (0xDC00..0xE000).contains(&low) {
                unit = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            }
        }
        let c = char::from_u32(unit).ok_or_else(|| syntax("half of a character outside the basic plane"))?;
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(())
    }

    fn read_hex(&mut self) -> Result<u32, JsonFault> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = char::from(self.next()?).to_digit(16).ok_or_else(|| syntax("an unknown escape"))?;
            unit = unit * 16 + digit;
        }
        Ok(unit)
    }

    /// Reads a number or one of `true`, `false`, `null` into `out`, as written; `null` leaves it empty.
    pub(super) fn read_word(&mut self, out: &mut Vec<u8>) -> Result<(), JsonFault> {
        out.clear();
        while let Some(byte) = self.peek()? {
            if !matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.') {
                break;
            }
            out.push(byte);
            self.start += 1;
            if out.len() > MAX_WORD {
                return Err(JsonFault::Long(MAX_WORD));
            }
        }
        match out.as_slice() {
            b"null" => out.clear(),
            b"true" | b"false" => {}
            number if is_number(number) => {}
            _ => return Err(syntax("a value that is neither text, number, true, false nor null")),
        }
        Ok(())
    }
}

/// Whether a text is a number as JSON writes it.
fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let unsigned = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(unsigned);
    if whole == 0 || whole > 1 && unsigned[0] == b'0' {
        return false;
    }
    let mut rest = &unsigned[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = &fraction[count..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}

pub(super) fn syntax(what: &str) -> JsonFault {
    JsonFault::Syntax(what.to_owned())
}
