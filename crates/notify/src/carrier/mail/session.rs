//! SMTP sessions: opened with a bound on time, kept while idle, and never given back after anything but success.
//!
//! The library's own pool is not used: it has no bound on a conversation, and a bound from outside cancels one half-way and
//! puts it back, where the next message would read the previous message's answer as its own.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::Message as Mail;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, Certificate, TlsParameters};
use lettre::transport::smtp::{Error as SmtpError, extension::ClientId};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::super::{Outcome, Verdict};
use super::encryption::Encryption;
use super::{MailSecurity, MailSettings, MailSettingsError, answered, not_accepted, readable};
use engine::clock::{Clock, Stopwatch};

/// How many idle sessions are kept.
const IDLE_MAX: usize = 4;

/// After how long an idle session is closed; below the time after which servers commonly hang up.
const IDLE_MAX_MICROS: u64 = 60_000_000;

/// How long an idle session may take to show that it is alive before a new one is opened instead.
const PROBE: Duration = Duration::from_secs(2);

/// Bounds on the two parts of a delivery.
pub(super) struct Timeouts {
    pub(super) connect: Duration,
    pub(super) conversation: Duration,
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotConnected {
    /// Nobody listens there.
    #[error("the mail server cannot be reached: {0}")]
    Network(#[from] std::io::Error),
    /// What the server answers is no welcome.
    #[error("{}", readable(.0))]
    Session(#[from] SmtpError),
}

/// Sessions with one mail server.
pub(super) struct Sessions {
    settings: MailSettings,
    /// TLS after `STARTTLS`.
    starttls: TlsParameters,
    /// TLS from the first byte.
    tls: Encryption,
    hello: ClientId,
    timeouts: Timeouts,
    clock: Clock,
    idle: Mutex<Vec<(AsyncSmtpConnection, Stopwatch)>>,
}

impl Sessions {
    pub(super) fn new(settings: MailSettings, timeouts: Timeouts, clock: Clock) -> Result<Self, MailSettingsError> {
        let mut starttls = TlsParameters::builder(settings.host.clone());
        for certificate in settings.authorities.own() {
            starttls = starttls.add_root_certificate(Certificate::from_der(certificate.to_vec())?);
        }
        let (starttls, tls) = (starttls.build_rustls()?, Encryption::new(&settings)?);
        Ok(Self { settings, starttls, tls, hello: ClientId::default(), timeouts, clock, idle: Mutex::new(Vec::new()) })
    }

    /// Hands one mail over, in one conversation.
    pub(super) async fn send(&self, mail: &Mail) -> Verdict {
        let mut session = match timeout(self.timeouts.connect, self.session()).await {
            Ok(Ok(session)) => session,
            // It says nothing about the message, so whatever its code it may pass.
            Ok(Err(error)) => return Verdict::temporary(error.to_string()),
            Err(_) => return Verdict::temporary("no connection to the mail server in time"),
        };
        let raw = mail.formatted();
        let conversation = session.send(mail.envelope(), &raw);
        match timeout(self.timeouts.conversation, conversation).await {
            Ok(Ok(response)) => {
                let verdict = answered(&response);
                if verdict.outcome == Outcome::Delivered {
                    self.keep(session);
                }
                verdict
            }
            Ok(Err(error)) => not_accepted(&error),
            Err(_) => Verdict::temporary("no answer from the mail server in time"),
        }
    }

    async fn session(&self) -> Result<AsyncSmtpConnection, NotConnected> {
        while let Some(mut session) = self.take_idle() {
            if timeout(PROBE, session.test_connected()).await == Ok(true) {
                return Ok(session);
            }
        }
        self.open().await
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, NotConnected> {
        let settings = &self.settings;
        let server = (settings.host.as_str(), settings.port);
        let stream = stream(server).await?;
        let transport: Box<dyn AsyncTokioStream> = match settings.security {
            MailSecurity::Tls => Box::new(self.tls.begin(stream).await?),
            MailSecurity::None | MailSecurity::StartTls => Box::new(stream),
        };
        let mut session = AsyncSmtpConnection::connect_with_transport(transport, &self.hello).await?;
        if settings.security == MailSecurity::StartTls {
            session.starttls(self.starttls.clone(), &self.hello).await?;
        }
        if let Some(username) = settings.username.clone() {
            let password = settings.password.clone().unwrap_or_default();
            let credentials = Credentials::new(username, password);
            session.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(session)
    }

    fn take_idle(&self) -> Option<AsyncSmtpConnection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|(_, since)| since.micros() < IDLE_MAX_MICROS);
        idle.pop().map(|(session, _)| session)
    }

    fn keep(&self, session: AsyncSmtpConnection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_MAX {
            idle.push((session, self.clock.stopwatch()));
        }
    }
}

/// A message's end is a packet of its own, which would otherwise wait until the message is acknowledged: 40 ms.
async fn stream(server: (&str, u16)) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn the_end_of_a_message_does_not_wait_for_its_acknowledgement() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(super::stream(("127.0.0.1", port)).await.unwrap().nodelay().unwrap());
    }
}
