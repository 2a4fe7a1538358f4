//! Whether somebody who is signed in may ask for an operation: what the table of rights says of its action, for what it is
//! done to.

use super::{App, Asked};
use crate::gate::{Caller, Problem, failed};
use crate::operation::{Change, ComponentAct, Does, Operation};
use directory::Session;
use domain::Username;
use domain::directory::{ComponentKind, Directory, Role};
use domain::incident::Incident;
use domain::permission::{Action, Actor, Answer, Object, Relation, Scope, may};
use serde_json::Value;

/// Lets a person pass who may do what they ask for.
///
/// # Errors
/// `not_allowed`, which says what would be needed, `unknown_path` where they must not know that it is there, or as the store
/// says.
pub(super) async fn permitted(
    app: &App,
    operation: &Operation,
    caller: &Caller,
    session: &Session,
    asked: &Asked,
) -> Result<(), Problem> {
    let snapshot = app.engine.directory(caller.reader()).await.map_err(failed)?;
    let (username, directory) = (&session.person.username, &snapshot.directory);
    let wanted = wanted(operation.does, username, directory, asked);
    let mut answers = wanted.iter().map(|(action, object)| is_allowed(session, *action, *object, directory));
    let refused = answers.find(|answer| *answer != Answer::Allowed);
    let Some(refused) = refused else { return Ok(()) };
    if let Some(id) = asked.fields.instance_id("instance_id") {
        let incident = app.engine.details(caller.reader(), id).await.map_err(failed)?.incident;
        let object = Object { relation: relation(&incident, username), ..Object::default() };
        if is_allowed(session, operation.does.action(), object, directory) == Answer::Allowed {
            return Ok(());
        }
    }
    match refused {
        Answer::Refused(needs) => Err(Problem::not_allowed(&needs)),
        _ => Err(Problem::unknown_path()),
    }
}

/// What the table of rights says to somebody who is signed in.
pub(crate) fn is_allowed(session: &Session, action: Action, object: Object<'_>, directory: &Directory) -> Answer {
    let actor = Actor::Person { username: &session.person.username, role: session.person.role, token: None };
    may(actor, action, object, directory)
}

fn relation(incident: &Incident, username: &Username) -> Relation {
    if incident.assignees.contains(username) {
        Relation::Assignee
    } else if incident.subscribers.contains(username) {
        Relation::Subscriber
    } else {
        Relation::None
    }
}

/// What is wanted, to what; all of it must be allowed.
fn wanted(does: Does, username: &Username, directory: &Directory, asked: &Asked) -> Vec<(Action, Object<'static>)> {
    let own = Object { relation: Relation::Own, ..Object::default() };
    let is_own = |field: &str| asked.fields.text(field) == Some(username.as_str());
    let plain = |action| vec![(action, Object::default())];
    match does {
        Does::Change(Change::AddDevice | Change::RemoveDevice) if is_own("preferred_username") => {
            vec![(Action::ChangeOwn, own)]
        }
        Does::Change(
            Change::UserFeed | Change::SendCode | Change::VerifyContact | Change::AddDevice | Change::RemoveDevice,
        ) if !is_own("preferred_username") => {
            let target = asked.fields.text("preferred_username").and_then(|name| directory.user(name));
            vec![(Action::ChangeOthers, Object { person: target.map(|user| user.role), ..Object::default() })]
        }
        Does::Change(Change::AddSwap) if is_own("out") => vec![(Action::ChangeOwn, own)],
        Does::Change(Change::AddSwap) if is_own("in") => plain(Action::TakeShift),
        Does::Change(Change::AddKey) => {
            let scope = asked.fields.text("scope").and_then(Scope::from_word).unwrap_or(Scope::Admin);
            plain(Action::ManageKeys(scope))
        }
        // A list of changes can be about people and their roles, too.
        Does::Change(Change::Components) => {
            vec![(Action::ChangeComponents, Object::default()), (Action::ChangeRole(Role::Owner), Object::default())]
        }
        Does::Component(act, ComponentKind::User) => of_person(act, username, directory, asked),
        does if does.action() == Action::ChangeOwn => vec![(Action::ChangeOwn, own)],
        does => plain(does.action()),
    }
}

