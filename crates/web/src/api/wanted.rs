//! What an operation wants of the table of rights: which actions, and to what each is done.

use super::Asked;
use super::person_part::part;
use crate::operation::{Change, ComponentAct, Does, Operation, Reading, Verb};
use crate::view;
use directory::KeyRow;
use domain::directory::{ComponentKind, Directory, Role};
use domain::permission::{Action, Object, Relation, Scope};
use domain::{RefId, Username};
use engine::Snapshot;
use serde_json::{Map, Value};

/// What is wanted, to what; all of it must be allowed. `username` is who asks, where it is a person.
pub(super) fn wanted<'d>(
    operation: &Operation,
    username: Option<&Username>,
    snapshot: &'d Snapshot,
    asked: &'d Asked,
) -> Vec<(Action, Object<'d>)> {
    let (does, directory) = (operation.does, &snapshot.directory);
    let own = Object { relation: Relation::Own, ..Object::default() };
    let is_own = |field: &str| username.is_some_and(|username| asked.fields.text(field) == Some(username.as_str()));
    let plain = |action| vec![(action, Object::default())];
    let owned = |action, kind, field: &str| {
        let team = asked.fields.text(field).and_then(|reference| directory.owner(kind, reference));
        vec![(action, Object { team, ..Object::default() })]
    };
    let to_named = |action| {
        // Some operations know people by their ids, too.
        let target = asked.fields.text("preferred_username").and_then(|name| directory.users.known(name));
        vec![(action, Object { person: target.map(|entry| entry.component.role), ..Object::default() })]
    };
    match does {
        Does::Change(Change::AddDevice | Change::RemoveDevice) if is_own("preferred_username") => {
            vec![(Action::ChangeOwn, own)]
        }
        Does::Change(
            Change::UserFeed | Change::SendCode | Change::VerifyContact | Change::AddDevice | Change::RemoveDevice,
        ) if !is_own("preferred_username") => to_named(Action::ChangeOthers),
        // One's own word is not enough, of oneself neither.
        Does::Change(Change::SendEnrolment | Change::TrustContact) => to_named(Action::ChangeOthers),
        does if does.is_of_sessions() && is_own("preferred_username") => vec![(Action::ChangeOwn, own)],
        does if does.is_of_sessions() => to_named(does.action()),
        Does::Change(change @ (Change::SetContact | Change::RemoveContact | Change::SetRules)) => {
            let reference = asked.fields.text("preferred_username").unwrap_or_default();
            of_person(ComponentAct::Patch, username, directory, (reference, part(change, asked).as_ref()))
        }
        Does::Read(Reading::PersonData | Reading::Rules) if is_oneself(username, directory, asked) => {
            vec![(Action::ChangeOwn, own)]
        }
        Does::Change(Change::AddSwap) if is_own("out") => vec![(Action::ChangeOwn, own)],
        Does::Change(Change::AddSwap) => {
            let action = if is_own("in") { Action::TakeShift } else { Action::SwapOthers };
            owned(action, ComponentKind::Routine, "routine_ref_id")
        }
        does if is_of_routine(does) => owned(does.action(), ComponentKind::Routine, "routine_ref_id"),
        Does::Change(Change::AddKey | Change::RevokeKey) => of_change_of_keys(does, snapshot, asked),
        Does::Change(Change::Invite) => of_invitation(directory, asked),
        Does::Change(Change::InviteAgain | Change::TakeInvitationBack) => {
            // Whoever sees the link can sign in as they.
            let person = asked.fields.text("preferred_username").and_then(|name| directory.users.known(name));
            plain(Action::Invite(person.map_or(Role::Responder, |entry| entry.component.role)))
        }
        Does::Change(Change::Organization) if renames(directory, asked) => {
            vec![(Action::ChangeSettings, Object::default()), (Action::Own, Object::default())]
        }
        Does::Change(Change::Components) => of_changes(username, directory, &asked.payload),
        Does::Component(act, ComponentKind::User) => {
            let reference = asked.fields.text("preferred_username").unwrap_or_default();
            of_person(act, username, directory, (reference, asked.payload.as_object()))
        }
        Does::Component(act, kind) => of_component(operation, (act, kind), directory, asked),
        does if lists_what_customers_see(does, asked) => plain(Action::ReadStatus),
        Does::Read(Reading::Coverage) => owned(Action::Read, ComponentKind::EscalationPolicy, "policy_ref_id"),
        Does::Read(Reading::Occurrences) => {
            owned(Action::Read, ComponentKind::MaintenanceWindow, "maintenance_window_ref_id")
        }
        Does::Read(Reading::Payloads | Reading::TryIntegration) => {
            owned(Action::Read, ComponentKind::Integration, "integration_ref_id")
        }
        Does::Change(Change::TestIntegration) => {
            owned(Action::ActOnIncident, ComponentKind::Integration, "integration_ref_id")
        }
        // Which rows they see, the log finds out.
        Does::Read(Reading::Audit) if username.is_some() => vec![(Action::ReadOwnSignIns, own)],
        Does::Command(Verb::Create) => of_order(directory, asked),
        does if subscribes_oneself(does, username, asked) => plain(Action::ReadStatus),
        does if does.action() == Action::ChangeOwn => vec![(Action::ChangeOwn, own)],
        does => plain(does.action()),
    }
}

