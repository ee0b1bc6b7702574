//! Sends an edition: each recipient their own message, at most once, with the ledger written before and after.

use std::collections::BTreeSet;
use std::path::Path;

use crate::clock::Clock;
use crate::config::{Delivery, MailSettings};
use crate::dispatch::error::{DispatchError, ServerText};
use crate::dispatch::message::{Composer, MessageId, parse_address};
use crate::dispatch::outbox::Outbox;
use crate::dispatch::scrub::scrub;
use crate::dispatch::smtp::{SmtpClient, SmtpOutcome};
use crate::ledger::{Channel, DispatchOutcome, DispatchRecord, DispatchState, Ledger, RecipientKey};
use crate::model::{Address, Artefact, EditionId, ErrorClass, Language, MailBody, Recipient};

/// Everything a send needs.
#[derive(Clone, Copy)]
pub struct EditionMail<'a> {
    /// Where states are kept. It must know the edition.
    pub ledger: &'a Ledger,
    /// How messages leave.
    pub settings: &'a MailSettings,
    /// The folder of the outbox; `.eml` files go into a folder of the edition below it.
    pub outbox: &'a Path,
    /// What is sent.
    pub edition: &'a EditionId,
    /// To whom.
    pub recipients: &'a [Recipient],
    /// Subject and body, with the language that stands first.
    pub body: &'a (dyn Fn(Language) -> MailBody + Sync),
    /// The same for everybody.
    pub attachments: &'a [Artefact],
    /// Dates messages and states.
    pub clock: &'a Clock,
}

/// How every recipient of an edition stands after a send; the four numbers add up to the recipients.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DispatchSummary {
    /// Sent now.
    pub sent: u64,
    /// Sent before.
    pub already: u64,
    /// Not taken, now or before.
    pub failed: u64,
    /// Nobody knows; held for a person.
    pub unknown: u64,
    /// One entry a recipient, in the order of the list.
    pub deliveries: Vec<Delivered>,
}

/// How one recipient stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// The address; masked when printed.
    pub address: Address,
    /// Where their dispatch stands.
    pub state: DispatchState,
    /// What the server answered, or why there is no answer; addresses masked.
    pub response: String,
}

impl DispatchSummary {
    /// What the send means for the run; none when everybody has the edition.
    #[must_use]
    pub const fn class(&self) -> Option<ErrorClass> {
        if self.failed + self.unknown == 0 { None } else { Some(ErrorClass::Delivery) }
    }

    fn add(&mut self, address: &Address, step: Step) {
        let (state, response) = match step {
            Step::Already(response) => {
                self.already += 1;
                (DispatchState::Sent, response)
            }
            Step::NotTried(state, response) => {
                self.failed += 1;
                (state, response)
            }
            Step::Done(outcome) => {
                match outcome {
                    DispatchOutcome::Sent(_) => self.sent += 1,
                    DispatchOutcome::FailedForNow(_) | DispatchOutcome::FailedForGood(_) => self.failed += 1,
                    DispatchOutcome::Unknown(_) => self.unknown += 1,
                }
                (outcome.state(), outcome.into_text())
            }
        };
        self.deliveries.push(Delivered { address: address.clone(), state, response });
    }
}

/// What was done for one recipient.
enum Step {
    /// They had it before.
    Already(String),
    /// Nothing was tried, and why.
    NotTried(DispatchState, String),
    /// How it ended, now or in a run before.
    Done(DispatchOutcome),
}

/// The way out.
enum Route<'a> {
    Files(Outbox),
    Smtp(SmtpClient<'a>),
}

/// The state of one call.
struct Sender<'a> {
    mail: EditionMail<'a>,
    composer: Composer,
    route: Route<'a>,
    /// Set once the server could not be reached: it is not called again in this run.
    away: Option<ServerText>,
    /// For how many recipients that is why they have nothing.
    away_count: u64,
}

