//! The form for another exception: its fields, and what is wrong with them.

use super::typed::Typed;
use crate::console::on_call::routine::edit::{CHOSEN, NOBODY, Weighed};
use crate::console::on_call::routine::plan::people;
use crate::console::on_call::routine::swap::named;
use crate::console::piece::FieldProblem;
use crate::console::seen::Seen;
use crate::console::set_up::Outlook;
use crate::gate::Problem;
use domain::directory::Entry;
use domain::routine::Routine;

/// The fields, and what they are called on the page.
const LABELS: [(&str, &str); 4] = [
    ("exception-person", "Who is on call"),
    ("exception-from", "From"),
    ("exception-until", "Until"),
    ("exception-name", "Name or reason"),
];

/// In which field a key of a layer, or of the form, is said.
const KEYS: [(&str, &str); 9] = [
    ("person", "exception-person"),
    ("rotations", "exception-person"),
    ("from", "exception-from"),
    ("valid_start", "exception-from"),
    ("rotation_start", "exception-from"),
    ("until", "exception-until"),
    ("valid_end", "exception-until"),
    ("shift_length", "exception-until"),
    ("layer_name", "exception-name"),
];

/// The form.
#[derive(Clone, Debug)]
pub(in crate::console::on_call::routine) struct ExceptionForm {
    /// How a repetition is known.
    pub(in crate::console::on_call::routine) key: String,
    pub(in crate::console::on_call::routine) typed: Typed,
    /// Who can be put on call, username and name: those of the routine first.
    pub(in crate::console::on_call::routine) people: Vec<(String, String)>,
    /// The zone of the routine.
    pub(in crate::console::on_call::routine) zone: String,
    pub(in crate::console::on_call::routine) problems: Vec<FieldProblem>,
    /// What it would come to, where that was looked at.
    pub(in crate::console::on_call::routine) weighed: Option<Weighed>,
    pub(in crate::console::on_call::routine) outlook: Option<Outlook>,
    /// Whether it was not made for want of ticks.
    pub(in crate::console::on_call::routine) wants_ticks: bool,
    /// Whether it is what the page was asked for.
    pub(in crate::console::on_call::routine) is_asked_for: bool,
}

impl ExceptionForm {
    /// The form with what is typed.
    pub(in crate::console::on_call::routine) fn of(seen: &Seen<'_>, entry: &Entry<Routine>, typed: Typed) -> Self {
        let directory = &seen.snapshot.directory;
        let everybody = directory.users.by_name().into_iter().map(|entry| &entry.component.username);
        let people = named(directory, people(directory, &entry.component).into_iter().chain(everybody));
        let typed = if typed.people.is_empty() { typed.with_another() } else { typed };
        Self {
            key: seen.form_key(),
            typed,
            people,
            zone: entry.component.timezone.clone(),
            problems: Vec::new(),
            weighed: None,
            outlook: None,
            wants_ticks: false,
            is_asked_for: false,
        }
    }

    /// The same with what is wrong.
    pub(in crate::console::on_call::routine) fn refused(self, problem: &Problem) -> Self {
        let told = |error: &String| {
            let (key, words) = error.split_once(": ").unwrap_or(("", error));
            // What the operation calls a field is not what the page calls it.
            let words = words.strip_prefix(key).unwrap_or(words).trim_start();
            let field = KEYS.iter().find(|(known, _)| *known == key).map(|(_, field)| *field);
            match LABELS.iter().find(|(known, _)| Some(*known) == field) {
                Some((field, label)) => {
                    FieldProblem { field: (*field).to_owned(), label: (*label).to_owned(), words: words.to_owned() }
                }
                None => FieldProblem { field: "exception".to_owned(), label: String::new(), words: error.clone() },
            }
        };
        Self { problems: problem.errors.iter().map(told).collect(), is_asked_for: true, ..self }
    }

    /// What is wrong with a field.
    pub(in crate::console::on_call::routine) fn problem(&self, field: &str) -> Option<&FieldProblem> {
        self.problems.iter().find(|problem| problem.field == field)
    }

    /// Whether people are chosen from a list.
    pub(in crate::console::on_call::routine) fn chooses(&self) -> bool {
        self.people.len() <= CHOSEN
    }

    /// Whether somebody of this name is in the list.
    pub(in crate::console::on_call::routine) fn knows(&self, name: &str) -> bool {
        name.is_empty() || name == NOBODY || self.people.iter().any(|(username, _)| username == name)
    }

    /// Whether an entry of the list is who is typed.
    pub(in crate::console::on_call::routine) fn is_it(&self, username: &str, typed: &str) -> bool {
        username == typed
    }
}
