//! The OpenAPI 3.1.0 document, built from the table of operations.

mod ahead;
mod answer;
mod component;
mod parts;
mod senders;
mod shape;

use crate::gate::status;
use crate::intake::ways;
use crate::operation::{Code, ComponentAct, Does, Link, Method, Operation, Reading, operations};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The whole document as text, written once.
pub fn text() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| format!("{:#}", document()));
    &TEXT
}

/// The whole document. The same on every server: it names no address, time or organization.
pub fn document() -> Value {
    let mut paths = Map::new();
    for operation in operations() {
        let item = paths.entry(operation.documented_path()).or_insert_with(|| json!({}));
        item[operation.method.word().to_lowercase()] = described(operation);
    }
    for way in ways() {
        let item = paths.entry(way.path.to_owned()).or_insert_with(|| json!({}));
        for method in way.methods {
            item[method.to_lowercase()] = senders::described(way, method);
        }
    }
    paths.insert("/feeds/{token}.ics".to_owned(), parts::feed());
    paths.insert("/healthz".to_owned(), parts::health());
    paths.insert("/readyz".to_owned(), parts::readiness());
    json!({
        "openapi": "3.1.0",
        "info": parts::info(),
        "servers": [{"url": "/"}],
        "tags": parts::tags(),
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": parts::security_schemes(),
            "headers": parts::headers(),
            "schemas": schemas(),
            "examples": problem_examples(),
        },
    })
}

/// The schema of an operation's body, or of its query as one object.
pub fn request_schema(operation: &Operation) -> Value {
    shape::object(operation)
}

fn schemas() -> Value {
    let mut schemas = answer::schemas();
    schemas.insert("Problem".to_owned(), parts::problem());
    schemas.extend(senders::schemas());
    schemas.extend(component::schemas());
    Value::Object(schemas)
}

fn described(operation: &Operation) -> Value {
    let mut described = Map::new();
    let mut put = |key: &str, value: Value| described.insert(key.to_owned(), value);
    put("operationId", json!(operation.name));
    put("tags", json!([parts::tag(operation)]));
    put("summary", json!(operation.summary));
    put("description", json!(description(operation)));
    let parameters = parameters(operation);
    if !parameters.is_empty() {
        put("parameters", Value::Array(parameters));
    }
    if operation.method.has_body() {
        put("requestBody", request_body(operation));
    }
    if operation.does.takes_session() {
        put("security", json!([{"key": []}, {"session": []}]));
    }
    put("responses", responses(operation));
    Value::Object(described)
}

fn description(operation: &Operation) -> String {
    let shown = operation.documented_path();
    let forms = operation.paths();
    let others: Vec<_> = forms.iter().filter(|path| **path != shown).map(|path| format!("`{path}`")).collect();
    let scope = operation.scope.word();
    format!("{}\n\nNeeds a key of scope `{scope}`. Also served at {}.", operation.description, others.join(", "))
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let mut parameters: Vec<_> = operation.parameters.iter().map(|field| shape::parameter(field, "path")).collect();
    if operation.method == Method::Get {
        parameters.extend(operation.fields.iter().map(|field| shape::parameter(field, "query")));
    }
    parameters.extend(operation.query.iter().map(|field| shape::parameter(field, "query")));
    if operation.takes_if_match() {
        parameters.push(parts::if_match());
    }
    if operation.takes_idempotency_key() {
        parameters.push(parts::idempotency_key());
    }
    parameters
}

fn request_body(operation: &Operation) -> Value {
    if let Some(body) = operation.body {
        return component::request_body(operation, body);
    }
    let mut schema = request_schema(operation);
    if operation.knows_its_words() {
        schema["additionalProperties"] = json!(false);
        if operation.field("by").is_none() {
            schema["properties"]["by"] =
                json!({"description": "Who acts may be said beside every action; it is not heeded here."});
        }
    }
    let required = schema.get("required").is_some() || schema.get("allOf").is_some();
    let example = json!({"value": operation.example_request()});
    json!({
        "required": required,
        "content": {"application/json": {"schema": schema, "examples": {operation.name: example}}},
    })
}

fn responses(operation: &Operation) -> Value {
    let mut responses = Map::new();
    let mut success = json!({
        "description": "Done.",
        "headers": parts::success_headers(operation),
        "content": {operation.answer.media_type(): {
            "schema": {"$ref": format!("#/components/schemas/{}", answer::name(operation.answer))},
            "examples": {operation.name: {"value": operation.example_answer()}},
        }},
    });
    if !operation.links.is_empty() {
        success["links"] = links(operation);
    }
    responses.insert("200".to_owned(), success);
    let is_one = matches!(
        operation.does,
        Does::Component(ComponentAct::One, _) | Does::Read(Reading::Layer | Reading::Exception)
    );
    if is_one {
        responses.insert("304".to_owned(), json!({"description": "It is what the caller has already."}));
    }
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in operation.codes() {
        by_status.entry(status(code).as_u16()).or_default().push(code);
    }
    for (status, codes) in by_status {
        responses.insert(status.to_string(), problem_response(status, &codes));
    }
    Value::Object(responses)
}

fn problem_response(status: u16, codes: &[Code]) -> Value {
    let titles: Vec<_> = codes.iter().map(|code| format!("{} (`{}`).", code.title(), code.word())).collect();
    let reference =
        |code: &Code| (code.word().to_owned(), json!({"$ref": format!("#/components/examples/{}", code.word())}));
    let examples: Map<_, _> = codes.iter().map(reference).collect();
    let mut response = json!({
        "description": titles.join(" "),
        "content": {"application/problem+json": {
            "schema": {"$ref": "#/components/schemas/Problem"},
            "examples": examples,
        }},
    });
    if let Some(headers) = parts::problem_headers(status) {
        response["headers"] = headers;
    }
    response
}

fn links(operation: &Operation) -> Value {
    let link = |link: &Link| (link.to.to_owned(), described_link(link));
    Value::Object(operation.links.iter().map(link).collect())
}

/// What stands in the path or the query of the operation that follows is a parameter, the rest its body.
fn described_link(link: &Link) -> Value {
    let mut described = json!({"operationId": link.to});
    let next = operations().find(|operation| operation.name == link.to);
    for (field, pointer) in link.takes {
        let in_body = next.is_some_and(|next| next.method.has_body() && next.parameter(field).is_none());
        let place = if in_body { "requestBody" } else { "parameters" };
        described[place][*field] = json!(format!("$response.body#{pointer}"));
    }
    described
}

fn problem_examples() -> Value {
    let example = |code: &Code| {
        let value = json!({
            "type": format!("/docs#error-{}", code.word()),
            "title": code.title(),
            "status": status(*code).as_u16(),
            "detail": parts::example_error(*code),
            "code": code.word(),
            "errors": [parts::example_error(*code)],
            "request_id": "3f0c2b1e-6a0d-4c55-9d1e-2f6a3b1c9e47",
        });
        (code.word().to_owned(), json!({"summary": code.title(), "description": code.explanation(), "value": value}))
    };
    Value::Object(Code::ALL.iter().map(example).collect())
}

#[cfg(test)]
mod tests;
