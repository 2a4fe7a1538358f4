//! One value against its shape: the other half of `openapi::shape`, and a test holds the two together.

use crate::operation::{DIGITS, Limit, Presence, Shape, TIMESTAMP};
use domain::Instant;
use regex::Regex;
use serde_json::{Number, Value};
use std::sync::LazyLock;

static TIMESTAMP_FORM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(TIMESTAMP).ok());
static DIGITS_FORM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(DIGITS).ok());

/// A value that has the shape it should have.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Checked {
    Number(i64),
    Text(String),
    Instant(Instant),
    Texts(Vec<String>),
}

/// Checks one value; `None` where it means that the field is absent. Every mistake is added to `mistakes`, beginning
/// with `field`.
pub(super) fn check(
    shape: &Shape,
    presence: Presence,
    field: &str,
    value: &Value,
    mistakes: &mut Vec<String>,
) -> Option<Checked> {
    if presence == Presence::Optional && is_absent(shape, value) {
        return None;
    }
    if let Shape::ListOf { item, least, most } = shape {
        return list(item, *least, *most, field, value, mistakes);
    }
    match single(shape, value) {
        Ok(checked) => Some(checked),
        Err(mistake) => {
            mistakes.push(format!("{field}: {mistake}"));
            None
        }
    }
}

fn is_absent(shape: &Shape, value: &Value) -> bool {
    match (shape, value) {
        (_, Value::Null) => true,
        (Shape::Text(_) | Shape::Id, Value::String(text)) => text.is_empty(),
        (Shape::ListOf { item, .. }, Value::String(_)) => is_absent(item, value),
        _ => false,
    }
}

fn list(
    item: &Shape,
    least: usize,
    most: usize,
    field: &str,
    value: &Value,
    mistakes: &mut Vec<String>,
) -> Option<Checked> {
    let Value::Array(values) = value else {
        return check(item, Presence::Required, field, value, mistakes).map(listed);
    };
    let count = values.len();
    if count < least {
        mistakes.push(format!("{field}: must have at least {least} entry, and has {count}"));
        return None;
    }
    if count > most {
        mistakes.push(format!("{field}: must have at most {most} entries, and has {count}"));
        return None;
    }
    let mut texts = Vec::with_capacity(count);
    for (place, value) in values.iter().enumerate() {
        match single(item, value) {
            Ok(Checked::Text(text)) => texts.push(text),
            Ok(_) => {}
            Err(mistake) => mistakes.push(format!("{field}[{place}]: {mistake}")),
        }
    }
    Some(Checked::Texts(texts))
}

fn listed(one: Checked) -> Checked {
    match one {
        Checked::Text(text) => Checked::Texts(vec![text]),
        other => other,
    }
}

fn single(shape: &Shape, value: &Value) -> Result<Checked, String> {
    let other = || Err(format!("must be {}, not {}", shape.words(), kind(value)));
    match (shape, value) {
        (Shape::InstanceId, Value::Number(number)) => whole(number, 1, i64::MAX).ok_or_else(|| off(shape, number)),
        (Shape::InstanceId, Value::String(text)) => {
            let digits = DIGITS_FORM.as_ref().is_some_and(|form| form.is_match(text));
            let number = digits.then(|| text.parse().ok()).flatten();
            number.map(Checked::Number).ok_or_else(|| format!("must be {}", shape.words()))
        }
        (Shape::Integer { least, most }, Value::Number(number)) => {
            whole(number, *least, *most).ok_or_else(|| off(shape, number))
        }
        (Shape::Text(limit), Value::String(text)) => within(*limit, text),
        (Shape::Id, Value::String(text)) => within(Shape::ID_LIMIT, text),
        (Shape::Timestamp, Value::String(text)) => {
            let formed = TIMESTAMP_FORM.as_ref().is_some_and(|form| form.is_match(text));
            let instant = formed.then(|| Instant::parse(text)).flatten();
            instant.map(Checked::Instant).ok_or_else(|| format!("must be {}", shape.words()))
        }
        (Shape::Word(words), Value::String(text)) if words.contains(&text.as_str()) => Ok(Checked::Text(text.clone())),
        (Shape::Word(_), Value::String(_)) => Err(format!("must be {}", shape.words())),
        _ => other(),
    }
}

/// JSON knows one kind of number: `30.0` and `3e1` are whole numbers too.
fn whole(number: &Number, least: i64, most: i64) -> Option<Checked> {
    // Exactly 2^63, the first float above every i64.
    const ABOVE: f64 = 9_223_372_036_854_775_808.0;
    let float = || number.as_f64().filter(|float| float.fract() == 0.0 && (-ABOVE..ABOVE).contains(float));
    let value = number.as_i64().or_else(|| if number.is_f64() { float().map(|float| float as i64) } else { None })?;
    (least..=most).contains(&value).then_some(Checked::Number(value))
}

fn off(shape: &Shape, number: &Number) -> String {
    format!("must be {}, not {number}", shape.words())
}

fn within(limit: Limit, text: &str) -> Result<Checked, String> {
    if text.is_empty() {
        return Err("must not be empty".to_owned());
    }
    if text.contains('\0') {
        // PostgreSQL cannot store it, and no text that people read has it.
        return Err("must not contain the character U+0000".to_owned());
    }
    let length = limit.measure(text);
    if length > limit.most() {
        return Err(format!("must have at most {}, and has {length}", limit.words()));
    }
    Ok(Checked::Text(text.to_owned()))
}

pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
