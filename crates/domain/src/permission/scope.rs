//! What a key may do: scopes, each containing the one before it.

use serde::{Deserialize, Serialize};

/// Scope of a key (contract §1), ordered: a larger scope may do all that a smaller one may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Reading: lists, details, alerts, users.
    Read,
    /// Reading, and every operation on incidents.
    Incidents,
    /// All that a key can do.
    Admin,
}

impl Scope {
    /// All scopes, smallest first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Incidents, Self::Admin];

    /// Its word in configuration, store and messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Incidents => "incidents",
            Self::Admin => "admin",
        }
    }

    /// The scope with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }

    /// Whether a key of this scope may do what needs `needed`.
    pub fn allows(self, needed: Self) -> bool {
        self >= needed
    }
}

#[cfg(test)]
mod tests {
    use super::Scope::{self, Admin, Incidents, Read};

    #[test]
    fn a_scope_allows_itself_and_every_smaller_one() {
        let allowed: Vec<(Scope, Scope)> = Scope::ALL
            .into_iter()
            .flat_map(|held| Scope::ALL.map(|needed| (held, needed)))
            .filter(|(held, needed)| held.allows(*needed))
            .collect();
        let expect = [(Read, Read), (Incidents, Read), (Incidents, Incidents)];
        assert_eq!(allowed[..3], expect);
        assert_eq!(allowed[3..], [(Admin, Read), (Admin, Incidents), (Admin, Admin)]);
        assert_eq!(Scope::from_word("incidents"), Some(Incidents));
        assert_eq!(Scope::from_word("root"), None);
    }
}
