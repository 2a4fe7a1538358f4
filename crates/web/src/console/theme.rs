//! In which light pages are shown on a device: as its system says, or as somebody chose there.

/// A light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Theme {
    /// Light by day and dark by night, as the system says.
    #[default]
    System,
    Light,
    Dark,
    /// Dark, in dim reds, for eyes that are to fall asleep again.
    Night,
}

impl Theme {
    /// All of them, in the order in which they are offered, each with its words.
    pub(super) const ALL: [(Self, &'static str); 4] = [
        (Self::System, "as the device has it"),
        (Self::Light, "light"),
        (Self::Dark, "dark"),
        (Self::Night, "night: dark, in dim reds"),
    ];

    /// Its word, as forms and the browser have it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Night => "night",
        }
    }

    /// The one of this word.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().map(|(theme, _)| theme).find(|theme| theme.word() == word)
    }

    /// What the browser draws by itself, such as the ground before the style sheet is there.
    pub(super) fn scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark | Self::Night => "dark",
        }
    }
}
