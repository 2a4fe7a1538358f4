//! What is wrong with a directory file, and where, in words for the person who wrote it.

use std::fmt;

/// One thing that is wrong. It never holds the value of a secret.
///
/// Displayed as ``directory.toml:41: escalation_policy `primary`: levels: level 2 has no targets``.
/// Ordered by file and line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The file, or the folder, by the name under which it was read.
    pub file: String,
    /// The line, from 1; `None` where it is about the file as a whole.
    pub line: Option<usize>,
    /// Which component and key, and what is wrong with it.
    pub text: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(out, "{}:{line}: {}", self.file, self.text),
            None => write!(out, "{}: {}", self.file, self.text),
        }
    }
}
