//! What a test of mail needs: a ledger that knows an edition, an outbox, attachments that servers like to damage, and
//! settings for each way out.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use mesur::clock::Clock;
use mesur::config::{Delivery, MailSettings, SmtpSecurity, SmtpSettings};
use mesur::dispatch::{DispatchError, DispatchSummary, EditionMail, send_edition};
use mesur::ledger::{EditionRecord, Ledger};
use mesur::model::{Address, Artefact, EditionId, EditionState, Language, MailBody, Recipient};

use crate::smtp_server::{SmtpServer, install_tls_provider};

pub(crate) const LOGIN: (&str, &str) = ("mesur", "a=b\u{e9}c");

const LEDGER: &str = "ledger.sqlite";

pub(crate) struct Bench {
    folder: tempfile::TempDir,
    pub(crate) ledger: Ledger,
    pub(crate) edition: EditionId,
    pub(crate) attachments: Vec<Artefact>,
    pub(crate) clock: Clock,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        install_tls_provider();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let ledger = Ledger::open(&folder.path().join(LEDGER)).await.expect("a new ledger");
        let edition: EditionId = "iacw-quarterly@2020-21-Q3.v1".parse().expect("an id");
        let now: Timestamp = "2021-01-18T08:00:00Z".parse().expect("a time");
        ledger
            .record_edition(&EditionRecord {
                id: edition.clone(),
                state: EditionState::Frozen,
                snapshot: "abcdef01".to_owned(),
                input_hash: "in".to_owned(),
                manifest_hash: "out".to_owned(),
                path: edition.to_string().into(),
                built_at: now,
            })
            .await
            .expect("recorded");
        // Every byte, bare line ends and a lone dot: what servers like to change.
        let mut bytes: Vec<u8> = (0..=255).collect();
        bytes.extend_from_slice(b"\n.\n..\r\n.\r\nFrom here\r\x00");
        let attachments = vec![
            artefact("manumix-ch3-2020-21-cy.pdf", "application/pdf", &bytes.repeat(700)),
            artefact("manumix-q3-2020-21.csv", "text/csv", b"id,value\nD06,31\n"),
        ];
        Self { folder, ledger, edition, attachments, clock: Clock::Fixed(now) }
    }

    pub(crate) async fn send(
        &self,
        settings: &MailSettings,
        people: &[&str],
    ) -> Result<DispatchSummary, DispatchError> {
        let recipients: Vec<Recipient> = people.iter().map(|address| recipient(address)).collect();
        send_edition(EditionMail {
            ledger: &self.ledger,
            settings,
            outbox: &self.outbox(),
            edition: &self.edition,
            recipients: &recipients,
            body: &body,
            attachments: &self.attachments,
            clock: &self.clock,
        })
        .await
    }

    pub(crate) fn ledger_path(&self) -> PathBuf {
        self.folder.path().join(LEDGER)
    }

    pub(crate) fn outbox(&self) -> PathBuf {
        self.folder.path().join("outbox")
    }

    /// The files of the edition's outbox.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let folder = self.outbox().join(self.edition.to_string());
        let entries = std::fs::read_dir(folder).expect("a folder");
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
        files.sort();
        files
    }
}

pub(crate) fn artefact(file_name: &str, media_type: &'static str, bytes: &[u8]) -> Artefact {
    Artefact { file_name: file_name.to_owned(), media_type, language: None, bytes: Arc::from(bytes) }
}

/// Whoever's address begins with an `e` reads English first.
pub(crate) fn recipient(address: &str) -> Recipient {
    let language = if address.starts_with('e') { Language::En } else { Language::Cy };
    Recipient { address: Address::new(address.to_owned()), language, list: "IACW".to_owned() }
}

pub(crate) fn body(first: Language) -> MailBody {
    let (cy, en) = ("Ŵyth rhif – £\n.\n", "Eight numbers – £\n");
    let [one, two] = if first == Language::Cy { [cy, en] } else { [en, cy] };
    MailBody {
        subject: "Monitro Manumix: Ch3 2020-21 (dros dro) / Manumix monitoring: Q3 2020-21 (provisional) – ŵ"
            .to_owned(),
        text: format!("{one}\n{two}"),
        html: format!("<p>{one}</p><p>{two}</p>"),
    }
}

pub(crate) fn files() -> MailSettings {
    MailSettings {
        delivery: Delivery::Files,
        from: "Monitro Manumix / Manumix monitoring <manumix@example.org>".to_owned(),
        reply_to: Some("helo@example.org".to_owned()),
        owner: None,
        smtp: None,
        max_message_bytes: 10_000_000,
    }
}

pub(crate) fn smtp(port: u16, security: SmtpSecurity) -> MailSettings {
    let smtp = SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        security,
        user: None,
        password: None,
        ca_file: None,
        timeout_seconds: 20,
        attempts: 1,
    };
    MailSettings { delivery: Delivery::Smtp, smtp: Some(smtp), ..files() }
}

pub(crate) fn with(settings: &MailSettings, change: impl FnOnce(&mut SmtpSettings)) -> MailSettings {
    let mut settings = settings.clone();
    change(settings.smtp.as_mut().expect("a server"));
    settings
}

pub(crate) fn secured(server: &SmtpServer, security: SmtpSecurity) -> MailSettings {
    with(&smtp(server.port(), security), |smtp| {
        smtp.user = Some(LOGIN.0.to_owned());
        smtp.password = Some(LOGIN.1.into());
        smtp.ca_file = Some(server.ca_file());
    })
}
