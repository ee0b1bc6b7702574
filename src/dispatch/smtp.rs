//! The conversation with a mail server, and what its end means. One connection a message, so that a failed
//! conversation never touches the next; one deadline over all of it, since the library bounds only the connect.
//!
//! How far the conversation came is known at every instant. Until the dot that ends the message is written the server
//! cannot have taken it; after that only its answer tells.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use lettre::message::Message;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use secrecy::ExposeSecret;

use crate::config::{SmtpSecurity, SmtpSettings};
use crate::dispatch::error::{DispatchError, ServerText};
use crate::dispatch::scrub::scrub;
use crate::ledger::DispatchOutcome;
use crate::model::Address;

const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// For the farewell, which changes nothing any more.
const QUIT_TIMEOUT: Duration = Duration::from_secs(2);
const CHUNK_BYTES: usize = 64 * 1024;

/// A mail server that is ready to be called.
pub(super) struct SmtpClient<'a> {
    settings: &'a SmtpSettings,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
}

/// How the send of one message ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SmtpOutcome {
    /// The server said something about this message, or fell silent after it had it.
    Answered(DispatchOutcome),
    /// The server could not be reached, or would not talk to anybody now.
    Away(ServerText),
    /// The server or TLS refused us, whatever the message.
    Refused(ServerText),
}

/// How far a conversation came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Phase {
    /// Connect, greeting, TLS, login, sender: what is the same for every recipient.
    Entering = 0,
    /// Recipient, and the message up to its last byte.
    Offering = 1,
    /// The ending dot is on its way.
    HandedOver = 2,
}

/// The phase, readable when the conversation was cut by its deadline.
#[derive(Default)]
struct Progress(AtomicU8);

impl Progress {
    fn reach(&self, phase: Phase) {
        self.0.store(phase as u8, Ordering::Release);
    }

    fn phase(&self) -> Phase {
        match self.0.load(Ordering::Acquire) {
            0 => Phase::Entering,
            1 => Phase::Offering,
            _ => Phase::HandedOver,
        }
    }
}

impl<'a> SmtpClient<'a> {
    /// Prepares TLS and login; does not connect.
    pub(super) fn new(settings: &'a SmtpSettings) -> Result<Self, DispatchError> {
        let tls = match settings.security {
            SmtpSecurity::Starttls | SmtpSecurity::Tls => Some(prepare_tls(settings)?),
            SmtpSecurity::None => None,
        };
        let credentials = match (&settings.user, &settings.password) {
            (Some(user), Some(password)) => Some(Credentials::new(user.clone(), password.expose_secret().to_owned())),
            _ => None,
        };
        Ok(Self { settings, tls, credentials })
    }

    /// Sends one message, trying again with growing pauses as long as the server cannot have taken it.
    pub(super) async fn send(&self, message: &Message, bytes: &[u8], recipient: &Address) -> SmtpOutcome {
        let mut pause = FIRST_PAUSE;
        let mut attempt = 1;
        loop {
            let (outcome, again) = self.try_once(message, bytes, recipient).await;
            if !again || attempt >= self.settings.attempts {
                return outcome;
            }
            tracing::debug!(attempt, "the mail server did not take a message, trying again");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            attempt += 1;
        }
    }

    /// One conversation under its deadline; also whether another one may help.
    async fn try_once(&self, message: &Message, bytes: &[u8], recipient: &Address) -> (SmtpOutcome, bool) {
        let progress = Progress::default();
        let deadline = Duration::from_secs(self.settings.timeout_seconds);
        match tokio::time::timeout(deadline, self.converse(message, bytes, &progress)).await {
            Ok(Ok(answer)) => {
                let answer = scrub(&answer, Some(recipient)).0;
                (SmtpOutcome::Answered(DispatchOutcome::Sent(answer)), false)
            }
            Ok(Err(error)) => judge(&error, progress.phase(), recipient),
            Err(_) => {
                let text = format!("no answer within {} seconds", self.settings.timeout_seconds);
                judge_silence(progress.phase(), ServerText(text))
            }
        }
    }

