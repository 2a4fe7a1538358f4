//! The fields of a form whose names are paths, such as `levels[0].minutes`, put together again.

use crate::console::form::Form;
use std::collections::BTreeMap;

/// No field that there is lies deeper.
const DEEPEST: usize = 12;

/// What is typed at a path, and below it.
#[derive(Clone, Debug, Default)]
pub(in crate::console::set_up::edit) struct Typed {
    pub(super) said: Vec<String>,
    pub(super) keys: BTreeMap<String, Typed>,
    pub(super) rows: BTreeMap<usize, Typed>,
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    Key(&'a str),
    Row(usize),
}

/// The steps of a path; nothing where it is none.
pub(super) fn steps(path: &str) -> Option<Vec<Step<'_>>> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (key, rows) = part.split_at(part.find('[').unwrap_or(part.len()));
        steps.push(Step::Key(key));
        for row in rows.split_terminator(']') {
            steps.push(Step::Row(row.strip_prefix('[')?.parse().ok()?));
        }
    }
    (steps.len() <= DEEPEST).then_some(steps)
}

impl Typed {
    /// All that a form says, by its path.
    pub(in crate::console::set_up::edit) fn of(form: &Form) -> Self {
        let mut all = Self::default();
        for (name, value) in form.pairs() {
            let Some(steps) = steps(name) else { continue };
            let place = steps.into_iter().fold(&mut all, |place, step| match step {
                Step::Key(key) => place.keys.entry(key.to_owned()).or_default(),
                Step::Row(row) => place.rows.entry(row).or_default(),
            });
            if !value.is_empty() {
                place.said.push(value.clone());
            }
        }
        all
    }

    /// What is typed in the field of this name.
    pub(in crate::console::set_up::edit) fn field(&self, key: &str) -> Option<&Self> {
        self.keys.get(key)
    }

    /// The first that is said.
    pub(super) fn text(&self) -> &str {
        self.said.first().map(String::as_str).unwrap_or_default()
    }

    /// What is said by the field of this name.
    pub(super) fn text_of(&self, key: &str) -> &str {
        self.keys.get(key).map(Self::text).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, Typed, steps};
    use crate::console::form::Form;

    #[test]
    fn names_of_fields_are_paths_and_what_is_none_is_left_alone() {
        assert_eq!(steps("levels[2].users"), Some(vec![Step::Key("levels"), Step::Row(2), Step::Key("users")]));
        for none in ["a[", "a[x]", "a[1", "a[-1]x", &"a.".repeat(40)] {
            assert!(steps(none).is_none_or(|steps| none == "a[1" && steps.len() == 2), "{none}");
        }
    }

    #[test]
    fn a_form_is_put_together_by_its_paths() {
        let typed = Typed::of(&Form::read(b"levels[7].users=ana&levels[7].users=ben&levels[7].minutes=&name=x"));
        let level = &typed.field("levels").unwrap().rows[&7];
        assert_eq!((level.keys["users"].said.len(), level.text_of("minutes"), typed.text_of("name")), (2, "", "x"));
    }
}
