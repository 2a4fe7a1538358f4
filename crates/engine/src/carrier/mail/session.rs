//! SMTP sessions: opened with a bound on time, kept while idle, and never given back after anything but success.
//!
//! The library's own pool is not used: it has no bound on a conversation, and a bound from outside cancels one half-way and
//! puts it back, where the next letter would read the previous letter's answer as its own.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::{Error as SmtpError, extension::ClientId};
use tokio::time::timeout;

use super::super::{Outcome, Verdict};
use super::{MailSecurity, MailSettings, answered, not_accepted, not_connected};
use crate::clock::{Clock, Stopwatch};

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

/// Sessions with one mail server.
pub(super) struct Sessions {
    settings: MailSettings,
    tls: TlsParameters,
    hello: ClientId,
    timeouts: Timeouts,
    clock: Clock,
    idle: Mutex<Vec<(AsyncSmtpConnection, Stopwatch)>>,
}

impl Sessions {
    pub(super) fn new(settings: MailSettings, timeouts: Timeouts, clock: Clock) -> Result<Self, SmtpError> {
        let tls = TlsParameters::new_rustls(settings.host.clone())?;
        Ok(Self { settings, tls, hello: ClientId::default(), timeouts, clock, idle: Mutex::new(Vec::new()) })
    }

    /// Hands one message over, in one conversation.
    pub(super) async fn send(&self, message: &Message) -> Verdict {
        let mut session = match timeout(self.timeouts.connect, self.session()).await {
            Ok(Ok(session)) => session,
            Ok(Err(error)) => return not_connected(&error),
            Err(_) => return Verdict::temporary("no connection to the mail server in time"),
        };
        let raw = message.formatted();
        let conversation = session.send(message.envelope(), &raw);
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

    async fn session(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        while let Some(mut session) = self.take_idle() {
            if timeout(PROBE, session.test_connected()).await == Ok(true) {
                return Ok(session);
            }
        }
        self.open().await
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let settings = &self.settings;
        let wrapper = (settings.security == MailSecurity::Tls).then(|| self.tls.clone());
        let server = (settings.host.as_str(), settings.port);
        let mut session = AsyncSmtpConnection::connect_tokio1(server, None, &self.hello, wrapper, None).await?;
        if settings.security == MailSecurity::StartTls {
            session.starttls(self.tls.clone(), &self.hello).await?;
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
