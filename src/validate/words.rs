//! A small set of words that is asked about every cell of a column.

/// Words of up to this length are packed into one number.
const PACKED: usize = 15;

/// A set of words, each with a value.
#[derive(Clone, Debug)]
pub(super) struct WordTable<T> {
    /// Bit n: a word has n bytes; the last bit: or more.
    lengths: u64,
    /// Packed words at places given by their bits; a place that is taken sends on to the next.
    slots: Vec<Option<(u128, T)>>,
    /// The words that are too long to pack.
    long: Vec<(Box<[u8]>, T)>,
}

impl<T: Copy> WordTable<T> {
    pub(super) fn new<'a>(words: impl Iterator<Item = (&'a str, T)>) -> Self {
        let words: Vec<(&str, T)> = words.collect();
        let size = (words.len() * 4).next_power_of_two();
        let mut table = Self { lengths: 0, slots: vec![None; size], long: Vec::new() };
        for (word, value) in words {
            table.lengths |= 1 << word.len().min(63);
            let Some(packed) = pack(word.as_bytes()) else {
                table.long.push((word.as_bytes().into(), value));
                continue;
            };
            let mut place = table.place(packed);
            while table.slots[place].is_some_and(|(other, _)| other != packed) {
                place = (place + 1) % size;
            }
            table.slots[place].get_or_insert((packed, value));
        }
        table
    }

    #[inline]
    pub(super) fn find(&self, text: &[u8]) -> Option<T> {
        if self.lengths >> text.len().min(63) & 1 == 0 {
            return None;
        }
        let Some(packed) = pack(text) else {
            return self.long.iter().find(|(word, _)| **word == *text).map(|(_, value)| *value);
        };
        let mut place = self.place(packed);
        while let Some((other, value)) = self.slots[place] {
            if other == packed {
                return Some(value);
            }
            place = (place + 1) % self.slots.len();
        }
        None
    }

    fn place(&self, packed: u128) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "both halves are mixed into the place")]
        let mixed = (packed as u64 ^ (packed >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        usize::try_from(mixed >> 40).unwrap_or(0) & (self.slots.len() - 1)
    }
}

/// The bytes and their number.
fn pack(text: &[u8]) -> Option<u128> {
    if text.len() > PACKED {
        return None;
    }
    let mut bytes = [0; 16];
    bytes[..text.len()].copy_from_slice(text);
    bytes[PACKED] = u8::try_from(text.len()).unwrap_or(0);
    Some(u128::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::WordTable;

    #[test]
    fn words_are_found_and_nothing_else() {
        let long = "HOURS_PRODUCTIVITY";
        let words = ["", "A", "B", "PE1", "\0", "HOURS_PRODUCTIV", long, "HOURS_PRODUCTIVI"];
        let table = WordTable::new(words.iter().copied().zip(0..));
        for (word, number) in words.iter().zip(0..) {
            assert_eq!(table.find(word.as_bytes()), Some(number), "{word}");
        }
        for word in ["a", "PE", "PE1\0", "PE12", "\0\0", "HOURS_PRODUCTIVITI", "HOURS"] {
            assert_eq!(table.find(word.as_bytes()), None, "{word}");
        }
        assert!(WordTable::<()>::new(std::iter::empty()).find(b"").is_none());
    }
}
