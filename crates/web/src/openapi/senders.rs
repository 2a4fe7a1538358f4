//! What monitoring tools send, in the document: made of the table that the router is made of.

use super::parts;
use crate::intake::{Family, Part, PartShape, Way};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// One method of a way.
pub(super) fn described(way: &Way, method: &str) -> Value {
    let is_first = way.methods.first() == Some(&method);
    let name = if is_first { way.name.to_owned() } else { format!("{}-{}", way.name, method.to_lowercase()) };
    let mut described = Map::new();
    let mut put = |key: &str, value: Value| described.insert(key.to_owned(), value);
    put("operationId", json!(name));
    put("tags", json!([tag(way.family)]));
    put("summary", json!(way.summary));
    put("description", json!(description(way)));
    put("security", security(way));
    let path = way.parameters.iter().map(|part| parameter(part, "path"));
    let parameters: Vec<_> = path.chain(way.query.iter().map(|part| parameter(part, "query"))).collect();
    if !parameters.is_empty() {
        put("parameters", Value::Array(parameters));
    }
    if reads_body(way, method) {
        put("requestBody", request_body(way, &name));
    }
    put("responses", responses(way, method, &name));
    Value::Object(described)
}

/// The shapes in which these APIs say no.
pub(super) fn schemas() -> Map<String, Value> {
    let texts = json!({"type": "array", "items": {"type": "string"}, "minItems": 1});
    let alerts = json!({
        "type": "object",
        "description": "An error as Opsgenie's API tells it.",
        "required": ["message", "took", "requestId"],
        "properties": {
            "message": {"type": "string"},
            "took": {"type": "number"},
            "requestId": {"type": "string"},
            "errors": {
                "type": "object",
                "additionalProperties": {"type": "string"},
                "description": "Each field that is wrong, and why.",
            },
        },
    });
    let events = json!({
        "type": "object",
        "description": "An error as PagerDuty's API of events tells it.",
        "required": ["status", "message", "errors"],
        "properties": {
            "status": {"type": "string", "const": "invalid event"},
            "message": {"type": "string"},
            "errors": texts,
        },
    });
    Map::from_iter([("AlertsProblem".to_owned(), alerts), ("EventsProblem".to_owned(), events)])
}

fn tag(family: Family) -> &'static str {
    match family {
        Family::Integration => "senders",
        Family::Events => "events",
        Family::Alerts => "alerts",
        Family::Heartbeat => "heartbeats",
    }
}

fn description(way: &Way) -> String {
    let others: Vec<_> = way.others().iter().map(|path| format!("`{path}`")).collect();
    let also = if others.is_empty() { String::new() } else { format!(" Also served at {}.", others.join(", ")) };
    format!("{}{also} A trailing slash changes nothing.", way.description)
}

/// Where the key stands in the path or the body, there is nothing to authenticate with beside.
fn security(way: &Way) -> Value {
    let in_path = way.parameters.iter().any(|part| part.name == "key");
    match way.family {
        Family::Integration if !in_path => json!([{"integration": []}]),
        Family::Alerts => json!([{"integration": []}]),
        Family::Integration | Family::Events | Family::Heartbeat => json!([]),
    }
}

fn parameter(part: &Part, place: &str) -> Value {
    let schema = match part.shape {
        PartShape::Words(words) => json!({"type": "string", "enum": words}),
        PartShape::Text(pattern) => json!({"type": "string", "pattern": pattern}),
        PartShape::Whole(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
    };
    let required = place == "path";
    json!({"name": part.name, "in": place, "required": required, "description": part.doc, "schema": schema})
}

fn reads_body(way: &Way, method: &str) -> bool {
    !way.body.is_empty() && method != "GET"
}

/// A free object: what a body holds is the sender's to say, and read leniently.
fn request_body(way: &Way, name: &str) -> Value {
    let example: Value = serde_json::from_str(way.body).unwrap_or_default();
    let kind = match &example {
        Value::Object(_) => json!({"type": "object"}),
        Value::Array(_) => json!({"type": "array", "items": {"type": "object"}}),
        _ => json!({}),
    };
    let examples = json!({name: {"value": example}});
    json!({"required": false, "content": {"application/json": {"schema": kind, "examples": examples}}})
}

fn responses(way: &Way, method: &str, name: &str) -> Value {
    let mut responses = Map::new();
    if way.status < 300 {
        let content = match serde_json::from_str::<Value>(way.answer) {
            Ok(example) => json!({"application/json": {
                "schema": shape(&example),
                "examples": {name: {"value": example}},
            }}),
            Err(_) => json!({"text/plain": {"schema": {"type": "string", "const": way.answer}}}),
        };
        responses.insert(way.status.to_string(), json!({"description": "It was taken.", "content": content}));
    }
    for status in statuses(way, method) {
        responses.insert(status.to_string(), refusal(way.family, status));
    }
    Value::Object(responses)
}

/// An object with these members, of which more is not promised.
fn shape(example: &Value) -> Value {
    let required: Vec<_> = example.as_object().into_iter().flat_map(Map::keys).collect();
    json!({"type": "object", "required": required})
}

fn statuses(way: &Way, method: &str) -> BTreeSet<u16> {
    let family: &[u16] = match way.family {
        Family::Integration | Family::Alerts => &[401, 405, 500, 503],
        Family::Events => &[405, 500, 503],
        Family::Heartbeat => &[404, 405, 500, 503],
    };
    let of_body = [400, 413, 415];
    // Of a query with a form of its own, too.
    let is_formed =
        |status: u16| status == 400 && way.query.iter().any(|part| matches!(part.shape, PartShape::Text(_)));
    let is_met = |status: u16| method != "GET" || !of_body.contains(&status) || is_formed(status);
    let own = way.refusals.iter().filter(|status| is_met(**status));
    let refused = (way.status >= 400).then_some(way.status);
    // What a variable part does not say is another path.
    let is_variable = way.parameters.iter().any(|part| matches!(part.shape, PartShape::Words(_)));
    family.iter().chain(own).copied().chain(refused).chain(is_variable.then_some(404)).collect()
}

fn refusal(family: Family, status: u16) -> Value {
    let said = match status {
        400 => "The body, or the query, cannot be read.",
        401 => "No integration has this key, or it was renewed.",
        403 => "Nobody may do this here.",
        404 => "There is nothing of this name.",
        405 => "The path takes other methods.",
        413 => "The body is too large.",
        415 => "The body is packed in another way than gzip.",
        422 => "A field is wrong.",
        429 => "The key asks too often.",
        500 => "The server failed.",
        _ => "The server is busy, or cannot reach its database; the same request may be sent again.",
    };
    let (kind, schema) = match family {
        Family::Integration | Family::Heartbeat => ("application/problem+json", "Problem"),
        Family::Events => ("application/json", "EventsProblem"),
        Family::Alerts => ("application/json", "AlertsProblem"),
    };
    let reference = json!({"$ref": format!("#/components/schemas/{schema}")});
    let mut refusal = json!({"description": said, "content": {kind: {"schema": reference}}});
    if let Some(headers) = parts::problem_headers(status).filter(|_| [405, 503].contains(&status)) {
        refusal["headers"] = headers;
    }
    refusal
}
