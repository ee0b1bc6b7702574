//! What can go wrong when messages are sent. Never holds an address that is not masked.

use std::path::PathBuf;

use crate::ledger::LedgerError;
use crate::model::{EditionId, ErrorClass};

/// What a server or a library said, addresses masked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ServerText(pub(super) String);

/// Why messages could not be sent. What happens to a single recipient is no error but a part of the summary.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    /// The ledger could not be asked or written, so nothing more is sent.
    #[error("cannot record what is sent")]
    Ledger {
        /// Why.
        source: LedgerError,
    },
    /// Nobody is to receive the edition.
    #[error(
        "nobody is on the list of edition {edition}: check the extract `recipients` and `recipients_list` of the job"
    )]
    NoRecipients {
        /// Which edition.
        edition: EditionId,
    },
    /// The sender is not an address.
    #[error("`{setting}` is not an address such as `Name <name@example.org>`: correct it in mesur.toml")]
    Sender {
        /// `mail.from` or `mail.reply_to`.
        setting: &'static str,
        /// Why.
        source: ServerText,
    },
    /// An alert has no address to go to.
    #[error("the address for alerts is not an address")]
    AlertAddress {
        /// Why.
        source: ServerText,
    },
    /// Delivery to a server without a server.
    #[error("`mail.delivery` is `smtp` but `[mail.smtp]` is missing: set its host, or deliver to `files`")]
    NoServer,
    /// The certificate authority could not be read.
    #[error("cannot read the certificate authority `{}`: `mail.smtp.ca_file` must be a PEM file", path.display())]
    Authority {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// TLS could not be set up.
    #[error("cannot set up TLS to the mail server")]
    Tls {
        /// Why.
        source: ServerText,
    },
    /// The message is larger than allowed.
    #[error(
        "the message has {bytes} bytes, more than `mail.max_message_bytes` = {limit} (largest attachment: {largest}): \
         attach fewer files and send links, or raise the limit if the server allows it"
    )]
    TooLarge {
        /// As encoded.
        bytes: u64,
        /// What is allowed.
        limit: u64,
        /// Name of the largest attachment.
        largest: String,
    },
    /// A message could not be composed.
    #[error("cannot compose the message ({what})")]
    Compose {
        /// Which part of it.
        what: String,
        /// Why.
        source: ServerText,
    },
    /// The outbox cannot be written.
    #[error("cannot write to the outbox `{}`: check who may write there and whether the disk is full", path.display())]
    Outbox {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The server does not let us in.
    #[error(
        "the mail server {host}:{port} does not let us in, nothing more was sent: check `mail.from`, and `security`, \
         `ca_file`, `user` and the password of `[mail.smtp]`"
    )]
    Refused {
        /// Its name.
        host: String,
        /// Its port.
        port: u16,
        /// What it or TLS said.
        source: ServerText,
    },
    /// The server cannot be reached for now.
    #[error("the mail server {host}:{port} cannot be reached, nothing was sent: try again later")]
    Away {
        /// Its name.
        host: String,
        /// Its port.
        port: u16,
        /// What happened.
        source: ServerText,
    },
    /// An alert was not taken, or nobody knows whether it was.
    #[error("the alert was not delivered")]
    Alert {
        /// What the server said.
        source: ServerText,
    },
}

impl DispatchError {
    /// What the error means for the run.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Ledger { source } => source.class(),
            Self::NoRecipients { .. } => ErrorClass::Data,
            Self::Sender { .. }
            | Self::AlertAddress { .. }
            | Self::NoServer
            | Self::Authority { .. }
            | Self::Tls { .. }
            | Self::TooLarge { .. }
            | Self::Refused { .. } => ErrorClass::Usage,
            Self::Compose { .. } => ErrorClass::Bug,
            Self::Outbox { .. } => ErrorClass::Permanent,
            Self::Away { .. } => ErrorClass::Transient,
            Self::Alert { .. } => ErrorClass::Delivery,
        }
    }
}
