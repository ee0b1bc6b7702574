//! Composes messages: one recipient, both languages, fixed `Message-ID` and boundaries, attachments as they are. Pure:
//! the same input gives the same bytes.

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Body, Mailbox, Message, MultiPart, SinglePart};
use sha2::{Digest, Sha256};

use crate::config::MailSettings;
use crate::dispatch::error::DispatchError;
use crate::dispatch::scrub::scrub;
use crate::model::{Address, Artefact, ContentHash, MailBody};

/// Hexadecimal digits of a hash that identify a message: 128 bits.
const ID_DIGITS: usize = 32;

/// The sender's side of every message, and the attachments, encoded once for all recipients.
pub(super) struct Composer {
    from: Mailbox,
    reply_to: Option<Mailbox>,
    attachments: Vec<SinglePart>,
    largest: String,
}

/// A message's identity; the same for the same recipient of the same edition, whenever it is composed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MessageId {
    /// Names the `.eml` file and the boundaries; free of addresses.
    pub(super) digits: String,
    /// The header: `<digits@domain of the sender>`.
    pub(super) header: String,
}

/// A composed message.
pub(super) struct Composed {
    pub(super) message: Message,
    /// As sent.
    pub(super) bytes: Vec<u8>,
}

impl Composer {
    /// Reads the sender from the settings and encodes the attachments.
    pub(super) fn new(settings: &MailSettings, attachments: &[Artefact]) -> Result<Self, DispatchError> {
        let mailbox = |setting, text: &str| {
            text.parse::<Mailbox>()
                .map_err(|error| DispatchError::Sender { setting, source: scrub(&error.to_string(), None) })
        };
        let largest = attachments.iter().max_by_key(|artefact| artefact.bytes.len());
        Ok(Self {
            from: mailbox("mail.from", &settings.from)?,
            reply_to: settings.reply_to.as_deref().map(|text| mailbox("mail.reply_to", text)).transpose()?,
            attachments: attachments.iter().map(attach).collect::<Result<_, _>>()?,
            largest: largest.map_or_else(|| "none".to_owned(), |artefact| artefact.file_name.clone()),
        })
    }

    /// The sender's own address.
    pub(super) const fn sender(&self) -> &lettre::Address {
        &self.from.email
    }

    /// The identity of the message that these parts identify.
    pub(super) fn message_id(&self, parts: &[&str]) -> MessageId {
        let mut hasher = Sha256::new();
        for part in parts {
            // The length keeps `ab` `c` and `a` `bc` apart.
            hasher.update(part.len().to_be_bytes());
            hasher.update(part.as_bytes());
        }
        let hash = ContentHash::from_digest(&hasher.finalize().into());
        let digits = hash.as_str()[..ID_DIGITS].to_owned();
        let header = format!("<{digits}@{}>", self.from.email.domain());
        MessageId { digits, header }
    }

    /// Composes a message to one recipient. `date` is in UTC.
    pub(super) fn compose(
        &self,
        to: &lettre::Address,
        body: &MailBody,
        id: &MessageId,
        date: jiff::Timestamp,
    ) -> Result<Composed, DispatchError> {
        // The hash cannot occur in a text, nor can `=_` in one that is encoded.
        let alternative = MultiPart::alternative()
            .boundary(format!("=_a{}", id.digits))
            .singlepart(SinglePart::plain(body.text.clone()))
            .singlepart(SinglePart::html(body.html.clone()));
        let mut mixed = MultiPart::mixed().boundary(format!("=_m{}", id.digits)).multipart(alternative);
        for attachment in &self.attachments {
            mixed = mixed.singlepart(attachment.clone());
        }
        let languages = HeaderName::new_from_ascii_str("Content-Language");
        let subject: String = body.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.clone()))
            .subject(subject)
            .date(date.into())
            .message_id(Some(id.header.clone()))
            .raw_header(HeaderValue::new(languages, "cy, en".to_owned()));
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.clone());
        }
        let message = builder.multipart(mixed).map_err(|error| DispatchError::Compose {
            what: "headers".to_owned(),
            source: scrub(&error.to_string(), None),
        })?;
        let bytes = message.formatted();
        Ok(Composed { message, bytes })
    }

    /// Refuses a message that is larger than `limit` bytes, before anything is sent.
    pub(super) fn check_size(&self, composed: &Composed, limit: u64) -> Result<(), DispatchError> {
        let bytes = u64::try_from(composed.bytes.len()).unwrap_or(u64::MAX);
        if bytes <= limit {
            return Ok(());
        }
        Err(DispatchError::TooLarge { bytes, limit, largest: self.largest.clone() })
    }
}

