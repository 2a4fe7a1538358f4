//! `serve`, and what can be asked about it without serving: `check-config`, `migrate`, `openapi`.

use super::say;
use super::setup_link::first_link;
use crate::carriers::carriers;
use crate::configuration::Configuration;
use crate::house::{House, bind, configure, database_url, log, open_and_migrate, open_to_serve, watchdog};
use crate::line::Settings;
use engine::{Clock, Ids};
use std::io::IsTerminal;
use store::Store;

/// Runs the server until it is told to stop.
pub(crate) fn serve(settings: &Settings) -> anyhow::Result<()> {
    let configuration = configure(settings.config.as_deref())?;
    log(&configuration);
    let socket = bind(&configuration)?;
    let clock = Clock::system();
    let store = open_to_serve(&configuration, &clock)?;
    let carriers = carriers(&configuration, &clock)?;
    if configuration.smtp.is_none() {
        tracing::warn!("smtp.host is empty, so nobody is reached by e-mail");
    }
    if configuration.twilio.is_some() && configuration.server.public_url.is_none() {
        tracing::warn!(
            "server.public_url is empty, so calls take no digits, and the telephone carrier reports nothing"
        );
    }
    let link = link_for_terminal(&configuration, &store, &clock);
    House { configuration, socket, store, clock, ids: Ids::system(), carriers }.run(|_| tell(link.as_deref()))
}

/// The link for the first person, if there is somebody at a terminal to read it; a log that is kept holds no secret.
fn link_for_terminal(configuration: &Configuration, store: &Store, clock: &Clock) -> Option<String> {
    if !std::io::stderr().is_terminal() {
        return None;
    }
    // `serve` goes on without: a newer schema, or a database that is away, is said elsewhere.
    first_link(configuration, store, clock).unwrap_or_default()
}

#[expect(clippy::print_stderr, reason = "to a person at a terminal, and not to the log")]
fn tell(link: Option<&str>) {
    if let Some(link) = link {
        eprintln!("Nobody can sign in yet. Choose a password here, within an hour: {link}");
    }
}

/// Says whether the configuration is without mistakes.
pub(crate) fn check_config(settings: &Settings) -> anyhow::Result<()> {
    let configuration = configure(settings.config.as_deref())?;
    database_url(&configuration)?;
    carriers(&configuration, &Clock::system())?;
    watchdog(&configuration)?;
    say("the configuration is without mistakes\n")
}

/// Brings the schema up to date and names what was applied.
pub(crate) fn migrate(settings: &Settings) -> anyhow::Result<()> {
    let configuration = configure(settings.config.as_deref())?;
    let (_, applied) = open_and_migrate(&configuration, &Clock::system())?;
    if applied.is_empty() {
        return say("the schema is up to date\n");
    }
    let lines: String = applied.iter().map(|name| format!("applied: {name}\n")).collect();
    say(&lines)
}

/// Writes the OpenAPI document.
pub(crate) fn openapi() -> anyhow::Result<()> {
    say(&format!("{}\n", web::openapi_text()))
}
