//! The two languages of everything that is published.

use std::fmt;

/// Welsh or English. Welsh comes first wherever both are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Cymraeg.
    Cy,
    /// English.
    En,
}

impl Language {
    /// Both, in the order in which they are listed.
    pub const BOTH: [Self; 2] = [Self::Cy, Self::En];

    /// The BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Cy => "cy",
            Self::En => "en",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.tag())
    }
}
