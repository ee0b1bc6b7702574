//! Random draws, in integers only: floating point would not give the same bytes on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a stream of draws is for. Draws of one purpose never move those of another.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    Groups,
    Register,
    Diagnostics,
    Scores,
    Vouchers,
    Outcomes,
    Contacts,
    Components,
    Costs,
    Accounts,
    Subsidies,
}

/// A stream of draws that depends on the seed, the purpose and a number only.
pub(super) struct Dice(ChaCha8Rng);

/// Points of a distribution: parts of a million, ascending from 0 to 1,000,000, and the values there. Between them the
/// value moves in a straight line.
pub(super) type Curve = [(i64, i64)];

impl Dice {
    /// The stream of a firm, or of a block of firms.
    pub(super) fn new(seed: u64, purpose: Purpose, number: i64) -> Self {
        let mut key = [0_u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&number.to_le_bytes());
        key[16] = match purpose {
            Purpose::Groups => 1,
            Purpose::Register => 2,
            Purpose::Diagnostics => 3,
            Purpose::Scores => 4,
            Purpose::Vouchers => 5,
            Purpose::Outcomes => 6,
            Purpose::Contacts => 7,
            Purpose::Components => 8,
            Purpose::Costs => 9,
            Purpose::Accounts => 10,
            Purpose::Subsidies => 11,
        };
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A whole number from 0 up to, not including, `bound`.
    pub(super) fn below(&mut self, bound: i64) -> i64 {
        let wide = i128::from(self.0.next_u64()) * i128::from(bound);
        i64::try_from(wide >> 64).expect("the product's upper half lies below the bound")
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(high - low + 1)
    }

    /// A whole number from `-spread` to `spread`, those near 0 more often.
    pub(super) fn about_zero(&mut self, spread: i64) -> i64 {
        self.between(0, spread) - self.between(0, spread)
    }

    /// True in so many of a thousand.
    pub(super) fn chance(&mut self, per_mille: i64) -> bool {
        self.below(1000) < per_mille
    }

    /// One of the entries, by weight.
    pub(super) fn pick<T: Copy>(&mut self, entries: &[(T, i64)]) -> T {
        let total = entries.iter().map(|(_, weight)| weight).sum();
        let mut left = self.below(total);
        for (entry, weight) in entries {
            if left < *weight {
                return *entry;
            }
            left -= weight;
        }
        unreachable!("the draw lies below the sum of the weights")
    }

    /// A value of a distribution.
    pub(super) fn on(&mut self, curve: &Curve) -> i64 {
        let at = self.below(1_000_000);
        let after = curve.iter().position(|(part, _)| *part > at).unwrap_or(curve.len() - 1);
        let ((low_part, low), (high_part, high)) = (curve[after - 1], curve[after]);
        low + (high - low) * (at - low_part) / (high_part - low_part)
    }
}

#[cfg(test)]
mod tests {
    use super::{Dice, Purpose};

    #[test]
    fn streams_repeat_and_differ() {
        let draw = |purpose, number| {
            let mut dice = Dice::new(7, purpose, number);
            [dice.below(1 << 40), dice.below(1 << 40)]
        };
        assert_eq!(draw(Purpose::Scores, 3), draw(Purpose::Scores, 3));
        assert_ne!(draw(Purpose::Scores, 3), draw(Purpose::Scores, 4));
        assert_ne!(draw(Purpose::Scores, 3), draw(Purpose::Vouchers, 3));
    }

    #[test]
    fn draws_stay_within_their_bounds() {
        let mut dice = Dice::new(1, Purpose::Register, 1);
        let curve = [(0, 10), (500_000, 20), (1_000_000, 500)];
        for _ in 0..2000 {
            assert!((3..=5).contains(&dice.between(3, 5)));
            assert!((-4..=4).contains(&dice.about_zero(4)));
            assert!((10..500).contains(&dice.on(&curve)));
            assert_ne!(dice.pick(&[("never", 0), ("always", 1)]), "never");
        }
    }
}
