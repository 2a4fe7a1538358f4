//! Teams: who belongs together, as what, and what of theirs others may see and change.

use super::role::TeamRole;
use crate::ids::Username;
use serde::{Deserialize, Serialize};

/// A group of people, which can own components.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who belongs to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// Whether only its managers, and admins, change what it owns.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub protected: bool,
    /// Whether what it owns is hidden from others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub private: bool,
}

impl Team {
    /// What this person is in the team; nothing where they are no member.
    pub fn role_of(&self, username: &Username) -> Option<TeamRole> {
        self.members.iter().find(|member| member.username == *username).map(|member| member.team_role)
    }
}

/// A member of a team. Written as a name alone where they are a responder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Member {
    /// Preferred username.
    pub username: Username,
    /// What they are in the team.
    pub team_role: TeamRole,
}

impl From<&str> for Member {
    fn from(username: &str) -> Self {
        Self { username: username.into(), team_role: TeamRole::default() }
    }
}

/// A member as it is written.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Name(Username),
    Member(WithRole),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WithRole {
    username: Username,
    #[serde(default)]
    team_role: TeamRole,
}

impl From<Written> for Member {
    fn from(written: Written) -> Self {
        match written {
            Written::Name(username) => Self { username, team_role: TeamRole::default() },
            Written::Member(WithRole { username, team_role }) => Self { username, team_role },
        }
    }
}

impl From<Member> for Written {
    fn from(Member { username, team_role }: Member) -> Self {
        match team_role {
            TeamRole::Responder => Self::Name(username),
            TeamRole::Manager | TeamRole::Observer => Self::Member(WithRole { username, team_role }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Member, Team};
    use serde_json::{from_value, json};

    #[test]
    fn a_member_is_a_name_or_a_name_with_what_they_are() {
        let team: Team = from_value(json!({
            "name": "core",
            "members": ["ana", {"username": "ben", "team_role": "Manager"}, {"username": "cho", "team_role": "responder"}],
        }))
        .unwrap();
        assert_eq!(team.members[0], Member::from("ana"));
        let written = json!({"name": "core", "members": ["ana", {"username": "ben", "team_role": "manager"}, "cho"]});
        assert_eq!(serde_json::to_value(&team).unwrap(), written);
        assert_eq!(from_value::<Team>(written).unwrap(), team);
    }

    #[test]
    fn a_role_that_is_none_is_refused() {
        assert!(
            from_value::<Team>(json!({"name": "core", "members": [{"username": "ben", "team_role": "king"}]})).is_err()
        );
        assert!(
            from_value::<Team>(json!({"name": "core", "members": [{"username": "ben", "role": "manager"}]})).is_err()
        );
    }
}
