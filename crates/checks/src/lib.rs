//! What the tests that cross rooms stand on; nothing imports this crate but its own tests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "all of this is test code, where a panic is how a test fails"
)]

pub mod crash;
mod database;
mod harness;
mod oracle;
mod peers;
mod program;
mod story;
mod wire;
mod world;

pub use database::{Cluster, Database, Deed, SmallDisk, TestStore, database_in, fresh_database, on_both, programs};
pub use harness::{
    Api, Browser, DESK, Event, Events, Fittings, House, PUBLIC_URL, Parts, Post, Reply, START, Sent, TestOrganization,
    eve, in_both, in_both_with, number, settings, usual_pace,
};
pub use oracle::{DAY, Oracle, Plain, PlainLayer, PlainSwap, Walls, people_at};
pub use peers::{
    ACCOUNT, Alertmanager, Attempt, Authority, Dialled, Heard, Kind, Monitor, NUMBER, Nullmailer, Outside, Peer,
    Posted, Prometheus, Provider, Script, SoftPasskey, TOKEN, Treatment, numbers_in_mail, official_clients, post_mail,
    post_mail_by_tls, read_calendar, shown_code, swaks, zabbix_notifies,
};
pub use program::{Finished, Home, Line, Server, Telephone};
pub use story::{STORIES, play};
pub use wire::{Answer, Call, Client, HttpAnswer, connect, read_answer, request};
pub use world::{Broken, Night, Outcome, kept_seeds, play_night};

/// After this long without a sign of life a test fails instead of hanging; nothing waits for it to pass.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);
