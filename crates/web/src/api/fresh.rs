//! What is dangerous wants a person who signed in within the last ten minutes, which a token never is: whoever has one that was
//! meant for a script must not come by more with it. Pages ask for the sign-in themselves, and keys are nobody's.

use super::Asked;
use crate::operation::{Change, ComponentAct, Does, Reading};
use domain::directory::{ComponentKind, Directory};
use domain::permission::{Action, Object};
use serde_json::{Map, Value};

/// Whether this may only be done by somebody who signed in just now: keys, roles, the address to which a link to a new
/// password goes, providers, settings, what a version held, the removal of people, the audit log as a whole.
pub(super) fn is_dangerous(does: Does, wanted: &[(Action, Object<'_>)], directory: &Directory, asked: &Asked) -> bool {
    use Change::{AddKey, AddProvider, ChangeProvider, Organization, RemoveProvider, ReplaceProvider, Restore};
    let gives_role = wanted.iter().any(|(action, _)| matches!(action, Action::ChangeRole(_)));
    let person = asked.fields.text("preferred_username").unwrap_or_default();
    let is_by_itself = match does {
        Does::Change(AddKey | Organization | Restore) | Does::Read(Reading::AuditExport) => true,
        Does::Change(AddProvider | ReplaceProvider | ChangeProvider | RemoveProvider) => true,
        Does::Change(Change::SetContact | Change::RemoveContact) => asked.fields.text("channel") == Some(EMAIL),
        Does::Change(Change::Components) => is_among(directory, &asked.payload),
        Does::Component(act, ComponentKind::User) => is_of_person(act, directory, (person, asked.payload.as_object())),
        _ => false,
    };
    gives_role || is_by_itself
}

const EMAIL: &str = "email";

fn is_among(directory: &Directory, payload: &Value) -> bool {
    let changes = payload.get("changes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    let mut of_people = changes.filter(|change| change.get("kind").and_then(Value::as_str) == Some("user"));
    of_people.any(|change| {
        let text = |key: &str| change.get(key).and_then(Value::as_str);
        let body = change.get("body").and_then(Value::as_object);
        is_of_person(ComponentAct::of_word(text("do")), directory, (text("ref").unwrap_or_default(), body))
    })
}

fn is_of_person(
    act: ComponentAct,
    directory: &Directory,
    (reference, body): (&str, Option<&Map<String, Value>>),
) -> bool {
    let is = directory.users.known(reference).and_then(|entry| entry.component.email.as_deref());
    let said = body.and_then(|body| body.get(EMAIL));
    match act {
        ComponentAct::Remove => true,
        ComponentAct::Replace => said.and_then(Value::as_str) != is,
        ComponentAct::Patch => said.is_some_and(|said| said.as_str() != is),
        _ => false,
    }
}
