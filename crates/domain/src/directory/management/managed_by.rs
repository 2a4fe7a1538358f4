//! Who changes a component: its directory file, or whoever uses the API.

/// Who manages a component (administration §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ManagedBy {
    /// A directory file: `apply` makes, changes and removes it.
    File,
    /// The API and the console: `apply` leaves it alone.
    Api,
}

impl ManagedBy {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::File, Self::Api];

    /// Its word in the store and on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Api => "api",
        }
    }

    /// The one with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}