/// Sends an edition to everybody who does not have it yet.
///
/// Whoever has it is left alone, whoever failed for now is tried again, whoever failed for good or is unknown is
/// reported again. A run that was killed in the middle of a send leaves an unknown outcome behind when it talked to a
/// server; an outbox is looked into instead.
///
/// # Errors
/// Before anything is sent: a wrong sender, no server, a message that is too large, nobody on the list. On the way:
/// [`DispatchError::Away`] when the server could not be reached and nothing was sent, [`DispatchError::Refused`] when it
/// does not let us in, and failures of ledger and outbox.
pub async fn send_edition(mail: EditionMail<'_>) -> Result<DispatchSummary, DispatchError> {
    if mail.recipients.is_empty() {
        return Err(DispatchError::NoRecipients { edition: mail.edition.clone() });
    }
    let composer = Composer::new(mail.settings, mail.attachments)?;
    let route = match mail.settings.delivery {
        Delivery::Files => Route::Files(Outbox::new(mail.outbox.join(mail.edition.to_string()))),
        Delivery::Smtp => Route::Smtp(SmtpClient::new(mail.settings.smtp.as_ref().ok_or(DispatchError::NoServer)?)?),
    };
    let mut sender = Sender { mail, composer, route, away: None, away_count: 0 };
    sender.check_size()?;
    let mut summary = DispatchSummary::default();
    let mut seen = BTreeSet::new();
    for recipient in mail.recipients {
        let key = mail.ledger.recipient_key(&recipient.address);
        if seen.insert(key.clone()) {
            let step = sender.serve(recipient, &key).await?;
            summary.add(&recipient.address, step);
        }
    }
    match (sender.away, &mail.settings.smtp) {
        // With any other outcome beside it, the summary says more.
        (Some(source), Some(smtp)) if [summary.sent, summary.unknown, summary.failed] == [0, 0, sender.away_count] => {
            Err(DispatchError::Away { host: smtp.host.clone(), port: smtp.port, source })
        }
        _ => Ok(summary),
    }
}

