//! A set of row numbers: one bit a row.

/// Row numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits {
    words: Vec<u64>,
    count: u64,
}

impl Bits {
    /// Adds a number; false if it was there.
    pub(super) fn insert(&mut self, number: u64) -> bool {
        let (word, bit) = split(number);
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        let is_new = self.words[word] & bit == 0;
        self.words[word] |= bit;
        self.count += u64::from(is_new);
        is_new
    }

    pub(super) fn contains(&self, number: u64) -> bool {
        let (word, bit) = split(number);
        self.words.get(word).is_some_and(|found| found & bit != 0)
    }

    /// The numbers, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u64> {
        let of_word = |(at, word): (u64, &u64)| {
            let word = *word;
            (0..64).filter(move |bit| word & (1 << bit) != 0).map(move |bit| at * 64 + bit)
        };
        (0..).zip(&self.words).flat_map(of_word)
    }

    /// How many numbers there are.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }
}

fn split(number: u64) -> (usize, u64) {
    (usize::try_from(number / 64).unwrap_or(usize::MAX), 1 << (number % 64))
}

#[cfg(test)]
mod tests {
    use super::Bits;

    #[test]
    fn numbers_are_counted_once() {
        let mut bits = Bits::default();
        assert!(bits.insert(64) && bits.insert(0) && !bits.insert(64));
        assert_eq!((bits.contains(64), bits.contains(63), bits.contains(9_999), bits.count()), (true, false, false, 2));
        assert_eq!(bits.iter().collect::<Vec<_>>(), [0, 64]);
    }
}
