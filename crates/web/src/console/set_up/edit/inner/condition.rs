//! A condition as three fields: what is looked at, the test, and what it is held against.

use super::typed::Typed;
use serde_json::{Map, Number, Value, json};

/// The fields of a condition in a form.
pub(super) const FIELD: &str = "field";
pub(super) const TEST: &str = "test";
pub(super) const VALUE: &str = "value";

/// That something is not there is a test of its own in a form.
const MISSING: &str = "missing";

/// The tests, and what they are called.
pub(super) const TESTS: [(&str, &str); 9] = [
    ("equals", "is"),
    ("not_equals", "is not"),
    ("contains", "contains"),
    ("not_contains", "does not contain"),
    ("matches", "matches the pattern"),
    ("gte", "is at least"),
    ("lte", "is at most"),
    ("exists", "is there"),
    (MISSING, "is not there"),
];

/// What a condition says in its three fields.
pub(super) fn spelled(condition: &Value) -> [String; 3] {
    let text = |key: &str| condition.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let test = TESTS.into_iter().find_map(|(test, _)| Some((test, condition.get(test)?)));
    match test {
        Some(("exists", Value::Bool(is_there))) => {
            [text(FIELD), if *is_there { "exists" } else { MISSING }.to_owned(), String::new()]
        }
        Some((test, value)) => [text(FIELD), test.to_owned(), written(test, value)],
        None => [text(FIELD), String::new(), text(VALUE)],
    }
}

fn written(test: &str, value: &Value) -> String {
    match value {
        // Without its quotes it would be read as something else.
        Value::String(text) if takes_any(test) && scalar(text).is_some() => value.to_string(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Whether the test is held against a text, a number, or true and false.
fn takes_any(test: &str) -> bool {
    matches!(test, "equals" | "not_equals")
}

/// What a text is that is a number, true, false, or a text in quotes.
fn scalar(text: &str) -> Option<Value> {
    serde_json::from_str::<Value>(text)
        .ok()
        .filter(|value| value.is_number() || value.is_boolean() || value.is_string())
}

/// The same condition with whole numbers as one writes them.
pub(super) fn usual(condition: &Value) -> Value {
    let mut usual = condition.clone();
    for test in ["gte", "lte"] {
        if let Some(number) = usual.get_mut(test).filter(|number| number.is_f64()) {
            let whole = number.to_string().strip_suffix(".0").and_then(|whole| whole.parse::<i64>().ok());
            *number = whole.map_or_else(|| number.clone(), Value::from);
        }
    }
    usual
}

/// The condition that is typed; nothing where nothing is.
pub(super) fn read(typed: &Typed) -> Value {
    let (field, test, text) = (typed.text_of(FIELD).trim(), typed.text_of(TEST), typed.text_of(VALUE));
    if field.is_empty() && test.is_empty() && text.is_empty() {
        return Value::Null;
    }
    let mut condition = Map::from_iter([(FIELD.to_owned(), Value::from(field))]);
    let number = || text.trim().parse::<Number>().map_or_else(|_| Value::from(text), Value::Number);
    let (test, value) = match test {
        // What was typed stays, and the server says that a test is missing.
        "" if text.is_empty() => return Value::Object(condition),
        "" => (VALUE, Value::from(text)),
        MISSING => ("exists", json!(false)),
        "exists" => ("exists", json!(true)),
        "gte" | "lte" => (test, number()),
        _ if takes_any(test) => (test, scalar(text).unwrap_or_else(|| Value::from(text))),
        _ => (test, Value::from(text)),
    };
    condition.insert(test.to_owned(), value);
    Value::Object(condition)
}

#[cfg(test)]
mod tests {
    use super::{read, spelled};
    use crate::console::form::Form;
    use crate::console::set_up::edit::inner::Typed;
    use serde_json::{Value, json};

    fn typed([field, test, text]: [&str; 3]) -> Value {
        let pairs = [("field", field), ("test", test), ("value", text)];
        read(&Typed::of(&Form::of(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())))
    }

    #[test]
    fn what_a_condition_is_held_against_is_read_back_as_what_it_was() {
        for value in
            [json!("x"), json!("4"), json!(4), json!(0.5), json!(true), json!("true"), json!("\"a\""), json!(" ")]
        {
            let condition = json!({"field": "/a", "equals": value});
            assert_eq!(typed(spelled(&condition).each_ref().map(String::as_str)), condition);
        }
        for condition in [
            json!({"field": "title", "contains": "4"}),
            json!({"field": "title", "matches": "^\\d \"x\""}),
            json!({"field": "urgency_level", "gte": 3}),
            json!({"field": "/a", "lte": -0.5}),
            json!({"field": "/a", "exists": true}),
            json!({"field": "/a", "exists": false}),
        ] {
            assert_eq!(typed(spelled(&condition).each_ref().map(String::as_str)), condition);
        }
    }

    #[test]
    fn what_is_half_typed_stays_and_what_is_empty_is_no_condition() {
        assert_eq!(typed(["", "", ""]), Value::Null);
        assert_eq!(typed(["title", "", ""]), json!({"field": "title"}));
        for half in [["title", "", "x"], ["", "contains", "x"], ["title", "gte", "loud"], ["title", "contains", ""]] {
            assert_eq!(spelled(&typed(half)), half);
        }
    }
}
