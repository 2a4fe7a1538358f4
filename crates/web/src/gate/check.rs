//! One value against its shape: the other half of `openapi::shape`, and a test holds the two together.

use super::fields::{Checked, Fields};
use crate::operation::{DATE, DIGITS, Field, Limit, Presence, SHIFT_LENGTH, Shape, TIME_OF_DAY, TIMESTAMP};
use domain::{Instant, limits};
use regex::Regex;
use serde_json::{Map, Number, Value};
use std::sync::LazyLock;

static TIMESTAMP_FORM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(TIMESTAMP).ok());
static DIGITS_FORM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(DIGITS).ok());
static DATE_FORM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(DATE).ok());
static TIME_OF_DAY_FORM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(TIME_OF_DAY).ok());
static SHIFT_LENGTH_FORM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(SHIFT_LENGTH).ok());

/// Checks an object against its fields. Every mistake is added to `mistakes`, each beginning with the name of its field
/// after `before`.
pub(super) fn check_all(
    fields: &'static [Field],
    before: &str,
    object: &Map<String, Value>,
    mistakes: &mut Vec<String>,
) -> Fields {
    let mut checked = Fields::default();
    for field in fields {
        if let Some(value) = check_field(field, before, object, mistakes) {
            checked.put(field.name, value);
        }
    }
    checked
}

/// The value under the first spelling that is given; the others are checked all the same.
fn check_field(
    field: &Field,
    before: &str,
    object: &Map<String, Value>,
    mistakes: &mut Vec<String>,
) -> Option<Checked> {
    let mut found = None;
    let mut is_given = false;
    for spelling in field.spellings() {
        let Some(value) = object.get(spelling).filter(|value| !value.is_null()) else { continue };
        is_given = true;
        let name = format!("{before}{spelling}");
        let is_absent = field.presence == Presence::Optional && is_absent(&field.shape, value);
        let checked = if is_absent { None } else { check(&field.shape, &name, value, mistakes) };
        found = found.or(checked);
    }
    if !is_given && field.presence == Presence::Required {
        mistakes.push(format!("{before}{}: is required", field.name));
    }
    found
}

/// Checks one value; `None` where it is a mistake.
fn check(shape: &Shape, name: &str, value: &Value, mistakes: &mut Vec<String>) -> Option<Checked> {
    match (shape, value) {
        (Shape::ListOf { item, least, most }, Value::Array(values)) => {
            list(item, (*least, *most), name, values, mistakes)
        }
        // Of a documented list, a single value is a list of one (contract §1).
        (Shape::ListOf { item, .. }, _) => check(item, name, value, mistakes).map(|one| Checked::List(vec![one])),
        (Shape::Groups { item, least, most, each }, Value::Array(values)) => {
            groups(item, (*least, *most, *each), name, values, mistakes)
        }
        (Shape::Object(fields), Value::Object(object)) => {
            Some(Checked::Object(check_all(fields, &format!("{name}."), object, mistakes)))
        }
        (Shape::Json, value) => Some(Checked::Json(value.clone())),
        _ => {
            let checked = single(shape, value);
            checked.map_err(|mistake| mistakes.push(format!("{name}: {mistake}"))).ok()
        }
    }
}

/// Whether an optional value means that the field is absent: a text that is empty.
fn is_absent(shape: &Shape, value: &Value) -> bool {
    match (shape, value) {
        (Shape::Text(_) | Shape::Id, Value::String(text)) => text.is_empty(),
        (Shape::ListOf { item, .. }, Value::String(_)) => is_absent(item, value),
        _ => false,
    }
}

