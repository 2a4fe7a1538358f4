//! What the demo says once it listens: only what holds for what is stored.

use super::NAME;
use std::net::SocketAddr;

/// What the text depends on.
pub(super) struct Greeting {
    pub(super) speed: u32,
    /// Whether there is nothing yet but the owner.
    pub(super) is_empty: bool,
    /// Whether the owner can be signed in, and need not be let in for the first time.
    pub(super) is_set_up: bool,
    pub(super) keys: Keys,
    /// Id of the service that incidents are made on.
    pub(super) service: Option<String>,
    /// Key of the integration that alerts are sent to.
    pub(super) integration: Option<String>,
    /// The number that the next incident is given.
    pub(super) next_incident: i64,
    /// The database.
    pub(super) file: String,
}

/// What can be said of the organization's keys.
pub(super) enum Keys {
    /// This one was made now.
    New(String),
    /// There are some.
    NotShownAgain,
    /// There are none.
    NoneYet,
}

impl Greeting {
    /// What is printed, with the address and the link by which the owner comes in.
    pub(super) fn text(&self, address: SocketAddr, link: &str) -> String {
        let url = format!("http://{address}");
        let speed = match self.speed {
            1 => String::new(),
            speed => format!(" The clock runs {speed} times as fast as real time."),
        };
        let what = if self.is_empty { " There is an organization with its owner, and nothing else yet." } else { "" };
        let way_in = if self.is_set_up { "sign in" } else { "set up" };
        format!(
            "Reveille's demo listens on {url}.{speed} People are paged on this terminal.{what}\n{}{way_in}: {link}\n\n{}{}{}\
             What the API can do: {url}/docs\n\n",
            self.key_lines(),
            self.incident_lines(&url),
            self.alert_lines(&url),
            self.on_call_lines(&url),
        )
    }

    fn key_lines(&self) -> String {
        let before = match &self.keys {
            Keys::New(key) => return format!("api key: {key}\n"),
            Keys::NotShownAgain => "The key of the first start is not shown again; make another",
            Keys::NoneYet => "There is no key yet; make one",
        };
        format!(
            "{before}, while this runs, with\n  \
             REVEILLE__DATABASE__URL=sqlite:{} reveille key create --organization {NAME} --name me --scope admin\n",
            self.file
        )
    }

    fn shown_key(&self) -> &str {
        if let Keys::New(key) = &self.keys { key } else { "KEY" }
    }

    fn incident_lines(&self, url: &str) -> String {
        let Some(service) = &self.service else { return String::new() };
        let key = self.shown_key();
        let post = |operation: &str, body: &str| {
            format!("curl -s -H 'Authorization: token {key}' -d '{body}' {url}/incidents/{operation}\n")
        };
        let that = format!(r#"{{"instance_id": {}}}"#, self.next_incident);
        format!(
            "Trigger an incident, look at it, acknowledge it, resolve it (its instance_id is in the first answer):\n\n\
             {}{}{}{}\n",
            post("create", &format!(r#"{{"title": "Checkout is slow", "service_ref_id": "{service}"}}"#)),
            post("details", &that),
            post("acknowledge", &that),
            post("resolve", &that),
        )
    }

    fn alert_lines(&self, url: &str) -> String {
        let Some(integration) = &self.integration else { return String::new() };
        let send = |body: &str| format!("curl -s -d '{body}' {url}/generic/{integration}\n");
        format!(
            "Send an alert as a monitoring tool does, then say that it is over (other tools: `reveille integration list`):\n\n\
             {}{}\n",
            send(r#"{"id": "disk-db-1", "title": "Disk of db-1 is full", "severity": "critical"}"#),
            send(r#"{"id": "disk-db-1", "status": "resolved"}"#),
        )
    }

    fn on_call_lines(&self, url: &str) -> String {
        if self.is_empty {
            return String::new();
        }
        let key = self.shown_key();
        format!("See who is on call:\n\ncurl -s -H 'Authorization: token {key}' {url}/v1/on-call\n\n")
    }
}
