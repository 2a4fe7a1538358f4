//! A definition as a flat list of components with their fields, for what treats all kinds alike.

use domain::directory::{Component, ComponentKind, Definition};
use domain::routine::Layer;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// One component. Fields that have their default are left out.
pub(super) struct Part {
    pub(super) kind: ComponentKind,
    pub(super) name: String,
    pub(super) fields: Map<String, Value>,
}

/// The key of a routine's layers, which are stored with every key, as clients read them.
const LAYERS: &str = "routine_layers";

/// Every component, in the order of kinds and of the definition.
pub(super) fn parts(definition: &Definition) -> Vec<Part> {
    parts_beside(definition, &Definition::default())
}

/// Those that `other` does not have just so.
pub(super) fn parts_beside(definition: &Definition, other: &Definition) -> Vec<Part> {
    let mut parts = Vec::new();
    macro_rules! add {
        ($($components:ident,)*) => {
            $(add(&mut parts, &definition.$components, &other.$components);)*
        };
    }
    add! {
        users, teams, routines, escalation_policies, services, business_services, response_sets, workflows,
        routing_rules, integrations, heartbeats, maintenance_windows,
    }
    parts.iter_mut().filter(|part| part.kind == ComponentKind::Routine).for_each(leave_out_defaults_of_layers);
    parts
}

fn add<T: Component + PartialEq>(parts: &mut Vec<Part>, components: &[T], others: &[T]) {
    let others: HashMap<&str, &T> = others.iter().map(|other| (other.name(), other)).collect();
    let differs = |component: &&T| others.get(component.name()) != Some(component);
    parts.extend(components.iter().filter(differs).map(|component| Part {
        kind: T::KIND,
        name: component.name().to_owned(),
        fields: match serde_json::to_value(component) {
            Ok(Value::Object(fields)) => fields,
            // Components are structs of plain data, which JSON can always hold.
            _ => Map::new(),
        },
    }));
}

/// Leaves out of a routine's layers what they are where nothing is written; and what it was, which nobody writes.
pub(super) fn leave_out_defaults_of_layers(routine: &mut Part) {
    routine.fields.remove("past");
    let layers = routine.fields.get_mut(LAYERS).and_then(Value::as_array_mut);
    for (layer, number) in layers.into_iter().flatten().zip(1_u32..) {
        let Value::Object(fields) = layer else { continue };
        let usual = usual_layer(number);
        fields.retain(|key, value| usual.get(key) != Some(value));
    }
}

/// What a layer of this number is where nothing else is written.
fn usual_layer(number: u32) -> Map<String, Value> {
    let least = json!({ "layer": number, "valid_start": "", "rotations": [] });
    let layer = serde_json::from_value::<Layer>(least).and_then(serde_json::to_value);
    let Ok(Value::Object(mut fields)) = layer else { return Map::new() };
    // These two must be written, whatever they are.
    fields.retain(|key, _| key != "valid_start" && key != "rotations");
    fields
}

/// The value as TOML writes it in one line.
pub(super) fn inline(value: &Value) -> String {
    match value {
        // TOML has no null; only a condition could hold one, and it is refused for that (`Definition::faults`).
        Value::Null => quoted(""),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(inline).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Object(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|(key, value)| format!("{} = {}", name(key), inline(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
    }
}

/// A key as TOML writes it: bare where that is possible.
fn name(key: &str) -> String {
    let is_bare = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    if !key.is_empty() && key.chars().all(is_bare) { key.to_owned() } else { quoted(key) }
}

/// The text as a TOML string in one line.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(control))),
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}
