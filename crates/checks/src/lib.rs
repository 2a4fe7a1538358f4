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
mod house;
mod post;
mod promises;
mod residents;

pub use cluster::fresh_database;
pub use database::{Database, TestStore, on_both};
pub use house::{DESK, House, in_both};
pub use post::{Post, Reply, Sent};
pub use residents::Residents;
