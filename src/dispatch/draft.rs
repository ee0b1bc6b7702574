//! Drafts: mails that a person finishes and forwards. They have no recipient and are never sent from here.

use std::io;
use std::path::{Path, PathBuf};

use lettre::message::header::{self, HeaderName, HeaderValue};

use crate::clock::Clock;
use crate::config::MailSettings;
use crate::dispatch::error::DispatchError;
use crate::dispatch::message::Composer;
use crate::model::{Artefact, MailBody};
use crate::store;

/// A mail to be finished by a person.
#[derive(Clone, Copy)]
pub struct Draft<'a> {
    /// The sender's side.
    pub settings: &'a MailSettings,
    /// The folder of the outbox; the draft goes into `drafts` below it.
    pub outbox: &'a Path,
    /// The file's name without extension.
    pub name: &'a str,
    /// Subject and body.
    pub body: &'a MailBody,
    /// Files to be forwarded.
    pub attachments: &'a [Artefact],
    /// Dates the message.
    pub clock: &'a Clock,
}

/// Writes a draft as an `.eml` file that mail programs open for editing (`X-Unsent`), replacing one of the same name.
///
/// # Errors
/// A wrong sender, a message that is too large, an outbox that cannot be written.
pub fn write_draft(draft: Draft<'_>) -> Result<PathBuf, DispatchError> {
    let composer = Composer::new(draft.settings, draft.attachments)?;
    let id = composer.message_id(&["draft", draft.name, &draft.body.subject, &draft.body.text]);
    // The library asks for a recipient; the sender stands in and is taken out again.
    let mut mail = composer.compose(composer.sender(), draft.body, &id, draft.clock.now())?;
    mail.message.headers_mut().remove::<header::To>();
    let unsent = HeaderName::new_from_ascii_str("X-Unsent");
    mail.message.headers_mut().insert_raw(HeaderValue::new(unsent, "1".to_owned()));
    mail.bytes = mail.message.formatted();
    composer.check_size(&mail, draft.settings.max_message_bytes)?;
    let folder = draft.outbox.join("drafts");
    let path = folder.join(format!("{}.eml", draft.name));
    let failed = |error| DispatchError::Outbox { path: path.clone(), source: io::Error::other(error) };
    store::create_private_dir(&folder).map_err(failed)?;
    store::write_atomic(&path, &mail.bytes).map_err(failed)?;
    Ok(path)
}
