//! The real program, started, spoken to over its sockets, and ended, as a user does it.

mod alertmanager;
mod audit;
mod chromium;
mod clients;
mod crash;
mod crowd;
mod database;
mod demo;
mod directory;
mod disk;
mod duplicates;
mod escalation;
mod first_run;
mod heartbeat;
mod hostile;
mod integration;
mod keys;
mod live;
mod mail;
mod mail_intake;
mod on_call;
mod outage;
mod ownership;
mod pages;
mod passkey;
mod push;
mod reply;
mod roles;
mod secrets;
mod senders;
mod settings;
mod shutdown;
mod sign_in;
mod telephone;
mod tls;
mod two_nodes;
mod vast;
mod versions;
mod webhook;
mod wrong_clock;

/// An organization with one person on call, whose pages go out by e-mail and are not followed by others for long.
const ACME: &str = r#"
[organization]
name = "acme"
fallback_policy = "primary"

[[user]]
username = "ana"
email = "ana@example.com"

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 600, users = ["ana"] }]
"#;
