//! Which keys may have been seen: a Bloom filter of fixed size in blocks of one cache line. It never misses a key that was
//! put in; of those that were not it takes a few for seen, and whoever asks settles these otherwise.

use super::keys::{KeyColumn, position};

/// Words of 64 bits in a block: one cache line.
const BLOCK_WORDS: usize = 8;
/// Bits that a key sets, one in each word of its block.
const BITS: usize = BLOCK_WORDS;
/// The least size, bytes.
const LEAST_BYTES: usize = 64 << 10;

/// Keys that may have been seen.
#[derive(Clone, Debug)]
pub struct KeyFilter {
    words: Vec<[u64; BLOCK_WORDS]>,
}

impl KeyFilter {
    /// A filter of about so many bytes. With 2 bytes a key about one fresh key in 3,000 is taken for seen, with 1 byte one in
    /// 50.
    #[must_use]
    pub fn with_bytes(bytes: usize) -> Self {
        let blocks = bytes.max(LEAST_BYTES) / (BLOCK_WORDS * 8);
        Self { words: vec![[0; BLOCK_WORDS]; blocks] }
    }

    /// The memory it takes, bytes.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.words.len() * BLOCK_WORDS * 8
    }

    /// Puts a key in; true if it may have been there.
    pub fn insert(&mut self, fingerprint: u128) -> bool {
        let bits = bits_of(fingerprint);
        let block = position(fingerprint, self.words.len());
        let mut seen = true;
        for (word, bit) in self.words[block].iter_mut().zip(bits) {
            seen &= *word & bit != 0;
            *word |= bit;
        }
        seen
    }

    /// Whether a key may have been put in.
    #[must_use]
    pub fn contains(&self, fingerprint: u128) -> bool {
        let block = &self.words[position(fingerprint, self.words.len())];
        block.iter().zip(bits_of(fingerprint)).all(|(word, bit)| word & bit != 0)
    }

    /// Brings the blocks of coming keys into the cache at once instead of one after the other; `insert` of each is fast
    /// then. What it returns only keeps the work from being left out.
    #[must_use]
    pub fn touch(&self, keys: &KeyColumn) -> u64 {
        keys.fingerprints.iter().fold(0, |sum, key| sum ^ self.words[position(*key, self.words.len())][0])
    }
}

/// One bit a word, six bits of the lower half each; the upper half chose the block.
fn bits_of(fingerprint: u128) -> [u64; BITS] {
    let mut rest = fingerprint;
    std::array::from_fn(|_| {
        let bit = 1_u64 << (rest & 63);
        rest >>= 6;
        bit
    })
}

#[cfg(test)]
mod tests {
    use super::KeyFilter;
    use crate::validate::KeyHasher;

    #[test]
    fn no_key_is_missed_and_few_are_taken_for_seen() {
        let hasher = KeyHasher::new();
        let keys = |from: u64| (from..from + 100_000).map(|n| hasher.fingerprint(&n.to_le_bytes()));
        let mut filter = KeyFilter::with_bytes(200_000);
        assert!(filter.bytes() <= 200_000);
        let wrong = keys(0).filter(|key| filter.insert(*key)).count();
        assert!(wrong < 60, "{wrong} of 100,000 were taken for seen");
        assert!(keys(0).all(|key| filter.insert(key)));
    }
}
