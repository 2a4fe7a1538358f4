//! What the tests that cross rooms stand on; nothing imports this crate but its own tests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "all of this is test code, where a panic is how a test fails"
)]

mod api;
mod cluster;
mod database;
mod wire;

pub use api::{Api, START, number, settings};
pub use cluster::fresh_database;
pub use database::{Database, TestStore, on_both};
pub use wire::{Answer, Call};
