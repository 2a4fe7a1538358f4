//! The fields of a request that passed the check, as handlers read them.

use domain::{InstanceId, Instant, RefId, Username};
use serde_json::Value;

/// A value that has the shape it should have.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Checked {
    Truth(bool),
    Number(i64),
    Text(String),
    Json(Value),
    Instant(Instant),
    Object(Fields),
    List(Vec<Checked>),
}

/// The fields of a request that passed the check. A required field is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields {
    values: Vec<(&'static str, Checked)>,
}

impl Fields {
    pub(super) fn put(&mut self, name: &'static str, value: Checked) {
        self.values.push((name, value));
    }

    /// These and others, of which no name is the same.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.values.extend(others.values);
        self
    }

    /// These, and this text, in the place of what had its name.
    #[must_use]
    pub fn with_text(mut self, name: &'static str, text: &str) -> Self {
        self.values.retain(|(known, _)| *known != name);
        self.put(name, Checked::Text(text.to_owned()));
        self
    }

    fn get(&self, name: &str) -> Option<&Checked> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Whether the field was given and is not an empty list.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !matches!(value, Checked::List(items) if items.is_empty()))
    }

    /// A text, an id or a word.
    pub fn text(&self, name: &str) -> Option<&str> {
        text(self.get(name)?)
    }

    /// A text that the table says is required, so that the gate let no request pass without it.
    pub fn required_text(&self, name: &str) -> String {
        debug_assert!(self.text(name).is_some(), "{name} is not a required text");
        self.text(name).unwrap_or_default().to_owned()
    }

    /// A text or a whole number as it stands in a path; empty where it was not given.
    pub fn spelled(&self, name: &str) -> String {
        match self.get(name) {
            Some(Checked::Text(text)) => text.clone(),
            Some(Checked::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    fn list(&self, name: &str) -> &[Checked] {
        match self.get(name) {
            Some(Checked::List(items)) => items,
            _ => &[],
        }
    }

    /// A list of texts, empty where it was not given.
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.list(name).iter().filter_map(text).map(str::to_owned).collect()
    }

    /// A list of lists of texts, empty where it was not given.
    pub fn groups(&self, name: &str) -> Vec<Vec<String>> {
        let group = |item: &Checked| match item {
            Checked::List(items) => items.iter().filter_map(text).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        self.list(name).iter().map(group).collect()
    }

    /// How many are asked for, by the field `limit`.
    pub fn limit(&self, default: u32) -> u32 {
        self.number("limit").and_then(|limit| u32::try_from(limit).ok()).unwrap_or(default)
    }

    /// A list of whole numbers, empty where it was not given.
    pub fn numbers(&self, name: &str) -> Vec<i64> {
        self.list(name).iter().filter_map(number).collect()
    }

    /// A list of objects, empty where it was not given.
    pub fn objects(&self, name: &str) -> Vec<&Self> {
        self.list(name).iter().filter_map(object).collect()
    }

    /// An object.
    pub fn object(&self, name: &str) -> Option<&Self> {
        object(self.get(name)?)
    }

    /// A whole number.
    pub fn number(&self, name: &str) -> Option<i64> {
        number(self.get(name)?)
    }

    /// Whether the field was given and is true.
    pub fn is_true(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Checked::Truth(true)))
    }

    /// Any JSON.
    pub fn json(&self, name: &str) -> Option<&Value> {
        match self.get(name)? {
            Checked::Json(value) => Some(value),
            _ => None,
        }
    }

    /// A timestamp.
    pub fn instant(&self, name: &str) -> Option<Instant> {
        match self.get(name)? {
            Checked::Instant(instant) => Some(*instant),
            _ => None,
        }
    }

    /// The number of an incident.
    pub fn instance_id(&self, name: &str) -> Option<InstanceId> {
        self.number(name).map(InstanceId)
    }

    /// Usernames, empty where none were given.
    pub fn usernames(&self, name: &str) -> Vec<Username> {
        self.texts(name).into_iter().map(Username).collect()
    }

    /// Ids of components, empty where none were given.
    pub fn ref_ids(&self, name: &str) -> Vec<RefId> {
        self.texts(name).into_iter().map(RefId).collect()
    }
}

fn text(value: &Checked) -> Option<&str> {
    match value {
        Checked::Text(text) => Some(text),
        _ => None,
    }
}

fn number(value: &Checked) -> Option<i64> {
    match value {
        Checked::Number(number) => Some(*number),
        _ => None,
    }
}

fn object(value: &Checked) -> Option<&Fields> {
    match value {
        Checked::Object(fields) => Some(fields),
        _ => None,
    }
}