/// An incident that is made by hand is of the team that its service belongs to, or else its policy.
fn of_order<'d>(directory: &'d Directory, asked: &Asked) -> Vec<(Action, Object<'d>)> {
    let service = asked.fields.text("service_ref_id").map(RefId::from);
    let team = directory.owner_of_alert(service.as_ref(), asked.fields.ref_ids("policy_ref_id").first());
    vec![(Action::ActOnIncident, Object { team, ..Object::default() })]
}

/// Whether a person asks for nothing but to be told of an incident, or not any more.
pub(super) fn subscribes_oneself(does: Does, username: Option<&Username>, asked: &Asked) -> bool {
    let is_subscription = matches!(does, Does::Command(Verb::AddSubscribers | Verb::RemoveSubscribers));
    let subscribers = asked.fields.texts("subscribers");
    is_subscription && username.is_some_and(|username| subscribers == [username.as_str()])
}

/// Whether business services are to be listed.
fn lists_what_customers_see(does: Does, asked: &Asked) -> bool {
    does == Does::Read(Reading::Components) && listed_kind(asked) == Some(ComponentKind::BusinessService)
}

/// The kind of the components that are to be listed.
pub(super) fn listed_kind(asked: &Asked) -> Option<ComponentKind> {
    asked.fields.text("type").and_then(view::component::kind)
}

/// What is wanted where a key is made or revoked.
fn of_change_of_keys<'d>(does: Does, snapshot: &'d Snapshot, asked: &'d Asked) -> Vec<(Action, Object<'d>)> {
    let directory = &snapshot.directory;
    if does == Does::Change(Change::AddKey) {
        let scope = asked.fields.text("scope").and_then(Scope::from_word).unwrap_or(Scope::Admin);
        let known = |reference: &String| directory.teams.known(reference).map(|team| team.component.name.as_str());
        return of_key(scope, asked.fields.texts("teams").iter().map(known).collect());
    }
    let key = asked.fields.number("key_id").and_then(|id| snapshot.keys.get(&id));
    key.map_or_else(|| vec![(does.action(), Object::default())], |key| of_kept_key(key, directory))
}

/// What is wanted of a key of this scope: of each team to whose things it is limited, or of the organization as a whole.
fn of_key(scope: Scope, teams: Vec<Option<&str>>) -> Vec<(Action, Object<'_>)> {
    let teams = if teams.is_empty() { vec![None] } else { teams };
    teams.into_iter().map(|team| (Action::ManageKeys(scope), Object { team, ..Object::default() })).collect()
}

/// The same of one that there is.
pub(super) fn of_kept_key<'d>(key: &KeyRow, directory: &'d Directory) -> Vec<(Action, Object<'d>)> {
    let known = |id: &RefId| directory.teams.with_ref(id.as_str()).map(|team| team.component.name.as_str());
    of_key(key.scope, key.teams.iter().flatten().map(known).collect())
}

/// What is wanted of an invitation: to ask somebody in with this role, and into these teams.
fn of_invitation<'d>(directory: &'d Directory, asked: &Asked) -> Vec<(Action, Object<'d>)> {
    let role = asked.fields.text("role").and_then(Role::from_word).unwrap_or_default();
    let known = |name: String| directory.owner(ComponentKind::Team, &name);
    let into = |team| (Action::ChangeMembers, Object { team, ..Object::default() });
    let teams = asked.fields.texts("teams").into_iter().map(known).map(into);
    std::iter::once((Action::Invite(role), Object::default())).chain(teams).collect()
}

/// Whether the person who is named, by id or username, is the one who asks.
fn is_oneself(username: Option<&Username>, directory: &Directory, asked: &Asked) -> bool {
    let named = asked.fields.text("preferred_username").and_then(|name| directory.users.known(name));
    named.is_some_and(|entry| Some(&entry.component.username) == username)
}

/// Whether the organization would get another name.
pub(super) fn renames(directory: &Directory, asked: &Asked) -> bool {
    let name = asked.payload.get("name").filter(|_| asked.payload.is_object());
    name.is_some_and(|name| name.as_str() != Some(directory.name.as_str()))
}

