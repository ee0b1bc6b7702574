//! Mail in our own words: what `pack` writes and `dispatch` sends.

use std::fmt;
use std::sync::Arc;

use super::Language;

/// A mail address. Personal: `Debug` and `Display` mask it, only [`Address::expose`] shows it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(String);

impl Address {
    /// Takes an address that was checked when the recipients' extract was validated.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The address itself, for the envelope and the message only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let domain = self.0.rsplit_once('@').map_or("", |(_, domain)| domain);
        let first = self.0.chars().next().unwrap_or('*');
        write!(f, "{first}***@{domain}")
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Somebody who receives the pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Where to.
    pub address: Address,
    /// Which language stands first for them; both are always there.
    pub language: Language,
    /// Which list they are on, such as `IACW`.
    pub list: String,
}

/// One file of a pack, or an attachment of a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Artefact {
    /// Name without folder, no spaces.
    pub file_name: String,
    /// MIME type.
    pub media_type: &'static str,
    /// Its language, if it has one.
    pub language: Option<Language>,
    /// The content.
    pub bytes: Arc<[u8]>,
}

impl fmt::Debug for Artefact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.file_name, self.bytes.len())
    }
}

/// Subject and body of a message, both languages inside, one of them first.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MailBody {
    /// Both languages, Welsh first whoever receives it.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}
