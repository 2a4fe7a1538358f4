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
        Does::Change(Change::UserFeed | Change::SendCode | Change::VerifyContact) if !is_own("preferred_username") => {
            let target = asked.fields.text("preferred_username").and_then(|name| directory.user(name));
            vec![(Action::ChangeOthers, Object { person: target.map(|user| user.role), ..Object::default() })]
        }
        Does::Change(Change::AddSwap) if is_own("out") => vec![(Action::ChangeOwn, own)],
        Does::Change(Change::AddSwap) if is_own("in") => plain(Action::TakeShift),
        Does::Change(Change::AddKey) => {
            let scope = asked.fields.text("scope").and_then(Scope::from_word).unwrap_or(Scope::Admin);
            plain(Action::ManageKeys(scope))
        }
        // A list of changes can be about people, too.
        Does::Change(Change::Components) => [Action::ChangeComponents, Action::ChangeOthers, Action::ManagePeople]
            .map(|action| (action, Object::default()))
            .to_vec(),
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
