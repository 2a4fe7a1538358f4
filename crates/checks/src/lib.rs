//! What the tests that cross rooms stand on; nothing imports this crate but its own tests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "all of this is test code, where a panic is how a test fails"
)]

mod cluster;
mod database;

pub use cluster::fresh_database;
pub use database::{Database, TestStore, on_both};