/// An address as the mail library wants it; the reason is masked.
pub(super) fn parse_address(address: &Address) -> Result<lettre::Address, String> {
    let parsed: lettre::Address =
        address.expose().trim().parse().map_err(|error: lettre::address::AddressError| error.to_string())?;
    if address.expose().is_ascii() {
        return Ok(parsed);
    }
    Err("letters outside ASCII in an address are not supported".to_owned())
}

/// Always base64, so that no server touches a line ending.
fn attach(artefact: &Artefact) -> Result<SinglePart, DispatchError> {
    let failed = |why: &str| DispatchError::Compose {
        what: format!("attachment {}", artefact.file_name),
        source: scrub(why, None),
    };
    let media_type = ContentType::parse(artefact.media_type).map_err(|error| failed(&error.to_string()))?;
    let body = Body::new_with_encoding(artefact.bytes.to_vec(), ContentTransferEncoding::Base64)
        .map_err(|_| failed("its bytes cannot be encoded"))?;
    Ok(Attachment::new(artefact.file_name.clone()).body(body, media_type))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Composer, parse_address};
    use crate::config::{Delivery, MailSettings};
    use crate::model::{Address, Artefact, ErrorClass, MailBody};

    fn settings(from: &str) -> MailSettings {
        MailSettings {
            delivery: Delivery::Files,
            from: from.to_owned(),
            reply_to: None,
            owner: None,
            smtp: None,
            max_message_bytes: 10_000,
        }
    }

    fn body() -> MailBody {
        MailBody {
            subject: "Monitro Manumix: Ch3 2020-21 (dros dro) / Manumix monitoring: Q3 2020-21 (provisional)"
                .to_owned(),
            text: "Annwyl aelod – ŵ ŷ £\nDear member\n".to_owned(),
            html: "<p lang=\"cy\">ŵ</p>".to_owned(),
        }
    }

    fn attachment(bytes: &[u8]) -> Artefact {
        Artefact {
            file_name: "manumix-ch3-2020-21-cy.csv".to_owned(),
            media_type: "text/csv",
            language: None,
            bytes: Arc::from(bytes),
        }
    }

    #[test]
    fn the_same_message_has_the_same_bytes() {
        let composer =
            Composer::new(&settings("Mesur <mesur@example.org>"), &[attachment(b"a,b\n1,2\n")]).expect("well formed");
        let to = parse_address(&Address::new("mair@example.test".to_owned())).expect("an address");
        let id = composer.message_id(&["iacw-quarterly@2020-21-Q3.v1", "key"]);
        assert_eq!(id.header, format!("<{}@example.org>", id.digits));
        let compose = || composer.compose(&to, &body(), &id, jiff::Timestamp::UNIX_EPOCH).expect("composed").bytes;
        let bytes = compose();
        assert_eq!(bytes, compose());
        assert!(bytes.is_ascii(), "every server takes seven bits");
    }

    #[test]
    fn a_large_message_is_refused_with_the_largest_attachment_named() {
        let composer = Composer::new(&settings("mesur@example.org"), &[attachment(&[7; 9_000])]).expect("well formed");
        let to = parse_address(&Address::new("mair@example.test".to_owned())).expect("an address");
        let id = composer.message_id(&["x"]);
        let mail = composer.compose(&to, &body(), &id, jiff::Timestamp::UNIX_EPOCH).expect("composed");
        let error = composer.check_size(&mail, 10_000).expect_err("base64 makes 12,000 bytes of it");
        assert!(error.to_string().contains("manumix-ch3-2020-21-cy.csv"));
        assert_eq!(error.class(), ErrorClass::Usage);
    }

    #[test]
    fn a_sender_that_is_no_address_is_named_by_its_setting() {
        let error = Composer::new(&settings("mesur"), &[]).err().expect("no address");
        assert!(error.to_string().contains("mail.from"));
        assert_eq!(error.class(), ErrorClass::Usage);
    }
}
