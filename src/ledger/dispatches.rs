//! Dispatches: one row an edition, recipient and channel, written before and after each send. What is here decides
//! whether a message goes out; an outcome nobody knows is held for a person.

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use sqlx::sqlite::SqliteRow;

use crate::ledger::row::{doing, encode_time, number, parsed, text, text_or_null};
use crate::ledger::{Ledger, LedgerError};
use crate::model::{Address, ContentHash, EditionId};

/// A recipient's pseudonym: HMAC-SHA-256 of the lower-cased address, 64 hexadecimal digits, keyed by the ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct RecipientKey(ContentHash);

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
    type Err = crate::model::ContentHashError;
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

    fn text(&self) -> &str {
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

const SELECT_ONE: &str = "select edition, recipient_key, channel, state, retry, message_id, response, attempts, at
    from dispatches where edition = ? and recipient_key = ? and channel = ?";
const SELECT_ALL: &str = "select edition, recipient_key, channel, state, retry, message_id, response, attempts, at
    from dispatches where edition = ? order by channel, recipient_key";

impl Ledger {
    /// The pseudonym of an address in this ledger.
    #[must_use]
    pub fn recipient_key(&self, address: &Address) -> RecipientKey {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.0.as_bytes()).expect("HMAC takes keys of any length");
        mac.update(address.expose().trim().to_lowercase().as_bytes());
        RecipientKey(ContentHash::from_digest(&mac.finalize().into_bytes().into()))
    }

    /// Makes sure that a dispatch exists, as `Pending` when it is new, and gives back how it stands.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn open_dispatch(
        &self,
        edition: &EditionId,
        recipient: &RecipientKey,
        channel: Channel,
        message_id: &str,
        now: Timestamp,
    ) -> Result<DispatchRecord, LedgerError> {
        sqlx::query(
            "insert into dispatches (edition, recipient_key, channel, state, message_id, at)
             values (?, ?, ?, 'pending', ?, ?) on conflict do nothing",
        )
        .bind(edition.to_string())
        .bind(recipient.as_str())
        .bind(channel.as_str())
        .bind(message_id)
        .bind(encode_time(now))
        .execute(&self.pool)
        .await
        .map_err(doing("record a dispatch"))?;
        let row = sqlx::query(SELECT_ONE)
            .bind(edition.to_string())
            .bind(recipient.as_str())
            .bind(channel.as_str())
            .fetch_one(&self.pool)
            .await
            .map_err(doing("find a dispatch"))?;
        record(&row)
    }

    /// Records that a dispatch is about to be sent. False when it may not be: it is sent, being sent, held, or failed
    /// for good.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn begin_dispatch(
        &self,
        edition: &EditionId,
        recipient: &RecipientKey,
        channel: Channel,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        sqlx::query(
            "update dispatches set state = 'sending', retry = 0, attempts = attempts + 1, at = ?
             where edition = ? and recipient_key = ? and channel = ?
               and (state = 'pending' or (state = 'failed' and retry = 1))",
        )
        .bind(encode_time(now))
        .bind(edition.to_string())
        .bind(recipient.as_str())
        .bind(channel.as_str())
        .execute(&self.pool)
        .await
        .map(|done| done.rows_affected() == 1)
        .map_err(doing("begin a dispatch"))
    }

    /// Records how a send ended.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn finish_dispatch(
        &self,
        edition: &EditionId,
        recipient: &RecipientKey,
        channel: Channel,
        outcome: &DispatchOutcome,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        sqlx::query(
            "update dispatches set state = ?, retry = ?, response = ?, at = ?
             where edition = ? and recipient_key = ? and channel = ? and state <> 'sent'",
        )
        .bind(outcome.state().as_str())
        .bind(matches!(outcome, DispatchOutcome::FailedForNow(_)))
        .bind(outcome.text())
        .bind(encode_time(now))
        .bind(edition.to_string())
        .bind(recipient.as_str())
        .bind(channel.as_str())
        .execute(&self.pool)
        .await
        .map(|_| ())
        .map_err(doing("finish a dispatch"))
    }

    /// All dispatches of an edition.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn list_dispatches(&self, edition: &EditionId) -> Result<Vec<DispatchRecord>, LedgerError> {
        let rows = sqlx::query(SELECT_ALL)
            .bind(edition.to_string())
            .fetch_all(&self.pool)
            .await
            .map_err(doing("list dispatches"))?;
        rows.iter().map(record).collect()
    }
}

fn record(row: &SqliteRow) -> Result<DispatchRecord, LedgerError> {
    Ok(DispatchRecord {
        edition: parsed(row, "edition")?,
        recipient_key: parsed(row, "recipient_key")?,
        channel: parsed(row, "channel")?,
        state: parsed(row, "state")?,
        retry: number::<i64>(row, "retry")? == 1,
        message_id: text(row, "message_id")?,
        response: text_or_null(row, "response")?,
        attempts: number(row, "attempts")?,
        at: parsed(row, "at")?,
    })
}
