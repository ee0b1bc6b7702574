//! A real mail server for tests: ESMTP on a free port of the loopback, STARTTLS or TLS from the first byte, AUTH PLAIN
//! and LOGIN. It runs on a thread of its own, keeps what it takes, and ends when it is dropped.
//!
//! A recipient's local part chooses a fault: `perm` is refused with 550, `temp` with 451; `hangup` closes the connection
//! at RCPT; `mute` never answers DATA; `silent` reads the message and never answers; `drop` reads it, keeps nothing and
//! closes; `lost` keeps it and closes before the 250. Anybody else gets their mail.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::thread::JoinHandle;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// How the server speaks TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServerTls {
    /// In the clear until the client asks; mail is refused before.
    Starttls,
    /// From the first byte.
    Implicit,
    /// Never.
    None,
}

/// A message the server took, and how.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// The envelope's sender.
    pub(crate) from: String,
    /// The envelope's recipients.
    pub(crate) recipients: Vec<String>,
    /// The message as it was before the client doubled its dots.
    pub(crate) bytes: Vec<u8>,
    /// Who had logged in.
    pub(crate) user: Option<String>,
    /// Whether the connection was encrypted.
    pub(crate) encrypted: bool,
}

/// A running server.
pub(crate) struct SmtpServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    folder: tempfile::TempDir,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    tls: ServerTls,
    login: Option<(String, String)>,
    acceptor: TlsAcceptor,
    received: Mutex<Vec<Received>>,
    connections: Mutex<usize>,
}

/// Chooses the process-wide provider of TLS, as `main` does.
pub(crate) fn install_tls_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        rustls::crypto::ring::default_provider().install_default().expect("the first and only provider");
    });
}

impl SmtpServer {
    /// Starts a server; with a `login` it takes mail from that user and password only.
    pub(crate) fn start(tls: ServerTls, login: Option<(&str, &str)>) -> Self {
        install_tls_provider();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (authority, acceptor) = make_certificates();
        std::fs::write(folder.path().join("ca.pem"), authority).expect("the authority is written");
        let shared = Arc::new(Shared {
            tls,
            login: login.map(|(user, password)| (user.to_owned(), password.to_owned())),
            acceptor,
            received: Mutex::default(),
            connections: Mutex::default(),
        });
        let (stop, stopped) = oneshot::channel();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its port");
        let served = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            // Dropping the runtime ends every conversation, the silent ones too.
            runtime.block_on(serve(listener, served, stopped));
        });
        Self { shared, address, folder, stop: Some(stop), thread: Some(thread) }
    }

    /// Where it listens.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The certificate of the authority that signed its own.
    pub(crate) fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// What it took so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.shared.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many connections were made so far.
    pub(crate) fn connections(&self) -> usize {
        *self.shared.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// An authority as PEM, and an acceptor with a leaf that it signed (`CA:FALSE`, or rustls refuses it).
fn make_certificates() -> (String, TlsAcceptor) {
    let mut authority = CertificateParams::new(Vec::new()).expect("no names");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    authority.distinguished_name.push(DnType::CommonName, "mesur test authority");
    let authority_key = KeyPair::generate().expect("a key");
    let authority_pem = authority.self_signed(&authority_key).expect("signed").pem();
    let issuer = Issuer::new(authority, authority_key);
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let mut leaf = CertificateParams::new(names).expect("two names");
    leaf.is_ca = IsCa::ExplicitNoCa;
    leaf.distinguished_name.push(DnType::CommonName, "localhost");
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let leaf_key = KeyPair::generate().expect("a key");
    let certificate = leaf.signed_by(&leaf_key, &issuer).expect("signed");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("key and certificate belong together");
    (authority_pem, TlsAcceptor::from(Arc::new(config)))
}

async fn serve(listener: std::net::TcpListener, shared: Arc<Shared>, mut stopped: oneshot::Receiver<()>) {
    listener.set_nonblocking(true).expect("a socket that can wait");
    let listener = TcpListener::from_std(listener).expect("a listener");
    loop {
        tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                *shared.connections.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                let shared = Arc::clone(&shared);
                // A client that cuts the connection is no concern of the server's.
                tokio::spawn(async move { attend(stream, &shared).await.ok() });
            }
        }
    }
}

async fn attend(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    if shared.tls == ServerTls::Implicit {
        let stream = shared.acceptor.accept(stream).await?;
        Conversation::new(stream, shared, true).greet_and_talk().await?;
        return Ok(());
    }
    let mut plain = Conversation::new(stream, shared, false);
    if plain.greet_and_talk().await? == End::UpgradeToTls {
        let stream = shared.acceptor.accept(plain.stream.into_inner()).await?;
        Conversation::new(stream, shared, true).talk().await?;
    }
    Ok(())
}

/// Why a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Closed,
    UpgradeToTls,
}

