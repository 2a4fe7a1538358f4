//! What is wrong with a configuration, and where, in words for the person who wrote it.

use std::fmt;

/// Where a value or a mistake comes from. Ordered as people mend: the file from its top, then the environment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// A file as a whole; `file` is its name as it was given.
    File {
        /// The file's name.
        file: String,
    },
    /// A line of a file, from 1.
    Line {
        /// The file's name.
        file: String,
        /// The line's number.
        line: usize,
    },
    /// An environment variable.
    Variable {
        /// Its whole name, such as `REVEILLE__SERVER__LISTEN`.
        name: String,
    },
}

/// One thing that is wrong. It never holds the value of a secret.
///
/// Displayed as ``reveille.toml:12: server.lisen: unknown key; did you mean `listen`?``.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mistake {
    origin: Origin,
    /// The section or key as `section.key`; empty where the file or the variable says enough.
    subject: String,
    problem: String,
}

impl Mistake {
    /// A mistake about the key or section `subject`, found at `origin`.
    pub(super) fn about(origin: Origin, subject: &str, problem: impl Into<String>) -> Self {
        // A variable's name already says which key it sets.
        let subject = match origin {
            Origin::Variable { .. } => String::new(),
            Origin::File { .. } | Origin::Line { .. } => subject.to_owned(),
        };
        Self { origin, subject, problem: problem.into() }
    }

    /// A mistake about a file or a place in it, but about no key.
    pub(super) fn at(origin: Origin, problem: impl Into<String>) -> Self {
        Self { origin, subject: String::new(), problem: problem.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Origin::File { file } => write!(f, "{file}: ")?,
            Origin::Line { file, line } => write!(f, "{file}:{line}: ")?,
            Origin::Variable { name } => write!(f, "{name}: ")?,
        }
        if !self.subject.is_empty() {
            write!(f, "{}: ", self.subject)?;
        }
        f.write_str(&self.problem)
    }
}
