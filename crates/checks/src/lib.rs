//! What the tests that cross rooms stand on; nothing imports this crate but its own tests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "all of this is test code, where a panic is how a test fails"
)]

mod api;
mod assembly;
mod binary;
mod calendar;
mod cluster;
pub mod crash;
mod database;
mod disk;
mod fittings;
mod form;
mod house;
mod http;
mod lines;
mod listed;
mod oracle;
mod organization;
mod outside;
mod pace;
mod peer;
mod plain;
mod post;
mod promises;
mod settle;
mod story;
mod telephone;
mod wire;
mod world;

pub use api::{Api, PUBLIC_URL, START, number, settings};
pub use assembly::Parts;
pub use binary::{Finished, Home, Server};
pub use calendar::read_calendar;
pub use cluster::{Cluster, Deed, fresh_database, programs};
pub use database::{Database, TestStore, on_both};
pub use disk::SmallDisk;
pub use fittings::{DESK, Fittings};
pub use form::{ACCOUNT, Dialled, Kind, NUMBER, TOKEN};
pub use house::{House, in_both, in_both_with};
pub use http::{Client, HttpAnswer, connect, read_answer, request};
pub use listed::numbers_in_mail;
pub use oracle::{DAY, Oracle, Walls, people_at};
pub use organization::{TestOrganization, eve};
pub use outside::{Heard, Outside, Treatment};
pub use pace::usual_pace;
pub use peer::Peer;
pub use plain::{Plain, PlainLayer, PlainSwap};
pub use post::{Post, Reply, Sent};
pub use story::{STORIES, play};
pub use telephone::{Line, Telephone};
pub use wire::{Answer, Call};
pub use world::{Broken, Night, Outcome, kept_seeds, play_night};

/// After this long without a sign of life a test fails instead of hanging; nothing waits for it to pass.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);
