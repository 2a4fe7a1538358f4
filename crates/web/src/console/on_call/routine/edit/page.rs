//! The editor of a routine as a page.

use super::arrange::PATTERNS;
use super::typed::{Kind, NOBODY, Typed};
use super::weighed::Weighed;
use crate::console::frame::Frame;
use crate::console::piece::{FieldProblem, Managed};
use crate::console::set_up::{Meanwhile, Outlook};
use crate::gate::Problem;
use askama::Template;

/// Names of the days of the week, as forms tick them.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// People up to whom one is chosen from a list; of more the username is typed.
pub(in crate::console::on_call::routine) const CHOSEN: usize = 40;

/// What fields are called where something is wrong with them.
const LABELS: [(&str, &str); 9] = [
    ("name", "Name"),
    ("turns", "Who takes turns"),
    ("turn", "Who takes turns"),
    ("day", "Days"),
    ("from", "From"),
    ("until", "Until"),
    ("each", "Days of a turn"),
    ("since", "First day"),
    ("last", "Last day"),
];

/// Which field of the form a key of a layer is said in.
const KEYS: [(&str, &str); 8] = [
    ("layer_name", "name"),
    ("rotations", "turns"),
    ("skip_days", "day"),
    ("rotation_start", "from"),
    ("shift_length", "until"),
    ("rotation_frequency", "each"),
    ("valid_start", "since"),
    ("valid_end", "last"),
];

#[derive(Template)]
#[template(path = "console/on_call/edit.html")]
pub(super) struct Page {
    pub(super) frame: Frame,
    pub(super) name: String,
    pub(super) zone: String,
    /// Where the routine is shown, and where the form is sent.
    pub(super) routine: String,
    pub(super) as_text: String,
    pub(super) form_key: String,
    pub(super) version: Option<i64>,
    /// The layers as of that version.
    pub(super) was: String,
    /// What somebody else changed in the meantime.
    pub(super) meanwhile: Option<Meanwhile>,
    pub(super) layers: Vec<Typed>,
    /// Layers that are over and stay as they are.
    pub(super) kept: usize,
    /// Username and name of everybody.
    pub(super) people: Vec<(String, String)>,
    pub(super) managed: Option<Managed>,
    /// Whether it can be saved.
    pub(super) is_open: bool,
    pub(super) notice: Option<String>,
    pub(super) problems: Vec<FieldProblem>,
    /// What is wrong with none of the fields.
    pub(super) refused: Vec<String>,
    pub(super) weighed: Option<Weighed>,
    pub(super) outlook: Option<Outlook>,
    /// Whether it was not saved for want of ticks.
    pub(super) wants_ticks: bool,
}

impl Page {
    /// What is wrong with a field of a layer.
    fn problem(&self, number: &usize, field: &str) -> Option<&FieldProblem> {
        let wanted = format!("l{number}-{field}");
        self.problems.iter().find(|problem| problem.field == wanted)
    }

    /// Whether people are chosen from a list.
    fn chooses(&self) -> bool {
        self.people.len() <= CHOSEN
    }

    /// Whether somebody of this name is in the list.
    fn knows(&self, name: &str) -> bool {
        name == NOBODY || self.people.iter().any(|(username, _)| username == name)
    }

    /// What a layer is called in the form.
    fn title(&self, number: &usize, typed: &Typed) -> String {
        let kind = match typed.kind {
            Kind::Layer => "Layer",
            Kind::Exception => "Exception",
        };
        let beside = if typed.name.is_empty() { String::new() } else { format!(": {}", typed.name) };
        format!("{kind} {number}{beside}")
    }

    /// The same with what was refused: beside the fields that it is about, where the form has them. `made_by` says which layer
    /// of the form made each layer of the routine.
    pub(super) fn refused(mut self, problem: &Problem, made_by: &[Option<usize>]) -> Self {
        for error in &problem.errors {
            let (path, words) = error.split_once(": ").unwrap_or(("", error));
            let place = if path.starts_with('l') { Some(path.to_owned()) } else { of_path(path, made_by) };
            let label = place.as_deref().and_then(label);
            match (place, label) {
                (Some(field), Some(label)) => {
                    self.problems.push(FieldProblem { field, label, words: words.to_owned() });
                }
                _ => self.refused.push(error.clone()),
            }
        }
        self
    }
}

/// The field that a path such as `routine_layers[2].rotations[0][1]` is about.
fn of_path(path: &str, made_by: &[Option<usize>]) -> Option<String> {
    let rest = path.strip_prefix("routine_layers[")?;
    let (place, key) = rest.split_once("].")?;
    let number = (*made_by.get(place.parse::<usize>().ok()?)?)?;
    let (_, field) = KEYS.iter().find(|(known, _)| key.starts_with(known))?;
    Some(format!("l{number}-{field}"))
}

/// What a field such as `l2-from` is called.
fn label(place: &str) -> Option<String> {
    let (layer, field) = place.split_once('-')?;
    let number = layer.strip_prefix('l')?;
    let (_, label) = LABELS.iter().find(|(known, _)| *known == field)?;
    Some(format!("{label} (layer {number})"))
}

#[cfg(test)]
mod tests {
    use super::{label, of_path};

    #[test]
    fn what_is_refused_stands_beside_the_field_that_said_it() {
        let made_by = [None, Some(3), Some(1)];
        let of = |path: &str| of_path(path, &made_by);
        assert_eq!(of("routine_layers[1].rotations[0][1]").as_deref(), Some("l3-turns"));
        assert_eq!(of("routine_layers[2].valid_end").as_deref(), Some("l1-last"));
        for elsewhere in ["routine_layers[0].valid_end", "routine_layers[9].valid_end", "timezone", "name", ""] {
            assert_eq!(of(elsewhere), None, "{elsewhere}");
        }
        assert_eq!(label("l12-until").as_deref(), Some("Until (layer 12)"));
        assert_eq!(label("levels"), None);
    }
}
