//! The mail server: apart from the other sections, because its keys depend on each other.

use super::reader::Reader;
use super::secret::{self, Secret};

/// The mail server that sends e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Smtp {
    /// Its name or address.
    pub(crate) host: String,
    /// Its port.
    pub(crate) port: u16,
    /// How the connection is protected.
    pub(crate) security: Security,
    /// With what to authenticate; None = not at all.
    pub(crate) credentials: Option<Credentials>,
    /// The sender of every message.
    pub(crate) from: String,
}

/// How the connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Security {
    /// Begins in the clear and must then change to TLS.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// In the clear.
    None,
}

/// A name and its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    /// The name.
    pub(crate) username: String,
    /// The password.
    pub(crate) password: Secret,
}

impl Smtp {
    /// The outer None is a mistake; the inner one says that no e-mail is sent.
    pub(super) fn read(reader: &mut Reader) -> Option<Option<Self>> {
        let host = reader.text("smtp.host");
        let port = reader.whole("smtp.port", 1..=u16::MAX);
        let securities = [("starttls", Security::Starttls), ("tls", Security::Tls), ("none", Security::None)];
        let security = reader.choice("smtp.security", &securities);
        let credentials = read_credentials(reader);
        let from = reader.text("smtp.from");
        let (host, from) = (host?, from?);
        if host.is_empty() {
            // Reported all the same: a password file that is missing now is missing when mail is switched on.
            credentials?;
            return Some(None);
        }
        let sender = "a sender such as `Reveille <reveille@example.org>`";
        let from = match from {
            from if from.contains('@') => Some(from),
            // Said where the host is set, because an absent key has no place of its own.
            from if from.is_empty() => {
                reader.reject("smtp.host", format!("set, but smtp.from is not; it must be {sender}"))
            }
            from => reader.reject("smtp.from", format!("expected {sender}, found `{from}`")),
        };
        Some(Some(Self { host, port: port?, security: security?, credentials: credentials?, from: from? }))
    }
}

fn read_credentials(reader: &mut Reader) -> Option<Option<Credentials>> {
    let username = reader.text("smtp.username");
    let password = secret::read(reader, "smtp.password", "smtp.password_file");
    match (username?, password?) {
        (username, None) if username.is_empty() => Some(None),
        (username, Some(_)) if username.is_empty() => reader.reject("smtp.username", "empty, but there is a password"),
        (_, None) => reader.reject("smtp.username", "set, but there is no password"),
        (username, Some(password)) => Some(Some(Credentials { username, password })),
    }
}
