//! The organization whose server is killed, and the places that its pages go to.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::book::Policies;
use super::hook::Hook;
use crate::{Client, Database, Home, Peer};

/// Somebody with a webhook and somebody with e-mail, and for whoever does not answer: somebody else, at once when asked,
/// or after a minute.
const DEFINITION: &str = r#"
[organization]
name = "acme"

[[user]]
username = "hana"
webhook = { url = "http://HOOK/hana", secrets = ["whsec_dGhlIHNlY3JldCBvZiB0aGUgdGVzdHMsIGxvbmcgZW5vdWdo"] }

[[user]]
username = "lena"
webhook = { url = "http://HOOK/lena", secrets = ["whsec_dGhlIHNlY3JldCBvZiB0aGUgdGVzdHMsIGxvbmcgZW5vdWdo"] }

[[user]]
username = "mia"
email = "mia@example.com"

[[escalation_policy]]
name = "hook"
levels = [{ minutes = 10080, users = ["hana"] }, { minutes = 10080, users = ["lena"] }]

[[escalation_policy]]
name = "mail"
levels = [{ minutes = 10080, users = ["mia"] }, { minutes = 10080, users = ["hana"] }]

[[escalation_policy]]
name = "climb"
levels = [{ minutes = 1, users = ["hana"] }, { minutes = 10080, users = ["lena"] }]
"#;

/// All that stays while servers come and go.
pub(super) struct Organization {
    pub(super) home: Home,
    pub(super) key: String,
    pub(super) policies: Policies,
    pub(super) hook: Hook,
    pub(super) mail_port: u16,
    mailbox: Mutex<Peer>,
}

impl Organization {
    /// A new one over an empty database.
    pub(super) fn new(database: Database) -> Self {
        let (hook, mailbox) = (Hook::open(), Peer::mailbox());
        let mut home = Home::with(database, &DEFINITION.replace("HOOK", &hook.address.to_string()));
        home.send_mail_to(&mailbox);
        home.set("egress.allow", "127.0.0.0/8");
        home.set("limits.rate_per_second", "0");
        home.set("storm.gap_seconds", "1");
        let key = home.key(&[]);
        let server = home.serve();
        let listed: Value = server.client(&key).get("/list/escalation-policies").json();
        assert!(server.terminate().success());
        Self { home, key, policies: Policies::of(&listed), hook, mail_port: mailbox.port, mailbox: Mutex::new(mailbox) }
    }

    /// The mails that have arrived since this was last asked.
    pub(super) fn mails(&self) -> Vec<Value> {
        self.mailbox.lock().unwrap_or_else(PoisonError::into_inner).waiting()
    }

    /// A client of a server at this address.
    pub(super) fn client(&self, address: std::net::SocketAddr) -> Client {
        Client::new(address, &self.key)
    }
}
