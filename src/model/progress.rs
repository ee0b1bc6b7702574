//! Targets, and how far a figure has come towards them.

use rust_decimal::Decimal;

/// Whether more is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Higher is better.
    Up,
    /// Lower is better.
    Down,
    /// Neither.
    Context,
}

/// What an amount in `targets_budgets` means. A benchmark never feeds a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TargetBasis {
    /// An upper limit used as a target.
    Ceiling,
    /// A target.
    Target,
    /// What should be reached by the end of a quarter.
    Profile,
    /// Somebody else's figure, for comparison only.
    Benchmark,
}

/// One row of `targets_budgets`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The indicator or budget line it belongs to, such as `D01` or `D02_DIAGNOSTICS`.
    pub measure_id: String,
    /// `WALES` or `WWV`.
    pub scope: String,
    /// A quarter such as `2020-21-Q3`, or `PROGRAMME` for the whole life.
    pub period: String,
    /// How much.
    pub amount: Decimal,
    /// What it is.
    pub basis: TargetBasis,
}

/// Limits of the status words, as shares of the profile to date (domain, section 2F RAG; settings, not constants).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RagLimits {
    /// On track from here.
    pub on_track: Decimal,
    /// At risk from here, off track below.
    pub at_risk: Decimal,
}

/// The status in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// At 95% of the profile or better.
    OnTrack,
    /// From 80% to 95%.
    AtRisk,
    /// Below 80%.
    OffTrack,
    /// There is nothing to compare with.
    NoTarget,
}

impl Progress {
    /// The status of `actual` against `profile` to date: their ratio for measures that should rise, its inverse for
    /// those that should fall.
    #[must_use]
    pub fn of(actual: Decimal, profile: Decimal, direction: Direction, limits: RagLimits) -> Self {
        let ratio = match direction {
            Direction::Context => return Self::NoTarget,
            Direction::Up => actual.checked_div(profile),
            Direction::Down => profile.checked_div(actual),
        };
        match ratio {
            None => Self::NoTarget,
            Some(r) if r >= limits.on_track => Self::OnTrack,
            Some(r) if r >= limits.at_risk => Self::AtRisk,
            Some(_) => Self::OffTrack,
        }
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{Direction, Progress, RagLimits};

    #[test]
    fn limits_belong_to_the_better_word() {
        let limits = RagLimits { on_track: Decimal::new(95, 2), at_risk: Decimal::new(80, 2) };
        let status = |actual: i64| Progress::of(actual.into(), 100.into(), Direction::Up, limits);
        assert_eq!(status(95), Progress::OnTrack);
        assert_eq!(status(94), Progress::AtRisk);
        assert_eq!(status(80), Progress::AtRisk);
        assert_eq!(status(79), Progress::OffTrack);
        assert_eq!(Progress::of(5.into(), 0.into(), Direction::Up, limits), Progress::NoTarget);
        assert_eq!(Progress::of(90.into(), 100.into(), Direction::Down, limits), Progress::OnTrack);
    }
}
