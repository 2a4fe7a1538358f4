//! Who changes a directory, and by which way.

use crate::audit::{Actor, Entry, From, Object, Way};
use engine::{Asker, ChangeContext};

/// Who changes a directory.
#[derive(Clone, Debug, PartialEq)]
pub struct Author {
    /// The name that is shown for them.
    pub name: String,
    /// What the audit log says of them; action, object and changes are those of each component.
    pub base: Entry,
}

impl Author {
    /// Whoever applies a directory file on the machine itself; `digest` is the SHA-256 of the file, in hexadecimal.
    #[must_use]
    pub fn of_file(digest: Option<String>) -> Self {
        let base = Entry::new(Actor::operator(), Way::File, "", Object::new("", None, ""), Vec::new());
        Self {
            name: Self::APPLY.to_owned(),
            base: Entry { from: From { file_digest: digest, ..From::default() }, ..base },
        }
    }

    /// Whoever runs a command beside the server.
    #[must_use]
    pub fn of_command() -> Self {
        let file = Self::of_file(None);
        Self { name: "operator".to_owned(), base: Entry { way: Way::Command, ..file.base } }
    }

    /// Who is known in the writer only, which puts their name in the place of this one's.
    pub(super) fn unknown() -> Self {
        Self { name: String::new(), ..Self::of_file(None) }
    }

    /// The name of whoever applies a file.
    pub(super) const APPLY: &str = "apply";

    /// Whoever asks by the API.
    pub(crate) fn of_asker(asker: &Asker, context: &ChangeContext) -> Self {
        let base = Entry::of_asker(asker, context, "", Object::new("", None, ""), Vec::new());
        Self { name: context.by.clone().unwrap_or_default(), base }
    }

    /// By which way the change comes.
    #[must_use]
    pub fn way(&self) -> Way {
        self.base.way
    }
}
