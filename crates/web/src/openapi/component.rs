//! Schemas of the directory's components: as they are written, and as they are answered.

use super::ahead::ahead;
use super::shape::nullable;
use crate::operation::{ComponentBody, Operation};
use directory::file::schema;
use domain::directory::ComponentKind;
use serde_json::{Map, Value, json};

/// The name of the schema of a component as it is answered.
pub(super) fn name(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::User => "UserComponent",
        ComponentKind::Team => "TeamComponent",
        ComponentKind::Routine => "RoutineComponent",
        ComponentKind::EscalationPolicy => "EscalationPolicyComponent",
        ComponentKind::Service => "ServiceComponent",
        ComponentKind::BusinessService => "BusinessServiceComponent",
        ComponentKind::ResponseSet => "ResponseSetComponent",
        ComponentKind::Workflow => "WorkflowComponent",
        ComponentKind::RoutingRule => "RoutingRuleComponent",
        ComponentKind::Integration => "IntegrationComponent",
        ComponentKind::Heartbeat => "HeartbeatComponent",
        ComponentKind::MaintenanceWindow => "MaintenanceWindowComponent",
    }
}

/// The name of the schema of a page of components.
pub(super) fn page_name(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::User => "UserComponents",
        ComponentKind::Team => "TeamComponents",
        ComponentKind::Routine => "RoutineComponents",
        ComponentKind::EscalationPolicy => "EscalationPolicyComponents",
        ComponentKind::Service => "ServiceComponents",
        ComponentKind::BusinessService => "BusinessServiceComponents",
        ComponentKind::ResponseSet => "ResponseSetComponents",
        ComponentKind::Workflow => "WorkflowComponents",
        ComponentKind::RoutingRule => "RoutingRuleComponents",
        ComponentKind::Integration => "IntegrationComponents",
        ComponentKind::Heartbeat => "HeartbeatComponents",
        ComponentKind::MaintenanceWindow => "MaintenanceWindowComponents",
    }
}

/// The schemas of all kinds, by name.
pub(super) fn schemas() -> Map<String, Value> {
    let mut schemas = Map::new();
    for kind in ComponentKind::ALL {
        schemas.insert(format!("{}Body", name(kind)), schema(kind));
        let answered = json!({"$ref": format!("#/components/schemas/{}Shown", name(kind))});
        schemas.insert(page_name(kind).to_owned(), json!({"type": "array", "items": answered}));
        schemas.insert(format!("{}Shown", name(kind)), shown(kind));
        let dry_run = json!({"$ref": "#/components/schemas/DryRun"});
        schemas.insert(name(kind).to_owned(), json!({"anyOf": [answered, dry_run]}));
    }
    schemas.extend(of_directory().map(|(name, schema)| (name.to_owned(), schema)));
    schemas.insert("DryRun".to_owned(), dry_run());
    let success = json!({"type": "string", "const": "Success"});
    schemas
        .insert("Removed".to_owned(), json!({"anyOf": [success, {"$ref": "#/components/schemas/DryRun"}, erased()]}));
    schemas
}

/// Somebody who was erased.
fn erased() -> Value {
    let number = || json!({"type": "integer", "minimum": 1});
    let incident = json!({
        "type": "object",
        "required": ["instance_id", "organization_instance_id"],
        "properties": {"instance_id": number(), "organization_instance_id": number()},
    });
    json!({
        "type": "object",
        "required": ["erased_as", "named_in_notes"],
        "properties": {"erased_as": {"type": "string"}, "named_in_notes": {"type": "array", "items": incident}},
    })
}

