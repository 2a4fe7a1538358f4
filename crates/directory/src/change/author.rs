//! Who changes a directory, and by which way.

/// Who changes a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The name that is shown for them.
    pub name: String,
    /// By which way the change came.
    pub way: Way,
}

/// By which way a change came (administration §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A directory file that was applied.
    File,
    /// A sub-command of the program.
    Command,
    /// The API.
    Api,
    /// The console.
    Console,
}

impl Way {
    /// Its word in the store and on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Command => "command",
            Self::Api => "api",
            Self::Console => "console",
        }
    }
}

impl Author {
    /// Whoever applies a directory file on the machine itself.
    #[must_use]
    pub fn of_file() -> Self {
        Self { name: "apply".to_owned(), way: Way::File }
    }
}
