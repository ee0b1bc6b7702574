//! Editions through a real mail server: who gets what, and what happens when the server misbehaves.

use std::time::{Duration, Instant};

use mailparse::{MailHeaderMap, ParsedMail};
use mesur::config::SmtpSecurity;
use mesur::dispatch::{Alert, DispatchError, DispatchSummary, send_alert};
use mesur::ledger::{Channel, DispatchState, Ledger};
use mesur::model::{Address, ErrorClass, Language, MailBody};

use crate::mail_bench::{Bench, LOGIN, body, files, secured, smtp, with};
use crate::smtp_server::{ServerTls, SmtpServer};

fn numbers(summary: &DispatchSummary) -> [u64; 4] {
    [summary.sent, summary.already, summary.failed, summary.unknown]
}

fn header(mail: &ParsedMail<'_>, name: &str) -> String {
    mail.headers.get_first_value(name).unwrap_or_default()
}

#[tokio::test]
async fn an_edition_arrives_by_starttls_and_login_as_it_was_made() {
    let server = SmtpServer::start(ServerTls::Starttls, Some(LOGIN));
    let bench = Bench::new().await;
    let settings = secured(&server, SmtpSecurity::Starttls);
    let people = ["mair@example.test", "emyr@example.test"];
    let summary = bench.send(&settings, &people).await.expect("sent");
    assert_eq!(numbers(&summary), [2, 0, 0, 0]);
    assert_eq!(summary.class(), None);
    let received = server.received();
    assert_eq!(received.len(), 2);
    for (mail, (address, first)) in received.iter().zip([(people[0], Language::Cy), (people[1], Language::En)]) {
        assert_eq!(mail.recipients, [address], "one recipient an envelope");
        assert_eq!((mail.from.as_str(), mail.user.as_deref()), ("manumix@example.org", Some(LOGIN.0)));
        assert!(mail.encrypted);
        let parsed = mailparse::parse_mail(&mail.bytes).expect("a message");
        assert_eq!(header(&parsed, "To"), address);
        let from = mailparse::addrparse(&header(&parsed, "From")).expect("an address").extract_single_info();
        let from = from.map(|from| (from.display_name.unwrap_or_default(), from.addr));
        let sender = ("Monitro Manumix / Manumix monitoring".to_owned(), "manumix@example.org".to_owned());
        assert_eq!(from, Some(sender));
        assert_eq!(header(&parsed, "Reply-To"), "helo@example.org");
        assert_eq!(header(&parsed, "Subject"), body(first).subject);
        assert_eq!(header(&parsed, "Content-Language"), "cy, en");
        assert_eq!(header(&parsed, "Date"), "Mon, 18 Jan 2021 08:00:00 +0000");
        assert_eq!(parsed.ctype.mimetype, "multipart/mixed");
        let [alternative, attachments @ ..] = parsed.subparts.as_slice() else { panic!("no parts") };
        assert_eq!(alternative.ctype.mimetype, "multipart/alternative");
        let [text, html] = alternative.subparts.as_slice() else { panic!("text and HTML") };
        assert_eq!((text.ctype.mimetype.as_str(), html.ctype.mimetype.as_str()), ("text/plain", "text/html"));
        let unix = |part: &ParsedMail<'_>| part.get_body().expect("decodes").replace("\r\n", "\n");
        assert_eq!((unix(text), unix(html)), (body(first).text, body(first).html));
        assert_eq!(attachments.len(), bench.attachments.len());
        for (part, artefact) in attachments.iter().zip(&bench.attachments) {
            assert_eq!(part.ctype.mimetype, artefact.media_type);
            assert_eq!(part.get_content_disposition().params.get("filename"), Some(&artefact.file_name));
            assert!(part.get_body_raw().expect("decodes") == *artefact.bytes, "the same bytes");
        }
    }
}

