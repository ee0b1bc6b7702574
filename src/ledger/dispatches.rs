//! Dispatches: one row an edition, recipient and channel, written before and after each send. What is here decides
//! whether a message goes out; an outcome nobody knows is held for a person.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use sqlx::sqlite::SqliteRow;

use crate::ledger::row::{doing, encode_time, number, parsed, text, text_or_null};
use crate::ledger::{
    Channel, Decision, DispatchOutcome, DispatchRecord, DispatchState, Ledger, LedgerError, RecipientKey,
};
use crate::model::{Address, ContentHash, EditionId};

const SELECT_ONE: &str = "select edition, recipient_key, channel, state, retry, message_id, response, attempts, at
    from dispatches where edition = ? and recipient_key = ? and channel = ?";
const SELECT_ALL: &str = "select edition, recipient_key, channel, state, retry, message_id, response, attempts, at
    from dispatches where edition = ? order by channel, recipient_key";

impl Ledger {
    /// The pseudonym of an address in this ledger.
    #[must_use]
    pub fn recipient_key(&self, address: &Address) -> RecipientKey {
        RecipientKey(self.keyed_digest(address.expose().trim().to_lowercase().as_bytes()))
    }

    /// HMAC-SHA-256 under this ledger's secret: tells whether two confidential texts are the same, and nothing else.
    #[must_use]
    pub fn keyed_digest(&self, text: &[u8]) -> ContentHash {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.0.as_bytes()).expect("HMAC takes keys of any length");
        mac.update(text);
        ContentHash::from_digest(&mac.finalize().into_bytes().into())
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

    /// Records what a person decided. False when there is nothing to decide: it is not held and has not failed.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn decide_dispatch(
        &self,
        edition: &EditionId,
        recipient: &RecipientKey,
        channel: Channel,
        decision: Decision,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        let state = match decision {
            Decision::SendAgain => DispatchState::Pending,
            Decision::Arrived => DispatchState::Sent,
        };
        sqlx::query(
            "update dispatches set state = ?, retry = 0, at = ?
             where edition = ? and recipient_key = ? and channel = ? and state in ('failed', 'unknown')",
        )
        .bind(state.as_str())
        .bind(encode_time(now))
        .bind(edition.to_string())
        .bind(recipient.as_str())
        .bind(channel.as_str())
        .execute(&self.pool)
        .await
        .map(|done| done.rows_affected() == 1)
        .map_err(doing("record a decision"))
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
