//! The gate: what a request must pass before anything is asked, and how it is told no.

mod body;
mod check;
mod problem;
mod request;

pub use body::{Fields, read_body, read_query};
pub use problem::{Bucket, Problem, status};
pub use request::{Request, request};

#[cfg(test)]
mod tests;
