//! Holds one table of a file against its shape and takes its values out, noting everything that does not fit.

use super::form::{Form, Key, Need};
use super::mistake::Mistake;
use super::shape::{CONDITION, RENAMED_FROM};
use super::source::Source;
use crate::suggestion::suggestion;
use domain::Place;
use serde_json::{Map, Number, Value};
use toml::Spanned;
use toml::de::{DeArray, DeFloat, DeInteger, DeTable, DeValue};

/// What a table said.
pub(super) struct Inspected {
    /// Its values; where one could not be read, what stands in for it.
    pub(super) values: Map<String, Value>,
    /// What is wrong.
    pub(super) mistakes: Vec<Mistake>,
    /// Where something is wrong, as far as that is under a known key.
    pub(super) spoiled: Vec<Place>,
}

/// Inspects `table`, which begins at the byte `start`; `subject` names it in messages.
pub(super) fn inspect(
    source: &Source,
    subject: &str,
    keys: &'static [Key],
    table: &DeTable<'_>,
    start: usize,
) -> Inspected {
    let mut inspector = Inspector { source, mistakes: Vec::new(), spoiled: Vec::new() };
    let trail = Trail { words: subject.to_owned(), place: None };
    let values = inspector.table(keys, table, start, &trail);
    Inspected { values, mistakes: inspector.mistakes, spoiled: inspector.spoiled }
}

/// The way to a value: in words, and as a place.
struct Trail {
    words: String,
    place: Option<Place>,
}

impl Trail {
    fn key(&self, name: &'static str) -> Self {
        let place =
            self.place.map_or_else(|| Place::from(name), |place| Place { key: place.key.or(Some(name)), ..place });
        Self { words: format!("{}: {name}", self.words), place: Some(place) }
    }

    fn item(&self, item: usize) -> Self {
        let field = self.words.rsplit(": ").next().unwrap_or_default();
        let inside = |place: Place| if place.key.is_some() { place } else { Place { item: Some(item), ..place } };
        Self { words: format!("{}: {} {}", self.words, noun(field), item + 1), place: self.place.map(inside) }
    }
}

/// What to call one item of the list under `field`: a layer of `routine_layers`. The items of an item have no name.
fn noun(field: &str) -> String {
    if field.ends_with(|letter: char| letter.is_ascii_digit()) {
        return "item".to_owned();
    }
    let word = field.rsplit('_').next().unwrap_or(field);
    let singular = word.strip_suffix("ies").map(|stem| format!("{stem}y"));
    singular.unwrap_or_else(|| word.trim_end_matches('s').to_owned())
}

struct Inspector<'a> {
    source: &'a Source,
    mistakes: Vec<Mistake>,
    spoiled: Vec<Place>,
}

