//! The configuration: a built-in default, a file over it, the environment over both, and every mistake at once.

mod document;
#[cfg(test)]
mod fuzz;
mod intake;
mod layers;
mod mistake;
mod reader;
mod secret;
mod sections;
mod smtp;
mod storm;
#[cfg(test)]
mod tests;
mod tls;
mod twilio;

use std::path::Path;

use layers::Layers;
use reader::Reader;

pub(crate) use intake::MailIntake;
pub(crate) use mistake::Mistake;

pub(crate) use sections::{Database, Egress, Limits, Log, LogFormat, Server, Watchdog};
pub(crate) use smtp::{Security, Smtp};
pub(crate) use storm::Storm;
pub(crate) use tls::Tls;
pub(crate) use twilio::{SmsFrom, Twilio};

/// The built-in default: documentation and base layer in one, so that they cannot differ.
pub(crate) const DEFAULT: &str = include_str!("../reveille.toml");

/// The most days that alerts can be kept.
const KEEP_DAYS_MOST: u32 = 3650;

/// What the built-in default is called in messages.
const DEFAULT_NAME: &str = "built-in reveille.toml";

/// Everything that can be configured, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Configuration {
    /// Where and how the server listens.
    pub(crate) server: Server,
    /// Where everything is kept.
    pub(crate) database: Database,
    /// The mail server; None = no e-mail.
    pub(crate) smtp: Option<Smtp>,
    /// Days for which it is kept what became of alerts.
    pub(crate) keep_days: u32,
    /// Days for which audit logs are kept.
    pub(crate) audit_days: u32,
    /// The listener for mail of monitoring tools; None = no mail is taken in.
    pub(crate) mail_intake: Option<MailIntake>,
    /// The telephone carrier; None = no text messages and no calls.
    pub(crate) twilio: Option<Twilio>,
    /// Whose certificates are believed.
    pub(crate) tls: Tls,
    /// Which private addresses outgoing requests may reach.
    pub(crate) egress: Egress,
    /// How often one person is sent a message.
    pub(crate) storm: Storm,
    /// Who is told that the server is well.
    pub(crate) watchdog: Watchdog,
    /// Bounds of this installation.
    pub(crate) limits: Limits,
    /// What is logged and how.
    pub(crate) log: Log,
}

impl Configuration {
    /// Reads the built-in default, then the file at `path` if there is to be one, then every variable of `environment`
    /// whose name begins with `REVEILLE__`.
    ///
    /// # Errors
    ///
    /// All mistakes: those of the file in the order of its lines, then those of the environment by name. Limits are
    /// checked on the value in force: a file's value that a variable replaces is checked for its type only.
    pub(crate) fn load(
        path: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Vec<Mistake>> {
        let mut layers = Layers::base(DEFAULT_NAME, DEFAULT);
        if let Some(path) = path {
            let file = path.display().to_string();
            match std::fs::read_to_string(path) {
                Ok(text) => layers.lay_file(&file, &text),
                Err(error) => layers.reject_file(&file, format!("cannot be read: {error}")),
            }
        }
        layers.lay_environment(environment);
        Self::read(layers)
    }

    fn read(layers: Layers) -> Result<Self, Vec<Mistake>> {
        let mut reader = Reader::new(layers);
        let server = Server::read(&mut reader);
        let database = Database::read(&mut reader);
        let smtp = Smtp::read(&mut reader);
        let keep_days = reader.whole("intake.keep_days", 7..=KEEP_DAYS_MOST);
        let audit_days = reader.whole("audit.keep_days", 30..=KEEP_DAYS_MOST);
        let mail_intake = MailIntake::read(&mut reader);
        let twilio = Twilio::read(&mut reader);
        let tls = Tls::read(&mut reader);
        let egress = Egress::read(&mut reader);
        let storm = Storm::read(&mut reader);
        let watchdog = Watchdog::read(&mut reader);
        let limits = Limits::read(&mut reader);
        let log = Log::read(&mut reader);
        let mistakes = reader.into_mistakes();
        // Whatever cannot be read is a mistake, so that without mistakes everything is there.
        let whole = || {
            let (server, database) = (server?, database?);
            let (smtp, mail_intake, twilio, tls, egress) = (smtp?, mail_intake?, twilio?, tls?, egress?);
            let audit_days = audit_days?;
            let (keep_days, storm, watchdog, limits, log) = (keep_days?, storm?, watchdog?, limits?, log?);
            Some(Self {
                server,
                database,
                smtp,
                keep_days,
                audit_days,
                mail_intake,
                twilio,
                tls,
                egress,
                storm,
                watchdog,
                limits,
                log,
            })
        };
        match whole() {
            Some(configuration) if mistakes.is_empty() => Ok(configuration),
            _ => Err(mistakes),
        }
    }
}
