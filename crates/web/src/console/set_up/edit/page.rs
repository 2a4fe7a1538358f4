//! The editor as a page.

use super::conflict::{Meanwhile, meanwhile, was};
use super::field::{Field, Widget};
use super::inner::{Known, Mistake, Piece, Shape};
use super::outlook::Outlook;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::piece::{FieldProblem, Managed};
use crate::console::seen::Seen;
use crate::console::set_up::kind::{Kind, name_of, reference_of};
use crate::console::set_up::list::managed;
use crate::gate::Problem;
use crate::operation::Code;
use askama::Template;
use serde_json::Value;

#[derive(Template)]
#[template(path = "console/set_up/edit.html")]
pub(super) struct Editor {
    pub(super) frame: Frame,
    pub(super) kind: Kind,
    /// What it is called now; nothing where it is made.
    pub(super) name: Option<String>,
    /// Where the form goes.
    pub(super) action: String,
    pub(super) fields: Vec<Field>,
    /// The version that is shown.
    pub(super) version: Option<i64>,
    /// The component as of that version.
    pub(super) was: String,
    pub(super) form_key: String,
    pub(super) managed: Option<Managed>,
    /// Whether it can be saved.
    pub(super) is_open: bool,
    pub(super) problems: Vec<FieldProblem>,
    /// What is wrong with none of the fields.
    pub(super) refused: Vec<String>,
    pub(super) outlook: Option<Outlook>,
    /// Whether it was not saved for want of ticks.
    pub(super) wants_ticks: bool,
    pub(super) meanwhile: Option<Meanwhile>,
    /// What was done.
    pub(super) notice: Option<String>,
}

impl Editor {
    /// The form of a component, or of a new one, without its fields.
    pub(super) fn of(seen: &Seen<'_>, kind: Kind, component: &Value, is_open: bool) -> Self {
        let is_there = !component.is_null();
        Self {
            frame: seen.visit.frame(),
            kind,
            name: is_there.then(|| name_of(component).to_owned()),
            action: if is_there { kind.edit(reference_of(component)) } else { kind.make() },
            fields: Vec::new(),
            version: component.get("version").and_then(Value::as_i64),
            was: was(kind.kind, component),
            form_key: seen.form_key(),
            managed: managed(component),
            is_open,
            problems: Vec::new(),
            refused: Vec::new(),
            outlook: None,
            wants_ticks: false,
            meanwhile: None,
            notice: None,
        }
    }

    /// Whether there are rows, whose buttons stand before the last one.
    fn has_rows(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.widget, Widget::Inner(_)))
    }

    /// What is offered where one types names, each list once.
    fn known(&self) -> Vec<&Known> {
        let mut all: Vec<_> = self.fields.iter().flat_map(Field::typed).collect();
        all.sort_unstable_by_key(|known| known.id);
        all.dedup_by_key(|known| known.id);
        all
    }

    /// The same form once more, for whoever has not saved yet.
    pub(super) fn again(seen: &Seen<'_>, kind: Kind, component: &Value, is_open: bool, form: &Form) -> Self {
        let editor = Self::of(seen, kind, component, is_open);
        let form_key = form.get("idempotency_key").map_or_else(|| editor.form_key.clone(), str::to_owned);
        let shown = form.get("version").and_then(|version| version.parse().ok());
        let was = form.get("was").map_or_else(|| editor.was.clone(), str::to_owned);
        Self { form_key, version: shown.or(editor.version), was, ..editor }
    }

    /// The same with what was refused, beside the fields that it is about.
    pub(super) fn with_mistakes(mut self, seen: &Seen<'_>, mut fields: Vec<Field>, problem: &Problem) -> Self {
        if problem.code == Code::ChangedMeanwhile
            && let Some(current) = problem.told("current")
        {
            self.meanwhile = Some(meanwhile(seen, problem, &self.was, current, &fields));
            self.version = current.get("version").and_then(Value::as_i64);
            self.was = was(self.kind.kind, current);
            self.fields = fields;
            return self;
        }
        // Rows in which nothing was typed were not sent: what was refused is told of the others, by their numbers.
        for field in fields.iter_mut().filter(|field| matches!(field.widget, Widget::Inner(_))) {
            field.inner = field.usual(&field.inner);
        }
        for error in &problem.errors {
            let (path, words) = error.split_once(": ").unwrap_or(("", error));
            let key = path.split(['.', '[']).next().unwrap_or_default();
            match fields.iter_mut().find(|field| field.key == key) {
                Some(field) if matches!(field.widget, Widget::Inner(_)) => {
                    let (place, words) = (path.to_owned(), words.to_owned());
                    let (field_id, label) = field.located(&place);
                    self.problems.push(FieldProblem { field: field_id, label, words: words.clone() });
                    field.mistakes.push(Mistake { place, words });
                }
                Some(field) => {
                    let place = path.strip_prefix(key).unwrap_or_default();
                    let words = if place.is_empty() { words.to_owned() } else { format!("({path}) {words}") };
                    self.problems.push(FieldProblem {
                        field: key.to_owned(),
                        label: field.label.clone(),
                        words: words.clone(),
                    });
                    field.problem.get_or_insert(words);
                }
                None => self.refused.push(error.clone()),
            }
        }
        self.fields = fields;
        self
    }
}