impl Sender<'_> {
    const fn channel(&self) -> Channel {
        match self.route {
            Route::Files(_) => Channel::Files,
            Route::Smtp(_) => Channel::Smtp,
        }
    }

    /// Composes one message in each language that is asked for, to the longest address, and looks at its size.
    fn check_size(&self) -> Result<(), DispatchError> {
        for language in Language::BOTH {
            let longest = self
                .mail
                .recipients
                .iter()
                .filter(|recipient| recipient.language == language)
                .filter_map(|recipient| parse_address(&recipient.address).ok())
                .max_by_key(|address| AsRef::<str>::as_ref(address).len());
            if let Some(to) = longest {
                let id = self.composer.message_id(&["size"]);
                let body = (self.mail.body)(language);
                let composed = self.composer.compose(&to, &body, &id, self.mail.clock.now())?;
                self.composer.check_size(&composed, self.mail.settings.max_message_bytes)?;
            }
        }
        Ok(())
    }

    /// Brings one recipient as far as possible.
    async fn serve(&mut self, recipient: &Recipient, key: &RecipientKey) -> Result<Step, DispatchError> {
        let EditionMail { ledger, edition, clock, .. } = self.mail;
        let id = self.composer.message_id(&[&edition.to_string(), key.as_str()]);
        let known = ledger
            .open_dispatch(edition, key, self.channel(), &id.header, clock.now())
            .await
            .map_err(|source| DispatchError::Ledger { source })?;
        if let Some(step) = self.settle(&known, key, &id).await? {
            return Ok(step);
        }
        if let Some(why) = &self.away {
            self.away_count += 1;
            return Ok(Step::NotTried(known.state, format!("not tried: {why}")));
        }
        let began = ledger
            .begin_dispatch(edition, key, self.channel(), clock.now())
            .await
            .map_err(|source| DispatchError::Ledger { source })?;
        if !began {
            return Ok(Step::NotTried(DispatchState::Sending, "another program is sending it".to_owned()));
        }
        let outcome = match parse_address(&recipient.address) {
            Err(why) => DispatchOutcome::FailedForGood(scrub(&why, Some(&recipient.address)).0),
            Ok(to) => self.hand_over(recipient, &to, key, &id).await?,
        };
        self.finish(key, &outcome).await?;
        Ok(Step::Done(outcome))
    }

    /// What is settled without a send: what a run before has left behind.
    async fn settle(
        &self,
        known: &DispatchRecord,
        key: &RecipientKey,
        id: &MessageId,
    ) -> Result<Option<Step>, DispatchError> {
        let response = known.response.clone().unwrap_or_default();
        match known.state {
            DispatchState::Pending => Ok(None),
            DispatchState::Sent => Ok(Some(Step::Already(response))),
            DispatchState::Unknown => Ok(Some(Step::Done(DispatchOutcome::Unknown(response)))),
            DispatchState::Failed if known.retry => Ok(None),
            DispatchState::Failed => Ok(Some(Step::Done(DispatchOutcome::FailedForGood(response)))),
            DispatchState::Sending => {
                let outcome = self.interrupted(id);
                self.finish(key, &outcome).await?;
                Ok(match outcome {
                    DispatchOutcome::FailedForNow(_) => None,
                    DispatchOutcome::Sent(response) => Some(Step::Already(response)),
                    outcome => Some(Step::Done(outcome)),
                })
            }
        }
    }

    /// What is known about a send whose program was killed.
    fn interrupted(&self, id: &MessageId) -> DispatchOutcome {
        match &self.route {
            Route::Files(outbox) if outbox.holds(id) => {
                DispatchOutcome::Sent("written before the program was killed".to_owned())
            }
            Route::Files(_) => DispatchOutcome::FailedForNow("the program was killed before it was written".to_owned()),
            Route::Smtp(_) => DispatchOutcome::Unknown("the program was killed while it was sent".to_owned()),
        }
    }

    /// The send itself. What concerns the server and not the recipient leaves the dispatch to be tried again.
    async fn hand_over(
        &mut self,
        recipient: &Recipient,
        to: &lettre::Address,
        key: &RecipientKey,
        id: &MessageId,
    ) -> Result<DispatchOutcome, DispatchError> {
        let body = (self.mail.body)(recipient.language);
        let composed = self.composer.compose(to, &body, id, self.mail.clock.now())?;
        let outcome = match &self.route {
            Route::Files(outbox) => match outbox.write(id, composed.bytes).await {
                Ok(_) => return Ok(DispatchOutcome::Sent(format!("written as {}.eml", id.digits))),
                Err(error) => {
                    self.finish(key, &DispatchOutcome::FailedForNow(error.to_string())).await?;
                    return Err(error);
                }
            },
            Route::Smtp(client) => client.send(&composed.message, &composed.bytes, &recipient.address).await,
        };
        match outcome {
            SmtpOutcome::Answered(outcome) => Ok(outcome),
            SmtpOutcome::Away(why) => {
                let outcome = DispatchOutcome::FailedForNow(why.0.clone());
                self.away = Some(why);
                self.away_count += 1;
                Ok(outcome)
            }
            SmtpOutcome::Refused(source) => {
                self.finish(key, &DispatchOutcome::FailedForNow(source.0.clone())).await?;
                let smtp = self.mail.settings.smtp.as_ref().ok_or(DispatchError::NoServer)?;
                Err(DispatchError::Refused { host: smtp.host.clone(), port: smtp.port, source })
            }
        }
    }

    async fn finish(&self, key: &RecipientKey, outcome: &DispatchOutcome) -> Result<(), DispatchError> {
        let EditionMail { ledger, edition, clock, .. } = self.mail;
        ledger
            .finish_dispatch(edition, key, self.channel(), outcome, clock.now())
            .await
            .map_err(|source| DispatchError::Ledger { source })
    }
}
