//! Where components name each other: found, rewritten when one gets another name, and taken by id as well as by name.

use domain::directory::ComponentKind;
use serde_json::{Map, Value};

/// A place of a component that names others. `path` is written `levels[].users[]`, a step for each key.
struct Reference {
    from: ComponentKind,
    path: &'static str,
    /// The kinds that it can name; of several, the first that has the name.
    to: &'static [ComponentKind],
}

const fn reference(from: ComponentKind, path: &'static str, to: &'static [ComponentKind]) -> Reference {
    Reference { from, path, to }
}

const USERS: &[ComponentKind] = &[ComponentKind::User];
const TEAMS: &[ComponentKind] = &[ComponentKind::Team];
const ROUTINES: &[ComponentKind] = &[ComponentKind::Routine];
const POLICIES: &[ComponentKind] = &[ComponentKind::EscalationPolicy];
const SERVICES: &[ComponentKind] = &[ComponentKind::Service];
const SETS: &[ComponentKind] = &[ComponentKind::ResponseSet];

/// All of them; a test holds them against the faults of a definition.
const REFERENCES: &[Reference] = &[
    reference(ComponentKind::Team, "members[]", USERS),
    reference(ComponentKind::Team, "members[].username", USERS),
    reference(ComponentKind::Routine, "team", TEAMS),
    reference(ComponentKind::EscalationPolicy, "team", TEAMS),
    reference(ComponentKind::Service, "team", TEAMS),
    reference(ComponentKind::BusinessService, "team", TEAMS),
    reference(ComponentKind::ResponseSet, "team", TEAMS),
    reference(ComponentKind::Workflow, "team", TEAMS),
    reference(ComponentKind::RoutingRule, "team", TEAMS),
    reference(ComponentKind::Integration, "team", TEAMS),
    reference(ComponentKind::Heartbeat, "team", TEAMS),
    reference(ComponentKind::MaintenanceWindow, "team", TEAMS),
    reference(ComponentKind::Routine, "routine_layers[].rotations[][]", USERS),
    reference(ComponentKind::Routine, "swaps[].out", USERS),
    reference(ComponentKind::Routine, "swaps[].in", USERS),
    reference(ComponentKind::EscalationPolicy, "levels[].users[]", USERS),
    reference(ComponentKind::EscalationPolicy, "levels[].routines[]", ROUTINES),
    reference(ComponentKind::Service, "escalation_policy", POLICIES),
    reference(ComponentKind::Service, "support_hours.escalation_policy", POLICIES),
    reference(ComponentKind::BusinessService, "subscribers[]", USERS),
    reference(ComponentKind::ResponseSet, "escalation_policies[]", POLICIES),
    reference(ComponentKind::ResponseSet, "users[]", USERS),
    reference(ComponentKind::ResponseSet, "subscribers[]", USERS),
    reference(ComponentKind::Workflow, "add_impacts[]", &[ComponentKind::BusinessService]),
    reference(ComponentKind::Workflow, "run_response_set", SETS),
    reference(ComponentKind::RoutingRule, "actions.set_service", SERVICES),
    reference(ComponentKind::RoutingRule, "actions.set_policies[]", POLICIES),
    reference(ComponentKind::RoutingRule, "actions.run_response_set", SETS),
    reference(ComponentKind::Integration, "service", SERVICES),
    reference(ComponentKind::Integration, "escalation_policies[]", POLICIES),
    reference(ComponentKind::Integration, "users[]", USERS),
    reference(ComponentKind::Heartbeat, "service", SERVICES),
    reference(ComponentKind::Heartbeat, "escalation_policies[]", POLICIES),
    reference(ComponentKind::Heartbeat, "users[]", USERS),
    reference(ComponentKind::MaintenanceWindow, "services[]", SERVICES),
    reference(
        ComponentKind::MaintenanceWindow,
        "integrations[]",
        &[ComponentKind::Integration, ComponentKind::Heartbeat],
    ),
];

/// The kinds that a field of a component of kind `from` names: by its text, or by each text of its list. None where it names none.
#[must_use]
pub fn named_kinds(from: ComponentKind, field: &str) -> &'static [ComponentKind] {
    let is_it = |reference: &&Reference| {
        reference.from == from && reference.path.strip_suffix("[]").unwrap_or(reference.path) == field
    };
    REFERENCES.iter().find(is_it).map_or(&[], |reference| reference.to)
}

