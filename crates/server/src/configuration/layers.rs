//! The three layers laid over each other: built-in default, file, environment; each value with its origin.

use std::collections::BTreeMap;

use super::document::{self, Entry, Section, Value};
use super::mistake::{Mistake, Origin};
use directory::suggestion::{nearest, suggestion};

/// What every variable of the environment begins with.
const PREFIX: &str = "REVEILLE__";

/// A value in force, and who said so last.
#[derive(Debug)]
pub(super) struct Setting {
    pub(super) value: Value,
    pub(super) origin: Origin,
}

/// Every known key, as `section.key`, with the value in force.
///
/// The base layer decides which keys there are and of which type each is; the other layers only replace values. A
/// value that cannot replace is a mistake and leaves the one before in force, so that one mistake is told once.
#[derive(Debug)]
pub(super) struct Layers {
    base: Origin,
    settings: BTreeMap<String, Setting>,
    mistakes: Vec<Mistake>,
}

impl Layers {
    /// The base layer. Mistakes in it are mistakes of ours; a test reads the one that is built in.
    pub(super) fn base(file: &str, text: &str) -> Self {
        let base = Origin::File { file: file.to_owned() };
        let mut layers = Self { base, settings: BTreeMap::new(), mistakes: Vec::new() };
        for section in layers.sections(file, text) {
            layers.found(file, &section.name, section.entries.unwrap_or_default());
        }
        layers
    }

    /// Lays the first values of a section.
    fn found(&mut self, file: &str, section: &str, entries: Vec<Entry>) {
        for entry in entries {
            let key = format!("{section}.{}", entry.name);
            let origin = Origin::Line { file: file.to_owned(), line: entry.line };
            match (entry.value, entry.inside) {
                (_, Some(inside)) => self.found(file, &key, inside),
                (Ok(value), None) => drop(self.settings.insert(key, Setting { value, origin })),
                (Err(found), None) => self.reject(origin, &key, format!("no key may be {found}")),
            }
        }
    }

    /// Lays the text of a file over what is there. `file` is its name in messages.
    pub(super) fn lay_file(&mut self, file: &str, text: &str) {
        for section in self.sections(file, text) {
            let origin = Origin::Line { file: file.to_owned(), line: section.line };
            match section.entries {
                Some(entries) if self.knows_section(&section.name) => {
                    for entry in entries {
                        self.lay_entry(file, &section.name, entry);
                    }
                }
                Some(_) => {
                    let near = suggestion(&section.name, self.section_names());
                    let subject = format!("[{}]", section.name);
                    self.reject(origin, &subject, format!("unknown section{near}"));
                }
                None if self.knows_section(&section.name) => {
                    let problem = format!("expected a section; write `[{}]`", section.name);
                    self.reject(origin, &section.name, problem);
                }
                None => {
                    let near = self.suggest_elsewhere(&section.name);
                    self.reject(origin, &section.name, format!("unknown key{near}"));
                }
            }
        }
    }

    /// Lays the variables that begin with `REVEILLE__` over what is there and leaves all others alone.
    pub(super) fn lay_environment(&mut self, variables: impl Iterator<Item = (String, String)>) {
        let ours: BTreeMap<_, _> = variables.filter(|(name, _)| name.starts_with(PREFIX)).collect();
        for (name, text) in ours {
            let key = self.settings.keys().find(|key| variable_name(key) == name).cloned();
            let origin = Origin::Variable { name };
            match key {
                Some(key) => self.lay_variable(origin, &key, &text),
                None => self.reject_variable(origin),
            }
        }
    }

    /// The value in force of `section.key`; None where there is no such key.
    pub(super) fn get(&self, key: &str) -> Option<&Setting> {
        self.settings.get(key)
    }

    /// Who said the value in force of `section.key`; for an unknown key, the base layer, which should have it.
    pub(super) fn origin(&self, key: &str) -> Origin {
        self.get(key).map_or_else(|| self.base.clone(), |setting| setting.origin.clone())
    }

