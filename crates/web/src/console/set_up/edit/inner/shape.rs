//! What fields within a field there are, and how each is filled in.

use super::keyed::{HOLDS, NAME};
use super::words::{self, is_ordered};
use crate::console::piece::CHOSEN_MOST;
use crate::console::set_up::edit::offer::{Offered, choice, is_of, is_urgency, names, plain, truths, urgencies};
use directory::named_kinds;
use domain::directory::{ComponentKind, Directory};
use serde_json::Value;
use std::sync::Arc;

/// How a field is filled in, whatever it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::console::set_up::edit) enum Shape {
    /// A line of text.
    Line,
    /// Text of several lines.
    Text,
    /// One on each line.
    Lines,
    /// Texts of which the first counts that says something; of one alone, its text.
    Source,
    /// A whole number.
    Number,
    /// One of these.
    Choice(Vec<Offered>, Reads),
    /// Any of these.
    Ticks(Vec<Offered>, Reads),
    /// The name of something.
    Name(Known),
    /// Names, each chosen by itself.
    Names(Known),
    /// A group of fields.
    Table(Vec<Part>),
    /// A row for each.
    Rows(Rows),
    /// A row for each, each with a name of its own.
    Keyed(Rows),
    /// What is looked at, and exactly one test of it.
    Condition,
    /// As a directory file spells it.
    File,
}

/// What a chosen value is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::console::set_up::edit) enum Reads {
    Text,
    Number,
    Truth,
}

/// What can be named: a few are chosen from a list, of more one begins to type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::console::set_up::edit) struct Known {
    /// By what a list of what is offered is known on the page.
    pub(in crate::console::set_up::edit) id: &'static str,
    pub(in crate::console::set_up::edit) offered: Arc<[Offered]>,
}

/// A field of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::console::set_up::edit) struct Part {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) hint: &'static str,
    pub(super) is_needed: bool,
    pub(super) shape: Shape,
}

/// Rows that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::console::set_up::edit) struct Rows {
    pub(super) row: Box<Shape>,
    /// What one of them is called.
    pub(super) noun: &'static str,
    /// Whether it counts which is first.
    pub(super) is_ordered: bool,
}

impl Known {
    /// Whether what is meant is typed.
    pub(in crate::console::set_up::edit) fn is_typed(&self) -> bool {
        self.offered.len() > CHOSEN_MOST
    }

    /// Whether this is one of them.
    pub(in crate::console::set_up::edit) fn offers(&self, name: &str) -> bool {
        self.offered.iter().any(|(offered, _)| offered == name)
    }

    fn of(kinds: &[ComponentKind], directory: &Directory) -> Self {
        let words = |name: String| {
            let words = directory.user(&name).map_or_else(|| name.clone(), |user| user.shown_name().to_owned());
            (name, words)
        };
        let is_people = kinds.contains(&ComponentKind::User);
        let offered = names(directory, kinds).into_iter();
        let offered = offered.map(|name| if is_people { words(name) } else { (name.clone(), name) });
        Self { id: kinds.first().map_or("", |kind| kind.word()), offered: offered.collect() }
    }
}

impl Rows {
    /// Whether a row is a line of few fields, so that an empty one can stand below at any time.
    pub(super) fn is_line(&self) -> bool {
        let is_short = |part: &Part| {
            use Shape::{Condition, File, Keyed, Names, Rows, Table};
            !matches!(part.shape, Table(_) | Rows(_) | Keyed(_) | Names(_) | Condition | File)
        };
        match &*self.row {
            Shape::Condition => true,
            Shape::Table(parts) => parts.len() < 4 && parts.iter().all(is_short),
            _ => false,
        }
    }
}

impl Shape {
    /// The shape of a field of this kind of component.
    pub(in crate::console::set_up::edit) fn of(
        kind: ComponentKind,
        key: &str,
        schema: &Value,
        directory: &Directory,
    ) -> Self {
        shape(&Place { kind, directory }, key, schema, false)
    }

