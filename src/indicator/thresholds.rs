//! What the settings ask of figures with uncertainty.

use rust_decimal::Decimal;

/// What the settings ask of figures with uncertainty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// The confidence of intervals, between 0 and 1.
    pub confidence: Decimal,
    /// Treated firms below which an effect is not told.
    pub minimum_treated: usize,
    /// Controls below which an effect is not told.
    pub minimum_controls: usize,
}