impl Inspector<'_> {
    fn mistake(&mut self, offset: usize, trail: &Trail, problem: &str) {
        self.mistakes.push(self.source.mistake(offset, format!("{}: {problem}", trail.words)));
        self.spoiled.extend(trail.place);
    }

    fn table(&mut self, keys: &'static [Key], table: &DeTable<'_>, start: usize, trail: &Trail) -> Map<String, Value> {
        // A component can say what it was called before; that is no key of what it is.
        let is_beside = |written: &str| written == RENAMED_FROM && trail.place.is_none();
        let is_known = |written: &str| keys.iter().any(|key| key.name == written) || is_beside(written);
        for (written, _) in table.iter().filter(|(written, _)| !is_known(written.get_ref())) {
            let near = suggestion(written.get_ref(), keys.iter().map(|key| key.name));
            self.mistake(written.span().start, trail, &format!("unknown key `{}`{near}", written.get_ref()));
        }
        let mut values = Map::new();
        for key in keys {
            let inside = trail.key(key.name);
            let value = match find(table, key.name) {
                Some((offset, value)) => self.value(key.form, value, offset, &inside),
                None if key.need == Need::Must => {
                    self.mistakes
                        .push(self.source.mistake(start, format!("{}: `{}` is missing", trail.words, key.name)));
                    self.spoiled.extend(inside.place);
                    None
                }
                None => None,
            };
            let value = value.or_else(|| (key.need == Need::Must).then(|| key.form.neutral()));
            values.extend(value.map(|value| (key.name.to_owned(), value)));
        }
        values
    }

    /// The value as JSON; `None`, with mistakes noted, where it does not have the form. `offset` is that of its key.
    fn value(&mut self, form: Form, value: &Spanned<DeValue<'_>>, offset: usize, trail: &Trail) -> Option<Value> {
        let taken = match (form, value.get_ref()) {
            (Form::Text | Form::TextOr(_) | Form::Scalar | Form::Source, DeValue::String(text)) => {
                Some(Value::String(text.to_string()))
            }
            (Form::Word(words), DeValue::String(text)) => return self.word(words, text, offset, trail),
            (Form::Alias(words, canonical), DeValue::String(text)) => {
                return self.word(words, canonical(text).unwrap_or(text), offset, trail);
            }
            (Form::Whole, DeValue::Integer(number)) => whole(number, 0..=i64::from(u32::MAX)),
            (Form::Urgency, DeValue::Integer(number)) => whole(number, 1..=5),
            (Form::Number | Form::Scalar, DeValue::Integer(number)) => whole(number, i64::MIN..=i64::MAX),
            (Form::Number | Form::Scalar, DeValue::Float(number)) => fraction(number),
            (Form::Truth | Form::Scalar, DeValue::Boolean(truth)) => Some(Value::Bool(*truth)),
            (Form::List(item), DeValue::Array(items)) => return Some(self.list(*item, items, trail)),
            (Form::Source, DeValue::Array(items)) => return Some(self.list(Form::Text, items, trail)),
            (Form::Named(form), DeValue::Table(table)) => return Some(self.named(*form, table, trail)),
            (Form::Table(keys) | Form::TextOr(keys), DeValue::Table(table)) => {
                return Some(Value::Object(self.table(keys, table, value.span().start, trail)));
            }
            (Form::Condition, DeValue::Table(table)) => return self.condition(table, value.span().start, trail),
            _ => None,
        };
        if taken.is_none() {
            self.mistake(offset, trail, &format!("must be {}, not {}", form.phrase(), found(value.get_ref())));
        }
        taken
    }

    fn word(&mut self, words: &[&str], text: &str, offset: usize, trail: &Trail) -> Option<Value> {
        if words.contains(&text) {
            return Some(Value::String(text.to_owned()));
        }
        let phrase: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
        let near = suggestion(text, words.iter().copied());
        self.mistake(offset, trail, &format!("must be one of {}, not `{text}`{near}", phrase.join(", ")));
        None
    }

    /// What cannot be read is replaced and not left out, so that the other items keep their numbers.
    fn list(&mut self, form: Form, items: &DeArray<'_>, trail: &Trail) -> Value {
        let values = items.iter().enumerate().map(|(number, item)| {
            let value = self.value(form, item, item.span().start, &trail.item(number));
            value.unwrap_or_else(|| form.neutral())
        });
        Value::Array(values.collect())
    }

    fn named(&mut self, form: Form, table: &DeTable<'_>, trail: &Trail) -> Value {
        let values = table.iter().filter_map(|(name, value)| {
            Some((name.get_ref().to_string(), self.value(form, value, name.span().start, trail)?))
        });
        Value::Object(values.collect())
    }

    fn condition(&mut self, table: &DeTable<'_>, start: usize, trail: &Trail) -> Option<Value> {
        let known = self.mistakes.len();
        let values = self.table(CONDITION, table, start, trail);
        let is_test = |key: &&Key| key.need == Need::May;
        let tests = || CONDITION.iter().filter(is_test).map(|key| key.name);
        let given: Vec<_> =
            tests().filter(|name| find(table, name).is_some()).map(|name| format!("`{name}`")).collect();
        match given.len() {
            1 => {}
            0 if self.mistakes.len() > known => {}
            0 => {
                let tests: Vec<_> = tests().collect();
                self.mistake(start, trail, &format!("has no test; give one of {}", tests.join(", ")));
            }
            _ => {
                let given = given.join(" and ");
                self.mistake(start, trail, &format!("has more than one test, {given}; write a condition for each"));
            }
        }
        (self.mistakes.len() == known).then_some(Value::Object(values))
    }
}

/// Where the key `name` of `table` stands, and its value.
pub(super) fn find<'t, 'i>(table: &'t DeTable<'i>, name: &str) -> Option<(usize, &'t Spanned<DeValue<'i>>)> {
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == name)?;
    Some((key.span().start, value))
}

fn whole(number: &DeInteger<'_>, bounds: std::ops::RangeInclusive<i64>) -> Option<Value> {
    let number = i64::from_str_radix(number.as_str(), number.radix()).ok()?;
    bounds.contains(&number).then(|| Value::from(number))
}

fn fraction(number: &DeFloat<'_>) -> Option<Value> {
    number.as_str().parse().ok().and_then(Number::from_f64).map(Value::Number)
}

/// What to call a value that is not what was asked for. Strings are not repeated, because they may be secrets.
fn found(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(_) => "a string".to_owned(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(_) => "a date or time; put it in quotes".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