    /// What can be named somewhere in it.
    pub(in crate::console::set_up::edit) fn known(&self) -> Vec<&Known> {
        match self {
            Self::Name(known) | Self::Names(known) => vec![known],
            Self::Table(parts) => parts.iter().flat_map(|part| part.shape.known()).collect(),
            Self::Rows(rows) | Self::Keyed(rows) => rows.row.known(),
            _ => Vec::new(),
        }
    }
}

/// Where a shape is made.
struct Place<'a> {
    kind: ComponentKind,
    directory: &'a Directory,
}

/// The shape at a path such as `levels[].minutes`.
fn shape(place: &Place<'_>, path: &str, schema: &Value, is_needed: bool) -> Shape {
    let named = named_kinds(place.kind, path);
    if let Some(words) = crate::console::set_up::edit::offer::words(schema) {
        return Shape::Choice(choice(plain(words), is_needed), Reads::Text);
    }
    if is_of(schema, "boolean") && !is_of(schema, "string") {
        return Shape::Choice(choice(truths(), is_needed), Reads::Truth);
    }
    if is_urgency(schema) {
        return Shape::Choice(choice(urgencies(), is_needed), Reads::Number);
    }
    if is_of(schema, "integer") {
        return Shape::Number;
    }
    if is_of(schema, "string") {
        return match named {
            [] if words::is_long(path) => Shape::Text,
            [] => Shape::Line,
            kinds => Shape::Name(Known::of(kinds, place.directory)),
        };
    }
    if schema["anyOf"].is_array() {
        return Shape::Source;
    }
    if is_of(schema, "array") {
        return list(place, path, &schema["items"], named);
    }
    if schema["additionalProperties"].is_object() {
        return keyed(place, path, &schema["additionalProperties"]);
    }
    match schema["properties"].as_object() {
        Some(_) if schema["minProperties"].is_number() => Shape::Condition,
        Some(properties) => {
            let is_needed =
                |key: &str| schema["required"].as_array().is_some_and(|keys| keys.iter().any(|one| one == key));
            let part = |(key, schema): (&String, &Value)| {
                let path = format!("{path}.{key}");
                Part {
                    key: key.clone(),
                    label: words::label(&path),
                    hint: words::hint(&path),
                    is_needed: is_needed(key),
                    shape: shape(place, &path, schema, is_needed(key)),
                }
            };
            Shape::Table(properties.iter().map(part).collect())
        }
        None => Shape::File,
    }
}

/// Rows of which each has a name, and holds what `held` says.
fn keyed(place: &Place<'_>, path: &str, held: &Value) -> Shape {
    let part = |key: &str, shape: Shape| {
        let path = format!("{path}[].{key}");
        let (label, hint) = (words::label(&path), words::hint(&path));
        Part { key: key.to_owned(), label, hint, is_needed: true, shape }
    };
    let holds = shape(place, &format!("{path}[].{HOLDS}"), held, false);
    let row = Shape::Table(vec![part(NAME, Shape::Line), part(HOLDS, holds)]);
    Shape::Keyed(Rows { row: Box::new(row), noun: words::noun(path), is_ordered: false })
}

fn list(place: &Place<'_>, path: &str, items: &Value, named: &[ComponentKind]) -> Shape {
    if let Some(words) = crate::console::set_up::edit::offer::words(items) {
        return Shape::Ticks(plain(words).collect(), Reads::Text);
    }
    if is_urgency(items) {
        return Shape::Ticks(urgencies().collect(), Reads::Number);
    }
    if is_of(items, "string") {
        return if named.is_empty() { Shape::Lines } else { Shape::Names(Known::of(named, place.directory)) };
    }
    let row = shape(place, &format!("{path}[]"), items, true);
    Shape::Rows(Rows { row: Box::new(row), noun: words::noun(path), is_ordered: is_ordered(path) })
}