    /// Every known key, in order.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.settings.keys().map(String::as_str)
    }

    /// Notes a mistake.
    pub(super) fn reject(&mut self, origin: Origin, subject: &str, problem: impl Into<String>) {
        self.mistakes.push(Mistake::about(origin, subject, problem));
    }

    /// Notes a mistake about a file as a whole.
    pub(super) fn reject_file(&mut self, file: &str, problem: impl Into<String>) {
        self.mistakes.push(Mistake::at(Origin::File { file: file.to_owned() }, problem));
    }

    /// All mistakes noted so far, in the order in which a person mends them.
    pub(super) fn into_mistakes(mut self) -> Vec<Mistake> {
        self.mistakes.sort();
        self.mistakes
    }

    fn sections(&mut self, file: &str, text: &str) -> Vec<Section> {
        document::read(file, text).unwrap_or_else(|mistakes| {
            self.mistakes.extend(mistakes);
            Vec::new()
        })
    }

    fn lay_entry(&mut self, file: &str, section: &str, entry: Entry) {
        let key = format!("{section}.{}", entry.name);
        if let Some(inside) = entry.inside
            && self.knows_section(&key)
        {
            return inside.into_iter().for_each(|entry| self.lay_entry(file, &key, entry));
        }
        let origin = Origin::Line { file: file.to_owned(), line: entry.line };
        let Some(setting) = self.settings.get_mut(&key) else {
            let names = self.settings.keys().filter_map(|known| known.rsplit_once('.'));
            let siblings = names.filter(|(other, _)| *other == section).map(|(_, name)| name);
            let mut near = suggestion(&entry.name, siblings);
            if near.is_empty() {
                near = self.suggest_elsewhere(&entry.name);
            }
            return self.reject(origin, &key, format!("unknown key{near}"));
        };
        let expected = setting.value.kind();
        match entry.value {
            Ok(value) if value.same_kind(&setting.value) => *setting = Setting { value, origin },
            Ok(value) => {
                let problem = format!("expected {expected}, found {}", value.kind());
                self.reject(origin, &key, problem);
            }
            Err(found) => self.reject(origin, &key, format!("expected {expected}, found {found}")),
        }
    }

    fn lay_variable(&mut self, origin: Origin, key: &str, text: &str) {
        let Some(setting) = self.settings.get_mut(key) else {
            return;
        };
        let value = match &setting.value {
            Value::Text(_) => Some(Value::Text(text.to_owned())),
            Value::Whole(_) => text.trim().parse().ok().map(Value::Whole),
            Value::List(_) if text.trim_start().starts_with('[') => document::read_list(text.trim()).map(Value::List),
            Value::List(_) => Some(Value::List(split_at_commas(text))),
        };
        match value {
            Some(value) => *setting = Setting { value, origin },
            None => {
                let problem = format!("expected {}", setting.value.kind());
                self.reject(origin, key, problem);
            }
        }
    }

    fn reject_variable(&mut self, origin: Origin) {
        let Origin::Variable { name } = &origin else {
            return;
        };
        // Compared without the prefix: it would make all variables look alike.
        let written = name.trim_start_matches(PREFIX).to_lowercase().replace("__", ".");
        let near = nearest(&written, self.keys())
            .map(|key| format!("; did you mean `{}`?", variable_name(key)))
            .unwrap_or_default();
        self.reject(origin, "", format!("unknown variable{near}"));
    }

    /// A key of exactly this name in whichever section has it; of several the least deep.
    fn suggest_elsewhere(&self, name: &str) -> String {
        let named = self.keys().filter(|key| key.rsplit_once('.').is_some_and(|(_, last)| last == name));
        let nearest = named.min_by_key(|key| key.matches('.').count());
        nearest.map(|key| format!("; did you mean `{key}`?")).unwrap_or_default()
    }

    fn section_names(&self) -> impl Iterator<Item = &str> {
        self.keys().filter_map(|key| key.rsplit_once('.')).map(|(section, _)| section)
    }

    fn knows_section(&self, name: &str) -> bool {
        let is_in = |key: &str| key.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        self.keys().any(is_in)
    }
}

/// `server.listen` is `REVEILLE__SERVER__LISTEN` in the environment.
fn variable_name(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

fn split_at_commas(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}
