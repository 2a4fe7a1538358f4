//! Replies: three digits, the enhanced code of RFC 3463, and words.

use std::fmt::Write;

/// A reply of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    /// From 200 to 599.
    pub(crate) code: u16,
    /// Such as `2.0.0`.
    pub(crate) enhanced: &'static str,
    /// In one line of ASCII.
    pub(crate) words: String,
}

impl Reply {
    pub(crate) fn new(code: u16, enhanced: &'static str, words: impl Into<String>) -> Self {
        Self { code, enhanced, words: words.into() }
    }

    /// The database is away, or too much is going on: the client keeps the mail and comes again.
    pub(crate) fn later() -> Self {
        Self::new(451, "4.3.0", "cannot be taken in now, nothing was stored; try again later")
    }

    /// Too many large mails are in work.
    pub(crate) fn too_many_large() -> Self {
        Self::new(452, "4.3.1", "too many large mails at the same time; try again later")
    }

    /// No such address.
    pub(crate) fn unknown() -> Self {
        Self::new(550, "5.1.1", "no integration has this address, or its key was renewed")
    }

    pub(crate) fn write(&self, output: &mut Vec<u8>) {
        let mut line = String::new();
        // Writing to a string does not fail.
        let _ = write!(line, "{} {} {}\r\n", self.code, self.enhanced, self.words);
        output.extend_from_slice(line.as_bytes());
    }
}
