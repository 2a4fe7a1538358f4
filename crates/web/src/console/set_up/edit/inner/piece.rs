//! Fields within a field as the page draws them, one after the other: groups that begin and end, and what is filled in.

use super::arrange::{DOWN, DROP, MORE, ONE, UP};
use super::condition::{FIELD, TEST, TESTS, VALUE, spelled};
use super::keyed::opened;
use super::read::as_file;
use super::shape::{Part, Reads, Rows, Shape};
use super::words::hint;
use crate::console::set_up::edit::offer::choice;
use crate::console::set_up::words;
use serde_json::Value;

/// What there is to know of conditions.
const OF_CONDITIONS: &str =
    "Such as title, service, urgency_level, tags, or a path into the body: /labels/team. A number in quotes is a text.";

/// Something that is drawn.
#[derive(Clone, Debug)]
pub(in crate::console::set_up::edit) enum Piece {
    /// A group begins.
    Begin(Group),
    /// What is filled in.
    Leaf(Leaf),
    /// Buttons of the group.
    Acts(Vec<Button>),
    /// The group ends.
    End,
}

/// A group of fields.
#[derive(Clone, Debug)]
pub(in crate::console::set_up::edit) struct Group {
    pub(in crate::console::set_up::edit) id: String,
    place: String,
    pub(in crate::console::set_up::edit) legend: String,
    pub(in crate::console::set_up::edit) hint: &'static str,
    /// How it is drawn: `field group`, `card` or `row`.
    pub(in crate::console::set_up::edit) class: &'static str,
    pub(in crate::console::set_up::edit) problem: Option<String>,
}

/// What is filled in.
#[derive(Clone, Debug)]
pub(in crate::console::set_up::edit) struct Leaf {
    pub(in crate::console::set_up::edit) id: String,
    pub(in crate::console::set_up::edit) name: String,
    place: String,
    /// In which rows it stands: `Rule 1, step 2`.
    within: String,
    pub(in crate::console::set_up::edit) label: String,
    pub(in crate::console::set_up::edit) hint: &'static str,
    pub(in crate::console::set_up::edit) shape: Shape,
    pub(in crate::console::set_up::edit) said: Vec<String>,
    pub(in crate::console::set_up::edit) problem: Option<String>,
    /// Whether one goes on here.
    pub(in crate::console::set_up::edit) is_focused: bool,
}

/// A button that arranges.
#[derive(Clone, Debug)]
pub(in crate::console::set_up::edit) struct Button {
    pub(in crate::console::set_up::edit) press: String,
    pub(in crate::console::set_up::edit) words: String,
    /// What it says to who does not see where it stands.
    pub(in crate::console::set_up::edit) spoken: String,
    pub(in crate::console::set_up::edit) is_focused: bool,
}

/// What is wrong at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::console::set_up::edit) struct Mistake {
    pub(in crate::console::set_up::edit) place: String,
    pub(in crate::console::set_up::edit) words: String,
}

impl Leaf {
    /// What a text says.
    pub(in crate::console::set_up::edit) fn text(&self) -> &str {
        self.said.first().map(String::as_str).unwrap_or_default()
    }

    /// Whether a choice or a tick is what is said.
    pub(in crate::console::set_up::edit) fn says(&self, value: &str) -> bool {
        self.said.iter().any(|said| said == value)
    }

    /// Whether a line would lose what it says.
    pub(in crate::console::set_up::edit) fn is_long(&self) -> bool {
        matches!(self.shape, Shape::Text | Shape::Lines | Shape::File) || self.text().contains('\n')
    }

    /// The names that are said, and the empty place for one more.
    pub(in crate::console::set_up::edit) fn places(&self) -> impl Iterator<Item = &str> {
        self.said.iter().map(String::as_str).chain([""])
    }

    /// The texts that are said one after the other, and an empty place where there is none or one is asked for.
    pub(in crate::console::set_up::edit) fn texts(&self) -> Vec<&str> {
        let said = self.said.iter().map(String::as_str);
        said.chain((self.said.is_empty() || self.is_focused).then_some("")).collect()
    }

    /// The button by which there is one more place.
    pub(in crate::console::set_up::edit) fn one_more(&self) -> String {
        format!("{ONE} {}", self.name)
    }
}

