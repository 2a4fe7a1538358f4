//! The fields of the editor, made of the known shape of a kind.

use super::inner::{Known, Mistake, Piece, Shape};
use super::offer::{Offered, choice, is_of, is_urgency, names, plain, truths, urgencies, words};
use crate::console::piece::CHOSEN_MOST;
use crate::console::set_up::words::{example, hint, label};
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
    Choice(Vec<Offered>),
    /// Any of these.
    Ticks(Vec<String>),
    /// One on each line.
    Lines,
    /// People with their role in a team, one on each line.
    Members,
    /// By fields of its own, in rows where there are several.
    Inner(Shape),
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
    /// The same of a field that has fields of its own.
    pub(super) inner: Value,
    /// What is wrong with it.
    pub(super) problem: Option<String>,
    /// What is wrong with which of its own fields.
    pub(super) mistakes: Vec<Mistake>,
    /// Which of its own fields is gone on with.
    pub(super) focus: Option<String>,
}

impl Field {
    /// Says what a component says.
    pub(super) fn say(&mut self, component: &Value) {
        let value = component.get(&self.key).unwrap_or(&Value::Null);
        self.inner = self.usual(value);
        self.said = spelled(&self.widget, &self.key, value);
    }

    /// A value of it as it is read back from the form.
    pub(super) fn usual(&self, value: &Value) -> Value {
        match &self.widget {
            Widget::Inner(shape) => shape.usual(value),
            _ => value.clone(),
        }
    }

    /// What a field is drawn as that has fields of its own.
    pub(super) fn pieces(&self) -> Vec<Piece> {
        match &self.widget {
            Widget::Inner(shape) => shape.pieces(&self.key, &self.inner, &self.mistakes, self.focus.as_deref()),
            _ => Vec::new(),
        }
    }

    /// Beside what a mistake at this path stands: its id, and what it is called.
    pub(super) fn located(&self, place: &str) -> (String, String) {
        match &self.widget {
            Widget::Inner(shape) => shape.located(&self.key, &self.inner, place),
            _ => (self.key.clone(), self.label.clone()),
        }
    }

    /// What can be named in it that has so many names that one types them.
    pub(super) fn typed(&self) -> Vec<&Known> {
        match &self.widget {
            Widget::Inner(shape) => shape.known().into_iter().filter(|known| known.is_typed()).collect(),
            _ => Vec::new(),
        }
    }

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
            inner: Value::Null,
            problem: None,
            mistakes: Vec::new(),
            focus: None,
        }
    };
    properties.map(field).collect()
}

fn widget((kind, key): (ComponentKind, &str), shape: &Value, is_needed: bool, directory: &Directory) -> Widget {
    let named = named_kinds(kind, key);
    if let Some(words) = words(shape) {
        return Widget::Choice(choice(plain(words), is_needed));
    }
    if is_of(shape, "boolean") {
        return Widget::Choice(choice(truths(), false));
    }
    if is_of(shape, "integer") {
        return if is_urgency(shape) { Widget::Choice(choice(urgencies(), is_needed)) } else { Widget::Number };
    }
    if is_of(shape, "string") {
        let named_ones = || names(directory, named).into_iter().map(|name| (name.clone(), name));
        return match (named.is_empty(), key) {
            (false, _) => Widget::Choice(choice(named_ones(), is_needed)),
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
        None if kind == ComponentKind::Routine => Widget::File(example(key)),
        None => Widget::Inner(Shape::of(kind, key, shape, directory)),
    }
}

/// What a value is in the spelling of the widget.
pub(super) fn spelled(widget: &Widget, key: &str, value: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let items = || value.as_array().into_iter().flatten();
    match (widget, value) {
        (_, Value::Null) => Vec::new(),
        (Widget::Inner(shape), value) => match shape.usual(value) {
            Value::Null => Vec::new(),
            value => vec![write_field(key, &value)],
        },
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