#[tokio::test]
async fn a_second_send_sends_nothing() {
    let server = SmtpServer::start(ServerTls::None, None);
    let bench = Bench::new().await;
    let settings = smtp(server.port(), SmtpSecurity::None);
    let people = ["mair@example.test", "MAIR@example.test", "emyr@example.test"];
    assert_eq!(numbers(&bench.send(&settings, &people).await.expect("sent")), [2, 0, 0, 0], "each address once");
    let connections = server.connections();
    assert_eq!(numbers(&bench.send(&settings, &people).await.expect("nothing to do")), [0, 2, 0, 0]);
    assert_eq!((server.received().len(), server.connections()), (2, connections));
}

#[tokio::test]
async fn tls_from_the_first_byte_works_too() {
    let server = SmtpServer::start(ServerTls::Implicit, Some(LOGIN));
    let bench = Bench::new().await;
    let settings = secured(&server, SmtpSecurity::Tls);
    assert_eq!(numbers(&bench.send(&settings, &["mair@example.test"]).await.expect("sent")), [1, 0, 0, 0]);
    assert!(server.received()[0].encrypted);
}

#[tokio::test]
async fn one_refused_recipient_does_not_cost_the_others_theirs() {
    let server = SmtpServer::start(ServerTls::None, None);
    let bench = Bench::new().await;
    let settings = smtp(server.port(), SmtpSecurity::None);
    let people = ["perm@example.test", "mair@example.test", "not an address"];
    let summary = bench.send(&settings, &people).await.expect("sent to one");
    assert_eq!(numbers(&summary), [1, 0, 2, 0]);
    assert_eq!(summary.class(), Some(ErrorClass::Delivery));
    assert!(!format!("{summary:?}").contains("perm@"), "addresses are masked: {summary:?}");
    let again = bench.send(&settings, &people).await.expect("nothing to do");
    assert_eq!(numbers(&again), [0, 1, 2, 0], "refused for good, and not asked again");
    let mut records = bench.ledger.list_dispatches(&bench.edition).await.expect("readable");
    records.retain(|record| record.state == DispatchState::Failed);
    assert_eq!(records.iter().map(|record| (record.retry, record.attempts)).collect::<Vec<_>>(), [(false, 1); 2]);
}

#[tokio::test]
async fn a_recipient_who_is_refused_for_now_is_tried_again() {
    let server = SmtpServer::start(ServerTls::None, None);
    let bench = Bench::new().await;
    let settings = with(&smtp(server.port(), SmtpSecurity::None), |smtp| smtp.attempts = 2);
    let people = ["temp@example.test", "hangup@example.test"];
    assert_eq!(numbers(&bench.send(&settings, &people).await.expect("tried")), [0, 0, 2, 0]);
    assert_eq!(server.connections(), 4, "two attempts each in one run");
    assert_eq!(numbers(&bench.send(&settings, &people).await.expect("tried")), [0, 0, 2, 0]);
    let records = bench.ledger.list_dispatches(&bench.edition).await.expect("readable");
    assert!(records.iter().all(|record| record.retry && record.attempts == 2));
}

#[expect(clippy::disallowed_methods, reason = "how long it took is what is tested")]
#[tokio::test]
async fn a_silent_server_ends_at_the_deadline_and_is_never_asked_again() {
    let server = SmtpServer::start(ServerTls::None, None);
    let bench = Bench::new().await;
    let settings = with(&smtp(server.port(), SmtpSecurity::None), |smtp| {
        smtp.timeout_seconds = 1;
        smtp.attempts = 3;
    });
    let people = ["silent@example.test", "lost@example.test", "drop@example.test"];
    let began = Instant::now();
    assert_eq!(numbers(&bench.send(&settings, &people).await.expect("held")), [0, 0, 0, 3]);
    assert!(began.elapsed() < Duration::from_secs(10), "one deadline, no second attempt");
    let connections = server.connections();
    let again = bench.send(&settings, &people).await.expect("held");
    assert_eq!(numbers(&again), [0, 0, 0, 3], "held for a person");
    assert_eq!(again.class(), Some(ErrorClass::Delivery));
    assert_eq!((server.received().len(), server.connections()), (1, connections), "the lost one arrived once");
}

