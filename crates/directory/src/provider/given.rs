//! What a provider's groups give a person, as changes of the directory: of the role, and of places in teams. What a file
//! manages is left as the file says it.

use super::account::Account;
use super::settings::Stored;
use crate::audit::{Actor, ActorKind, Entry, Object, Way};
use crate::change::{Act, Author, Edit, OnlyIf};
use domain::directory::{ComponentKind, Directory, ManagedBy, Member, Role, Team};
use domain::sign_in::Given;
use domain::{RefId, Username};
use serde_json::{Map, Value, json};
use store::{ComponentRow, Error};

/// Who changes a directory where a provider does.
pub(super) fn author(stored: &Stored) -> Author {
    let actor = Actor {
        kind: ActorKind::Provider,
        ref_id: Some(stored.ref_id.to_string()),
        name: stored.provider.name.clone(),
        key_tail: None,
        session: None,
    };
    let base = Entry::new(actor, Way::Provider, "", Object::new("", None, ""), Vec::new());
    Author { name: format!("provider {}", stored.provider.name), base }
}

fn edit(kind: ComponentKind, act: Act) -> Edit {
    Edit { kind, act, only_if: OnlyIf::Any, field: "provider", before_path: String::new() }
}

/// What was given, as it is kept.
pub(super) fn given_text(given: &Given) -> Result<String, Error> {
    serde_json::to_string(given).map_err(|error| Error::Statement(error.to_string()))
}

/// A person who signs up.
pub(super) fn newcomer(account: &Account, username: &str, email: &str, role: Role) -> Edit {
    let mut body = Map::new();
    body.insert("username".to_owned(), json!(username));
    body.insert("email".to_owned(), json!(email));
    body.insert("role".to_owned(), json!(role));
    if let Some(name) = &account.display_name {
        body.insert("display_name".to_owned(), json!(name));
    }
    edit(ComponentKind::User, Act::Create(body))
}

/// The role that a person has from now on; none where it stays. Owners are made and unmade by owners alone.
fn wanted_role(present: Role, before: &Given, now: &Given, otherwise: Role) -> Option<Role> {
    let wanted = match now.role {
        Some(role) => role,
        // What a group gave ends with the group.
        None if before.role.is_some() => otherwise,
        None => return None,
    };
    (present != Role::Owner && wanted != Role::Owner && wanted != present).then_some(wanted)
}

/// The members that a team has from now on; none where they stay.
fn wanted_members(team: &Team, username: &Username, before: &Given, now: &Given) -> Option<Vec<Member>> {
    let (gave, gives) = (before.teams.get(&team.name), now.teams.get(&team.name));
    let present = team.role_of(username);
    match gives {
        Some(role) if present == Some(*role) => return None,
        // Who was put there by somebody else stays, and so does who is not there.
        None if gave.is_none() || present.is_none() => return None,
        _ => {}
    }
    let mut members: Vec<_> = team.members.iter().filter(|member| member.username != *username).cloned().collect();
    members.extend(gives.map(|role| Member { username: username.clone(), team_role: *role }));
    Some(members)
}

/// Whether a provider gives a person anything else than they have, as far as the directory alone can tell.
pub(super) fn may_differ(directory: &Directory, person: &RefId, before: &Given, now: &Given, otherwise: Role) -> bool {
    let Some(user) = directory.users.with_ref(person.as_str()) else { return false };
    let user = &user.component;
    let teams = before.teams.keys().chain(now.teams.keys()).filter_map(|name| directory.teams.named(name));
    wanted_role(user.role, before, now, otherwise).is_some()
        || teams.into_iter().any(|team| wanted_members(&team.component, &user.username, before, now).is_some())
}

