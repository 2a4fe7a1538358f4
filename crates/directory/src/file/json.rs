//! A component as JSON, held against the same shape as in a directory file; and that shape as a JSON schema.

use super::form::{Form, Key, Need};
use super::shape::{CONDITION, keys_of, name_key};
use crate::suggestion::suggestion;
use domain::directory::ComponentKind;
use domain::limits;
use serde_json::{Map, Value, json};

/// The values of `body` by their keys, each in the form that its key has; null counts as not given.
///
/// # Errors
/// All mistakes, at most [`limits::MISTAKES`], each `path: what is wrong`, as in `levels[0].minutes: must be a whole
/// number`. Keys that are not known are among them: what is left out by mistake is a page that is not sent.
pub(crate) fn inspect_json(kind: ComponentKind, body: &Map<String, Value>) -> Result<Map<String, Value>, Vec<String>> {
    let mut mistakes = Vec::new();
    let values = table(keys_of(kind).unwrap_or_default(), "", body, &mut mistakes);
    mistakes.truncate(limits::MISTAKES);
    if mistakes.is_empty() { Ok(values) } else { Err(mistakes) }
}

fn table(
    keys: &'static [Key],
    path: &str,
    object: &Map<String, Value>,
    mistakes: &mut Vec<String>,
) -> Map<String, Value> {
    for written in object.keys().filter(|written| keys.iter().all(|key| key.name != written.as_str())) {
        let near = suggestion(written, keys.iter().map(|key| key.name));
        mistakes.push(format!("{}: is not known{near}", below(path, &shown(written))));
    }
    let mut values = Map::new();
    for key in keys {
        let path = below(path, key.name);
        match object.get(key.name).filter(|value| !value.is_null()) {
            Some(given) => {
                values.extend(value(key.form, given, &path, mistakes).map(|value| (key.name.to_owned(), value)))
            }
            None if key.need == Need::Must => mistakes.push(format!("{path}: is required")),
            None => {}
        }
    }
    values
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A key that somebody else chose, short enough to be told.
fn shown(key: &str) -> String {
    key.chars().take(limits::NAME_CHARACTERS).filter(|letter| !letter.is_control()).collect()
}

fn value(form: Form, given: &Value, path: &str, mistakes: &mut Vec<String>) -> Option<Value> {
    let whole = |least: u64, most: u64| given.as_u64().is_some_and(|number| (least..=most).contains(&number));
    let fits = match (form, given) {
        (Form::List(item), Value::Array(items)) => return Some(list(*item, items, path, mistakes)),
        (Form::Source, Value::Array(items)) => return Some(list(Form::Text, items, path, mistakes)),
        (Form::Alias(words, canonical), Value::String(word)) => {
            let word = canonical(word).unwrap_or(word);
            if words.contains(&word) {
                return Some(Value::from(word));
            }
            false
        }
        (Form::Table(keys) | Form::TextOr(keys), Value::Object(object)) => {
            return Some(Value::Object(table(keys, path, object, mistakes)));
        }
        (Form::Named(item), Value::Object(object)) => return Some(named(*item, object, path, mistakes)),
        (Form::Condition, Value::Object(object)) => return condition(object, path, mistakes),
        (Form::Text | Form::TextOr(_) | Form::Source | Form::Scalar, Value::String(text)) => !text.contains('\0'),
        (Form::Truth | Form::Scalar, Value::Bool(_)) => true,
        (Form::Word(words), Value::String(word)) => words.contains(&word.as_str()),
        (Form::Whole, Value::Number(_)) => whole(0, u64::from(u32::MAX)),
        (Form::Urgency, Value::Number(_)) => whole(1, 5),
        (Form::Number | Form::Scalar, Value::Number(number)) => number.as_f64().is_some_and(f64::is_finite),
        _ => false,
    };
    if !fits {
        let is_text = matches!(form, Form::Text | Form::Source | Form::Scalar) && given.is_string();
        let without = if is_text { " without the character NUL" } else { "" };
        mistakes.push(format!("{path}: must be {}{without}", form.phrase().replace('`', "")));
    }
    fits.then(|| given.clone())
}

fn list(item: Form, items: &[Value], path: &str, mistakes: &mut Vec<String>) -> Value {
    let mut values = Vec::with_capacity(items.len());
    for (place, given) in items.iter().enumerate() {
        if mistakes.len() >= limits::MISTAKES {
            break;
        }
        let taken = value(item, given, &format!("{path}[{place}]"), mistakes);
        // What could not be read keeps its place, so that the others keep theirs.
        values.push(taken.unwrap_or_else(|| item.neutral()));
    }
    Value::Array(values)
}

fn named(item: Form, object: &Map<String, Value>, path: &str, mistakes: &mut Vec<String>) -> Value {
    let mut values = Map::new();
    for (name, given) in object {
        let taken = value(item, given, &below(path, &shown(name)), mistakes);
        values.extend(taken.map(|value| (name.clone(), value)));
    }
    Value::Object(values)
}

fn condition(object: &Map<String, Value>, path: &str, mistakes: &mut Vec<String>) -> Option<Value> {
    let known = mistakes.len();
    let values = table(CONDITION, path, object, mistakes);
    let tests = || CONDITION.iter().filter(|key| key.need == Need::May).map(|key| key.name);
    let given: Vec<_> = tests().filter(|test| values.contains_key(*test)).collect();
    if mistakes.len() == known {
        match given.as_slice() {
            [_] => {}
            [] => mistakes.push(format!("{path}: has no test; give one of {}", tests().collect::<Vec<_>>().join(", "))),
            several => mistakes.push(format!("{path}: has more than one test, {}", several.join(" and "))),
        }
    }
    (mistakes.len() == known).then_some(Value::Object(values))
}

/// The JSON schema of a component of this kind, as it is written.
#[must_use]
pub fn schema(kind: ComponentKind) -> Value {
    let mut schema = table_schema(keys_of(kind).unwrap_or_default());
    let name = &mut schema["properties"][name_key(kind)];
    name["minLength"] = json!(1);
    name["maxLength"] = json!(limits::NAME_CHARACTERS);
    schema
}

fn table_schema(keys: &[Key]) -> Value {
    let field = |key: &Key| {
        let schema = form_schema(key.form);
        let schema = if key.need == Need::Must { schema } else { nullable(schema) };
        (key.name.to_owned(), schema)
    };
    let properties: Map<_, _> = keys.iter().map(field).collect();
    let required: Vec<_> = keys.iter().filter(|key| key.need == Need::Must).map(|key| key.name).collect();
    let mut schema = json!({"type": "object", "properties": properties, "additionalProperties": false});
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn form_schema(form: Form) -> Value {
    match form {
        Form::Text => text_schema(),
        // What other tools call them is read, too.
        Form::Alias(words, _) => json!({"type": "string", "enum": words}),
        Form::TextOr(keys) => json!({"anyOf": [text_schema(), table_schema(keys)]}),
        Form::Word(words) => json!({"type": "string", "enum": words}),
        Form::Whole => json!({"type": "integer", "minimum": 0, "maximum": u32::MAX}),
        Form::Urgency => json!({"type": "integer", "minimum": 1, "maximum": 5}),
        Form::Number => json!({"type": "number"}),
        Form::Truth => json!({"type": "boolean"}),
        Form::Scalar => json!({"type": ["string", "number", "boolean"]}),
        Form::List(item) => json!({"type": "array", "items": form_schema(*item)}),
        Form::Table(keys) => table_schema(keys),
        Form::Source => {
            json!({"anyOf": [text_schema(), {"type": "array", "items": text_schema()}]})
        }
        Form::Named(item) => json!({"type": "object", "additionalProperties": form_schema(*item)}),
        Form::Condition => {
            let mut schema = table_schema(CONDITION);
            schema["minProperties"] = json!(2);
            schema
        }
    }
}

fn text_schema() -> Value {
    json!({"type": "string", "pattern": "^[^\\u0000]*$"})
}

/// The schema that null satisfies too: null means that the key is not given.
fn nullable(mut schema: Value) -> Value {
    if let Some(choices) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        choices.push(json!({"type": "null"}));
        return schema;
    }
    if let Some(words) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        words.push(Value::Null);
    }
    match schema.get_mut("type") {
        Some(Value::Array(kinds)) => kinds.push(json!("null")),
        Some(kind) => *kind = json!([kind.clone(), "null"]),
        None => {}
    }
    schema
}