#[tokio::test]
async fn silence_before_the_message_is_safe_to_try_again() {
    let server = SmtpServer::start(ServerTls::None, None);
    let bench = Bench::new().await;
    let settings = with(&smtp(server.port(), SmtpSecurity::None), |smtp| smtp.timeout_seconds = 1);
    assert_eq!(numbers(&bench.send(&settings, &["mute@example.test"]).await.expect("tried")), [0, 0, 1, 0]);
    let records = bench.ledger.list_dispatches(&bench.edition).await.expect("readable");
    assert_eq!((records[0].state, records[0].retry), (DispatchState::Failed, true));
}

#[tokio::test]
async fn a_port_where_nobody_listens_means_try_again_later() {
    let bench = Bench::new().await;
    // A port that was free a moment ago and is closed again.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let settings = smtp(closed.expect("a port").port(), SmtpSecurity::None);
    let people = ["mair@example.test", "emyr@example.test"];
    let error = bench.send(&settings, &people).await.expect_err("nobody listens");
    assert!(matches!(error, DispatchError::Away { .. }), "{error:?}");
    assert_eq!(error.class(), ErrorClass::Transient);
    let server = SmtpServer::start(ServerTls::None, None);
    let settings = smtp(server.port(), SmtpSecurity::None);
    assert_eq!(numbers(&bench.send(&settings, &people).await.expect("later")), [2, 0, 0, 0]);
}

#[tokio::test]
async fn a_server_that_does_not_let_us_in_is_a_matter_of_settings() {
    let server = SmtpServer::start(ServerTls::Starttls, Some(LOGIN));
    let bench = Bench::new().await;
    let good = secured(&server, SmtpSecurity::Starttls);
    let plain = SmtpServer::start(ServerTls::None, None);
    for wrong in [
        with(&good, |smtp| smtp.password = Some("guess".into())),
        with(&good, |smtp| smtp.ca_file = None),
        with(&good, |smtp| smtp.port = plain.port()),
    ] {
        let error = bench.send(&wrong, &["mair@example.test"]).await.expect_err("refused");
        assert!(matches!(error, DispatchError::Refused { .. }), "{error:?}");
        assert_eq!(error.class(), ErrorClass::Usage);
    }
    assert_eq!(numbers(&bench.send(&good, &["mair@example.test"]).await.expect("sent")), [1, 0, 0, 0]);
    assert!(plain.received().is_empty(), "nothing went out in the clear");
}

