//! Writes a definition as a directory file that is pleasant to read and reads back to the same definition.

use super::parts::{Part, inline, leave_out_defaults_of_layers, parts, quoted};
use super::shape::{ORGANIZATION, keys_of};
use domain::directory::{ComponentKind, Definition};
use serde_json::{Map, Value};

/// Longest line, characters, unless one value alone is longer.
const WIDTH: usize = 100;

/// The definition as one TOML text, in which what has its default is left out. A definition without faults reads back
/// to an equal one. The secrets of webhooks are written out, since the file would not be complete without them.
pub fn write(definition: &Definition) -> String {
    let mut text = String::from(
        "# The directory of one organization: who there is, who is called when, and what alerts come in on.\n\
         # Components refer to each other by name. What is not written has its default.\n\n",
    );
    text.push_str(&format!("[{ORGANIZATION}]\nname = {}\n", quoted(&definition.name)));
    if let Some(policy) = &definition.fallback_policy {
        text.push_str(&format!("fallback_policy = {}\n", quoted(policy)));
    }
    let mut section = None;
    for part in parts(definition) {
        if section != Some(part.kind) {
            section = Some(part.kind);
            text.push_str(&format!("\n# {}\n", heading(part.kind)));
        } else {
            text.push('\n');
        }
        component(&mut text, part);
    }
    text
}

/// One component as a directory file has it. Of `fields` only those are written that a file of this kind has.
pub fn write_component(kind: ComponentKind, fields: &Map<String, Value>) -> String {
    let known = keys_of(kind).unwrap_or_default().iter();
    let known = known.filter_map(|key| Some((key.name.to_owned(), fields.get(key.name)?.clone())));
    let mut part = Part { kind, name: String::new(), fields: known.filter(|(_, value)| !value.is_null()).collect() };
    if kind == ComponentKind::Routine {
        leave_out_defaults_of_layers(&mut part);
    }
    let mut text = String::new();
    component(&mut text, part);
    text
}

/// One field of a component as a directory file has it, for whoever edits it alone.
pub fn write_field(key: &str, value: &Value) -> String {
    let mut text = String::new();
    fields(&mut text, "", Map::from_iter([(key.to_owned(), value.clone())]));
    text
}

fn heading(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::User => "People. Without a contact nobody can reach them.",
        ComponentKind::Team => "Groups of people, by which lists can be narrowed.",
        ComponentKind::EscalationPolicy => "Who is notified, level by level, and how many minutes each level has.",
        ComponentKind::Service => "What alerts come in on, and the policy that answers.",
        ComponentKind::BusinessService => "What customers see, and who hears when it is impacted.",
        ComponentKind::ResponseSet => "Responses made ready, to be run in one step.",
        ComponentKind::Workflow => "Sequences of things to do to an incident.",
        ComponentKind::RoutingRule => {
            "Rules for new alerts, tried in this order; the first that fits is applied, alone."
        }
        ComponentKind::Routine => "Who is on call, and when.",
        ComponentKind::MaintenanceWindow => "Times in which what is worked on pages nobody.",
        ComponentKind::Heartbeat => "What must be heard of again and again, at a URL of its own.",
        ComponentKind::Integration => {
            "Where alerts come from: one URL for each tool, with a key that the server makes where none is given."
        }
    }
}

fn component(text: &mut String, part: Part) {
    let word = part.kind.word();
    text.push_str(&format!("[[{word}]]\n"));
    fields(text, &format!("{word}."), part.fields);
}

/// Fields below a header; `before` stands before the headers of those that have one of their own.
fn fields(text: &mut String, before: &str, fields: Map<String, Value>) {
    let fields = fields.into_iter().map(|(key, value)| (plain_bounds(&key, value), key));
    let (headed, plain): (Vec<_>, Vec<_>) = fields.partition(|(value, key)| needs_header(key, value));
    for (value, key) in plain {
        field(text, &key, value);
    }
    // A table with a header of its own ends the component, so it comes last.
    for (value, key) in headed {
        match value {
            Value::Object(fields) => table(text, &format!("[{before}{key}]"), fields),
            Value::Array(items) => items.into_iter().for_each(|item| {
                let Value::Object(fields) = item else { return };
                table(text, &format!("[[{before}{key}]]"), fields);
            }),
            _ => {}
        }
    }
}

fn table(text: &mut String, header: &str, fields: Map<String, Value>) {
    text.push_str(header);
    text.push('\n');
    for (key, value) in fields {
        field(text, &key, value);
    }
}

/// Whether the value is a table, or a list of tables, of which a line would be too long.
fn needs_header(key: &str, value: &Value) -> bool {
    match value {
        Value::Object(_) => width(key, &inline(value)) > WIDTH,
        Value::Array(items) => {
            let is_long = |item: &Value| inline(item).chars().count() + "  ,".len() > WIDTH;
            items.iter().all(Value::is_object) && items.iter().any(is_long)
        }
        _ => false,
    }
}

fn field(text: &mut String, key: &str, value: Value) {
    let line = inline(&value);
    match value {
        Value::Array(items) if spreads(&items) || (width(key, &line) > WIDTH && items.len() > 1) => {
            text.push_str(&format!("{key} = [\n"));
            for item in &items {
                text.push_str(&format!("  {},\n", inline(item)));
            }
            text.push_str("]\n");
        }
        _ => text.push_str(&format!("{key} = {line}\n")),
    }
}

/// Whether the items are read better one below the other, as levels and conditions are.
fn spreads(items: &[Value]) -> bool {
    items.len() > 1 && items.iter().any(Value::is_object)
}

fn width(key: &str, line: &str) -> usize {
    key.len() + " = ".len() + line.chars().count()
}

/// The bounds of conditions as people write them: `gte = 4` and not `gte = 4.0`.
fn plain_bounds(key: &str, mut value: Value) -> Value {
    if key == "conditions" {
        let conditions = value.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut);
        conditions.for_each(plain_bound);
    }
    value
}

fn plain_bound(condition: &mut Map<String, Value>) {
    for (_, bound) in condition.iter_mut().filter(|(key, _)| matches!(key.as_str(), "gte" | "lte")) {
        let number = bound.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 1e9);
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and below 1e9")]
        if let Some(number) = number {
            *bound = Value::from(number as i64);
        }
    }
}
