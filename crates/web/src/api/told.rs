//! What a caller is told of what not everybody is told: addresses of people, keys by which alerts come in, and components that
//! they must not know of, of which the same is answered as of those that there are not.

use super::Asked;
use crate::gate::{Caller, Problem};
use crate::operation::{Does, Operation};
use crate::view;
use domain::directory::{ComponentKind, Directory};
use domain::notification::{Content, Reason};
use domain::permission::{Action, Answer, Object};
use engine::{Rights, Snapshot};
use serde_json::{Map, Value};

/// The keys of what is a secret of an integration or a heartbeat, or leads to it.
const SECRET: [&str; 3] = ["integration_key", "url", "address"];

/// A component as this caller is told it in a list by names.
pub(super) fn listed(item: &mut Value, kind: ComponentKind, caller: &Caller, snapshot: &Snapshot) {
    let Some(item) = item.as_object_mut() else { return };
    match kind {
        ComponentKind::User => mask_for(item, caller),
        ComponentKind::Integration | ComponentKind::Heartbeat => {
            let reference = item.get("ref_id").and_then(Value::as_str).unwrap_or_default();
            let team = snapshot.directory.owner(kind, reference);
            // A program that may open and end incidents can do no more by such a key.
            let is_program = caller.person().is_none() && may(caller, snapshot, Action::ActOnIncident, team);
            if !is_program && !may_change(caller, snapshot, team) {
                SECRET.iter().filter_map(|key| Some(item.get_mut(*key)?.take())).for_each(drop);
            }
        }
        _ => {}
    }
}

/// Masks the addresses of a person who is not the caller, unless the caller is told all.
pub(super) fn mask_for(person: &mut Map<String, Value>, caller: &Caller) {
    let username = person.get("preferred_username").or_else(|| person.get("username")).and_then(Value::as_str);
    let is_own = caller.person().is_some_and(|own| Some(own.username.as_str()) == username);
    if !is_own && !caller.sees_all() {
        view::administration::person::mask(person);
    }
}

/// Takes out of a notice the names of routines, and of a maintenance window, that are not among those that the caller sees.
pub(super) fn hide_names(content: &mut Content, seen: &Directory) {
    let is_hidden = |name: &String| seen.routines.named(name).is_none();
    match &content.reason {
        Reason::Handover { routine, more, .. }
            if is_hidden(routine) || more.iter().any(|(name, _)| is_hidden(name)) =>
        {
            "A handover in a routine of a private team".clone_into(&mut content.title);
        }
        Reason::Cover { routine, .. } if is_hidden(routine) => {
            "A request for cover in a routine of a private team".clone_into(&mut content.title);
        }
        Reason::Maintenance { window, .. } if seen.maintenance_windows.named(window).is_none() => {
            "Maintenance of a private team".clone_into(&mut content.title);
        }
        _ => {}
    }
}

/// Whether a caller may change what this team owns, or nobody does.
pub(super) fn may_change(caller: &Caller, snapshot: &Snapshot, team: Option<&str>) -> bool {
    may(caller, snapshot, Action::ChangeComponents, team)
}

fn may(caller: &Caller, snapshot: &Snapshot, action: Action, team: Option<&str>) -> bool {
    caller.reader().rights(snapshot).to(action, Object { team, ..Object::default() }) == Answer::Allowed
}

/// The kind of the components that a field names by id or name.
fn kind_of(field: &str) -> Option<ComponentKind> {
    Some(match field {
        "policy_ref_id" | "reassign_to" | "assignees" => ComponentKind::EscalationPolicy,
        "service_ref_id" => ComponentKind::Service,
        "business_service_ref_id" => ComponentKind::BusinessService,
        "response_set_ref_id" => ComponentKind::ResponseSet,
        "workflow_ref_id" => ComponentKind::Workflow,
        "routine_ref_id" => ComponentKind::Routine,
        "integration_ref_id" => ComponentKind::Integration,
        "heartbeat_ref_id" => ComponentKind::Heartbeat,
        "maintenance_window_ref_id" => ComponentKind::MaintenanceWindow,
        "team_ref_id" => ComponentKind::Team,
        _ => return None,
    })
}

/// What is in the path: the field, the kind, and the component that is meant.
pub(super) fn in_path<'a>(operation: &Operation, asked: &'a Asked) -> Option<(&'static str, ComponentKind, &'a str)> {
    let field = operation.parameters.first()?.name;
    let kind = match operation.does {
        Does::Component(_, kind) => kind,
        _ => kind_of(field)?,
    };
    Some((field, kind, asked.fields.text(field)?))
}

/// The problem that a request names something of a team whose things the caller does not know of.
pub(super) fn unknown(
    operation: &Operation,
    asked: &Asked,
    rights: &Rights<'_>,
    directory: &Directory,
) -> Option<Problem> {
    if rights.sees_everything() {
        return None;
    }
    let is_hidden = |team: &str| {
        let is_private = directory.teams.known(team).is_some_and(|team| team.component.private);
        is_private && !rights.sees(Some(team))
    };
    if let (Does::Component(..), Some(team)) = (operation.does, asked.payload.get("team").and_then(Value::as_str)) {
        return is_hidden(team).then(|| Problem::invalid(vec![format!("team: no team is named `{team}`")]));
    }
    if !matches!(operation.does, Does::Command(_)) {
        return None;
    }
    operation.fields.iter().find_map(|field| {
        let kind = kind_of(field.name)?;
        let one = asked.fields.text(field.name).map(str::to_owned);
        let named = asked.fields.texts(field.name).into_iter().chain(one);
        // People are named beside policies, and may be called as one is: here an id is what leads to it.
        let is_unknown = |id: &String| directory.owner_of_id(kind, id).is_some_and(is_hidden);
        named.into_iter().find(is_unknown).map(|name| Problem::unknown_component(field.name, kind, &name))
    })
}