/// The changes by which a person has what the provider's groups give. `otherwise` is the role of whom no group gives one any
/// more.
pub(super) fn edits(
    rows: &[ComponentRow],
    directory: &Directory,
    person: &RefId,
    (before, now): (&Given, &Given),
    otherwise: Role,
) -> Vec<Edit> {
    let Some(user) = directory.users.with_ref(person.as_str()) else { return Vec::new() };
    let user = &user.component;
    let is_free = |kind: ComponentKind, name: &str| {
        let row = rows.iter().find(|row| row.kind == kind && row.name == name);
        row.is_some_and(|row| row.provenance.managed_by != ManagedBy::File)
    };
    let patch = |kind: ComponentKind, name: &str, field: &str, value: Value| {
        let body = Map::from_iter([(field.to_owned(), value)]);
        edit(kind, Act::Patch(name.to_owned(), body))
    };
    let mut edits = Vec::new();
    if let Some(role) = wanted_role(user.role, before, now, otherwise)
        && is_free(ComponentKind::User, user.username.as_str())
    {
        edits.push(patch(ComponentKind::User, user.username.as_str(), "role", json!(role)));
    }
    let mut names: Vec<_> = before.teams.keys().chain(now.teams.keys()).collect();
    names.sort();
    names.dedup();
    for team in names.into_iter().filter_map(|name| directory.teams.named(name)) {
        let team = &team.component;
        let members = wanted_members(team, &user.username, before, now);
        if let Some(members) = members.filter(|_| is_free(ComponentKind::Team, &team.name)) {
            edits.push(patch(ComponentKind::Team, &team.name, "members", json!(members)));
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::directory::TeamRole;

    fn given(role: Option<Role>) -> Given {
        Given { role, ..Given::default() }
    }

    #[test]
    fn a_role_is_what_a_group_gives_and_ends_with_it_but_never_an_owners() {
        let nothing = given(None);
        for (present, before, now, expect) in [
            (Role::Responder, None, None, None),
            (Role::Admin, None, None, None),
            (Role::Responder, None, Some(Role::Manager), Some(Role::Manager)),
            (Role::Manager, Some(Role::Manager), Some(Role::Manager), None),
            (Role::Manager, Some(Role::Manager), Some(Role::Observer), Some(Role::Observer)),
            (Role::Manager, Some(Role::Manager), None, Some(Role::Restricted)),
            (Role::Owner, Some(Role::Manager), None, None),
            (Role::Owner, None, Some(Role::Observer), None),
            (Role::Observer, None, Some(Role::Owner), None),
        ] {
            let wanted = wanted_role(present, &given(before), &given(now), Role::Restricted);
            assert_eq!(wanted, expect, "{present:?} {before:?} {now:?}");
        }
        assert_eq!(wanted_role(Role::Observer, &nothing, &nothing, Role::Admin), None);
    }

    #[test]
    fn a_place_in_a_team_ends_with_the_group_that_gave_it_and_others_stay() {
        let (ana, ben) = (Username::from("ana"), Member::from("ben"));
        let team = |members: Vec<Member>| Team { name: "core".to_owned(), members, ..Team::default() };
        let gives = |role| Given { role: None, teams: [("core".to_owned(), role)].into() };
        let nothing = Given::default();
        let ana_as = |team_role| Member { username: ana.clone(), team_role };
        let with = team(vec![ana_as(TeamRole::Responder), ben.clone()]);
        let without = team(vec![ben.clone()]);
        assert_eq!(wanted_members(&without, &ana, &nothing, &nothing), None);
        assert_eq!(wanted_members(&with, &ana, &nothing, &nothing), None);
        assert_eq!(wanted_members(&with, &ana, &nothing, &gives(TeamRole::Responder)), None);
        assert_eq!(wanted_members(&with, &ana, &gives(TeamRole::Responder), &nothing), Some(vec![ben.clone()]));
        let joined = Some(vec![ben, ana_as(TeamRole::Manager)]);
        assert_eq!(wanted_members(&without, &ana, &nothing, &gives(TeamRole::Manager)), joined);
        assert_eq!(wanted_members(&with, &ana, &nothing, &gives(TeamRole::Manager)), joined);
    }
}