impl Shape {
    /// Draws the field of this key with what it says.
    pub(in crate::console::set_up::edit) fn pieces(
        &self,
        key: &str,
        value: &Value,
        mistakes: &[Mistake],
        focus: Option<&str>,
    ) -> Vec<Piece> {
        let (key_of, label) = (key.to_owned(), words::label(key));
        let part = Part { key: key_of, label, hint: hint(key), is_needed: false, shape: self.clone() };
        let mut pen = Pen(Vec::new());
        pen.part(&part, key, value, "");
        for mistake in mistakes {
            if let Some(problem) = nearest(&mut pen.0, &mistake.place).and_then(Piece::problem) {
                problem.get_or_insert_with(|| mistake.words.clone());
            }
        }
        if let Some(focus) = focus {
            pen.focus(focus);
        }
        pen.0
    }

    /// The id of what a mistake at this place stands beside, and what that is called.
    pub(in crate::console::set_up::edit) fn located(&self, key: &str, value: &Value, place: &str) -> (String, String) {
        let mut pieces = self.pieces(key, value, &[], None);
        match nearest(&mut pieces, place) {
            Some(Piece::Leaf(leaf)) if leaf.within.is_empty() => (leaf.id.clone(), leaf.label.clone()),
            Some(Piece::Leaf(leaf)) => (leaf.id.clone(), format!("{}: {}", leaf.within, leaf.label)),
            Some(Piece::Begin(group)) => (group.id.clone(), group.legend.clone()),
            _ => (key.to_owned(), words::label(key)),
        }
    }
}

impl Piece {
    fn place(&self) -> Option<&str> {
        match self {
            Self::Begin(group) => Some(&group.place),
            Self::Leaf(leaf) => Some(&leaf.place),
            Self::Acts(_) | Self::End => None,
        }
    }

    fn problem(&mut self) -> Option<&mut Option<String>> {
        match self {
            Self::Begin(group) => Some(&mut group.problem),
            Self::Leaf(leaf) => Some(&mut leaf.problem),
            Self::Acts(_) | Self::End => None,
        }
    }
}

/// Whether a path is this place or lies below it.
fn is_below(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The innermost piece in which a path lies.
fn nearest<'a>(pieces: &'a mut [Piece], path: &str) -> Option<&'a mut Piece> {
    let holds = |piece: &&mut Piece| piece.place().is_some_and(|place| is_below(path, place));
    pieces.iter_mut().filter(holds).max_by_key(|piece| piece.place().map(str::len))
}

struct Pen(Vec<Piece>);

impl Pen {
    fn begin(&mut self, path: &str, class: &'static str, legend: String, hint: &'static str) {
        self.0.push(Piece::Begin(Group { id: id(path), place: path.to_owned(), legend, hint, class, problem: None }));
    }

    fn part(&mut self, part: &Part, path: &str, value: &Value, within: &str) {
        match &part.shape {
            Shape::Table(parts) => {
                self.begin(path, "field group", part.label.clone(), part.hint);
                self.parts(parts, path, value, within);
                if path == part.key && !value.is_null() {
                    self.0.push(Piece::Acts(vec![button(DROP, path, "Clear", format!("Clear: {}", part.label))]));
                }
                self.0.push(Piece::End);
            }
            Shape::Rows(rows) => {
                let is_condition = *rows.row == Shape::Condition;
                self.begin(
                    path,
                    "field group",
                    part.label.clone(),
                    if is_condition { OF_CONDITIONS } else { part.hint },
                );
                self.rows(rows, path, value, within);
                self.0.push(Piece::End);
            }
            Shape::Keyed(rows) => {
                self.begin(path, "field group", part.label.clone(), part.hint);
                self.rows(rows, path, &opened(value), within);
                self.0.push(Piece::End);
            }
            _ => self.leaf(part, path, said(&part.shape, value), within),
        }
    }

    fn parts(&mut self, parts: &[Part], path: &str, value: &Value, within: &str) {
        for part in parts {
            let value = value.get(&part.key).unwrap_or(&Value::Null);
            self.part(part, &format!("{path}.{}", part.key), value, within);
        }
    }

    fn leaf(&mut self, part: &Part, path: &str, said: Vec<String>, within: &str) {
        self.0.push(Piece::Leaf(Leaf {
            id: id(path),
            name: path.to_owned(),
            place: path.to_owned(),
            within: within.to_owned(),
            label: part.label.clone(),
            hint: part.hint,
            shape: part.shape.clone(),
            said,
            problem: None,
            is_focused: false,
        }));
    }

