//! Rounding of what may be published (domain, section 3.4). It comes after suppression and protects nobody by itself: it
//! keeps figures from claiming more than they know. Totals are rounded by themselves, so rounded parts need not add up.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::model::{CellKey, Kind, Mark, Observation, TOTAL_MEMBER, TableHeader, TimeKey, Unit};
use crate::model::{WALES, WEST_WALES_AND_VALLEYS};

/// How published figures are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Not at all; a figure is rounded once, when it is printed.
    None,
    /// Counts and full-time equivalents to the nearest 5, money to the nearest thousand and in headlines to the nearest
    /// hundred thousand, percentages to one decimal.
    Simple,
    /// As simple, but counts and full-time equivalents by their size, the finer steps.
    LadderRelaxed,
    /// As simple, but counts and full-time equivalents by their size, the coarser steps.
    LadderStrict,
}

/// The ladder of the Business Register and Employment Survey: below which size, the finer and the coarser step.
const LADDER: [(u32, u32, u32); 6] =
    [(50, 5, 10), (250, 25, 50), (500, 50, 100), (1_000, 100, 200), (2_500, 250, 500), (5_000, 500, 1_000)];
/// The steps of everything larger.
const TOP: (u32, u32) = (1_000, 2_000);

impl Scheme {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::None, Self::Simple, Self::LadderRelaxed, Self::LadderStrict];

    /// Its name in the policy file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Simple => "simple",
            Self::LadderRelaxed => "ladder_relaxed",
            Self::LadderStrict => "ladder_strict",
        }
    }

    /// The scheme of a name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.name() == name)
    }

    /// The step to which a figure is rounded; none if it stays as it is.
    fn step(self, header: &TableHeader, key: &CellKey, value: Decimal) -> Option<Decimal> {
        if self == Self::None || header.kind == Kind::Reference {
            return None;
        }
        let whole = |step: u32| Some(Decimal::from(step));
        match (header.kind, header.unit) {
            (Kind::Ratio, Unit::PerCent) => Some(Decimal::new(1, 1)),
            (Kind::Count | Kind::Magnitude, Unit::Gbp | Unit::Eur) => {
                whole(if is_headline(key) { 100_000 } else { 1_000 })
            }
            (Kind::Count, _) | (Kind::Magnitude, Unit::Fte) => whole(self.rung(value.abs())),
            _ => None,
        }
    }

    fn rung(self, size: Decimal) -> u32 {
        if self == Self::Simple {
            return LADDER[0].1;
        }
        let rung = LADDER.iter().find(|(below, ..)| size < Decimal::from(*below));
        let (relaxed, strict) = rung.map_or(TOP, |(_, relaxed, strict)| (*relaxed, *strict));
        if self == Self::LadderStrict { strict } else { relaxed }
    }
}

/// Rounds what a cell says, ties half away from zero. What is not zero and becomes it is marked `[low]`.
pub(super) fn round_observation(
    scheme: Scheme,
    header: &TableHeader,
    key: &CellKey,
    observation: Observation,
) -> Observation {
    let Observation::Value { value, mut marks } = observation else { return observation };
    let Some(step) = scheme.step(header, key, value) else { return Observation::Value { value, marks } };
    let rounded = round_to(value, step);
    if rounded.is_zero() && !value.is_zero() {
        marks.push(Mark::Low);
        marks.sort();
        marks.dedup();
    }
    Observation::Value { value: rounded, marks }
}

/// The nearest multiple of a step, ties half away from zero. A value too large to be rounded stays.
fn round_to(value: Decimal, step: Decimal) -> Decimal {
    let steps = value / step;
    let whole = steps.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    whole.checked_mul(step).unwrap_or(value)
}

/// Wales, or West Wales and the Valleys, to date, over all members: figures that stand in text.
fn is_headline(key: &CellKey) -> bool {
    matches!(key.time, TimeKey::ToDate(_))
        && [WALES, WEST_WALES_AND_VALLEYS].contains(&key.area.as_str())
        && key.members.iter().all(|member| member == TOTAL_MEMBER)
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{Scheme, round_observation};
    use crate::disclosure::tests::{area, header, quarter};
    use crate::model::{CellKey, Kind, Mark, Observation, TableHeader, TimeKey, Unit};

    fn key(place: &str) -> CellKey {
        CellKey { time: TimeKey::ToDate(quarter(0)), area: area(place), members: Vec::new() }
    }

    fn counted() -> TableHeader {
        TableHeader { unit: Unit::Enterprises, ..header(Kind::Count, "value", &[]) }
    }

    fn rounded(scheme: Scheme, header: &TableHeader, place: &str, value: Decimal) -> Observation {
        round_observation(scheme, header, &key(place), Observation::of(value))
    }

    #[test]
    fn example_h_small_counts_become_low_and_their_total_is_rounded_by_itself() {
        let low = Observation::Value { value: Decimal::ZERO, marks: vec![Mark::Low] };
        assert_eq!(rounded(Scheme::Simple, &counted(), "EW", Decimal::TWO), low);
        assert_eq!(rounded(Scheme::Simple, &counted(), "EW", Decimal::from(6)), Observation::of(Decimal::from(5)));
        assert_eq!(rounded(Scheme::Simple, &counted(), "EW", Decimal::ZERO), Observation::of(Decimal::ZERO));
    }

    #[test]
    fn example_h_the_ladder() {
        for (value, relaxed, strict) in [
            (7, 5, 10),
            (12, 10, 10),
            (130, 125, 150),
            (137, 125, 150),
            (262, 250, 300),
            (375, 400, 400),
            (1_130, 1_250, 1_000),
            (3_260, 3_500, 3_000),
            (7_499, 7_000, 8_000),
        ] {
            let text = |scheme| rounded(scheme, &counted(), "EW", Decimal::from(value)).value();
            assert_eq!(text(Scheme::LadderRelaxed), Some(Decimal::from(relaxed)), "{value}");
            assert_eq!(text(Scheme::LadderStrict), Some(Decimal::from(strict)), "{value}");
        }
    }

    #[test]
    fn money_is_coarser_in_headlines_and_ties_go_away_from_zero() {
        let money = header(Kind::Magnitude, "grant", &[]);
        let value = |place, amount: i64| rounded(Scheme::Simple, &money, place, Decimal::from(amount)).value();
        assert_eq!(value("EW", 1_500), Some(Decimal::from(2_000)));
        assert_eq!(value("EW", -1_500), Some(Decimal::from(-2_000)));
        assert_eq!(value("WALES", 3_850_000), Some(Decimal::from(3_900_000)));
        assert_eq!(value("WWV", 49_999), Some(Decimal::ZERO));
        let share = header(Kind::Ratio, "share", &[]);
        let third = Decimal::ONE_HUNDRED / Decimal::from(3);
        assert_eq!(rounded(Scheme::Simple, &share, "EW", third).value(), Some(Decimal::new(333, 1)));
        assert_eq!(rounded(Scheme::None, &money, "EW", Decimal::from(1_501)).value(), Some(Decimal::from(1_501)));
    }

    #[test]
    fn a_hidden_cell_stays_hidden() {
        let hidden = Observation::Missing(crate::model::ObsStatus::Confidential);
        assert_eq!(round_observation(Scheme::Simple, &counted(), &key("EW"), hidden.clone()), hidden);
    }

    #[test]
    fn schemes_are_found_by_name() {
        assert!(Scheme::ALL.into_iter().all(|scheme| Scheme::find(scheme.name()) == Some(scheme)));
        assert_eq!(Scheme::find("nearest"), None);
    }
}