struct Conversation<'a, S> {
    stream: BufReader<S>,
    shared: &'a Shared,
    encrypted: bool,
    user: Option<String>,
    from: Option<String>,
    recipients: Vec<String>,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Conversation<'a, S> {
    fn new(stream: S, shared: &'a Shared, encrypted: bool) -> Self {
        Self { stream: BufReader::new(stream), shared, encrypted, user: None, from: None, recipients: Vec::new() }
    }

    async fn greet_and_talk(&mut self) -> io::Result<End> {
        self.say("220 localhost ESMTP mesur test").await?;
        self.talk().await
    }

    async fn talk(&mut self) -> io::Result<End> {
        while let Some(line) = self.hear().await? {
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => self.introduce().await?,
                "STARTTLS" if self.shared.tls == ServerTls::Starttls && !self.encrypted => {
                    self.say("220 2.0.0 go ahead").await?;
                    return Ok(End::UpgradeToTls);
                }
                "AUTH" => self.log_in(rest).await?,
                "MAIL" => self.take_sender(rest).await?,
                "RCPT" => {
                    if self.take_recipient(rest).await? == End::Closed {
                        return Ok(End::Closed);
                    }
                }
                "DATA" => {
                    if self.take_message().await? == End::Closed {
                        return Ok(End::Closed);
                    }
                }
                "RSET" => {
                    self.from = None;
                    self.recipients.clear();
                    self.say("250 2.0.0 ok").await?;
                }
                "NOOP" => self.say("250 2.0.0 ok").await?,
                "QUIT" => {
                    self.say("221 2.0.0 bye").await?;
                    return Ok(End::Closed);
                }
                _ => self.say("502 5.5.2 what").await?,
            }
        }
        Ok(End::Closed)
    }

    async fn introduce(&mut self) -> io::Result<()> {
        let mut lines = vec!["localhost"];
        if self.shared.tls == ServerTls::Starttls && !self.encrypted {
            lines.push("STARTTLS");
        } else if self.shared.login.is_some() {
            lines.push("AUTH PLAIN LOGIN");
        }
        lines.push("8BITMIME");
        let last = lines.len() - 1;
        for (number, line) in lines.iter().enumerate() {
            let mark = if number == last { ' ' } else { '-' };
            self.say(&format!("250{mark}{line}")).await?;
        }
        Ok(())
    }

    async fn log_in(&mut self, rest: &str) -> io::Result<()> {
        let (mechanism, first) = rest.split_once(' ').unwrap_or((rest, ""));
        let (user, password) = if mechanism.eq_ignore_ascii_case("PLAIN") {
            let plain = decode(first);
            let mut parts = plain.split('\0').skip(1);
            (parts.next().unwrap_or_default().to_owned(), parts.next().unwrap_or_default().to_owned())
        } else {
            self.say("334 VXNlcm5hbWU6").await?;
            let user = self.hear().await?.unwrap_or_default();
            self.say("334 UGFzc3dvcmQ6").await?;
            (decode(&user), decode(&self.hear().await?.unwrap_or_default()))
        };
        if self.shared.login == Some((user.clone(), password)) {
            self.user = Some(user);
            return self.say("235 2.7.0 welcome").await;
        }
        self.say("535 5.7.8 wrong user or password").await
    }

    async fn take_sender(&mut self, rest: &str) -> io::Result<()> {
        if self.shared.tls == ServerTls::Starttls && !self.encrypted {
            return self.say("530 5.7.0 STARTTLS first").await;
        }
        if self.shared.login.is_some() && self.user.is_none() {
            return self.say("530 5.7.0 log in first").await;
        }
        self.from = Some(path(rest));
        self.recipients.clear();
        self.say("250 2.1.0 ok").await
    }

    async fn take_recipient(&mut self, rest: &str) -> io::Result<End> {
        let recipient = path(rest);
        match recipient.split('@').next().unwrap_or_default() {
            "perm" => self.say(&format!("550 5.1.1 <{recipient}>: nobody of that name")).await?,
            "temp" => self.say(&format!("451 4.7.1 <{recipient}>: greylisted")).await?,
            "hangup" => return Ok(End::Closed),
            _ => {
                self.recipients.push(recipient);
                self.say("250 2.1.5 ok").await?;
            }
        }
        Ok(End::UpgradeToTls)
    }

    async fn take_message(&mut self) -> io::Result<End> {
        let fault = self.recipients.first().and_then(|to| to.split('@').next()).unwrap_or_default().to_owned();
        if fault == "mute" {
            return std::future::pending().await;
        }
        if self.recipients.is_empty() {
            self.say("503 5.5.1 nobody to send it to").await?;
            return Ok(End::UpgradeToTls);
        }
        self.say("354 end with a dot").await?;
        let Some(bytes) = self.read_message().await? else { return Ok(End::Closed) };
        if fault == "drop" {
            return Ok(End::Closed);
        }
        if fault == "silent" {
            return std::future::pending().await;
        }
        let received = Received {
            from: self.from.clone().unwrap_or_default(),
            recipients: std::mem::take(&mut self.recipients),
            bytes,
            user: self.user.clone(),
            encrypted: self.encrypted,
        };
        self.shared.received.lock().unwrap_or_else(PoisonError::into_inner).push(received);
        if fault == "lost" {
            return Ok(End::Closed);
        }
        self.say("250 2.0.0 queued as 4F2A").await?;
        Ok(End::UpgradeToTls)
    }

    /// Everything up to the dot, with doubled dots undone; none when the client went away.
    async fn read_message(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut message = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.stream.read_until(b'\n', &mut line).await? == 0 {
                return Ok(None);
            }
            if line == b".\r\n" {
                return Ok(Some(message));
            }
            message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }

    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.flush().await
    }

    async fn hear(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        let read = self.stream.read_line(&mut line).await?;
        Ok((read > 0).then(|| line.trim_end().to_owned()))
    }
}

/// The address in `FROM:<a@b>` or `TO:<a@b>`.
fn path(rest: &str) -> String {
    let inner = rest.split_once('<').and_then(|(_, tail)| tail.split_once('>'));
    inner.map_or_else(|| rest.to_owned(), |(address, _)| address.to_owned())
}

/// Base64, as AUTH uses it.
fn decode(text: &str) -> String {
    let mail = format!("Content-Transfer-Encoding: base64\r\n\r\n{text}");
    let bytes = mailparse::parse_mail(mail.as_bytes()).and_then(|mail| mail.get_body_raw()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