/// Whether it is about what a routine has, and wants no more than its action of the routine.
fn is_of_routine(does: Does) -> bool {
    use Change::{AddException, ChangeException, RemoveException, ReplaceException};
    use Change::{AddLayer, ChangeLayer, RemoveLayer, ReplaceLayer};
    use Reading::{Exception, Exceptions, Layer, Layers, Schedule, Swaps};
    let is_changed = matches!(does, Does::Change(Change::RemoveSwap | Change::RoutineFeed))
        || matches!(does, Does::Change(AddException | ReplaceException | ChangeException | RemoveException))
        || matches!(does, Does::Change(AddLayer | ReplaceLayer | ChangeLayer | RemoveLayer));
    is_changed || matches!(does, Does::Read(Schedule | Swaps | Layers | Layer | Exceptions | Exception))
}

/// What is wanted of a component that is no person: of what its team owns, and of what the team owns that it is given to.
fn of_component<'d>(
    operation: &Operation,
    (act, kind): (ComponentAct, ComponentKind),
    directory: &'d Directory,
    asked: &'d Asked,
) -> Vec<(Action, Object<'d>)> {
    let action = operation.does.action();
    if act == ComponentAct::Page {
        return vec![(action, Object::default())];
    }
    let reference = operation.parameters.first().and_then(|parameter| asked.fields.text(parameter.name));
    of_owned(action, kind, directory, (reference, asked.payload.as_object()))
}

/// The same of a component that is known by this reference, unless it is new, and is given this body.
fn of_owned<'d>(
    action: Action,
    kind: ComponentKind,
    directory: &'d Directory,
    (reference, body): (Option<&str>, Option<&'d Map<String, Value>>),
) -> Vec<(Action, Object<'d>)> {
    let before = reference.map(|reference| directory.owner(kind, reference));
    let given = body.and_then(|body| body.get("team")).and_then(Value::as_str).filter(|_| kind != ComponentKind::Team);
    let mut teams: Vec<Option<&str>> = before.into_iter().collect();
    teams.extend(given.map(Some));
    if teams.iter().all(Option::is_none) && kind == ComponentKind::MaintenanceWindow {
        // Nobody's window is for those whose things are worked on.
        teams = worked_on(directory, body);
    }
    if teams.is_empty() {
        teams.push(None);
    }
    teams.dedup();
    teams.into_iter().map(|team| (action, Object { team, ..Object::default() })).collect()
}

/// The owners of what a maintenance window is about.
fn worked_on<'d>(directory: &'d Directory, body: Option<&'d Map<String, Value>>) -> Vec<Option<&'d str>> {
    let names = |key: &str| body.and_then(|body| body.get(key)).and_then(Value::as_array).into_iter().flatten();
    let owner = |kind: ComponentKind| move |name: &Value| directory.owner(kind, name.as_str().unwrap_or_default());
    let services = names("services").map(owner(ComponentKind::Service));
    services.chain(names("integrations").map(owner(ComponentKind::Integration))).collect()
}

/// What is wanted by many changes at once: of each what it would want alone.
fn of_changes<'d>(
    username: Option<&Username>,
    directory: &'d Directory,
    payload: &'d Value,
) -> Vec<(Action, Object<'d>)> {
    let changes = payload.get("changes").and_then(Value::as_array).into_iter().flatten();
    let mut wanted = vec![];
    for change in changes.filter_map(Value::as_object) {
        let text = |key: &str| change.get(key).and_then(Value::as_str);
        let Some(kind) = text("kind").and_then(ComponentKind::from_word) else { continue };
        let act = ComponentAct::of_word(text("do"));
        let (reference, body) = (text("ref"), change.get("body").and_then(Value::as_object));
        wanted.extend(match kind {
            ComponentKind::User => of_person(act, username, directory, (reference.unwrap_or_default(), body)),
            _ => of_owned(act.action(kind), kind, directory, (reference, body)),
        });
    }
    if wanted.is_empty() { vec![(Action::ChangeComponents, Object::default())] } else { wanted }
}

/// What is wanted of a person: to invite them, to change oneself or them, to give them a role, to remove them.
fn of_person<'d>(
    act: ComponentAct,
    username: Option<&Username>,
    directory: &Directory,
    (reference, body): (&str, Option<&Map<String, Value>>),
) -> Vec<(Action, Object<'d>)> {
    let role = body.and_then(directory::role_said);
    if act.only_reads() {
        return vec![(Action::Read, Object::default())];
    }
    if act == ComponentAct::Add {
        return vec![(Action::Invite(role.unwrap_or(Role::Responder)), Object::default())];
    }
    let target = directory.users.known(reference).map(|entry| &entry.component);
    let is_oneself = target.is_some_and(|user| Some(&user.username) == username);
    let person = target.map(|user| user.role);
    let object = Object { person, ..Object::default() };
    if act == ComponentAct::Remove {
        return vec![(Action::ManagePeople, object)];
    }
    if is_oneself && act == ComponentAct::Patch && body.is_some_and(directory::are_own) {
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
    use std::collections::HashMap;

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
        let snapshot = Snapshot { directory, keys: HashMap::new() };
        let wanted = wanted(operation, Some(&"ana".into()), &snapshot, &asked);
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