/// What is wanted of a person: to invite them, to change oneself or them, to give them a role, to remove them.
fn of_person(
    act: ComponentAct,
    username: &Username,
    directory: &Directory,
    asked: &Asked,
) -> Vec<(Action, Object<'static>)> {
    let role = asked.payload.get("role").and_then(Value::as_str).and_then(Role::from_word);
    if act.only_reads() {
        return vec![(Action::Read, Object::default())];
    }
    if act == ComponentAct::Add {
        return vec![(Action::Invite(role.unwrap_or(Role::Responder)), Object::default())];
    }
    let reference = asked.fields.text("preferred_username").unwrap_or_default();
    let target = directory.users.named(reference).or_else(|| directory.users.with_ref(reference));
    let target = target.map(|entry| &entry.component);
    let is_oneself = target.is_some_and(|user| user.username == *username);
    let person = target.map(|user| user.role);
    let object = Object { person, ..Object::default() };
    if act == ComponentAct::Remove {
        return vec![(Action::ManagePeople, object)];
    }
    if is_oneself && act == ComponentAct::Patch && asked.payload.as_object().is_some_and(directory::are_own) {
        return vec![(Action::ChangeOwn, Object { relation: Relation::Own, ..Object::default() })];
    }
    let given = role.filter(|role| person != Some(*role)).map(|role| (Action::ChangeRole(role), object));
    [(Action::ChangeOthers, object)].into_iter().chain(given).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::read_path;
    use crate::operation::operations;
    use domain::OrganizationId;
    use serde_json::json;

    /// What `ana`, a manager, wants by this operation on a person, with this body.
    fn wanted_of(operation: &str, person: Option<&str>, body: Value) -> Vec<(Action, Option<Role>, Relation)> {
        let mut directory = Directory::empty(OrganizationId(1), "acme");
        for (name, role) in [("ana", "manager"), ("ben", "responder"), ("noa", "owner")] {
            let user = serde_json::from_value(json!({"username": name, "role": role})).expect("a user");
            directory.add_user(format!("id-{name}").as_str().into(), format!("own-{name}").as_str().into(), user);
        }
        let operation = operations().find(|known| known.name == operation).expect("an operation");
        let path: Vec<_> = person.map(|name| ("preferred_username".to_owned(), name.to_owned())).into_iter().collect();
        let fields = read_path(operation, &path).expect("a path");
        let asked = Asked { fields, payload: body, ..Asked::default() };
        let wanted = wanted(operation.does, &"ana".into(), &directory, &asked);
        wanted.into_iter().map(|(action, object)| (action, object.person, object.relation)).collect()
    }

    #[test]
    fn what_is_wanted_of_a_person_is_said_by_whom_it_is_done_to_and_by_the_role_that_is_given() {
        use Action::{ChangeOthers, ChangeOwn, ChangeRole, Invite, ManagePeople};
        let none = Relation::None;
        let cases = [
            ("add-user", None, json!({"username": "zoe"}), vec![(Invite(Role::Responder), None, none)]),
            ("add-user", None, json!({"username": "zoe", "role": "owner"}), vec![(Invite(Role::Owner), None, none)]),
            ("change-user", Some("ana"), json!({"sms": "+4915112300001"}), vec![(ChangeOwn, None, Relation::Own)]),
            ("change-user", Some("id-ana"), json!({"email": "a@b.example"}), vec![(ChangeOwn, None, Relation::Own)]),
            (
                "change-user",
                Some("ana"),
                json!({"role": "admin"}),
                vec![(ChangeOthers, Some(Role::Manager), none), (ChangeRole(Role::Admin), Some(Role::Manager), none)],
            ),
            (
                "change-user",
                Some("noa"),
                json!({"email": "x@y.example"}),
                vec![(ChangeOthers, Some(Role::Owner), none)],
            ),
            ("remove-user", Some("noa"), json!({}), vec![(ManagePeople, Some(Role::Owner), none)]),
        ];
        for (operation, person, body, expected) in cases {
            assert_eq!(wanted_of(operation, person, body.clone()), expected, "{operation} {person:?} {body}");
        }
    }
}
