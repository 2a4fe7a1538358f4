//! The fields of the editor, made of the known shape of a kind.

use crate::console::piece::CHOSEN_MOST;
use crate::console::set_up::words::{example, hint, label, urgency};
use directory::file::{schema, write_field};
use directory::named_kinds;
use domain::directory::{ComponentKind, Directory};
use serde_json::Value;
use std::collections::BTreeSet;

/// How a field is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Widget {
    /// A line of text.
    Line,
    /// Text of several lines.
    Text,
    /// A whole number.
    Number,
    /// One of these: value and words. The empty one stands for the default.
    Choice(Vec<(String, String)>),
    /// Any of these.
    Ticks(Vec<String>),
    /// One on each line.
    Lines,
    /// People with their role in a team, one on each line.
    Members,
    /// As a directory file spells it; with an example.
    File(&'static str),
}

/// A field of the editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) hint: &'static str,
    pub(super) is_needed: bool,
    pub(super) widget: Widget,
    /// Whether it is true or false.
    pub(super) is_truth: bool,
    /// What it says now, in the spelling of its widget.
    pub(super) said: Vec<String>,
    /// What is wrong with it.
    pub(super) problem: Option<String>,
}

impl Field {
    /// What a text says.
    pub(super) fn text(&self) -> &str {
        self.said.first().map(String::as_str).unwrap_or_default()
    }

    /// Whether a choice or a tick is what is said.
    pub(super) fn says(&self, value: &str) -> bool {
        self.said.iter().any(|said| said == value)
    }
}

/// The fields of a kind, empty.
pub(super) fn fields(kind: ComponentKind, directory: &Directory) -> Vec<Field> {
    let schema = schema(kind);
    let needed: BTreeSet<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    let field = |(key, shape): (&String, &Value)| {
        let is_needed = needed.contains(key.as_str());
        Field {
            key: key.clone(),
            label: label(key),
            hint: hint(kind, key),
            is_needed,
            widget: widget((kind, key), shape, is_needed, directory),
            is_truth: is_of(shape, "boolean"),
            said: Vec::new(),
            problem: None,
        }
    };
    properties.map(field).collect()
}

/// Whether the shape holds values of this type.
fn is_of(shape: &Value, wanted: &str) -> bool {
    match &shape["type"] {
        Value::String(kind) => kind == wanted,
        Value::Array(kinds) => kinds.iter().any(|kind| kind == wanted),
        _ => false,
    }
}

fn widget((kind, key): (ComponentKind, &str), shape: &Value, is_needed: bool, directory: &Directory) -> Widget {
    let named = named_kinds(kind, key);
    let words = |shape: &Value| -> Option<Vec<String>> {
        Some(shape["enum"].as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    };
    if let Some(words) = words(shape) {
        return choice(words.into_iter().map(|word| (word.clone(), word.replace('_', " "))), is_needed);
    }
    if is_of(shape, "boolean") {
        return choice(
            [("true", "yes"), ("false", "no")].map(|(value, word)| (value.to_owned(), word.to_owned())),
            false,
        );
    }
    if is_of(shape, "integer") {
        let is_urgency = shape["maximum"] == 5;
        let urgencies = (1..=5).rev().map(|number| (number.to_string(), format!("{number} {}", urgency(number))));
        return if is_urgency { choice(urgencies, is_needed) } else { Widget::Number };
    }
    if is_of(shape, "string") {
        return match (named.is_empty(), key) {
            (false, _) => choice(names(directory, named).into_iter().map(|name| (name.clone(), name)), is_needed),
            (true, "description" | "add_note" | "status_update") => Widget::Text,
            (true, _) => Widget::Line,
        };
    }
    let items = &shape["items"];
    match words(items) {
        Some(words) => Widget::Ticks(words),
        None if key == "members" && kind == ComponentKind::Team => Widget::Members,
        None if is_of(items, "string") => match names(directory, named) {
            all if all.is_empty() || all.len() > CHOSEN_MOST => Widget::Lines,
            all => Widget::Ticks(all),
        },
        None => Widget::File(example(key)),
    }
}

fn choice(words: impl IntoIterator<Item = (String, String)>, is_needed: bool) -> Widget {
    let first = if is_needed { "choose one" } else { "as usual" };
    Widget::Choice([(String::new(), first.to_owned())].into_iter().chain(words).collect())
}

/// The names of what there is of these kinds.
fn names(directory: &Directory, kinds: &[ComponentKind]) -> Vec<String> {
    macro_rules! of {
        ($register:expr) => {
            $register.by_name().into_iter().map(|entry| entry.component.name.to_string()).collect()
        };
    }
    let all = kinds.iter().map(|kind| -> Vec<String> {
        match kind {
            ComponentKind::User => {
                directory.users.by_name().into_iter().map(|entry| entry.component.username.to_string()).collect()
            }
            ComponentKind::Team => of!(directory.teams),
            ComponentKind::Routine => of!(directory.routines),
            ComponentKind::EscalationPolicy => of!(directory.policies),
            ComponentKind::Service => of!(directory.services),
            ComponentKind::BusinessService => of!(directory.business_services),
            ComponentKind::ResponseSet => of!(directory.response_sets),
            ComponentKind::Workflow => of!(directory.workflows),
            ComponentKind::Integration => of!(directory.integrations),
            ComponentKind::Heartbeat => of!(directory.heartbeats),
            ComponentKind::MaintenanceWindow => of!(directory.maintenance_windows),
            ComponentKind::RoutingRule => Vec::new(),
        }
    });
    all.flatten().collect()
}

/// What a value is in the spelling of the widget.
pub(super) fn spelled(widget: &Widget, key: &str, value: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let items = || value.as_array().into_iter().flatten();
    match (widget, value) {
        (_, Value::Null) => Vec::new(),
        (Widget::File(_), value) => vec![write_field(key, value)],
        (Widget::Ticks(_), _) => items().map(text).collect(),
        (Widget::Lines, _) => vec![items().map(text).collect::<Vec<_>>().join("\n")],
        (Widget::Members, _) => vec![items().map(member).collect::<Vec<_>>().join("\n")],
        (_, value) => vec![text(value)],
    }
}

fn member(member: &Value) -> String {
    let text = |key: &str| member.get(key).and_then(Value::as_str).unwrap_or_default();
    match member {
        Value::String(name) => name.clone(),
        _ if text("team_role").is_empty() => text("username").to_owned(),
        _ => format!("{}: {}", text("username"), text("team_role")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Widget, fields, spelled};
    use domain::OrganizationId;
    use domain::directory::{ComponentKind, Directory};

    #[test]
    fn every_field_of_every_kind_can_be_filled_in_and_nested_ones_have_an_example() {
        let directory = Directory::empty(OrganizationId(1), "acme");
        for kind in ComponentKind::ALL {
            let fields = fields(kind, &directory);
            assert!(fields.len() > 2, "{kind:?}");
            for field in fields {
                assert!(!field.label.is_empty() && !field.label.contains('_'), "{kind:?} {}", field.key);
                assert!(!matches!(field.widget, Widget::File("")), "{kind:?} {} wants an example", field.key);
            }
        }
    }

    #[test]
    fn members_are_written_with_their_role() {
        let members = serde_json::json!(["ana", {"username": "ben", "team_role": "manager"}, {"username": "cho"}]);
        assert_eq!(spelled(&Widget::Members, "members", &members), ["ana\nben: manager\ncho"]);
    }
}
