//! E-mail: one SMTP conversation for each message, over connections that are kept for the next.

mod compose;
mod encryption;
mod session;

use std::fmt;
use std::str::FromStr as _;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::response::{Response, Severity};

use super::{Address, BoxFuture, Carrier, Message, Report, Verdict};
use engine::Clock;
use session::{Sessions, Timeouts};
use store::Authorities;

/// How the mail server is reached, and who the mail is from. `Debug` hides the password.
#[derive(Clone)]
pub struct MailSettings {
    /// Host name of the mail server: the operator's own choice, so private addresses are fine.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: MailSecurity,
    /// Login name; without it there is no login.
    pub username: Option<String>,
    /// Password of the login.
    pub password: Option<String>,
    /// The sender, `name <address>` or an address.
    pub from: String,
    /// Where replies go, if not to the sender.
    pub reply_to: Option<String>,
    /// Whose certificates are believed.
    pub authorities: Authorities,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailSecurity {
    /// Plain text, for a server on the same machine.
    None,
    /// TLS after `STARTTLS`, which must succeed.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

impl fmt::Debug for MailSettings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("MailSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("username", &self.username)
            .field("password", &self.password.as_ref().map(|_| "hidden"))
            .field("from", &self.from)
            .field("reply_to", &self.reply_to)
            .finish_non_exhaustive()
    }
}

/// Settings with which no mail can be sent.
#[derive(Debug, thiserror::Error)]
pub enum MailSettingsError {
    /// The sender or the reply address is not an e-mail address.
    #[error("{0:?} is not an e-mail address")]
    Mailbox(String),
    /// The server's name cannot be used for TLS.
    #[error("TLS for mail cannot be set up: {0}")]
    Smtp(#[from] SmtpError),
    /// There is no TLS.
    #[error("TLS for mail cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
}

/// Sends messages by e-mail.
pub struct MailCarrier {
    sessions: Sessions,
    from: Mailbox,
    reply_to: Option<Mailbox>,
    clock: Clock,
}

impl MailCarrier {
    /// A carrier for the server in `settings`; it connects when the first message is sent.
    ///
    /// # Errors
    /// [`MailSettingsError`] when the settings cannot work whatever the server says.
    pub fn new(settings: MailSettings, clock: Clock) -> Result<Self, MailSettingsError> {
        Self::with_timeouts(settings, clock, Duration::from_secs(10), Duration::from_secs(30))
    }

    /// Like [`MailCarrier::new`], with other bounds: `connect` from the look-up to the end of the login, `conversation` for one message.
    ///
    /// # Errors
    /// [`MailSettingsError`] when the settings cannot work whatever the server says.
    pub fn with_timeouts(
        settings: MailSettings,
        clock: Clock,
        connect: Duration,
        conversation: Duration,
    ) -> Result<Self, MailSettingsError> {
        let from = mailbox(&settings.from)?;
        let reply_to = settings.reply_to.as_deref().map(mailbox).transpose()?;
        let timeouts = Timeouts { connect, conversation };
        Ok(Self { sessions: Sessions::new(settings, timeouts, clock.clone())?, from, reply_to, clock })
    }

    async fn deliver(&self, message: &Message) -> Verdict {
        let Address::Email(address) = &message.address else {
            return Verdict::permanent("mail needs an e-mail address");
        };
        let Ok(to) = lettre::Address::from_str(address) else {
            return Verdict::permanent(format!("{address:?} is not an e-mail address"));
        };
        let now_micros = self.clock.real_now();
        let mail = match compose::compose(self, message, to, now_micros) {
            Ok(mail) => mail,
            Err(error) => return Verdict::permanent(format!("mail cannot be written: {error}")),
        };
        self.sessions.send(&mail).await
    }
}

impl Carrier for MailCarrier {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Report> {
        Box::pin(async move {
            let watch = self.clock.stopwatch();
            let verdict = self.deliver(message).await;
            verdict.after(watch.micros())
        })
    }
}

fn mailbox(text: &str) -> Result<Mailbox, MailSettingsError> {
    text.parse().map_err(|_| MailSettingsError::Mailbox(text.to_owned()))
}

/// Only a completed command is a success; the library takes "go on" for an answer too.
fn answered(response: &Response) -> Verdict {
    let lines: Vec<&str> = response.message().collect();
    let answer = format!("{} {}", response.code(), lines.join(" "));
    match response.code().severity {
        Severity::PositiveCompletion => Verdict::delivered(answer),
        _ => Verdict::temporary(answer),
    }
}

/// A failure once the server listens: its code decides, and what this side cannot say to this server it never can.
fn not_accepted(error: &SmtpError) -> Verdict {
    if error.is_permanent() || error.is_client() {
        Verdict::permanent(readable(error))
    } else {
        Verdict::temporary(readable(error))
    }
}

fn readable(error: &SmtpError) -> String {
    let source = std::error::Error::source(error);
    match (error.status(), source) {
        (Some(code), Some(source)) => format!("{code} {source}"),
        (Some(code), None) => code.to_string(),
        (None, _) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn settings() -> MailSettings {
        MailSettings {
            host: "mail.example.org".to_owned(),
            port: 587,
            security: MailSecurity::StartTls,
            username: Some("reveille".to_owned()),
            password: Some("open sesame".to_owned()),
            from: "Reveille <pages@example.org>".to_owned(),
            reply_to: None,
            authorities: Authorities::default(),
        }
    }

    #[test]
    fn the_password_is_not_shown() {
        let shown = format!("{:?}", settings());
        assert!(shown.contains("reveille") && !shown.contains("sesame"), "{shown}");
    }

    #[test]
    fn a_sender_that_is_no_address_is_refused_at_the_start() {
        for from in ["", "pages", "a@b\r\nBcc: c@d", "<a@b> <c@d>"] {
            let settings = MailSettings { from: from.to_owned(), ..settings() };
            let refused = MailCarrier::new(settings, Clock::held(0));
            assert!(matches!(refused, Err(MailSettingsError::Mailbox(_))), "{from:?}");
        }
    }
}
