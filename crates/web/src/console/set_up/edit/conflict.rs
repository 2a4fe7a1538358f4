//! Somebody else changed the component meanwhile: what it was, what they made of it, what is typed, and which of both counts.

use super::field::{Field, spelled};
use crate::console::form::Form;
use crate::console::seen::Seen;
use crate::console::time::Moment;
use crate::gate::Problem;
use directory::file::schema;
use domain::Instant;
use domain::directory::ComponentKind;
use serde_json::{Map, Value};

/// What a choice is called in the form, before the key of its field.
const CHOICE: &str = "take-";
/// What a choice says that takes what the other one saved.
const THEIRS: &str = "theirs";

/// What somebody else changed in the meantime.
#[derive(Clone, Debug)]
pub(in crate::console) struct Meanwhile {
    pub(in crate::console) by: String,
    pub(in crate::console) at: Option<Moment>,
    /// The fields that differ.
    pub(in crate::console) fields: Vec<Differing>,
}

/// A field that says something else in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::console) struct Differing {
    pub(in crate::console) key: String,
    pub(in crate::console) label: String,
    pub(in crate::console) before: String,
    pub(in crate::console) theirs: String,
    pub(in crate::console) mine: String,
    /// Whether theirs is proposed: where nobody else changed it, what was typed is.
    pub(in crate::console) takes_theirs: bool,
}

/// A component as the form was drawn with it, to be sent along.
pub(super) fn was(kind: ComponentKind, component: &Value) -> String {
    let schema = schema(kind);
    let keys = schema["properties"].as_object().into_iter().flatten().map(|(key, _)| key);
    let known =
        keys.filter_map(|key| Some((key.clone(), component.get(key).filter(|value| !value.is_null())?.clone())));
    Value::Object(known.collect::<Map<_, _>>()).to_string()
}

impl Meanwhile {
    /// Who changed it and when, as a refusal tells it, with what differs.
    pub(in crate::console) fn of(seen: &Seen<'_>, problem: &Problem, fields: Vec<Differing>) -> Self {
        let text = |key: &str| problem.told(key).and_then(Value::as_str);
        Self {
            by: text("changed_by").unwrap_or("Somebody").to_owned(),
            at: text("changed_at").and_then(Instant::parse).map(|at| seen.visit.clock.moment(at)),
            fields,
        }
    }
}

/// The fields that say something else in both; `was` is what the form was drawn with.
pub(super) fn meanwhile(seen: &Seen<'_>, problem: &Problem, was: &str, current: &Value, fields: &[Field]) -> Meanwhile {
    Meanwhile::of(seen, problem, differing(&serde_json::from_str(was).unwrap_or_default(), current, fields))
}

fn differing(was: &Value, current: &Value, fields: &[Field]) -> Vec<Differing> {
    let told = |field: &Field| {
        let of = |component: &Value| {
            let value = component.get(&field.key).unwrap_or(&Value::Null);
            spelled(&field.widget, &field.key, value).join(", ").trim().to_owned()
        };
        let (before, theirs) = (of(was), of(current));
        let mine = field.said.join(", ").replace("\r\n", "\n").trim().to_owned();
        let takes_theirs = mine == before;
        let (key, label) = (field.key.clone(), field.label.clone());
        (theirs != mine).then_some(Differing { key, label, before, theirs, mine, takes_theirs })
    };
    fields.iter().filter_map(told).collect()
}

/// Puts into the fields what the choices of the form say. `current` is the component as it is now.
pub(super) fn choose(fields: &mut [Field], form: &Form, current: &Value) {
    for field in fields.iter_mut().filter(|field| form.text(&format!("{CHOICE}{}", field.key)) == THEIRS) {
        field.say(current);
    }
}

#[cfg(test)]
mod tests {
    use super::{choose, differing, was};
    use crate::console::form::Form;
    use crate::console::set_up::edit::field::{Field, fields};
    use crate::console::set_up::edit::read::fill;
    use domain::OrganizationId;
    use domain::directory::{ComponentKind, Directory};
    use serde_json::json;

    fn typed(form: &Form) -> Vec<Field> {
        let mut fields = fields(ComponentKind::Team, &Directory::empty(OrganizationId(1), "acme"));
        fill(&mut fields, form);
        fields
    }

    #[test]
    fn what_only_one_of_both_changed_is_theirs_or_mine_and_is_proposed() {
        let before = json!({"name": "network", "description": "x", "members": ["ana"], "version": 3, "ref_id": "r"});
        let current = json!({"name": "network", "description": "theirs", "members": ["ana", "ben"], "private": true});
        let form = Form::read(b"name=network&description=mine&members=ana&take-members=theirs");
        let kept = serde_json::from_str(&was(ComponentKind::Team, &before)).unwrap();
        assert_eq!(kept, json!({"name": "network", "description": "x", "members": ["ana"]}));
        let mut fields = typed(&form);
        let told: Vec<_> = differing(&kept, &current, &fields)
            .into_iter()
            .map(|one| (one.key, one.before, one.theirs, one.mine, one.takes_theirs))
            .collect();
        let row = |key: &str, before: &str, theirs: &str, mine: &str, takes| {
            (key.to_owned(), before.to_owned(), theirs.to_owned(), mine.to_owned(), takes)
        };
        let expect = [
            row("description", "x", "theirs", "mine", false),
            row("members", "ana", "ana\nben", "ana", true),
            row("private", "", "true", "", true),
        ];
        let mut sorted = told;
        sorted.sort();
        assert_eq!(sorted, expect);
        choose(&mut fields, &form, &current);
        let said = |key: &str| fields.iter().find(|field| field.key == key).unwrap().said.clone();
        assert_eq!((said("members"), said("description")), (vec!["ana\nben".to_owned()], vec!["mine".to_owned()]));
    }
}