    fn rows(&mut self, rows: &Rows, path: &str, value: &Value, within: &str) {
        let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
        let is_blank = |item: &Value| item.as_object().is_some_and(serde_json::Map::is_empty);
        for (place, item) in items.iter().enumerate() {
            self.row(rows, (path, place), item, within);
            let mut acts = Vec::new();
            let mut act = |what: &str, words: &str, spoken: &str| {
                let spoken = format!("{} {}{spoken}", capital(rows.noun), place + 1);
                acts.push(button(what, &format!("{path}[{place}]"), words, spoken));
            };
            if rows.is_ordered && place > 0 {
                act(UP, "↑", " earlier");
            }
            if rows.is_ordered && place + 1 < items.len() {
                act(DOWN, "↓", " later");
            }
            act(DROP, "×", ": take away");
            self.0.extend([Piece::Acts(acts), Piece::End]);
        }
        let wants_blank = if rows.is_line() { !items.last().is_some_and(is_blank) } else { items.is_empty() };
        if wants_blank {
            self.row(rows, (path, items.len()), &Value::Null, within);
            self.0.push(Piece::End);
        }
        let after = if within.is_empty() { String::new() } else { format!(" of {}", uncapital(within)) };
        let words = format!("One more {}", rows.noun);
        let spoken = format!("{words}{after}");
        self.0.push(Piece::Acts(vec![button(MORE, path, &words, spoken)]));
    }

    /// Begins a row with what is in it; the caller ends it.
    fn row(&mut self, rows: &Rows, (path, place): (&str, usize), item: &Value, within: &str) {
        let path = format!("{path}[{place}]");
        let title = format!("{} {}", rows.noun, place + 1);
        let title = if within.is_empty() { capital(&title) } else { format!("{within}, {title}") };
        self.begin(&path, if rows.is_line() { "row" } else { "card" }, title.clone(), "");
        match &*rows.row {
            Shape::Table(parts) => self.parts(parts, &path, item, &title),
            Shape::Condition => self.condition(&path, item, &title),
            _ => {}
        }
    }

    fn condition(&mut self, path: &str, item: &Value, within: &str) {
        let tests = TESTS.map(|(test, words)| (test.to_owned(), words.to_owned())).to_vec();
        let [field, test, value] = spelled(item);
        let tested = test.clone();
        let fields = [
            (FIELD, "Field", Shape::Line, field),
            (TEST, "Test", Shape::Choice(choice(tests, true), Reads::Text), test),
            (VALUE, "Value", Shape::Line, value),
        ];
        for (key, label, shape, said) in fields {
            let part = Part { key: key.to_owned(), label: label.to_owned(), hint: "", is_needed: false, shape };
            self.leaf(&part, &format!("{path}.{key}"), vec![said], within);
            if let (VALUE, Some(Piece::Leaf(leaf))) = (key, self.0.last_mut()) {
                leaf.place = format!("{path}.{tested}");
            }
        }
    }

    /// Goes on with the first field below the path, or with the button by which there is one more of the list.
    fn focus(&mut self, path: &str) {
        let leaf = self.0.iter_mut().find_map(|piece| match piece {
            Piece::Leaf(leaf) if is_below(&leaf.name, path) => Some(&mut leaf.is_focused),
            _ => None,
        });
        if let Some(is_focused) = leaf {
            *is_focused = true;
            return;
        }
        let more = format!("{MORE} {}", path.rsplit_once('[').map_or(path, |(list, _)| list));
        for piece in &mut self.0 {
            if let Piece::Acts(acts) = piece {
                acts.iter_mut().filter(|act| act.press == more).for_each(|act| act.is_focused = true);
            }
        }
    }
}

fn button(what: &str, path: &str, words: &str, spoken: String) -> Button {
    Button { press: format!("{what} {path}"), words: words.to_owned(), spoken, is_focused: false }
}

/// A path as an id, in which brackets and dots mean nothing.
fn id(path: &str) -> String {
    path.replace(['[', '.'], "-").replace(']', "")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn uncapital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// What a value says in the fields of its shape.
fn said(shape: &Shape, value: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match (shape, value) {
        (_, Value::Null) => Vec::new(),
        (Shape::File, value) => vec![as_file(value)],
        (Shape::Lines, Value::Array(items)) => vec![items.iter().map(text).collect::<Vec<_>>().join("\n")],
        (_, Value::Array(items)) => items.iter().map(text).collect(),
        (_, value) => vec![text(value)],
    }
}
