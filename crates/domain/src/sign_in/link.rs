//! Links that work once: what each is for, and for how long.

/// What a link that works once is for. One that was made for another purpose is an unknown one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LinkPurpose {
    /// The operator lets a person choose a password: the way in for the first owner, and back in when all else fails.
    Setup,
    /// Signs in by itself. Only the demo hands one out.
    SignIn,
    /// Somebody is asked in, and chooses a password.
    Invite,
    /// Somebody forgot their password.
    Reset,
    /// Somebody lost their second factor.
    Enrol,
}

const HOUR_MINUTES: u32 = 60;

impl LinkPurpose {
    /// Every purpose.
    pub const ALL: [Self; 5] = [Self::Setup, Self::SignIn, Self::Invite, Self::Reset, Self::Enrol];

    /// Its word in the store and in paths.
    pub fn word(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::SignIn => "enter",
            Self::Invite => "invite",
            Self::Reset => "reset",
            Self::Enrol => "enrol",
        }
    }

    /// The purpose with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.word() == word)
    }

    /// For how many minutes a link counts: an hour, an invitation three days, one into the demo a day.
    pub fn minutes(self) -> u32 {
        match self {
            Self::Setup | Self::Reset | Self::Enrol => HOUR_MINUTES,
            Self::SignIn => 24 * HOUR_MINUTES,
            Self::Invite => 72 * HOUR_MINUTES,
        }
    }

    /// Whether whoever follows the link chooses a password by it.
    pub fn sets_password(self) -> bool {
        matches!(self, Self::Setup | Self::Invite | Self::Reset)
    }
}

#[cfg(test)]
mod tests {
    use super::LinkPurpose;

    #[test]
    fn a_purpose_is_known_by_its_word_and_only_by_its_own() {
        for purpose in LinkPurpose::ALL {
            assert_eq!(LinkPurpose::from_word(purpose.word()), Some(purpose));
        }
        assert_eq!(LinkPurpose::from_word("Setup"), None);
    }

    #[test]
    fn a_link_counts_for_an_hour_and_an_invitation_for_three_days() {
        let minutes = LinkPurpose::ALL.map(LinkPurpose::minutes);
        assert_eq!(minutes, [60, 24 * 60, 72 * 60, 60, 60]);
    }
}
