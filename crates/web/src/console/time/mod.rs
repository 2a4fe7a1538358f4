//! Times as pages tell them: on the wall of who reads, and from now; and how long something is.

mod clock;
mod words;

#[cfg(test)]
mod tests;

pub(super) use clock::{Clock, Moment};
pub(super) use words::duration;
