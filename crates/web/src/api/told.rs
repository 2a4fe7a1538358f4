//! What a caller is told of what not everybody is told: addresses of people, and keys by which alerts come in.

use crate::gate::Caller;
use crate::view;
use domain::directory::ComponentKind;
use domain::permission::{Action, Answer, Object};
use engine::Snapshot;
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
            if !may_change(caller, snapshot, snapshot.directory.owner(kind, reference)) {
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

/// Whether a caller may change what this team owns, or nobody does.
pub(super) fn may_change(caller: &Caller, snapshot: &Snapshot, team: Option<&str>) -> bool {
    let object = Object { team, ..Object::default() };
    caller.reader().rights(snapshot).to(Action::ChangeComponents, object) == Answer::Allowed
}
