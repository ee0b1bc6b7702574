//! Mails to the owner about the running of the programme. Not recorded in the ledger and never tried twice by itself.

use std::path::Path;

use crate::clock::Clock;
use crate::config::{Delivery, MailSettings};
use crate::dispatch::error::{DispatchError, ServerText};
use crate::dispatch::message::{Composer, parse_address};
use crate::dispatch::outbox::Outbox;
use crate::dispatch::scrub::scrub;
use crate::dispatch::smtp::{SmtpClient, SmtpOutcome};
use crate::ledger::DispatchOutcome;
use crate::model::{Address, Artefact, MailBody};

/// A mail to the owner.
#[derive(Clone, Copy)]
pub struct Alert<'a> {
    /// How messages leave.
    pub settings: &'a MailSettings,
    /// The folder of the outbox; `.eml` files go into `alerts` below it.
    pub outbox: &'a Path,
    /// To whom.
    pub to: &'a Address,
    /// Subject and body.
    pub body: &'a MailBody,
    /// Files that help, such as the quarantined rows of one supplier.
    pub attachments: &'a [Artefact],
    /// Dates the message.
    pub clock: &'a Clock,
}

/// Sends an alert.
///
/// # Errors
/// Wrong settings or address, a message that is too large, a server that is away or refuses, an outbox that cannot be
/// written; [`DispatchError::Alert`] when the server did not take it or its answer is unknown.
pub async fn send_alert(alert: Alert<'_>) -> Result<(), DispatchError> {
    let settings = alert.settings;
    let to =
        parse_address(alert.to).map_err(|why| DispatchError::AlertAddress { source: scrub(&why, Some(alert.to)) })?;
    let composer = Composer::new(settings, alert.attachments)?;
    let now = alert.clock.now();
    let id = composer.message_id(&["alert", &alert.body.subject, &alert.body.text, &now.to_string()]);
    let mail = composer.compose(&to, alert.body, &id, now)?;
    composer.check_size(&mail, settings.max_message_bytes)?;
    let smtp = match settings.delivery {
        Delivery::Files => {
            return Outbox::new(alert.outbox.join("alerts")).write(&id, mail.bytes).await.map(|_| ());
        }
        Delivery::Smtp => settings.smtp.as_ref().ok_or(DispatchError::NoServer)?,
    };
    match SmtpClient::new(smtp)?.send(&mail.message, &mail.bytes, alert.to).await {
        SmtpOutcome::Answered(DispatchOutcome::Sent(_)) => Ok(()),
        SmtpOutcome::Answered(outcome) => Err(DispatchError::Alert { source: ServerText(outcome.into_text()) }),
        SmtpOutcome::Away(source) => Err(DispatchError::Away { host: smtp.host.clone(), port: smtp.port, source }),
        SmtpOutcome::Refused(source) => {
            Err(DispatchError::Refused { host: smtp.host.clone(), port: smtp.port, source })
        }
    }
}
