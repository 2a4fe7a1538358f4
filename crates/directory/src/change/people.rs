//! What a change comes to for people, beside what whoever asks may do to them. It is looked at after everything else, so
//! that no other wording, no list of changes and no version gone back to gives a role that could not be given alone.

use super::draft::body_of;
use super::edit::{ALIASES, invalid};
use super::weighed::Weighed;
use crate::sign_in::Person;
use domain::directory::{ComponentKind, Definition, Role, User};
use domain::permission::{Action, Answer, Needs, Object};
use domain::{OrganizationId, RefId, Refusal};
use engine::{Rights, Undo};
use serde_json::{Map, Value};
use std::collections::HashMap;
use store::{ComponentRow, Error};

/// The key of a role.
const ROLE: &str = "role";

/// The role that a body gives, under whatever key callers may say it; nothing where it says none.
#[must_use]
pub fn role_said(body: &Map<String, Value>) -> Option<Role> {
    let is_role = |alias: &&(ComponentKind, &str, &str)| alias.0 == ComponentKind::User && alias.2 == ROLE;
    let other = || ALIASES.iter().filter(is_role).find_map(|(_, alias, _)| body.get(*alias));
    body.get(ROLE).or_else(other)?.as_str().and_then(Role::from_word)
}

/// An owner who is not locked and is the last one, where there would be none any more.
pub(super) fn last_owner(stands: &Definition, wanted: &Definition) -> Option<String> {
    fn owners(definition: &Definition) -> impl Iterator<Item = &User> {
        definition.users.iter().filter(|user| user.role == Role::Owner && !user.locked)
    }
    let last = owners(stands).next().filter(|_| owners(wanted).next().is_none());
    last.map(|owner| owner.username.to_string())
}

/// Refuses a change that does to people what whoever asks may not.
///
/// # Errors
/// `NotAllowed`, which says what would be needed; `Corrupt` when what is stored cannot be read.
pub(super) fn check_people(rights: &Rights<'_>, weighed: &Weighed) -> Result<(), Undo> {
    let is_person = |row: &&ComponentRow| row.kind == ComponentKind::User;
    let before: HashMap<_, _> = weighed.before.iter().filter(is_person).map(|row| (&row.ref_id, row)).collect();
    for write in weighed.writes.iter().filter(|write| is_person(&&write.row)) {
        let is = standing(&write.row)?;
        let was = before.get(&write.row.ref_id).map(|row| standing(row)).transpose()?;
        let wanted = match was {
            None => vec![(Action::Invite(is.0), None)],
            Some(was) => {
                let role = (was.0 != is.0).then_some((Action::ChangeRole(is.0), Some(was.0)));
                let lock = (was.1 != is.1).then_some((Action::ManagePeople, Some(was.0)));
                role.into_iter().chain(lock).collect()
            }
        };
        check(rights, &write.row.name, wanted)?;
    }
    for row in weighed.removed.iter().filter(is_person) {
        check(rights, &row.name, vec![(Action::ManagePeople, Some(standing(row)?.0))])?;
    }
    Ok(())
}

/// The role of a person, and whether they are locked.
fn standing(row: &ComponentRow) -> Result<(Role, bool), Error> {
    user(row).map(|user| (user.role, user.locked))
}

fn user(row: &ComponentRow) -> Result<User, Error> {
    serde_json::from_value(Value::Object(body_of(row)?))
        .map_err(|error| Error::Corrupt(format!("user `{}`: {error}", row.name)))
}

/// Refuses to give a person the address of another: neither could sign in by it any more, nor choose another password. A
/// directory file may have an address twice, and what is so already stays.
///
/// # Errors
/// `Invalid`; `Corrupt` when what is stored cannot be read.
pub(super) fn check_addresses(weighed: &Weighed) -> Result<(), Undo> {
    for Readdressed { is, .. } in readdressed(weighed)? {
        let Some(email) = is.email.as_ref().map(|email| email.to_lowercase()) else { continue };
        let is_other = |user: &&User| user.username != is.username && same(user, &email);
        if let Some(other) = weighed.definition.users.iter().find(is_other) {
            let mistake = format!("email: is the address of `{}`, who signs in by it", other.username);
            return Err(invalid(vec![mistake]).into());
        }
    }
    Ok(())
}

fn same(user: &User, email: &str) -> bool {
    user.email.as_ref().is_some_and(|known| known.to_lowercase() == email)
}

/// Whoever had an address and has another one now, or none, as they were: to be told there.
///
/// # Errors
/// `Corrupt` when what is stored cannot be read.
pub(super) fn to_tell(weighed: &Weighed, organization: (OrganizationId, &str)) -> Result<Vec<Person>, Error> {
    let told = |readdressed: Readdressed| {
        let was = readdressed.was.filter(|was| was.email.is_some())?;
        Person::of(organization, &readdressed.ref_id, &was)
    };
    Ok(readdressed(weighed)?.into_iter().filter_map(told).collect())
}

/// Somebody whose address is another, or who is new.
struct Readdressed {
    ref_id: RefId,
    /// As they were.
    was: Option<User>,
    /// As they are.
    is: User,
}

fn readdressed(weighed: &Weighed) -> Result<Vec<Readdressed>, Error> {
    let is_person = |row: &&ComponentRow| row.kind == ComponentKind::User;
    let mut all = Vec::new();
    for write in weighed.writes.iter().filter(|write| write.is_changed && is_person(&&write.row)) {
        let was = weighed.before.iter().filter(is_person).find(|row| row.ref_id == write.row.ref_id);
        let (was, is) = (was.map(user).transpose()?, user(&write.row)?);
        if was.as_ref().is_none_or(|was| was.email != is.email) {
            all.push(Readdressed { ref_id: write.row.ref_id.clone(), was, is });
        }
    }
    Ok(all)
}

fn check(rights: &Rights<'_>, name: &str, wanted: Vec<(Action, Option<Role>)>) -> Result<(), Refusal> {
    for (action, person) in wanted {
        let needs = match rights.to(action, Object { person, ..Object::default() }) {
            Answer::Allowed => continue,
            Answer::Refused(needs) => needs,
            Answer::Hidden => Needs::Role(Role::Admin),
        };
        return Err(Refusal::NotAllowed { what: format!("user `{name}`"), needs });
    }
    Ok(())
}
