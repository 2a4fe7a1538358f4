//! Fields within a field: drawn, sent back, and what is wrong beside which of them.

use super::{Mistake, Piece, Shape, Typed};
use crate::console::form::Form;
use directory::file::schema;
use domain::OrganizationId;
use domain::directory::{ComponentKind, Directory};
use serde_json::{Value, json};

fn shape(kind: ComponentKind, key: &str) -> Shape {
    let directory = Directory::empty(OrganizationId(1), "acme");
    Shape::of(kind, key, &schema(kind)["properties"][key], &directory)
}

/// What a browser sends of the fields as they are drawn.
fn sent(pieces: &[Piece]) -> Form {
    let leaves = pieces.iter().filter_map(|piece| match piece {
        Piece::Leaf(leaf) => Some(leaf),
        _ => None,
    });
    let pairs = leaves.flat_map(|leaf| {
        let said = leaf.said.iter().map(|said| said.replace('\n', "\r\n"));
        said.map(|said| (leaf.name.clone(), said)).collect::<Vec<_>>()
    });
    Form::of(pairs.collect())
}

fn read_back(shape: &Shape, key: &str, value: &Value) -> Value {
    let pieces = shape.pieces(key, &shape.usual(value), &[], None);
    let typed = Typed::of(&sent(&pieces));
    shape.usual(&typed.field(key).map_or(Value::Null, |typed| shape.read(typed)))
}

/// A value of every field that has fields of its own, with everything in it that there can be.
fn whole() -> Vec<(ComponentKind, &'static str, Value)> {
    let conditions = json!([{"field": "title", "contains": " [test] "}, {"field": "/n", "equals": "4"},
        {"field": "/n", "not_equals": 4}, {"field": "/t", "exists": false}, {"field": "urgency_level", "lte": 3}]);
    vec![
        (
            ComponentKind::EscalationPolicy,
            "levels",
            json!([{"minutes": 5, "users": ["ana", "ben"]}, {"minutes": 7, "routines": ["payments"]}, {"minutes": 1}]),
        ),
        (
            ComponentKind::User,
            "notification_rules",
            json!([{"urgencies": [5, 4], "steps": [{"after_minutes": 0, "channel": "sms"},
                {"after_minutes": 3, "channel": "voice"}]}, {"urgencies": [1], "steps": []}]),
        ),
        (ComponentKind::User, "chat", json!({"kind": "slack", "url": "https://x/(hidden)", "recipient": "#a"})),
        (ComponentKind::User, "push", json!({"url": "(hidden)", "token": "(hidden)"})),
        (ComponentKind::User, "webhook", json!({"url": "(hidden)", "secrets": ["(hidden)", "b"]})),
        (
            ComponentKind::Service,
            "support_hours",
            json!({"timezone": "Europe/Berlin", "hours": [{"days": ["monday", "friday"], "from": "09:00", "until": "24:00"},
                {"from": "22:00", "until": "02:00"}], "holidays": ["2026-12-25", "2027-01-01"], "urgency_at_most": 3,
                "escalation_policy": "primary", "raise_at_start": false}),
        ),
        (
            ComponentKind::Service,
            "group_by",
            json!({"fields": ["title"], "minutes": 3, "window": "fixed", "reping_after": {"alerts": 3, "minutes": 4}}),
        ),
        (ComponentKind::MaintenanceWindow, "conditions", conditions.clone()),
        (ComponentKind::RoutingRule, "conditions", conditions.clone()),
        (
            ComponentKind::RoutingRule,
            "actions",
            json!({"suppress": true, "set_service": "a", "set_policies": ["b", "c"], "set_urgency": 5, "add_tags": ["d"],
                "add_note": "one\ntwo", "run_response_set": "e", "resolve_after_minutes": 9}),
        ),
        (ComponentKind::Integration, "urgencies", json!([{"severity": "page", "urgency": 5}])),
        (
            ComponentKind::Integration,
            "group_by",
            json!({"fields": ["labels.a"], "minutes": 3, "window": "fixed", "reping_after": {"alerts": 3, "minutes": 4}}),
        ),
        (
            ComponentKind::Integration,
            "mapping",
            json!({"items": "/a", "identity": ["/b", "/c"], "title": "Job {{ job }}\nfailed", "urgency": "/u",
                "firing_when": conditions, "ignore_when": [{"field": "/x", "exists": true}]}),
        ),
        (
            ComponentKind::Integration,
            "enrichments",
            json!([{"name": "x", "conditions": conditions, "minimum": 1, "extract": [{"from": "title", "pattern": "^ a"}],
                "lookup": {"key": "labels.host", "rows": {"db-1": {"team": "storage"}}}, "set_title": "t", "set_text": "a\nb",
                "add_tags": ["a"], "add_links": [{"text": "a", "url": "https://x"}]}, {"name": "y", "set_urgency": "/u"}]),
        ),
        (
            ComponentKind::Integration,
            "mail",
            json!({"rules": [{"conditions": conditions, "do": "resolve", "identity": "/a", "urgency": 2, "cut_quotes": true},
                {"do": "open"}], "allowed_from": ["a@example.com"], "same_subject": false, "alias": "b",
                "authentication": {"host": "mx", "demand": "dkim"}}),
        ),
        (
            ComponentKind::Integration,
            "cloudwatch",
            json!({"topics": ["arn:a"], "signature_version": 2, "raw_delivery": true, "insufficient_data_opens": false}),
        ),
    ]
}

