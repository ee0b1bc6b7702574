//! The parameters of disclosure control. They are confidential: neither `Debug` nor an error shows one.

use std::collections::BTreeSet;
use std::fmt;

use rust_decimal::Decimal;

use super::DisclosureError;
use super::export::DEFAULT_THRESHOLD_EXPORT;
use super::policy_file::Keys;
use super::rounding::Scheme;
use crate::model::{GroupId, Kind};

/// Fewest groups behind a median where the policy file says nothing (domain, section 3.2).
const DEFAULT_THRESHOLD_QUANTILE: u32 = 10;

/// The parameters of disclosure control (domain, section 3.2).
#[derive(Clone, PartialEq, Eq)]
pub struct Policy {
    version: String,
    placeholder: bool,
    pub(super) threshold_count: u32,
    pub(super) threshold_magnitude: u32,
    threshold_ratio: u32,
    threshold_mean: u32,
    threshold_quantile: u32,
    threshold_estimate: u32,
    /// Fewest people in a published count of people; none if only firms are protected.
    pub(super) threshold_persons: Option<u32>,
    /// Smallest base of a published percentage; none if any base will do.
    pub(super) threshold_percentage: Option<u32>,
    /// Smallest known group of which everything or nothing may be said; none if of any.
    pub(super) threshold_attribute: Option<u32>,
    pub(super) p_percent: Decimal,
    /// Fewest groups behind a cell that an analyst takes out.
    pub(super) threshold_export: u32,
    /// The (n,k) rule, where it is used beside the p% rule.
    pub(super) dominance: Option<Dominance>,
    rounding: Scheme,
    waivers: Vec<RecordedWaiver>,
}

/// A group that agreed to be recognised, and who recorded that and why.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordedWaiver {
    /// Which group. Not for the pack.
    pub group: GroupId,
    /// Who recorded it.
    pub by: String,
    /// Why it is so, such as the letter of consent.
    pub reason: String,
}

/// The (n,k) rule: a cell is unsafe when its `n` largest contributors make more than `k` per cent of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Dominance {
    /// How many of the largest.
    pub(super) n: u32,
    /// The most that they may make together, in per cent.
    pub(super) k_percent: Decimal,
}

/// Groups that agreed to identifiable publication.
#[derive(Clone, Default)]
pub struct Waivers(BTreeSet<GroupId>);

impl Policy {
    /// Reads a policy. `file` is its name, for the error.
    ///
    /// Keys that must be there: `version` (text), `threshold_count` (fewest groups behind a count), `threshold_magnitude`
    /// (fewest groups behind an amount), `p_percent`. Keys that may be: `placeholder` (true for the parameters that ship
    /// and are for show), `threshold_ratio` and `threshold_mean` (as for amounts), `threshold_quantile` (10) and
    /// `threshold_estimate` (as for quantiles), `threshold_export` (fewest groups behind a cell that an analyst takes out, 10),
    /// `threshold_persons`, `threshold_percentage` and `threshold_attribute` (each off),
    /// `dominance_n` with `dominance_k_percent` (off), `rounding` (`none`), `waivers` (a list of tables with `group`, `by`
    /// and `reason`).
    ///
    /// # Errors
    /// Every problem at once, without any value.
    pub fn parse(text: &str, file: &str) -> Result<Self, DisclosureError> {
        let mut keys = Keys::read(text, file)?;
        let version = keys.text("version");
        let placeholder = keys.flag("placeholder");
        let threshold_count = keys.whole("threshold_count", 2);
        let threshold_magnitude = keys.whole("threshold_magnitude", 2);
        let p_percent = keys.percent("p_percent");
        let threshold_ratio = keys.optional_whole("threshold_ratio", 2);
        let threshold_mean = keys.optional_whole("threshold_mean", 2);
        let threshold_quantile = keys.optional_whole("threshold_quantile", 2).unwrap_or(DEFAULT_THRESHOLD_QUANTILE);
        let threshold_estimate = keys.optional_whole("threshold_estimate", 2);
        let threshold_export = keys.optional_whole("threshold_export", 2);
        let threshold_persons = keys.optional_whole("threshold_persons", 2);
        let threshold_percentage = keys.optional_whole("threshold_percentage", 2);
        let threshold_attribute = keys.optional_whole("threshold_attribute", 2);
        let dominance = keys.dominance();
        let rounding = keys.rounding();
        let waivers = keys.waivers();
        keys.finish()?;
        Ok(Self {
            version,
            placeholder,
            threshold_count,
            threshold_magnitude,
            threshold_ratio: threshold_ratio.unwrap_or(threshold_magnitude),
            threshold_mean: threshold_mean.unwrap_or(threshold_magnitude),
            threshold_quantile,
            threshold_estimate: threshold_estimate.unwrap_or(threshold_quantile),
            threshold_persons,
            threshold_percentage,
            threshold_attribute,
            p_percent,
            threshold_export: threshold_export.unwrap_or(DEFAULT_THRESHOLD_EXPORT),
            dominance,
            rounding,
            waivers,
        })
    }

    /// Which edition of the policy it is, for the manifest.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether its parameters are only for show.
    #[must_use]
    pub const fn is_placeholder(&self) -> bool {
        self.placeholder
    }

    /// How published figures are rounded; this is announced in the pack, so it is no secret.
    #[must_use]
    pub const fn rounding(&self) -> Scheme {
        self.rounding
    }

    /// Who agreed to be recognised, with names and reasons for those who review.
    #[must_use]
    pub fn recorded_waivers(&self) -> &[RecordedWaiver] {
        &self.waivers
    }

    /// Who agreed to be recognised.
    #[must_use]
    pub fn waivers(&self) -> Waivers {
        Waivers::new(self.waivers.iter().map(|waiver| waiver.group.clone()))
    }

    /// Fewest groups behind a figure of a kind.
    pub(super) fn fewest_groups(&self, kind: Kind) -> usize {
        let fewest = match kind {
            Kind::Count => self.threshold_count,
            Kind::Magnitude => self.threshold_magnitude,
            Kind::Ratio => self.threshold_ratio,
            Kind::Mean => self.threshold_mean,
            Kind::Median | Kind::SurvivalMedian => self.threshold_quantile,
            Kind::Growth | Kind::Estimate | Kind::Reference => self.threshold_estimate,
        };
        usize::try_from(fewest).unwrap_or(usize::MAX)
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("version", &self.version)
            .field("placeholder", &self.placeholder)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "disclosure policy {}", self.version)?;
        if self.placeholder { f.write_str(" (placeholder)") } else { Ok(()) }
    }
}

impl Waivers {
    /// The groups that agreed.
    #[must_use]
    pub fn new(groups: impl IntoIterator<Item = GroupId>) -> Self {
        Self(groups.into_iter().collect())
    }

    pub(super) fn holds(&self, group: &GroupId) -> bool {
        !self.0.is_empty() && self.0.contains(group)
    }
}

impl fmt::Debug for Waivers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Waivers({})", self.0.len())
    }
}
