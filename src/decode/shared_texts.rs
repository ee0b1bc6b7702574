//! Measures the shared texts of an old binary workbook (MS-XLS 2.4.265), which lie in a record and those that continue it.

/// Shared texts in the pieces of their records.
pub(super) struct SharedTexts<'a> {
    pieces: Vec<&'a [u8]>,
    piece: usize,
    at: usize,
}

impl<'a> SharedTexts<'a> {
    /// `pieces` are the bytes of the record, in which the texts begin behind two counts, and of those that continue it.
    pub(super) fn new(pieces: Vec<&'a [u8]>) -> Self {
        Self { pieces, piece: 0, at: 8 }
    }

    fn byte(&mut self) -> Option<u8> {
        while self.at >= self.pieces.get(self.piece)?.len() {
            (self.piece, self.at) = (self.piece + 1, 0);
        }
        self.at += 1;
        Some(self.pieces[self.piece][self.at - 1])
    }

    fn number(&mut self, bytes: u32) -> Option<u32> {
        (0..bytes).try_fold(0, |number, place| Some(number | (u32::from(self.byte()?) << (8 * place))))
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            self.byte()?;
            let rest = (self.pieces[self.piece].len() - self.at).min(count - 1);
            self.at += rest;
            count -= rest + 1;
        }
        Some(())
    }

    /// The letters of the next text. Where it goes on in another piece, that begins with how wide its letters are.
    pub(super) fn next_length(&mut self) -> Option<u32> {
        let (length, mut flags) = (self.number(2)?, self.byte()?);
        let runs = if flags & 8 == 0 { 0 } else { self.number(2)? };
        let extra = if flags & 4 == 0 { 0 } else { self.number(4)? };
        let mut left = usize::try_from(length).ok()?;
        while left > 0 {
            if self.at >= self.pieces.get(self.piece)?.len() {
                flags = self.byte()?;
            }
            let width = usize::from(flags & 1) + 1;
            let here = ((self.pieces[self.piece].len() - self.at) / width).min(left);
            if here == 0 {
                return None;
            }
            self.at += here * width;
            left -= here;
        }
        self.skip(usize::try_from(runs).ok()?.checked_mul(4)?.checked_add(usize::try_from(extra).ok()?)?)?;
        Some(length)
    }
}
