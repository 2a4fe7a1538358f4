//! All tests that cross rooms, in one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "all of this is test code, where a panic is how a test fails"
)]

mod directory;
mod engine;
mod fuzz;
mod notify;
mod process;
mod store;
mod stories;
mod tidy;
mod web;
mod world;
