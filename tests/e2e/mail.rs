//! The binary sends a pack over real SMTP, and what arrived is read back.

use std::collections::BTreeMap;
use std::net::TcpListener;

use mailparse::{MailHeaderMap, ParsedMail};
use sha2::{Digest, Sha256};

use crate::bench::TestBench;
use crate::smtp_server::{ServerTls, SmtpServer};

const RUN: [&str; 4] = ["run", "iacw-quarterly", "--period", "2020-21-Q3"];

/// A bench whose mail goes to a port of this machine.
fn bench(port: u16) -> TestBench {
    let mut bench = TestBench::with_examples();
    bench
        .set("MESUR_MAIL__DELIVERY", "smtp")
        .set("MESUR_MAIL__FROM", "mesur <reports@example.test>")
        .set("MESUR_MAIL__SMTP__HOST", "localhost")
        .set("MESUR_MAIL__SMTP__PORT", &port.to_string())
        .set("MESUR_MAIL__SMTP__TIMEOUT_SECONDS", "5")
        .set("MESUR_MAIL__SMTP__ATTEMPTS", "1");
    bench
}

/// All leaves of a message.
fn leaves<'a>(mail: &'a ParsedMail<'a>) -> Vec<&'a ParsedMail<'a>> {
    if mail.subparts.is_empty() { vec![mail] } else { mail.subparts.iter().flat_map(leaves).collect() }
}

fn hex(digest: &[u8]) -> String {
    use std::fmt::Write;
    digest.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes it");
        text
    })
}

#[test]
fn each_recipient_gets_one_message_with_the_whole_pack_in_both_languages() {
    let server = SmtpServer::start(ServerTls::Starttls, Some(("mesur", "a secret")));
    let mut bench = bench(server.port());
    bench
        .set("MESUR_MAIL__SMTP__USER", "mesur")
        .set("MESUR_MAIL__SMTP__PASSWORD", "a secret")
        .set("MESUR_MAIL__SMTP__CA_FILE", &server.ca_file().display().to_string());
    let said = bench.expect(0, &RUN);
    assert!(said.stdout.contains("mailed      4 sent, 0 had it already, 0 failed, 0 unknown"), "{}", said.stdout);
    let received = server.received();
    assert_eq!(received.len(), 4);
    let folder = bench.var().join("editions/iacw-quarterly@2020-21-Q3.v1");
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).expect("a manifest")).expect("JSON");
    let listed: BTreeMap<String, String> = manifest["artefacts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|a| (a["file_name"].as_str().expect("a name").into(), a["sha256"].as_str().expect("a hash").into()))
        .collect();
    for message in &received {
        assert_eq!(message.recipients.len(), 1, "one recipient an envelope");
        let mail = mailparse::parse_mail(&message.bytes).expect("a message");
        assert_eq!(
            mail.headers.get_first_value("Subject").expect("a subject"),
            "Monitro Manumix: Ch3 2020-21 (dros dro) / Manumix monitoring: Q3 2020-21 (provisional)"
        );
        assert!(mail.headers.get_first_value("To").expect("a recipient").contains(&message.recipients[0]));
        let mut found = BTreeMap::new();
        let mut kinds = Vec::new();
        for leaf in leaves(&mail) {
            kinds.push(leaf.ctype.mimetype.clone());
            let disposition = leaf.get_content_disposition();
            if let Some(name) = disposition.params.get("filename") {
                found.insert(name.clone(), hex(&Sha256::digest(leaf.get_body_raw().expect("a body"))));
            } else {
                let text = leaf.get_body().expect("a text");
                for words in ["Ar y trywydd iawn", "On track", "Rydym yn croesawu gohebiaeth yn Gymraeg"] {
                    assert!(text.contains(words), "`{words}` is missing in {}", leaf.ctype.mimetype);
                }
            }
        }
        assert_eq!(kinds[..2], ["text/plain", "text/html"]);
        found.remove("manifest.json").expect("the manifest is attached");
        assert_eq!(found, listed, "attachments are what the manifest says");
    }
    let again = bench.expect(0, &RUN);
    assert!(again.stdout.contains("mailed      0 sent, 4 had it already"), "{}", again.stdout);
    assert_eq!(server.received().len(), 4, "nobody got it twice");
}

#[test]
fn a_server_that_refuses_connections_means_try_again_later() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let mut bench = bench(port);
    bench.set("MESUR_MAIL__SMTP__SECURITY", "none");
    let said = bench.expect(75, &RUN);
    assert!(said.stderr.starts_with("error: "), "{}", said.stderr);
    // The server is back: the same command sends what was left.
    let server = SmtpServer::start(ServerTls::None, None);
    bench.set("MESUR_MAIL__SMTP__PORT", &server.port().to_string());
    bench.expect(0, &RUN);
    assert_eq!(server.received().len(), 4);
}

#[test]
fn a_server_that_stays_silent_ends_within_the_deadline() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let mut bench = bench(silent.local_addr().expect("an address").port());
    bench.set("MESUR_MAIL__SMTP__SECURITY", "none").set("MESUR_MAIL__SMTP__TIMEOUT_SECONDS", "1");
    let said = bench.mesur(&RUN);
    assert!([4, 75].contains(&said.code), "{}: {}", said.code, said.stderr);
}

#[test]
fn nobody_to_send_to_stops_at_the_gate() {
    let bench = TestBench::with_examples();
    let list = bench.inbox().join("recipients__wg__20201231__001.csv");
    let text = std::fs::read_to_string(&list).expect("the example");
    let nameless: String = text
        .lines()
        .enumerate()
        .map(|(index, line)| {
            let rest = line.split_once(',').map_or("", |(_, rest)| rest);
            if index == 0 { format!("{line}\n") } else { format!(",{rest}\n") }
        })
        .collect();
    std::fs::write(&list, nameless).expect("a list without addresses");
    let said = bench.expect(3, &RUN);
    assert!(said.stderr.contains("no active recipient with an address"), "{}", said.stderr);
    assert!(!bench.var().join("outbox").exists(), "nothing was sent");
    let all = format!("{}{}", said.stdout, said.stderr);
    assert!(!["@cyngor", "@council"].iter().any(|host| all.contains(host)), "no address is shown: {all}");
}
