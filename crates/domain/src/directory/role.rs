//! What a person is in an organization, and in a team. A role never decides who is paged.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Role of a user (`user_role`, administration §4), the least first. A stakeholder stands aside: no other role contains
/// what a stakeholder may, and a team adds nothing to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Sees business services, status pages and published updates.
    Stakeholder,
    /// Has a profile, and what a team gives.
    Restricted,
    /// Reads.
    Observer,
    /// Works on incidents.
    #[default]
    Responder,
    /// Makes components and teams, and invites.
    Manager,
    /// Does all but what owners do.
    Admin,
    /// Does all.
    Owner,
}

/// What other tools call the same.
const ALIASES: [(&str, Role); 12] = [
    ("account_owner", Role::Owner),
    ("global_admin", Role::Admin),
    ("user", Role::Manager),
    ("default_user", Role::Manager),
    ("editor", Role::Manager),
    ("limited_user", Role::Responder),
    ("read_only_user", Role::Observer),
    ("full_stakeholder", Role::Observer),
    ("viewer", Role::Observer),
    ("restricted_access", Role::Restricted),
    ("limited_stakeholder", Role::Stakeholder),
    ("read_only_limited_user", Role::Stakeholder),
];

impl Role {
    /// All roles, the largest first, as they are told.
    pub const ALL: [Self; 7] =
        [Self::Owner, Self::Admin, Self::Manager, Self::Responder, Self::Observer, Self::Restricted, Self::Stakeholder];

    /// Their words, in the same order.
    pub const WORDS: &[&str] = &["owner", "admin", "manager", "responder", "observer", "restricted", "stakeholder"];

    /// Its word in the directory file and on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Responder => "responder",
            Self::Observer => "observer",
            Self::Restricted => "restricted",
            Self::Stakeholder => "stakeholder",
        }
    }

    /// The role of this word, or of what other tools call it, in any case.
    pub fn from_word(word: &str) -> Option<Self> {
        let own = Self::ALL.into_iter().find(|role| role.word().eq_ignore_ascii_case(word));
        own.or_else(|| ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(word)).map(|(_, role)| *role))
    }

    /// The word for what a file calls so; see [`Role::from_word`].
    pub fn canonical(word: &str) -> Option<&'static str> {
        Self::from_word(word).map(Self::word)
    }

    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Role of a member in a team, the least first. It counts for what the team owns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TeamRole {
    /// Reads.
    Observer,
    /// Works on incidents.
    #[default]
    Responder,
    /// Changes what the team owns, and who is in it.
    Manager,
}

impl TeamRole {
    /// All roles in a team, the largest first, as they are told.
    pub const ALL: [Self; 3] = [Self::Manager, Self::Responder, Self::Observer];

    /// Their words, in the same order.
    pub const WORDS: &[&str] = &["manager", "responder", "observer"];

    /// Its word in the directory file and on the wire.
    pub fn word(self) -> &'static str {
        self.role().word()
    }

    /// The role in a team of this word, in any case.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word().eq_ignore_ascii_case(word))
    }

    /// The word for what a file calls so.
    pub fn canonical(word: &str) -> Option<&'static str> {
        Self::from_word(word).map(Self::word)
    }

    /// The role in the organization of the same name.
    pub fn role(self) -> Role {
        match self {
            Self::Observer => Role::Observer,
            Self::Responder => Role::Responder,
            Self::Manager => Role::Manager,
        }
    }
}

macro_rules! written_by_word {
    ($role:ident) => {
        impl Serialize for $role {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl<'de> Deserialize<'de> for $role {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                Self::from_word(&word).ok_or_else(|| D::Error::unknown_variant(&word, Self::WORDS))
            }
        }
    };
}

written_by_word!(Role);
written_by_word!(TeamRole);

#[cfg(test)]
mod tests {
    use super::{ALIASES, Role, TeamRole};
    use serde_json::{from_value, json};

    #[test]
    fn every_role_is_read_by_its_word_and_by_those_of_other_tools_in_any_case() {
        for (role, word) in Role::ALL.into_iter().zip(Role::WORDS) {
            assert_eq!(role.word(), *word);
            assert_eq!(Role::from_word(&word.to_uppercase()), Some(role));
        }
        for (alias, role) in ALIASES {
            assert_eq!(Role::from_word(&alias.to_uppercase()), Some(role), "{alias}");
            assert_eq!(from_value::<Role>(json!(alias)).unwrap(), role);
        }
        assert_eq!(serde_json::to_value(Role::from_word("Full_Stakeholder")).unwrap(), "observer");
        assert!(from_value::<Role>(json!("root")).is_err());
    }

    #[test]
    fn roles_in_a_team_are_those_of_the_organization_of_the_same_name() {
        for (role, word) in TeamRole::ALL.into_iter().zip(TeamRole::WORDS) {
            assert_eq!((role.word(), role.role().word()), (*word, *word));
            assert_eq!(from_value::<TeamRole>(json!(word)).unwrap(), role);
        }
        assert_eq!(TeamRole::from_word("owner"), None);
    }
}
