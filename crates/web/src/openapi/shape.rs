//! Schemas of fields and requests: the other half of `gate::check`, and a test holds the two together.

use crate::operation::{
    DATE, DIGITS, Field, Limit, NO_NUL, Operation, Presence, SHIFT_LENGTH, Shape, TIME_OF_DAY, TIMESTAMP, example_value,
};
use serde_json::{Map, Value, json};

/// The schema of all fields of an operation as one object.
pub(super) fn object(operation: &Operation) -> Value {
    let mut object = fields(operation.fields);
    let groups: Vec<_> = operation.alternatives().iter().map(|group| at_least_one(operation, group)).collect();
    if !groups.is_empty() {
        object["allOf"] = Value::Array(groups);
    }
    object
}

fn fields(fields: &[Field]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields {
        // A required field with several spellings may be null under all but one of them.
        let sure = field.presence == Presence::Required && field.aliases.is_empty();
        if sure {
            required.push(field.name);
        }
        for spelling in field.spellings() {
            let schema = schema(&field.shape, field.presence);
            let mut schema = if sure { schema } else { nullable(schema) };
            schema["description"] = json!(field.doc);
            properties.insert(spelling.to_owned(), schema);
        }
    }
    let mut object = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

fn at_least_one(operation: &Operation, group: &[&str]) -> Value {
    let given = |spelling: &&str| {
        let shape = operation.field(spelling).map(|field| field.shape);
        let schema = shape.map(|shape| schema(&filled(shape), Presence::Required));
        json!({"required": [spelling], "properties": {*spelling: schema}})
    };
    json!({"anyOf": group.iter().map(given).collect::<Vec<_>>()})
}

/// A list that counts as given is not empty.
fn filled(shape: Shape) -> Shape {
    match shape {
        Shape::ListOf { item, least: 0, most } => Shape::ListOf { item, least: 1, most },
        other => other,
    }
}

/// A field as a parameter in the path or the query, where nothing can be null.
pub(super) fn parameter(field: &Field, place: &str) -> Value {
    let schema = match &field.shape {
        // There, a list is a parameter that is repeated.
        Shape::ListOf { item, most, .. } => {
            json!({"type": "array", "items": schema(item, Presence::Required), "maxItems": most})
        }
        Shape::InstanceId => json!({"type": "integer", "minimum": 1, "maximum": i64::MAX}),
        shape => schema(shape, field.presence),
    };
    let mut parameter = json!({
        "name": field.name,
        "in": place,
        "required": field.presence == Presence::Required,
        "description": field.doc,
        "schema": schema,
    });
    if !field.example.is_empty() {
        parameter["example"] = example_value(field.example);
    }
    parameter
}

/// The schema of a value. An optional text may be empty, which means absent.
fn schema(shape: &Shape, presence: Presence) -> Value {
    match shape {
        Shape::InstanceId => json!({"anyOf": [
            {"type": "integer", "minimum": 1, "maximum": i64::MAX},
            {"type": "string", "pattern": DIGITS},
        ]}),
        Shape::Integer { least, most } => json!({"type": "integer", "minimum": least, "maximum": most}),
        Shape::Text(limit) => text(*limit, presence),
        Shape::Id => text(Shape::ID_LIMIT, presence),
        Shape::Timestamp => json!({"type": "string", "pattern": TIMESTAMP}),
        Shape::Date => json!({"type": "string", "pattern": DATE}),
        Shape::TimeOfDay => json!({"type": "string", "pattern": TIME_OF_DAY}),
        Shape::ShiftLength => json!({"type": "string", "pattern": SHIFT_LENGTH}),
        Shape::Truth => json!({"type": "boolean"}),
        Shape::Json => json!({}),
        Shape::Word(words) => json!({"type": "string", "enum": words}),
        Shape::ListOf { item, least, most } => {
            json!({"anyOf": [array(schema(item, Presence::Required), *least, *most), schema(item, presence)]})
        }
        Shape::Groups { item, least, most, each } => {
            array(array(schema(item, Presence::Required), 0, *each), *least, *most)
        }
        Shape::Object(of) => fields(of),
    }
}

fn array(item: Value, least: usize, most: usize) -> Value {
    let mut array = json!({"type": "array", "items": item, "maxItems": most});
    if least > 0 {
        array["minItems"] = json!(least);
    }
    array
}

fn text(limit: Limit, presence: Presence) -> Value {
    let most = limit.most();
    let mut text = json!({"type": "string", "maxLength": most, "pattern": NO_NUL});
    if presence == Presence::Required {
        text["minLength"] = json!(1);
    }
    if let Limit::Bytes(_) = limit {
        // JSON Schema counts characters only. The number is right for ASCII; a text with others ends sooner.
        text["x-max-bytes"] = json!(most);
    }
    text
}

/// The schema that null satisfies too.
pub(super) fn nullable(mut schema: Value) -> Value {
    if let Some(choices) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        choices.push(json!({"type": "null"}));
        return schema;
    }
    if let Some(words) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        words.push(Value::Null);
    }
    if let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind.clone(), "null"]);
    }
    schema
}
