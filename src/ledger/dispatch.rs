//! What a dispatch is: whose, which way, where it stands, how a send ended. Touches no database.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::model::{ContentHash, ContentHashError, EditionId};

/// A recipient's pseudonym: HMAC-SHA-256 of the lower-cased address, 64 hexadecimal digits, keyed by the ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct RecipientKey(pub(super) ContentHash);

impl RecipientKey {
    /// All 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for RecipientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for RecipientKey {
    type Err = ContentHashError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        ContentHash::try_from(text.to_owned()).map(Self)
    }
}

/// Which way a message goes. A rehearsal into files does not count as a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// An `.eml` file in the outbox.
    Files,
    /// A mail server.
    Smtp,
}

impl Channel {
    /// The channel as written in the ledger.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Smtp => "smtp",
        }
    }
}

impl FromStr for Channel {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Files, Self::Smtp]
            .into_iter()
            .find(|channel| channel.as_str() == text)
            .ok_or_else(|| format!("`{text}` is not a channel"))
    }
}

/// Where a dispatch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DispatchState {
    /// To be sent.
    Pending,
    /// Being sent, or its sender was killed.
    Sending,
    /// The server took it.
    Sent,
    /// It was certainly not taken.
    Failed,
    /// It may have been taken: a person decides.
    Unknown,
}

impl DispatchState {
    /// The state as written in the ledger.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

impl FromStr for DispatchState {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Pending, Self::Sending, Self::Sent, Self::Failed, Self::Unknown]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| format!("`{text}` is not a state of a dispatch"))
    }
}

/// How a send ended. Texts come from the server with every address masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DispatchOutcome {
    /// The server took it and said so.
    Sent(String),
    /// Not taken; a later run tries again.
    FailedForNow(String),
    /// Not taken, and never will be.
    FailedForGood(String),
    /// The message was handed over and nobody answered.
    Unknown(String),
}

impl DispatchOutcome {
    /// The state it leads to.
    #[must_use]
    pub const fn state(&self) -> DispatchState {
        match self {
            Self::Sent(_) => DispatchState::Sent,
            Self::FailedForNow(_) | Self::FailedForGood(_) => DispatchState::Failed,
            Self::Unknown(_) => DispatchState::Unknown,
        }
    }

    /// What the server answered.
    #[must_use]
    pub fn into_text(self) -> String {
        match self {
            Self::Sent(text) | Self::FailedForNow(text) | Self::FailedForGood(text) | Self::Unknown(text) => text,
        }
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Self::Sent(text) | Self::FailedForNow(text) | Self::FailedForGood(text) | Self::Unknown(text) => text,
        }
    }
}

/// One message to one recipient.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DispatchRecord {
    /// The edition it carries.
    pub edition: EditionId,
    /// To whom.
    pub recipient_key: RecipientKey,
    /// Which way.
    pub channel: Channel,
    /// Where it stands.
    pub state: DispatchState,
    /// Whether a failed one is tried again by the next run.
    pub retry: bool,
    /// Its fixed `Message-ID`.
    pub message_id: String,
    /// What the server answered, addresses masked.
    pub response: Option<String>,
    /// How often it was begun.
    pub attempts: u32,
    /// When it came to this state.
    pub at: Timestamp,
}

/// What a person decides about a dispatch that was held or failed for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It did not arrive: the next run sends it, under the same `Message-ID`.
    SendAgain,
    /// It arrived.
    Arrived,
}
