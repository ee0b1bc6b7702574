//! One CSV file in the making: UTF-8, comma, header row, LF. Appears under its name only when complete.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use csv::ByteRecord;

use super::day::Day;
use super::error::SampleError;

/// A file in the making. A row is put together field by field and then ended.
pub(super) struct Sheet {
    name: String,
    path: PathBuf,
    part: PathBuf,
    columns: &'static [&'static str],
    writer: csv::Writer<BufWriter<File>>,
    record: ByteRecord,
    rows: u64,
}

impl Sheet {
    /// Starts `name` in `folder` and writes its header.
    pub(super) fn create(folder: &Path, name: String, columns: &'static [&'static str]) -> Result<Self, SampleError> {
        let path = folder.join(&name);
        let part = folder.join(format!(".{name}.part"));
        let file = File::create(&part).map_err(|source| SampleError::File { path: part.clone(), source })?;
        let mut writer = csv::WriterBuilder::new().from_writer(BufWriter::with_capacity(1 << 18, file));
        writer.write_record(columns).map_err(|source| SampleError::Row { path: path.clone(), source })?;
        Ok(Self { name, path, part, columns, writer, record: ByteRecord::new(), rows: 0 })
    }

    /// The file's name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.record.push_field(text.as_bytes());
        self
    }

    /// Nothing.
    pub(super) fn empty(&mut self) -> &mut Self {
        self.record.push_field(b"");
        self
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, flag: bool) -> &mut Self {
        self.text(if flag { "true" } else { "false" })
    }

    /// A whole number.
    pub(super) fn whole(&mut self, number: i64) -> &mut Self {
        self.decimal(number, 0)
    }

    /// `number` times ten to the power of `-scale`: 1250 with scale 2 is `12.50`.
    pub(super) fn decimal(&mut self, number: i64, scale: usize) -> &mut Self {
        let mut digits = [b'0'; 24];
        let mut at = digits.len();
        let mut rest = number.unsigned_abs();
        let mut written = 0;
        while rest > 0 || written <= scale {
            at -= 1;
            if scale > 0 && written == scale {
                digits[at] = b'.';
                at -= 1;
            }
            digits[at] = b'0' + u8::try_from(rest % 10).expect("a digit fits a byte");
            rest /= 10;
            written += 1;
        }
        if number < 0 {
            at -= 1;
            digits[at] = b'-';
        }
        self.record.push_field(&digits[at..]);
        self
    }

    /// An amount in pence or hundredths, if there is one.
    pub(super) fn hundredths(&mut self, amount: Option<i64>) -> &mut Self {
        match amount {
            Some(amount) => self.decimal(amount, 2),
            None => self.empty(),
        }
    }

    /// An id: the prefix, then the number with zeros up to `width` digits.
    pub(super) fn id(&mut self, prefix: &str, number: i64, width: usize) -> &mut Self {
        let mut field = [b'0'; 48];
        let mut at = field.len();
        let mut rest = number.unsigned_abs();
        while rest > 0 {
            at -= 1;
            field[at] = b'0' + u8::try_from(rest % 10).expect("a digit fits a byte");
            rest /= 10;
        }
        at = at.min(field.len() - width) - prefix.len();
        field[at..at + prefix.len()].copy_from_slice(prefix.as_bytes());
        self.record.push_field(&field[at..]);
        self
    }

    /// A name with a number in it.
    pub(super) fn name_with_number(&mut self, prefix: &str, number: i64, suffix: &str) -> &mut Self {
        let mut field = [0_u8; 64];
        let mut digits = [b'0'; 8];
        let mut rest = number;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(rest % 10).expect("a digit fits a byte");
            rest /= 10;
        }
        let mut end = 0;
        for part in [prefix.as_bytes(), &digits, suffix.as_bytes()] {
            field[end..end + part.len()].copy_from_slice(part);
            end += part.len();
        }
        self.record.push_field(&field[..end]);
        self
    }

    /// A postcode: its beginning and the last two letters.
    pub(super) fn postcode(&mut self, beginning: &str, letters: [u8; 2]) -> &mut Self {
        let mut field = [0_u8; 8];
        let end = beginning.len();
        field[..end].copy_from_slice(beginning.as_bytes());
        field[end..end + 2].copy_from_slice(&letters);
        self.record.push_field(&field[..end + 2]);
        self
    }

    /// A day, if there is one.
    pub(super) fn day(&mut self, day: Option<Day>) -> &mut Self {
        let Some(day) = day else { return self.empty() };
        let (year, month, day) = day.civil();
        let mut field = *b"0000-00-00";
        for (at, divided) in
            [(0, year / 1000), (1, year / 100), (2, year / 10), (3, year), (5, month / 10), (6, month), (8, day / 10)]
                .into_iter()
                .chain([(9, day)])
        {
            field[at] = b'0' + u8::try_from(divided % 10).expect("a digit fits a byte");
        }
        self.record.push_field(&field);
        self
    }

    /// The financial year of a day: `2019-20`.
    pub(super) fn financial_year(&mut self, day: Day) -> &mut Self {
        let start = day.financial_year();
        let mut field = *b"0000-00";
        for (at, divided) in
            [start / 1000, start / 100, start / 10, start, 0, (start + 1) / 10, start + 1].into_iter().enumerate()
        {
            if at != 4 {
                field[at] = b'0' + u8::try_from(divided % 10).expect("a digit fits a byte");
            }
        }
        self.record.push_field(&field);
        self
    }

    /// Replaces a field of the row at hand, to plant what is wrong.
    pub(super) fn replace(&mut self, column: &str, text: &str) -> &mut Self {
        let at = self.columns.iter().position(|name| *name == column).expect("only columns of this file are spoilt");
        let spoilt = self.record.iter().enumerate().map(|(i, field)| if i == at { text.as_bytes() } else { field });
        self.record = spoilt.collect();
        self
    }

    /// A field of the row at hand.
    pub(super) fn field(&self, column: &str) -> &str {
        let at = self.columns.iter().position(|name| *name == column).expect("only columns of this file are read");
        std::str::from_utf8(&self.record[at]).expect("only text is written")
    }

    /// The column of the rows' own ids, if they have one.
    pub(super) fn own_id(&self) -> Option<&'static str> {
        let own = matches!(
            (self.columns[0], self.columns.get(1)),
            ("business_id", Some(&"enterprise_group_id")) | ("diagnostic_id", Some(&"business_id"))
        );
        (own || self.columns[0] == "outcome_id" || self.columns[1] == "scheme").then_some(self.columns[0])
    }

    /// A copy of the row at hand.
    pub(super) fn copy(&self) -> ByteRecord {
        self.record.clone()
    }

    /// Starts a row as a copy of another.
    pub(super) fn start(&mut self, record: &ByteRecord) {
        self.record.clone_from(record);
    }

    /// Takes the row at hand out.
    pub(super) fn take(&mut self) -> ByteRecord {
        std::mem::take(&mut self.record)
    }

    /// Writes the row and returns its number in the file, where the header is row 1.
    pub(super) fn end(&mut self) -> Result<u64, SampleError> {
        debug_assert_eq!(self.record.len(), self.columns.len(), "a field a column in `{}`", self.name);
        self.writer
            .write_byte_record(&self.record)
            .map_err(|source| SampleError::Row { path: self.path.clone(), source })?;
        self.record.clear();
        self.rows += 1;
        Ok(self.rows + 1)
    }

    /// Completes the file and gives it its name; returns the name and the number of rows without the header.
    pub(super) fn finish(mut self) -> Result<(String, u64), SampleError> {
        let fail = |source| SampleError::File { path: self.path.clone(), source };
        self.writer.flush().map_err(fail)?;
        std::fs::rename(&self.part, &self.path).map_err(fail)?;
        Ok((self.name, self.rows))
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, Sheet};

    #[test]
    fn fields_are_written_as_they_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let columns = &["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        let mut sheet = Sheet::create(folder.path(), "t.csv".to_owned(), columns).expect("starts");
        sheet.decimal(0, 2).decimal(-5, 2).decimal(123_456, 2).whole(0).whole(-70).decimal(5, 1);
        sheet.id("WB-", 12, 7).id("R-", 123_456_789, 7).day(Some(Day::of(2020, 2, 29)));
        sheet.replace("d", "a, \"b\"");
        assert_eq!(sheet.end().expect("writes"), 2);
        sheet.finish().expect("finishes");
        let text = std::fs::read_to_string(folder.path().join("t.csv")).expect("is there");
        assert_eq!(
            text,
            "a,b,c,d,e,f,g,h,i\n0.00,-0.05,1234.56,\"a, \"\"b\"\"\",-70,0.5,WB-0000012,R-123456789,2020-02-29\n"
        );
    }
}