    async fn converse(&self, message: &Message, bytes: &[u8], progress: &Progress) -> Result<String, SmtpError> {
        let mut connection = self.enter().await?;
        let envelope = message.envelope();
        connection.command(Mail::new(envelope.from().cloned(), vec![])).await?;
        progress.reach(Phase::Offering);
        for recipient in envelope.to() {
            connection.command(Rcpt::new(recipient.clone(), vec![])).await?;
        }
        connection.command(Data).await?;
        // The connection asks for a chunk after it has written the one before, and writes the dot after the last.
        let mut chunks = bytes.chunks(CHUNK_BYTES);
        let watched = std::iter::from_fn(|| {
            let chunk = chunks.next();
            if chunk.is_none() {
                progress.reach(Phase::HandedOver);
            }
            chunk
        });
        let response = connection.message_iter(watched).await?;
        // The message is taken; how the farewell goes does not matter.
        let _ = tokio::time::timeout(QUIT_TIMEOUT, connection.quit()).await;
        let lines: Vec<&str> = response.message().collect();
        Ok(format!("{} {}", response.code(), lines.join(" ")))
    }

    /// Connects, secures the connection, logs in, and leaves again. Sends nothing.
    ///
    /// The error is what the server or the connection said, addresses masked.
    pub(super) async fn probe(&self) -> Result<(), ServerText> {
        let deadline = Duration::from_secs(self.settings.timeout_seconds);
        match tokio::time::timeout(deadline, self.enter()).await {
            Ok(Ok(mut connection)) => {
                let _ = tokio::time::timeout(QUIT_TIMEOUT, connection.quit()).await;
                Ok(())
            }
            Ok(Err(error)) => Err(scrub(&error.to_string(), None)),
            Err(_) => Err(scrub("no answer within mail.smtp.timeout_seconds", None)),
        }
    }

    /// Connects, secures the connection and logs in.
    async fn enter(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let settings = self.settings;
        let hello = ClientId::default();
        let wrapped = (settings.security == SmtpSecurity::Tls).then(|| self.tls.clone()).flatten();
        let connect_timeout = Some(Duration::from_secs(settings.timeout_seconds));
        let server = (settings.host.as_str(), settings.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, connect_timeout, &hello, wrapped, None).await?;
        if settings.security == SmtpSecurity::Starttls
            && let Some(tls) = &self.tls
        {
            connection.starttls(tls.clone(), &hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(&MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

fn prepare_tls(settings: &SmtpSettings) -> Result<TlsParameters, DispatchError> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.ca_file {
        let failed = |source| DispatchError::Authority { path: path.clone(), source };
        let pem = std::fs::read(path).map_err(|error| failed(error.into()))?;
        let authority = Certificate::from_pem(&pem).map_err(|error| failed(error.into()))?;
        builder = builder.add_root_certificate(authority);
    }
    builder.build_rustls().map_err(|error| DispatchError::Tls { source: scrub(&error.to_string(), None) })
}

/// What an error means, and whether another conversation may help.
fn judge(error: &SmtpError, phase: Phase, recipient: &Address) -> (SmtpOutcome, bool) {
    let text = scrub(&error.to_string(), Some(recipient));
    let ours = error.is_client() || error.is_tls();
    match phase {
        Phase::Entering if error.is_permanent() || ours || is_about_certificate(error) => {
            (SmtpOutcome::Refused(text), false)
        }
        Phase::Offering if error.is_permanent() || ours => {
            (SmtpOutcome::Answered(DispatchOutcome::FailedForGood(text.0)), false)
        }
        Phase::HandedOver if error.is_permanent() => {
            (SmtpOutcome::Answered(DispatchOutcome::FailedForGood(text.0)), false)
        }
        // The server has read the message and said no for now: the next run may ask again.
        Phase::HandedOver if error.is_transient() => {
            (SmtpOutcome::Answered(DispatchOutcome::FailedForNow(text.0)), false)
        }
        _ => judge_silence(phase, text),
    }
}

/// What a connection that was cut, or a deadline that passed, means.
fn judge_silence(phase: Phase, text: ServerText) -> (SmtpOutcome, bool) {
    match phase {
        Phase::Entering => (SmtpOutcome::Away(text), true),
        Phase::Offering => (SmtpOutcome::Answered(DispatchOutcome::FailedForNow(text.0)), true),
        Phase::HandedOver => (SmtpOutcome::Answered(DispatchOutcome::Unknown(text.0)), false),
    }
}

/// The library calls a bad certificate a connection error like any other; its cause tells.
fn is_about_certificate(error: &SmtpError) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let wrapped = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let within = wrapped.and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if within.is_some() || inner.is::<rustls::Error>() {
            return true;
        }
        cause = inner.source();
    }
    false
}
