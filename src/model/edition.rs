//! Editions: packs with a life.

use std::fmt;
use std::str::FromStr;

use super::{JobName, Period};

/// `<job>@<period>.v<N>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EditionId {
    /// The job that makes it.
    pub job: JobName,
    /// The quarter it reports.
    pub period: Period,
    /// From 1.
    pub version: u32,
}

/// Why a text is not an edition id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an edition id such as iacw-quarterly@2020-21-Q3.v1")]
pub struct EditionIdError(String);

impl fmt::Display for EditionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}@{}.v{}", self.job, self.period, self.version))
    }
}

impl FromStr for EditionId {
    type Err = EditionIdError;
    fn from_str(text: &str) -> Result<Self, EditionIdError> {
        let parse = || {
            let (job, rest) = text.split_once('@')?;
            let (period, version) = rest.split_once(".v")?;
            let version = version.parse().ok().filter(|n| *n > 0)?;
            Some(Self { job: JobName::new(job).ok()?, period: period.parse().ok()?, version })
        };
        parse().ok_or_else(|| EditionIdError(text.to_owned()))
    }
}

impl TryFrom<String> for EditionId {
    type Error = EditionIdError;
    fn try_from(text: String) -> Result<Self, EditionIdError> {
        text.parse()
    }
}

impl From<EditionId> for String {
    fn from(id: EditionId) -> Self {
        id.to_string()
    }
}

/// Where an edition stands. The order is the only way through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EditionState {
    /// Its artefacts are written.
    Built,
    /// Preflight found nothing wrong.
    Checked,
    /// Those who must approve have done so.
    Approved,
    /// Its bytes never change again.
    Frozen,
    /// Every recipient has it.
    Sent,
    /// A later version replaces it.
    Superseded,
}

impl EditionState {
    /// The state as written in the ledger.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Built => "built",
            Self::Checked => "checked",
            Self::Approved => "approved",
            Self::Frozen => "frozen",
            Self::Sent => "sent",
            Self::Superseded => "superseded",
        }
    }
}