fn list(
    item: &Shape,
    bounds: (usize, usize),
    name: &str,
    values: &[Value],
    mistakes: &mut Vec<String>,
) -> Option<Checked> {
    if let Some(mistake) = miscounted(bounds, values.len()) {
        mistakes.push(format!("{name}: {mistake}"));
        return None;
    }
    let mut checked = Vec::with_capacity(values.len());
    for (place, value) in values.iter().enumerate() {
        // An answer must not be many times as long as the request.
        if mistakes.len() >= limits::MISTAKES {
            break;
        }
        checked.extend(check(item, &format!("{name}[{place}]"), value, mistakes));
    }
    Some(Checked::List(checked))
}

/// The groups of a rotation. A single value is no group of one here: `["a", "b"]` could be a pair or two that take
/// turns.
fn groups(
    item: &Shape,
    (least, most, each): (usize, usize, usize),
    name: &str,
    values: &[Value],
    mistakes: &mut Vec<String>,
) -> Option<Checked> {
    if let Some(mistake) = miscounted((least, most), values.len()) {
        mistakes.push(format!("{name}: {mistake}"));
        return None;
    }
    let mut checked = Vec::with_capacity(values.len());
    for (place, value) in values.iter().enumerate() {
        if mistakes.len() >= limits::MISTAKES {
            break;
        }
        let name = format!("{name}[{place}]");
        match value {
            Value::Array(values) => checked.extend(list(item, (0, each), &name, values, mistakes)),
            _ => mistakes.push(format!("{name}: must be a list, not {}", kind(value))),
        }
    }
    Some(Checked::List(checked))
}

fn miscounted((least, most): (usize, usize), count: usize) -> Option<String> {
    if count < least {
        return Some(format!("must have at least {least} entry, and has {count}"));
    }
    (count > most).then(|| format!("must have at most {most} entries, and has {count}"))
}

fn single(shape: &Shape, value: &Value) -> Result<Checked, String> {
    let other = || Err(format!("must be {}, not {}", shape.words(), kind(value)));
    match (shape, value) {
        (Shape::InstanceId, Value::Number(number)) => whole(number, 1, i64::MAX).ok_or_else(|| off(shape, number)),
        (Shape::InstanceId, Value::String(text)) => {
            let digits = is_formed(&DIGITS_FORM, text);
            let number = digits.then(|| text.parse().ok()).flatten();
            number.map(Checked::Number).ok_or_else(|| format!("must be {}", shape.words()))
        }
        (Shape::Integer { least, most }, Value::Number(number)) => {
            whole(number, *least, *most).ok_or_else(|| off(shape, number))
        }
        (Shape::Text(limit), Value::String(text)) => within(*limit, text),
        (Shape::Id, Value::String(text)) => within(Shape::ID_LIMIT, text),
        (Shape::Timestamp, Value::String(text)) => {
            let instant = is_formed(&TIMESTAMP_FORM, text).then(|| Instant::parse(text)).flatten();
            instant.map(Checked::Instant).ok_or_else(|| format!("must be {}", shape.words()))
        }
        (Shape::Date, Value::String(text)) => formed(&DATE_FORM, shape, text),
        (Shape::TimeOfDay, Value::String(text)) => formed(&TIME_OF_DAY_FORM, shape, text),
        (Shape::ShiftLength, Value::String(text)) => formed(&SHIFT_LENGTH_FORM, shape, text),
        (Shape::Truth, Value::Bool(truth)) => Ok(Checked::Truth(*truth)),
        (Shape::Word(words), Value::String(text)) if words.contains(&text.as_str()) => Ok(Checked::Text(text.clone())),
        (Shape::Word(_), Value::String(_)) => Err(format!("must be {}", shape.words())),
        _ => other(),
    }
}

fn is_formed(form: &LazyLock<Option<Regex>>, text: &str) -> bool {
    form.as_ref().is_some_and(|form| form.is_match(text))
}

fn formed(form: &LazyLock<Option<Regex>>, shape: &Shape, text: &str) -> Result<Checked, String> {
    let checked = is_formed(form, text).then(|| Checked::Text(text.to_owned()));
    checked.ok_or_else(|| format!("must be {}", shape.words()))
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
