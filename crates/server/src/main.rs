//! The program: configuration, the sub-commands, and the one loop that sleeps.

#[allow(dead_code, unused_imports, reason = "read by the sub-commands once they stand")]
mod configuration;

fn main() {}
