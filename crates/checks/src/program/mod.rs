//! The real program as a process, with a home of its own and a telephone carrier that calls it back.

mod binary;
mod telephone;

pub use binary::{Finished, Home, Server};
pub use telephone::{Line, Telephone};