/// Visits every name by which the body of a component of kind `from` refers to another: the place in it, the kinds that
/// can be meant, and the name, which may be changed.
pub(super) fn visit(
    from: ComponentKind,
    body: &mut Map<String, Value>,
    mut visitor: impl FnMut(&str, &'static [ComponentKind], &mut String),
) {
    for reference in REFERENCES.iter().filter(|reference| reference.from == from) {
        let (first, rest) = split(reference.path);
        if let Some(value) = body.get_mut(first) {
            walk(value, rest, first, &mut |place, name| visitor(place, reference.to, name));
        }
    }
    if from == ComponentKind::RoutingRule {
        conditions(body, &mut visitor);
    }
}

/// The first key of a path, and what follows it.
fn split(path: &'static str) -> (&'static str, &'static str) {
    let end = path.find(['.', '[']).unwrap_or(path.len());
    path.split_at(end)
}

fn walk(value: &mut Value, rest: &'static str, place: &str, visitor: &mut impl FnMut(&str, &mut String)) {
    if let Some(inside) = rest.strip_prefix("[]") {
        for (number, item) in value.as_array_mut().into_iter().flatten().enumerate() {
            walk(item, inside, &format!("{place}[{number}]"), visitor);
        }
    } else if let Some(inside) = rest.strip_prefix('.') {
        let (key, inside) = split(inside);
        if let Some(value) = value.get_mut(key) {
            walk(value, inside, &format!("{place}.{key}"), visitor);
        }
    } else if let Value::String(name) = value {
        visitor(place, name);
    }
}

/// A rule's conditions can compare the name of a service or an integration. It need not exist, so this is no reference
/// that must lead somewhere, but it follows a new name.
fn conditions(body: &mut Map<String, Value>, visitor: &mut impl FnMut(&str, &'static [ComponentKind], &mut String)) {
    let conditions = body.get_mut("conditions").and_then(Value::as_array_mut);
    for (number, condition) in conditions.into_iter().flatten().enumerate() {
        let kinds: &[ComponentKind] = match condition.get("field").and_then(Value::as_str) {
            Some("service") => SERVICES,
            Some("integration") => &[ComponentKind::Integration],
            _ => continue,
        };
        for test in ["equals", "not_equals"] {
            if let Some(Value::String(name)) = condition.get_mut(test) {
                visitor(&format!("conditions[{number}].{test}"), kinds, name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::directory::Definition;
    use serde_json::json;

    /// A body of each kind in which every place that can name something names `gone`.
    fn bodies() -> Vec<(ComponentKind, Value)> {
        let layer = json!({"valid_start": "2026-06-01T00:00:00", "rotations": [["gone"]]});
        let swap = json!({"out": "gone", "in": "gone", "from": "2026-06-01T00:00:00", "until": "2026-06-02T00:00:00"});
        let hours = json!({"timezone": "UTC", "hours": [{"from": "09:00", "until": "17:00"}],
            "escalation_policy": "gone"});
        vec![
            (ComponentKind::User, json!({"username": "ana"})),
            (
                ComponentKind::Team,
                json!({"name": "a", "members": ["gone", {"username": "gone", "team_role": "manager"}]}),
            ),
            (
                ComponentKind::Routine,
                json!({"name": "a", "team": "gone", "timezone": "UTC", "routine_layers": [layer], "swaps": [swap]}),
            ),
            (
                ComponentKind::EscalationPolicy,
                json!({"name": "a", "team": "gone", "levels": [{"minutes": 5, "users": ["gone"], "routines": ["gone"]}]}),
            ),
            (
                ComponentKind::Service,
                json!({"name": "a", "team": "gone", "escalation_policy": "gone", "support_hours": hours}),
            ),
            (ComponentKind::BusinessService, json!({"name": "a", "team": "gone", "subscribers": ["gone"]})),
            (
                ComponentKind::ResponseSet,
                json!({"name": "a", "team": "gone", "escalation_policies": ["gone"], "users": ["gone"], "subscribers": ["gone"]}),
            ),
            (
                ComponentKind::Workflow,
                json!({"name": "a", "team": "gone", "add_impacts": ["gone"], "run_response_set": "gone"}),
            ),
            (
                ComponentKind::RoutingRule,
                json!({"name": "a", "team": "gone", "actions": {"set_service": "gone", "set_policies": ["gone"],
                "run_response_set": "gone"}}),
            ),
            (
                ComponentKind::Integration,
                json!({"name": "a", "team": "gone", "kind": "generic", "service": "gone", "escalation_policies": ["gone"], "users": ["gone"]}),
            ),
            (
                ComponentKind::Heartbeat,
                json!({"name": "a", "team": "gone", "every_seconds": 60, "service": "gone",
                "escalation_policies": ["gone"], "users": ["gone"]}),
            ),
            (
                ComponentKind::MaintenanceWindow,
                json!({"name": "a", "team": "gone", "services": ["gone"], "integrations": ["gone"],
                "starts": "2026-06-01T00:00:00", "duration_minutes": 5, "timezone": "UTC"}),
            ),
        ]
    }

    #[test]
    fn every_name_that_must_lead_somewhere_is_a_reference_and_no_other() {
        let mut kinds = Vec::new();
        for (kind, body) in bodies() {
            let Value::Object(mut fields) = body else { panic!("{kind:?}") };
            let mut definition = Definition { name: "house".to_owned(), ..Definition::default() };
            crate::file::put(&mut definition, kind, fields.clone()).unwrap();
            let lost = |fault: &&domain::directory::Fault| fault.problem.contains("is named `gone`");
            let faults = definition.faults().iter().filter(lost).count();
            let mut visited = 0;
            visit(kind, &mut fields, |_, _, name| {
                assert_eq!(name, "gone");
                visited += 1;
            });
            assert_eq!(visited, faults, "{kind:?}: {:?}", definition.faults());
            kinds.push(kind);
        }
        assert_eq!(kinds, ComponentKind::ALL);
    }

    #[test]
    fn a_name_is_told_with_its_place_and_can_be_changed() {
        let Value::Object(mut rule) = json!({"name": "a", "conditions": [
            {"field": "title", "contains": "db"}, {"field": "service", "equals": "web"}],
            "actions": {"set_policies": ["one", "web"]}})
        else {
            panic!()
        };
        let mut places = Vec::new();
        visit(ComponentKind::RoutingRule, &mut rule, |place, kinds, name| {
            places.push((place.to_owned(), kinds[0], name.clone()));
            if kinds == SERVICES {
                "site".clone_into(name);
            }
        });
        let expect = [
            ("actions.set_policies[0]", ComponentKind::EscalationPolicy, "one"),
            ("actions.set_policies[1]", ComponentKind::EscalationPolicy, "web"),
            ("conditions[1].equals", ComponentKind::Service, "web"),
        ];
        assert_eq!(places, expect.map(|(place, kind, name)| (place.to_owned(), kind, name.to_owned())));
        assert_eq!(rule["conditions"][1]["equals"], "site");
        assert_eq!(rule["actions"]["set_policies"], json!(["one", "web"]));
    }
}