#[tokio::test]
async fn a_send_that_was_killed_is_held_for_a_person() {
    let server = SmtpServer::start(ServerTls::None, None);
    let bench = Bench::new().await;
    kill_in_the_middle(&bench, Channel::Smtp).await;
    let settings = smtp(server.port(), SmtpSecurity::None);
    assert_eq!(numbers(&bench.send(&settings, &["mair@example.test"]).await.expect("held")), [0, 0, 0, 1]);
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_file_whose_writer_was_killed_is_looked_for() {
    let mut bench = Bench::new().await;
    kill_in_the_middle(&bench, Channel::Files).await;
    bench.ledger.close().await;
    let killed = bench.ledger_path().with_file_name("killed.sqlite");
    std::fs::copy(bench.ledger_path(), &killed).expect("copied");
    bench.ledger = Ledger::open(&bench.ledger_path()).await.expect("opens");
    let people = ["mair@example.test"];
    assert_eq!(numbers(&bench.send(&files(), &people).await.expect("written")), [1, 0, 0, 0], "it was not there");
    let written = bench.files();
    // The ledger as it was left by a program that was killed after the file got its name.
    bench.ledger = Ledger::open(&killed).await.expect("opens");
    assert_eq!(numbers(&bench.send(&files(), &people).await.expect("found")), [0, 1, 0, 0]);
    assert_eq!(bench.files(), written);
}

/// Leaves the ledger as a program does that is killed while it sends.
async fn kill_in_the_middle(bench: &Bench, channel: Channel) {
    let now = bench.clock.now();
    let key = bench.ledger.recipient_key(&Address::new("mair@example.test".to_owned()));
    bench.ledger.open_dispatch(&bench.edition, &key, channel, "<x@example.org>", now).await.expect("opened");
    assert!(bench.ledger.begin_dispatch(&bench.edition, &key, channel, now).await.expect("begun"));
}

#[tokio::test]
async fn files_are_written_once_private_and_without_a_name() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new().await;
    let people = ["mair@example.test", "emyr@example.test"];
    assert_eq!(numbers(&bench.send(&files(), &people).await.expect("written")), [2, 0, 0, 0]);
    let written = bench.files();
    assert_eq!(written.len(), 2);
    for file in &written {
        let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
        let stem = name.strip_suffix(".eml").expect("a message");
        assert!(stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
        assert_eq!(std::fs::metadata(file).expect("there").permissions().mode() & 0o777, 0o600);
        let bytes = std::fs::read(file).expect("readable");
        let parsed = mailparse::parse_mail(&bytes).expect("a message");
        assert_eq!(header(&parsed, "Message-ID"), format!("<{stem}@example.org>"));
        assert_eq!(parsed.subparts.len(), 3);
        std::fs::remove_file(file).expect("the operator forwards it");
    }
    assert_eq!(numbers(&bench.send(&files(), &people).await.expect("nothing to do")), [0, 2, 0, 0]);
    assert!(bench.files().is_empty());
}

#[tokio::test]
async fn a_rehearsal_into_files_does_not_count_as_mail() {
    let server = SmtpServer::start(ServerTls::None, None);
    let bench = Bench::new().await;
    bench.send(&files(), &["mair@example.test"]).await.expect("written");
    let settings = smtp(server.port(), SmtpSecurity::None);
    assert_eq!(numbers(&bench.send(&settings, &["mair@example.test"]).await.expect("sent")), [1, 0, 0, 0]);
}

#[tokio::test]
async fn what_is_too_large_or_for_nobody_is_stopped_before_anything_is_sent() {
    let server = SmtpServer::start(ServerTls::None, None);
    let bench = Bench::new().await;
    let mut settings = smtp(server.port(), SmtpSecurity::None);
    settings.max_message_bytes = 100_000;
    let error = bench.send(&settings, &["mair@example.test"]).await.expect_err("too large");
    assert!(matches!(error, DispatchError::TooLarge { limit: 100_000, .. }), "{error:?}");
    let nobody = bench.send(&settings, &[]).await.expect_err("nobody");
    assert_eq!((error.class(), nobody.class()), (ErrorClass::Usage, ErrorClass::Data));
    assert_eq!(server.connections(), 0);
    assert_eq!(bench.ledger.list_dispatches(&bench.edition).await.expect("readable"), []);
}

#[tokio::test]
async fn an_alert_goes_the_same_way() {
    let server = SmtpServer::start(ServerTls::None, None);
    let bench = Bench::new().await;
    let to = Address::new("owner@example.test".to_owned());
    let alert_body = MailBody { subject: "mesur: nightly failed".to_owned(), ..body(Language::En) };
    let outbox = bench.outbox();
    let by_server = smtp(server.port(), SmtpSecurity::None);
    for settings in [&by_server, &files()] {
        let alert =
            Alert { settings, outbox: &outbox, to: &to, body: &alert_body, attachments: &[], clock: &bench.clock };
        send_alert(alert).await.expect("sent");
    }
    assert_eq!(server.received()[0].recipients, ["owner@example.test"]);
    assert_eq!(std::fs::read_dir(outbox.join("alerts")).expect("a folder").count(), 1);
    let gone = Address::new("perm@example.test".to_owned());
    let refused = Alert {
        settings: &by_server,
        outbox: &outbox,
        to: &gone,
        body: &alert_body,
        attachments: &[],
        clock: &bench.clock,
    };
    let error = send_alert(refused).await.expect_err("refused");
    assert!(matches!(error, DispatchError::Alert { .. }));
    assert!(!format!("{error:?}").contains("perm@"), "{error:?}");
}
