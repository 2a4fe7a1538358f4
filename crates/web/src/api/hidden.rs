//! What is answered of components that a caller must not know of: the same as of those that there are not.

use super::Asked;
use crate::gate::Problem;
use crate::operation::{Does, Operation};
use domain::directory::{Component, ComponentKind, Directory};
use engine::Rights;
use serde_json::Value;

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
    if let (Does::Component(..), Some(team)) = (operation.does, asked.payload.get("team").and_then(Value::as_str)) {
        let is_hidden = directory.teams.known(team).is_some_and(|team| !rights.sees(team.component.team()));
        return is_hidden.then(|| Problem::invalid(vec![format!("team: no team is named `{team}`")]));
    }
    if !matches!(operation.does, Does::Command(_)) {
        return None;
    }
    operation.fields.iter().find_map(|field| {
        let kind = kind_of(field.name)?;
        let one = asked.fields.text(field.name).map(str::to_owned);
        let named = asked.fields.texts(field.name).into_iter().chain(one);
        // People are named beside policies, and may be called as one is: here an id is what leads to it.
        let is_hidden = |id: &String| directory.owner_of_id(kind, id).is_some_and(|team| !rights.sees(Some(team)));
        named.into_iter().find(is_hidden).map(|name| Problem::unknown_component(field.name, kind, &name))
    })
}
