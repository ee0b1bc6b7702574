//! Areas as sets of local authorities. A region is a versioned set, never a statistical code.

use std::collections::{BTreeMap, BTreeSet};

use super::AreaCode;

/// All of Wales: every authority.
pub const WALES: &str = "WALES";
/// West Wales and the Valleys.
pub const WEST_WALES_AND_VALLEYS: &str = "WWV";
/// East Wales.
pub const EAST_WALES: &str = "EW";

/// Which authorities make each published region.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct AreaSets(BTreeMap<AreaCode, BTreeSet<String>>);

/// Why areas cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AreaSetsError {
    /// An area has no authority.
    #[error("area `{0}` holds no local authority")]
    Empty(AreaCode),
    /// Two areas share some authorities but not all, so their difference would be a third, unchecked area.
    #[error("areas `{0}` and `{1}` overlap in part")]
    Overlap(AreaCode, AreaCode),
    /// An area holds smaller ones that do not fill it, so the rest would be an unchecked area.
    #[error("the areas inside `{0}` leave some of its authorities over")]
    Rest(AreaCode),
}

impl AreaSets {
    /// Takes regions as sets of authority codes.
    ///
    /// # Errors
    /// When an area is empty, or the areas are no hierarchy in which each is filled by those inside it: what cannot be
    /// compared cannot be protected.
    pub fn new(sets: BTreeMap<AreaCode, BTreeSet<String>>) -> Result<Self, AreaSetsError> {
        let areas = Self(sets);
        for (code, members) in &areas.0 {
            if members.is_empty() {
                return Err(AreaSetsError::Empty(code.clone()));
            }
            for (other, others) in &areas.0 {
                let apart = members.is_disjoint(others) || members.is_subset(others) || others.is_subset(members);
                if !apart {
                    return Err(AreaSetsError::Overlap(code.clone(), other.clone()));
                }
            }
            let parts = areas.parts(code);
            let held: usize = parts.iter().map(|part| areas.0[*part].len()).sum();
            if !parts.is_empty() && held != members.len() {
                return Err(AreaSetsError::Rest(code.clone()));
            }
        }
        Ok(areas)
    }

    /// Takes regions that may overlap, as when economic regions and city regions are published side by side. Disclosure
    /// control then looks at every difference of two of them.
    ///
    /// # Errors
    /// When an area is empty.
    pub fn overlapping(sets: BTreeMap<AreaCode, BTreeSet<String>>) -> Result<Self, AreaSetsError> {
        match sets.iter().find(|(_, members)| members.is_empty()) {
            Some((code, _)) => Err(AreaSetsError::Empty(code.clone())),
            None => Ok(Self(sets)),
        }
    }

    /// Authorities with the region they lie in; `WALES` is all of them together.
    ///
    /// # Errors
    /// As [`AreaSets::new`].
    pub fn from_regions(regions: impl IntoIterator<Item = (String, AreaCode)>) -> Result<Self, AreaSetsError> {
        let mut sets: BTreeMap<AreaCode, BTreeSet<String>> = BTreeMap::new();
        let wales = AreaCode::new(WALES).expect("the code of Wales is an area code");
        for (authority, region) in regions {
            sets.entry(region).or_default().insert(authority.clone());
            sets.entry(wales.clone()).or_default().insert(authority);
        }
        Self::new(sets)
    }

    /// The regions, in the order of their codes.
    pub fn regions(&self) -> impl Iterator<Item = (&AreaCode, &BTreeSet<String>)> {
        self.0.iter()
    }

    /// The authorities of a region; none if it is no region.
    #[must_use]
    pub fn find(&self, code: &AreaCode) -> Option<&BTreeSet<String>> {
        self.0.get(code)
    }

    /// Every authority that lies in some region.
    #[must_use]
    pub fn authorities(&self) -> BTreeSet<&str> {
        self.0.values().flatten().map(String::as_str).collect()
    }

    /// The largest regions inside a region that are not the whole of it.
    #[must_use]
    pub fn parts(&self, code: &AreaCode) -> Vec<&AreaCode> {
        let Some(whole) = self.0.get(code) else { return Vec::new() };
        let inside: Vec<(&AreaCode, &BTreeSet<String>)> =
            self.0.iter().filter(|(_, set)| set.len() < whole.len() && set.is_subset(whole)).collect();
        inside
            .iter()
            .filter(|(name, set)| {
                !inside.iter().any(|(other, larger)| {
                    (larger.len() > set.len() && set.is_subset(larger)) || (larger == set && other < name)
                })
            })
            .map(|(name, _)| *name)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{AreaCode, AreaSets, AreaSetsError};

    fn code(text: &str) -> AreaCode {
        AreaCode::new(text).expect("an area code")
    }

    fn sets(areas: &[(&str, &[&str])]) -> Result<AreaSets, AreaSetsError> {
        AreaSets::new(
            areas.iter().map(|(name, set)| (code(name), set.iter().map(|s| (*s).to_owned()).collect())).collect(),
        )
    }

    #[test]
    fn wales_is_all_regions_together() {
        let areas =
            AreaSets::from_regions([("a".to_owned(), code("WWV")), ("b".to_owned(), code("EW"))]).expect("a hierarchy");
        assert_eq!(areas.parts(&code("WALES")), [&code("EW"), &code("WWV")]);
        assert!(areas.parts(&code("EW")).is_empty());
        assert_eq!(areas.authorities().len(), 2);
    }

    #[test]
    fn areas_that_leave_an_unchecked_rest_are_refused() {
        assert_eq!(sets(&[("A", &["a", "b"]), ("B", &["b", "c"])]), Err(AreaSetsError::Overlap(code("A"), code("B"))));
        assert_eq!(sets(&[("A", &["a", "b"]), ("B", &["b"])]), Err(AreaSetsError::Rest(code("A"))));
        assert_eq!(sets(&[("A", &[])]), Err(AreaSetsError::Empty(code("A"))));
    }
}