#[test]
fn what_is_drawn_and_sent_back_unchanged_is_what_it_was() {
    for (kind, key, value) in whole() {
        let shape = shape(kind, key);
        assert_eq!(read_back(&shape, key, &value), shape.usual(&value), "{key}");
        // Nothing of it was left out as unknown or empty but lists without anything.
        let text = |value: &Value| value.to_string().replace(",\"steps\":[]", "").replace("[\"/b\"]", "\"/b\"");
        assert_eq!(text(&shape.usual(&value)).len(), text(&value).len(), "{key}");
        assert_eq!(read_back(&shape, key, &Value::Null), Value::Null, "{key}: nothing is nothing");
    }
}

#[test]
fn every_field_that_holds_others_is_whole_in_these_tests() {
    let directory = Directory::empty(OrganizationId(1), "acme");
    for kind in ComponentKind::ALL.into_iter().filter(|kind| *kind != ComponentKind::Routine) {
        let schema = schema(kind);
        for (key, schema) in schema["properties"].as_object().expect("fields") {
            let shape = Shape::of(kind, key, schema, &directory);
            let holds = matches!(shape, Shape::Table(_) | Shape::Rows(_)) && key != "members";
            assert_eq!(holds, whole().iter().any(|(of, known, _)| *of == kind && known == key), "{kind:?} {key}");
        }
    }
}

#[test]
fn a_mistake_stands_beside_the_field_at_its_path_and_is_called_by_its_rows() {
    let levels = shape(ComponentKind::EscalationPolicy, "levels");
    let value = json!([{"minutes": 5, "users": ["ana"]}, {"minutes": "soon"}]);
    for (place, id, label) in [
        ("levels[1].minutes", "levels-1-minutes", "Level 2: Minutes until the next level is asked"),
        ("levels[0].users[0]", "levels-0-users", "Level 1: People"),
        ("levels[1]", "levels-1", "Level 2"),
        ("levels", "levels", "Levels"),
    ] {
        assert_eq!(levels.located("levels", &value, place), (id.to_owned(), label.to_owned()));
        let mistake = Mistake { place: place.to_owned(), words: "is wrong".to_owned() };
        let pieces = levels.pieces("levels", &value, &[mistake], None);
        let beside: Vec<_> = pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Leaf(leaf) if leaf.problem.is_some() => Some(leaf.id.as_str()),
                Piece::Begin(group) if group.problem.is_some() => Some(group.id.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(beside, [id]);
    }
    let conditions = shape(ComponentKind::RoutingRule, "conditions");
    let value = json!([{"field": "urgency_level", "gte": "loud"}]);
    let located = conditions.located("conditions", &value, "conditions[0].gte");
    assert_eq!(located, ("conditions-0-value".to_owned(), "Condition 1: Value".to_owned()));
}

#[test]
fn one_goes_on_at_one_place_after_a_button() {
    let levels = shape(ComponentKind::EscalationPolicy, "levels");
    for (value, focus, expect) in [
        (json!([{"minutes": 5}, {}]), "levels[1]", "levels-1-minutes"),
        (json!([{"minutes": 5, "users": ["ana"]}]), "levels[0].users", "levels-0-users"),
        (json!([{"minutes": 5}]), "levels[1]", "more levels"),
    ] {
        let pieces = levels.pieces("levels", &value, &[], Some(focus));
        let focused: Vec<_> = pieces
            .iter()
            .flat_map(|piece| match piece {
                Piece::Leaf(leaf) if leaf.is_focused => vec![leaf.id.as_str()],
                Piece::Acts(acts) => acts.iter().filter(|act| act.is_focused).map(|act| act.press.as_str()).collect(),
                _ => Vec::new(),
            })
            .collect();
        assert_eq!(focused, [expect]);
    }
}
