//! The thresholds of indicators: section `indicators` of the settings, by name. SQL reads them from a table, the tabulation
//! the few that it needs.

use rust_decimal::Decimal;

use super::keys::{Fallback, KEYS};
use super::reader::Reader;

/// The section of the settings.
const SECTION: &str = "indicators.";

/// Thresholds of indicators by name, in the order of the documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndicatorSettings {
    values: Vec<(&'static str, Decimal)>,
}

impl IndicatorSettings {
    /// What holds when nobody says anything.
    #[must_use]
    pub fn defaults() -> Self {
        let value = |fallback: Fallback| match fallback {
            Fallback::Value(text) => text.parse().ok(),
            Fallback::BelowState(_) | Fallback::Nothing => None,
        };
        let named = |(name, fallback)| Some((name, value(fallback)?));
        Self { values: names().filter_map(named).collect() }
    }

    /// Takes the section from what was said. None when something is missing; the reader holds the problem.
    pub(super) fn read(reader: &Reader) -> Option<Self> {
        let values = names().map(|(name, _)| Some((name, reader.decimal(&format!("{SECTION}{name}"))?)));
        values.collect::<Option<Vec<_>>>().map(|values| Self { values })
    }

    /// One of them.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Decimal> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Decimal)> {
        self.values.iter().map(|(name, value)| (*name, value))
    }
}

fn names() -> impl Iterator<Item = (&'static str, Fallback)> {
    KEYS.iter().filter_map(|key| Some((key.name.strip_prefix(SECTION)?, key.fallback)))
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::IndicatorSettings;

    #[test]
    fn every_threshold_has_a_default() {
        let defaults = IndicatorSettings::defaults();
        assert_eq!(defaults.iter().count(), super::names().count());
        assert_eq!(defaults.find("cluster_lq"), Some(Decimal::new(125, 2)));
        assert_eq!(defaults.find("cluster"), None);
    }
}
