//! The parameters of disclosure control. They are confidential: neither `Debug` nor an error shows one.

use std::collections::BTreeSet;
use std::fmt;

use rust_decimal::Decimal;
use toml::{Table, Value};

use super::DisclosureError;
use super::export::DEFAULT_THRESHOLD_EXPORT;
use crate::model::GroupId;

/// Fewest groups behind a median where the policy file says nothing.
const DEFAULT_THRESHOLD_QUANTILE: u32 = 10;

/// The parameters of disclosure control (domain, section 3.2).
#[derive(Clone, PartialEq, Eq)]
pub struct Policy {
    version: String,
    placeholder: bool,
    pub(super) threshold_count: u32,
    pub(super) threshold_magnitude: u32,
    pub(super) p_percent: Decimal,
    pub(super) threshold_export: u32,
    pub(super) threshold_quantile: u32,
}

/// Groups that agreed to identifiable publication.
#[derive(Clone, Default)]
pub struct Waivers(BTreeSet<GroupId>);

impl Policy {
    /// Reads a policy. `file` is its name, for the error.
    ///
    /// Keys: `version` (text), `placeholder` (true for the parameters that ship and are for show; absent otherwise), `threshold_count`
    /// (fewest groups behind a count), `threshold_magnitude` (fewest groups behind anything else), `p_percent`,
    /// `threshold_export` (fewest groups behind a cell that an analyst takes out; may be absent), `threshold_quantile` (fewest
    /// groups behind a median, a growth rate or an estimated effect; may be absent).
    ///
    /// # Errors
    /// Every problem at once, without any value.
    pub fn parse(text: &str, file: &str) -> Result<Self, DisclosureError> {
        let broken = |problems| DisclosureError::Policy { file: file.to_owned(), problems };
        // The parser's own message quotes the line, so it is not passed on.
        let mut table: Table = text.parse().map_err(|_| broken(vec!["it is not TOML".to_owned()]))?;
        let mut problems = Vec::new();
        let version = match table.remove("version") {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text),
            Some(_) => note(&mut problems, "`version` is not a text"),
            None => note(&mut problems, "`version` is missing"),
        };
        let placeholder = match table.remove("placeholder") {
            Some(Value::Boolean(flag)) => Some(flag),
            Some(_) => note(&mut problems, "`placeholder` is neither true nor false"),
            None => Some(false),
        };
        let threshold_count = threshold(&mut table, "threshold_count", &mut problems);
        let threshold_magnitude = threshold(&mut table, "threshold_magnitude", &mut problems);
        let threshold_export = if table.contains_key("threshold_export") {
            threshold(&mut table, "threshold_export", &mut problems)
        } else {
            Some(DEFAULT_THRESHOLD_EXPORT)
        };
        let threshold_quantile = if table.contains_key("threshold_quantile") {
            threshold(&mut table, "threshold_quantile", &mut problems)
        } else {
            Some(DEFAULT_THRESHOLD_QUANTILE)
        };
        let p_percent = match table.remove("p_percent") {
            Some(value) => percent(&value).or_else(|| note(&mut problems, "`p_percent` is not a number from 0 to 100")),
            None => note(&mut problems, "`p_percent` is missing"),
        };
        problems.extend(table.keys().map(|key| format!("`{key}` is not a key of it")));
        let threshold_export = threshold_export.unwrap_or(DEFAULT_THRESHOLD_EXPORT);
        let threshold_quantile = threshold_quantile.unwrap_or(DEFAULT_THRESHOLD_QUANTILE);
        match (version, placeholder, threshold_count, threshold_magnitude, p_percent) {
            (Some(version), Some(placeholder), Some(threshold_count), Some(threshold_magnitude), Some(p_percent))
                if problems.is_empty() =>
            {
                Ok(Self {
                    version,
                    placeholder,
                    threshold_count,
                    threshold_magnitude,
                    p_percent,
                    threshold_export,
                    threshold_quantile,
                })
            }
            _ => Err(broken(problems)),
        }
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

fn note<T>(problems: &mut Vec<String>, what: &str) -> Option<T> {
    problems.push(what.to_owned());
    None
}

fn threshold(table: &mut Table, key: &str, problems: &mut Vec<String>) -> Option<u32> {
    let Some(value) = table.remove(key) else { return note(problems, &format!("`{key}` is missing")) };
    let number = value.as_integer().and_then(|n| u32::try_from(n).ok()).filter(|n| (2..=1000).contains(n));
    number.or_else(|| note(problems, &format!("`{key}` is not a whole number from 2 to 1000")))
}

fn percent(value: &Value) -> Option<Decimal> {
    let decimal: Decimal = match value {
        Value::Integer(number) => Decimal::from(*number),
        // Its shortest text is what was typed; the binary value is not.
        Value::Float(number) => number.to_string().parse().ok()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    (decimal >= Decimal::ZERO && decimal <= Decimal::ONE_HUNDRED).then_some(decimal)
}
