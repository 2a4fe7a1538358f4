//! What the forms of the wizard are made of.

use crate::console::form::Form;
use crate::console::piece::FieldProblem;
use crate::console::qr::Picture;
use crate::console::seen::Seen;
use crate::gate::Problem;

/// How a field is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// A line of text; with the `type` of the input.
    Line(&'static str),
    /// The name of a zone, with those that there are to choose from.
    Zone,
    /// The same, which the device fills in with its own.
    OwnZone,
    /// One of these: value and words.
    Choice(Vec<(String, String)>),
    /// Any of these: value and words.
    Ticks(Vec<(String, String)>),
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) input: Input,
    pub(super) said: Vec<String>,
    /// What is wrong with it, as the end of a sentence that the label begins.
    pub(super) problem: Option<String>,
    /// Whether the cursor stands here first.
    pub(super) is_first: bool,
}

impl Field {
    /// A field that says nothing yet.
    pub(super) fn new(name: impl Into<String>, label: impl Into<String>, input: Input) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            hint: String::new(),
            input,
            said: Vec::new(),
            problem: None,
            is_first: false,
        }
    }

    /// A line of text.
    pub(super) fn line(name: impl Into<String>, label: impl Into<String>, said: impl Into<String>) -> Self {
        Self::new(name, label, Input::Line("text")).saying([said.into()])
    }

    /// The same with what there is to know before it is filled in.
    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// The same, filled in.
    pub(super) fn saying(self, said: impl IntoIterator<Item = String>) -> Self {
        Self { said: said.into_iter().filter(|said| !said.is_empty()).collect(), ..self }
    }

    /// What a line says.
    pub(super) fn text(&self) -> &str {
        self.said.first().map(String::as_str).unwrap_or_default()
    }

    /// Whether this is what is chosen or ticked.
    pub(super) fn says(&self, value: &str) -> bool {
        self.said.iter().any(|said| said == value)
    }
}

/// A form that does one thing.
#[derive(Clone, Debug, Default)]
pub(super) struct FormView {
    /// What it does, told apart from others of the page.
    pub(super) act: String,
    /// By what a repetition is known.
    pub(super) key: String,
    /// What stands above it; nothing where it is what the page is for.
    pub(super) title: String,
    /// What there is to know before.
    pub(super) lines: Vec<String>,
    /// Where else to go before: address and words.
    pub(super) link: Option<(String, String)>,
    /// The same address for a telephone.
    pub(super) picture: Option<Picture>,
    pub(super) hidden: Vec<(&'static str, String)>,
    pub(super) fields: Vec<Field>,
    pub(super) button: &'static str,
    /// Whether it is what one goes on by.
    pub(super) is_primary: bool,
    /// Whether the cursor stands on the button first.
    pub(super) is_first: bool,
}

impl FormView {
    /// The form that a step is gone on by.
    pub(super) fn primary(seen: &Seen<'_>, act: &str, fields: Vec<Field>, button: &'static str) -> Self {
        Self { act: act.to_owned(), key: seen.form_key(), fields, button, is_primary: true, ..Self::default() }
    }

    /// The same as it was sent, with what is wrong beside the fields: an error that begins with one of these paths is about
    /// that field. Those that are about none are left.
    pub(super) fn refused(
        mut self,
        form: &Form,
        problem: &Problem,
        places: &[(&str, &str)],
    ) -> (Self, Vec<FieldProblem>, Vec<String>) {
        for field in &mut self.fields {
            field.said = form.all(&field.name).into_iter().map(str::to_owned).collect();
        }
        if let Some(key) = form.get("idempotency_key") {
            key.clone_into(&mut self.key);
        }
        let (mut beside, mut rest) = (Vec::new(), Vec::new());
        for error in &problem.errors {
            let (path, words) = error.split_once(": ").unwrap_or(("", error));
            let place = places.iter().find(|(prefix, _)| path.starts_with(prefix)).map_or(path, |(_, name)| name);
            match self.fields.iter_mut().find(|field| field.name == place) {
                Some(field) => {
                    let (name, label) = (field.name.clone(), field.label.clone());
                    beside.push(FieldProblem { field: name, label, words: words.to_owned() });
                    field.problem.get_or_insert_with(|| words.to_owned());
                }
                None => rest.push(error.clone()),
            }
        }
        (self, beside, rest)
    }

    /// Puts the cursor into the first field that is wrong, or else into the first of all; onto the button where there is none.
    pub(super) fn focused(mut self) -> Self {
        let wrong = self.fields.iter().position(|field| field.problem.is_some());
        match self.fields.get_mut(wrong.unwrap_or_default()) {
            Some(field) => field.is_first = true,
            None => self.is_first = true,
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, FormView};
    use crate::console::form::Form;
    use crate::gate::Problem;

    #[test]
    fn a_mistake_stands_beside_the_field_that_it_is_about_and_what_was_typed_stays() {
        let fields = vec![Field::line("name", "Name", "on-call"), Field::line("at", "From", "09:00")];
        let view = FormView { key: "drawn".to_owned(), fields, ..FormView::default() };
        let form = Form::read(b"name=nights&at=noon&idempotency_key=sent");
        let told = ["routine_layers[0].rotation_start: is no time", "name: is taken", "server: busy"];
        let problem = Problem::invalid(told.map(str::to_owned).to_vec());
        let (view, beside, rest) = view.refused(&form, &problem, &[("routine_layers", "at")]);
        let view = view.focused();
        assert_eq!(view.fields.iter().map(Field::text).collect::<Vec<_>>(), ["nights", "noon"]);
        assert_eq!(view.fields[1].problem.as_deref(), Some("is no time"));
        assert!(view.fields[0].is_first && !view.fields[1].is_first);
        assert_eq!((view.key.as_str(), beside.len()), ("sent", 2));
        assert_eq!(rest, ["server: busy"]);
    }
}
