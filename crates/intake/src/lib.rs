//! Intake: what was read of a body or a mail is given to the engine, whichever way it came by, and what is kept of it for
//! whoever sets up the sender, with secrets hidden.

mod mask;
mod reception;
mod sample;

pub use reception::{NotTaken, Reception};
