//! House rules as tests; each message names the file and the line to mend.

#![allow(clippy::expect_used, reason = "a rule that cannot be checked has failed; in tests that is said by panic")]

mod arrows;
mod cycles;
mod documents;
mod imports;
mod licences;
mod names;
mod security;
mod source;
mod tree;

/// Fails with one line for each violation.
#[track_caller]
fn nothing_breaks(rule: &str, violations: &[String]) {
    assert!(violations.is_empty(), "{rule}\n  {}\n", violations.join("\n  "));
}
