//! People as sign-in knows them: found by their id, or by what somebody typed.

use domain::directory::{Directory, Entry, Role, TeamRole, User};
use domain::{OrganizationId, RefId, Username};

/// A person who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Whose they are.
    pub organization: OrganizationId,
    /// The name of the organization.
    pub organization_name: String,
    /// Their id, which stays when their name changes.
    pub ref_id: RefId,
    /// Preferred username.
    pub username: Username,
    /// The name shown to people.
    pub name: String,
    /// Where mail goes.
    pub email: Option<String>,
    /// Their role.
    pub role: Role,
    /// The largest role that they have in a team; nothing where they are in none, or sign in for the first time.
    pub team_role: Option<TeamRole>,
    /// The IANA name of the zone in which they read times, where they or their organization said one.
    pub timezone: Option<String>,
}

impl Person {
    /// This user, unless they are locked.
    pub(crate) fn of(organization: (OrganizationId, &str), ref_id: &RefId, user: &User) -> Option<Self> {
        (!user.locked).then(|| Self {
            organization: organization.0,
            organization_name: organization.1.to_owned(),
            ref_id: ref_id.clone(),
            username: user.username.clone(),
            name: user.shown_name().to_owned(),
            email: user.email.clone(),
            role: user.role,
            team_role: None,
            timezone: user.timezone.clone(),
        })
    }

    fn of_entry(directory: &Directory, entry: &Entry<User>) -> Option<Self> {
        let person = Self::of((directory.organization, &directory.name), &entry.ref_id, &entry.component)?;
        let roles = directory.teams.iter().filter_map(|team| team.component.role_of(&person.username));
        let timezone = person.timezone.clone().or_else(|| directory.settings.timezone.clone());
        Some(Self { team_role: roles.max(), timezone, ..person })
    }

    /// The person with this id; nobody where they are gone or locked.
    pub(crate) fn with_ref(directory: &Directory, ref_id: &RefId) -> Option<Self> {
        Self::of_entry(directory, directory.users.with_ref(ref_id.as_str())?)
    }

    /// The person whom somebody means who types this: by the username, which need not be in the right case where no other
    /// differs by that alone, or by an e-mail address that is nobody else's.
    pub(crate) fn typed(directory: &Directory, text: &str) -> Option<Self> {
        let text = text.trim();
        let exact = directory.users.named(text);
        let found = exact.or_else(|| {
            let typed = text.to_lowercase();
            let is_named = |user: &User| user.username.as_str().to_lowercase() == typed;
            let is_written = |user: &User| user.email.as_ref().is_some_and(|email| email.to_lowercase() == typed);
            only(directory, is_named).or_else(|| only(directory, is_written))
        })?;
        Self::of_entry(directory, found)
    }

    /// Words that are no password of theirs.
    pub(crate) fn words(&self) -> Vec<&str> {
        let own = [self.organization_name.as_str(), "reveille", self.username.as_str(), self.name.as_str()];
        own.into_iter().chain(self.name.split_whitespace()).chain(self.email.as_deref()).collect()
    }
}

/// The one user of whom this is true.
fn only(directory: &Directory, is_it: impl Fn(&User) -> bool) -> Option<&Entry<User>> {
    let mut found = directory.users.iter().filter(|entry| is_it(&entry.component));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn house() -> Directory {
        let mut house = Directory::empty(OrganizationId(1), "house");
        let people = [
            json!({"username": "ana", "email": "ana@example.com", "display_name": "Ana Alves"}),
            json!({"username": "Ben", "email": "team@example.com"}),
            json!({"username": "cho", "email": "team@example.com"}),
            json!({"username": "CHO", "email": "cho@example.com"}),
            json!({"username": "dee", "email": "dee@example.com", "locked": true}),
        ];
        for person in people {
            let user: User = serde_json::from_value(person).unwrap();
            let id = RefId(format!("id of {}", user.username));
            house.add_user(id, RefId::from("own"), user);
        }
        house
    }

    #[test]
    fn a_person_is_found_by_name_and_address_and_nobody_where_two_are_meant() {
        let found = |typed: &str| Person::typed(&house(), typed).map(|person| person.username.0);
        for (typed, expect) in [
            ("ana", Some("ana")),
            (" ANA ", Some("ana")),
            ("Ana@Example.com", Some("ana")),
            ("ben", Some("Ben")),
            ("cho", Some("cho")),
            ("CHO", Some("CHO")),
            ("Cho", None),
            ("team@example.com", None),
            ("Ana Alves", None),
            ("", None),
        ] {
            assert_eq!(found(typed).as_deref(), expect, "{typed}");
        }
    }

    #[test]
    fn whoever_is_locked_is_nobody() {
        assert_eq!(Person::typed(&house(), "dee"), None);
        assert_eq!(Person::with_ref(&house(), &RefId::from("id of dee")), None);
        assert!(Person::with_ref(&house(), &RefId::from("id of ana")).is_some());
    }
}