/// Of the directory as a whole, and of keys.
fn of_directory() -> [(&'static str, Value); 12] {
    let text = || json!({"type": "string"});
    let number = || json!({"type": "integer", "minimum": 1});
    let object = |properties: Value| {
        let required: Vec<_> = properties.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect();
        json!({"type": "object", "required": required, "properties": properties})
    };
    let list = |items: Value| json!({"type": "array", "items": items});
    let made = nullable(object(json!({"ref_id": text(), "etag": text()})));
    let version = json!({"version": number(), "made_at": text(), "author": text(), "way": text(), "plan": text()});
    let mut with_file = version.clone();
    with_file["file"] = text();
    let drift = json!({"kind": text(), "name": text(), "fields": list(text()), "removed": {"type": "boolean"},
        "source": nullable(text()), "changed_by": nullable(text()), "changed_at": nullable(text())});
    let kept = json!({"username": text(), "field": text(), "changed_by": text(), "changed_at": text()});
    let with = |key: &Value, names: &[(&str, Value)]| {
        let mut key = key.clone();
        names.iter().for_each(|(name, schema)| key[*name] = schema.clone());
        key
    };
    let bare = json!({"name": text(), "scope": {"type": "string", "enum": ["read", "incidents", "admin"]},
        "networks": list(text()), "tail": text(), "created_at": text(), "expires_at": nullable(text()),
        "revoked_at": nullable(text()), "last_used_at": nullable(text())});
    let key = with(&bare, &[("key_id", number()), ("teams", nullable(list(text())))]);
    let token = with(&bare, &[("token_id", number())]);
    let (new_key, new_token) = (with(&key, &[("key", text())]), with(&token, &[("token", text())]));
    let organization = json!({"name": text(), "fallback_policy": nullable(text()),
        "file_lock": {"type": "string", "enum": ["strict", "drift"]},
        "personal": {"type": "string", "enum": ["person", "file"]}, "timezone": text(),
        "observers_note": {"type": "boolean"}, "password_sign_in": {"type": "boolean"}, "session_idle_hours": number(), "session_days": number(),
        "token_days": number(), "second_factor_for": list(text()), "version_days": number()});
    let changed = json!({"plan": text(), "changes": plan_changes(), "components": list(made), "warnings": warnings(),
        "gaps": gaps()});
    let of_changed: Vec<_> =
        changed.as_object().into_iter().flatten().map(|(key, to)| (key.as_str(), to.clone())).collect();
    let organization_changed = object(with(&organization, &of_changed));
    [
        (
            "OrganizationChanged",
            json!({"anyOf": [organization_changed, {"$ref": "#/components/schemas/DirectoryChanged"}]}),
        ),
        ("DirectoryChanged", object(changed)),
        ("Organization", object(organization)),
        ("DirectoryVersions", list(object(version))),
        ("DirectoryVersionFile", object(with_file)),
        ("DirectoryDiff", object(json!({"plan": text(), "changes": plan_changes()}))),
        (
            "DirectoryFilePlan",
            object(json!({"plan": text(), "changes": plan_changes(), "kept": list(object(kept)),
                "warnings": list(text()), "refused": list(text())})),
        ),
        ("DirectoryDrift", list(object(drift))),
        ("Keys", list(object(key))),
        ("NewKey", object(new_key)),
        ("Tokens", list(object(token))),
        ("NewToken", object(new_token)),
    ]
}

fn dry_run() -> Value {
    json!({
        "type": "object",
        "required": ["plan", "changes", "warnings", "gaps"],
        "properties": {
            "plan": {"type": "string"}, "changes": plan_changes(), "warnings": warnings(), "gaps": gaps(),
        },
    })
}

/// What a plan says, as a structure.
fn plan_changes() -> Value {
    let text = json!({"type": "string"});
    let field = json!({
        "type": "object",
        "required": ["field", "before", "after"],
        "properties": {"field": text, "before": text, "after": text},
    });
    json!({
        "type": "array",
        "description": "The lines of `plan` as a structure.",
        "items": {
            "type": "object",
            "required": ["do", "kind", "name"],
            "properties": {
                "do": {"type": "string", "enum": ["create", "update", "remove", "rename", "adopt", "reorder"]},
                "kind": text,
                "name": text,
                "fields": {"type": "array", "items": field},
                "renamed_from": text,
                "order": {"type": "array", "items": text},
            },
        },
    })
}

pub(super) fn warnings() -> Value {
    json!({"type": "array", "items": {"type": "string"}, "description": "What somebody should look at."})
}

pub(super) fn gaps() -> Value {
    let period = json!({
        "type": "object",
        "required": ["from", "until"],
        "properties": {"from": {"type": "string"}, "until": {"type": "string"}},
    });
    let periods = json!({"type": "array", "items": period});
    json!({
        "type": "array",
        "description": "When nobody is on the first level of a policy within four weeks, before and after.",
        "items": {
            "type": "object",
            "required": ["escalation_policy", "before", "after"],
            "properties": {
                "escalation_policy": {"type": "string"},
                "before": nullable(periods.clone()),
                "after": periods,
            },
        },
    })
}

/// A component as it is answered: its own keys, and what the server says of it.
fn shown(kind: ComponentKind) -> Value {
    let mut shown = schema(kind);
    let text = || json!({"type": "string"});
    let always = [
        ("ref_id", text()),
        ("version", json!({"type": "integer", "minimum": 1})),
        ("managed_by", json!({"type": "string", "enum": ["file", "api", "provider"]})),
        ("source", nullable(text())),
        ("created_at", nullable(text())),
        ("updated_at", nullable(text())),
        ("updated_by", nullable(text())),
    ];
    let naming = json!({
        "type": "object",
        "required": ["kind", "name", "field"],
        "properties": {"kind": text(), "name": text(), "field": text()},
    });
    let turned_away = json!({
        "type": "object",
        "required": ["reason", "times", "last_at", "last_from"],
        "properties": {
            "reason": {"type": "string", "enum": ["ended_key", "network", "signature", "too_large", "unreadable"]},
            "times": {"type": "integer", "minimum": 1},
            "last_at": text(),
            "last_from": nullable(text()),
        },
    });
    let sometimes = [
        ("named_by", json!({"type": "array", "items": naming})),
        ("warnings", warnings()),
        ("gaps", gaps()),
        ("url", text()),
        ("key_before_ends_at", nullable(text())),
        ("turned_away", json!({"type": "array", "items": turned_away})),
        ("policy_ref_id", text()),
        ("position", json!({"type": "integer", "minimum": 1})),
        ("routine_ref_id", text()),
        ("routine_name", text()),
    ];
    let list = |items: Value| json!({"type": "array", "items": items});
    if kind == ComponentKind::Routine {
        let mut past = list(json!({"type": "object", "required": ["until"], "properties": {"until": text()}}));
        past["description"] = json!("What it was: with the instant until which, its zone, layers and swaps of then.");
        shown["properties"]["past"] = past;
    }
    let beside = [("ahead", ahead(kind)), ("heard", (kind == ComponentKind::Heartbeat).then(heard))];
    for (key, schema) in beside.into_iter().filter_map(|(key, schema)| Some((key, schema?))) {
        shown["properties"][key] = schema;
    }
    let membership = json!({"type": "object", "required": ["team", "team_role"], "properties": {"team": text(), "team_role": text()}});
    let of_people = [
        ("state", json!({"type": "string", "enum": ["invited", "active", "locked"]})),
        ("invited_until", nullable(text())),
        ("last_seen_at", nullable(text())),
        ("teams", list(membership)),
        ("reachable", list(text())),
    ];
    if let Some(object) = shown.as_object_mut() {
        object.remove("additionalProperties");
    }
    for (key, schema) in &always {
        if let Some(required) = shown.get_mut("required").and_then(Value::as_array_mut) {
            required.push(json!(key));
        }
        shown["properties"][*key] = schema.clone();
    }
    let of_people = of_people.into_iter().filter(|_| kind == ComponentKind::User);
    for (key, schema) in sometimes.into_iter().chain(of_people) {
        shown["properties"][key] = schema;
    }
    shown
}

/// How a heartbeat stands.
fn heard() -> Value {
    let text = || nullable(json!({"type": "string"}));
    let states = ["new", "up", "started", "late", "down", "paused"];
    json!({
        "type": "object",
        "description": "How it stands, when it was heard of last, when it alarms if nothing more comes, and what it said.",
        "required": ["state", "at", "alarms_at", "said"],
        "properties": {"state": {"type": "string", "enum": states}, "at": text(), "alarms_at": text(), "said": text()},
    })
}

/// The body of an operation that writes a component.
pub(super) fn request_body(operation: &Operation, body: ComponentBody) -> Value {
    let example = json!({"value": operation.example_request()});
    json!({
        "required": true,
        "content": {"application/json": {"schema": written(body), "examples": {operation.name: example}}},
    })
}

/// The schema of a body that holds a component, or a part of one.
pub(super) fn written(body: ComponentBody) -> Value {
    if !body.is_patch {
        return json!({"$ref": format!("#/components/schemas/{}Body", name(body.kind))});
    }
    let mut patch = schema(body.kind);
    if let Some(object) = patch.as_object_mut() {
        object.remove("required");
    }
    patch
}
