//! Reads a directory file, or a folder of them, and reports everything that is wrong with it at once.

use super::form::Key;
use super::inspect::{Inspected, find, inspect};
use super::mistake::Mistake;
use super::shape::{ORGANIZATION, ORGANIZATION_KEYS, RENAMED_FROM, keys_of, name_key, sections};
use super::source::{Source, about, open};
use crate::suggestion::suggestion;
use domain::Place;
use domain::directory::{ComponentKind, Definition, Fault};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What the file at `path` says, or the `*.toml` files of the folder there, united in the order of their names.
///
/// The error is never empty: all mistakes, by file and line, each at the line of the key that it is about. Only where
/// a text is no TOML at all is its first mistake the only one, and names that lead nowhere are left for the next time.
pub fn read(path: &Path) -> Result<Definition, Vec<Mistake>> {
    interpret(&open(path)?, path, |_| Definition::default())
}

/// The same, with the texts themselves, in which the places of warnings can be found.
///
/// # Errors
/// As for [`read`].
pub fn read_with_texts(path: &Path) -> Result<(Definition, Texts), Vec<Mistake>> {
    read_beside(path, |_| Definition::default())
}

/// The same, beside what the organization of the file's name has already: names may lead there.
///
/// # Errors
/// As for [`read`].
pub fn read_beside(path: &Path, beside: impl FnOnce(&str) -> Definition) -> Result<(Definition, Texts), Vec<Mistake>> {
    let sources = open(path)?;
    let definition = interpret(&sources, path, beside)?;
    Ok((definition, Texts(sources)))
}

/// The texts of a directory file that was read without mistakes.
pub struct Texts(Vec<Source>);

impl Texts {
    /// Warnings, each at the line of the key that it is about, by file and line.
    pub fn locate(&self, warnings: &[Fault]) -> Vec<Mistake> {
        let trees: Vec<_> = self.0.iter().map(|source| (source, DeTable::parse_recoverable(&source.text).0)).collect();
        let mut reading = Reading::default();
        for (source, tree) in &trees {
            reading.file(source, tree.get_ref());
        }
        let mut located: Vec<_> = warnings.iter().filter_map(|warning| reading.at_its_line(warning)).collect();
        located.sort();
        located
    }

    /// Where each component stands, such as `acme.toml:41`, without the folder.
    pub fn places(&self) -> HashMap<(ComponentKind, String), String> {
        let place = |source: &Source, _: &DeTable<'_>, offset: usize| {
            let file = Path::new(&source.file).file_name().unwrap_or_default().to_string_lossy().into_owned();
            Some(format!("{file}:{}", source.line(offset)))
        };
        self.each(place).into_iter().collect()
    }

    /// SHA-256 of the texts, one after the other, in hexadecimal.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        self.0.iter().for_each(|source| hash.update(source.text.as_bytes()));
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The components that get another name: kind, old name, new one.
    pub fn renamed(&self) -> Vec<(ComponentKind, String, String)> {
        let old = |_: &Source, table: &DeTable<'_>, _: usize| {
            find(table, RENAMED_FROM).and_then(|(_, old)| old.get_ref().as_str().map(str::to_owned))
        };
        self.each(old).into_iter().map(|((kind, new), old)| (kind, old, new)).collect()
    }

    /// The name that the organization had before, where the file says one.
    pub fn organization_renamed_from(&self) -> Option<String> {
        let trees: Vec<_> = self.0.iter().map(|source| (source, DeTable::parse_recoverable(&source.text).0)).collect();
        let mut reading = Reading::default();
        for (source, tree) in &trees {
            reading.file(source, tree.get_ref());
        }
        reading.organization_renamed_from
    }

    /// What can be told of each component's table, which begins at a byte of its file.
    fn each<T>(&self, told: impl Fn(&Source, &DeTable<'_>, usize) -> Option<T>) -> Vec<((ComponentKind, String), T)> {
        let trees: Vec<_> = self.0.iter().map(|source| (source, DeTable::parse_recoverable(&source.text).0)).collect();
        let mut reading = Reading::default();
        for (source, tree) in &trees {
            reading.file(source, tree.get_ref());
        }
        let mut all = Vec::new();
        for ((kind, name), found) in &reading.found {
            let told = told(found.source, found.table, found.start);
            all.extend(kind.zip(told).map(|(kind, told)| ((kind, name.clone()), told)));
        }
        all
    }
}

/// What `text` says; `file` is its name in messages. Errors as for [`read`].
pub fn read_text(file: &str, text: &str) -> Result<Definition, Vec<Mistake>> {
    interpret(&[Source::new(file.to_owned(), text.to_owned())], Path::new(file), |_| Definition::default())
}

/// The same, with the text itself, beside what the organization of the file's name has already: names may lead there.
///
/// # Errors
/// As for [`read`].
pub fn read_text_beside(
    file: &str,
    text: String,
    beside: impl FnOnce(&str) -> Definition,
) -> Result<(Definition, Texts), Vec<Mistake>> {
    let sources = vec![Source::new(file.to_owned(), text)];
    let definition = interpret(&sources, Path::new(file), beside)?;
    Ok((definition, Texts(sources)))
}

fn interpret(
    sources: &[Source],
    path: &Path,
    beside: impl FnOnce(&str) -> Definition,
) -> Result<Definition, Vec<Mistake>> {
    let mut trees = Vec::new();
    let mut reading = Reading::default();
    for source in sources {
        let (tree, errors) = DeTable::parse_recoverable(&source.text);
        // Once the parser has lost its way, most of what it reports follows from the first error.
        let first = errors.iter().min_by_key(|error| start_of(error));
        reading.mistakes.extend(first.map(|error| syntax_mistake(source, error)));
        if errors.is_empty() {
            trees.push((source, tree));
        }
    }
    let all_are_toml = reading.mistakes.is_empty();
    for (source, tree) in &trees {
        reading.file(source, tree.get_ref());
    }
    if all_are_toml {
        if !trees.iter().any(|(_, tree)| find(tree.get_ref(), ORGANIZATION).is_some()) {
            let problem = "there is no [organization] section, which says the organization's name";
            reading.mistakes.push(about(path, problem.to_owned()));
        }
        // What an organization had before it had this name, it has still.
        let known_as = reading.organization_renamed_from.as_ref().unwrap_or(&reading.definition.name);
        let beside = beside(known_as);
        reading.faults(beside);
    }
    let Reading { definition, mut mistakes, .. } = reading;
    mistakes.sort();
    mistakes.dedup();
    if mistakes.is_empty() { Ok(definition) } else { Err(mistakes) }
}

fn start_of(error: &toml::de::Error) -> usize {
    error.span().map_or(0, |span| span.start)
}

fn syntax_mistake(source: &Source, error: &toml::de::Error) -> Mistake {
    let key = error.span().filter(|_| error.message() == "duplicate key").and_then(|span| source.text.get(span));
    let key = key.map(|key| format!(" `{key}`")).unwrap_or_default();
    source.mistake(start_of(error), format!("not valid TOML: {}{key}", error.message()))
}

/// Kind and name of a component; for the organization, `None` and nothing.
type Handle = (Option<ComponentKind>, String);

/// Where a component stands.
struct Found<'a> {
    source: &'a Source,
    table: &'a DeTable<'a>,
    start: usize,
    /// Whether everything about it could be read.
    intact: bool,
    spoiled: Vec<Place>,
}

#[derive(Default)]
struct Reading<'a> {
    definition: Definition,
    found: HashMap<Handle, Found<'a>>,
    mistakes: Vec<Mistake>,
    organization_renamed_from: Option<String>,
}

impl<'a> Reading<'a> {
    fn file(&mut self, source: &'a Source, tree: &'a DeTable<'a>) {
        for (key, value) in tree {
            let (word, offset) = (key.get_ref().as_ref(), key.span().start);
            let kind = ComponentKind::from_word(word);
            match (word, value.get_ref(), kind.and_then(|kind| Some((kind, keys_of(kind)?)))) {
                (ORGANIZATION, DeValue::Table(table), _) => self.organization(source, table, value.span().start),
                (ORGANIZATION, _, _) => {
                    self.mistakes.push(source.mistake(offset, "organization: write it as [organization]".to_owned()));
                }
                (_, DeValue::Array(items), Some((kind, keys))) => {
                    for item in items.iter() {
                        self.component(source, kind, keys, item);
                    }
                }
                (_, _, Some(_)) => {
                    let problem = format!("{word}: write each one as [[{word}]]");
                    self.mistakes.push(source.mistake(offset, problem));
                }
                (_, _, None) => {
                    let problem = format!("unknown section `{word}`{}", suggestion(word, sections()));
                    self.mistakes.push(source.mistake(offset, problem));
                }
            }
        }
    }

    fn organization(&mut self, source: &'a Source, table: &'a DeTable<'a>, start: usize) {
        let mut inspected = inspect(source, ORGANIZATION, ORGANIZATION_KEYS, table, start);
        if let Some((offset, old)) = find(table, RENAMED_FROM) {
            self.organization_renamed_from = old.get_ref().as_str().map(str::to_owned);
            if self.organization_renamed_from.is_none() {
                let problem = format!("{ORGANIZATION}: {RENAMED_FROM}: must be a string, the name that it had before");
                inspected.mistakes.push(source.mistake(offset, problem));
            }
        }
        let text = |key: &str| inspected.values.get(key).and_then(Value::as_str).map(str::to_owned);
        let (name, fallback_policy) = (text("name").unwrap_or_default(), text("fallback_policy"));
        let handle = (None, String::new());
        if let Some(first) = self.found.get(&handle)
            && (&name, inspected.mistakes.is_empty()) == (&self.definition.name, true)
        {
            // A file of one team, as it is exported, says whose it is and nothing else.
            if table.len() == 1 {
                return;
            }
            if first.table.len() == 1 {
                self.found.remove(&handle);
            }
        }
        if self.keep(handle, ORGANIZATION, source, table, start, inspected).is_some() {
            self.definition.name = name;
            self.definition.fallback_policy = fallback_policy;
        }
    }

    fn component(
        &mut self,
        source: &'a Source,
        kind: ComponentKind,
        keys: &'static [Key],
        item: &'a Spanned<DeValue<'a>>,
    ) {
        let (word, start) = (kind.word(), item.span().start);
        let Some(table) = item.get_ref().as_table() else {
            self.mistakes.push(source.mistake(start, format!("{word}: write each one as [[{word}]]")));
            return;
        };
        let name = find(table, name_key(kind)).and_then(|(_, name)| name.get_ref().as_str());
        let subject = name.map_or_else(|| word.to_owned(), |name| format!("{word} `{name}`"));
        let mut inspected = inspect(source, &subject, keys, table, start);
        if let Some((offset, old)) = find(table, RENAMED_FROM) {
            let problem = match old.get_ref().as_str() {
                _ if kind == ComponentKind::User => Some("people keep their username; change display_name"),
                None => Some("must be a string, the name that it had before"),
                Some(_) => None,
            };
            let mistake =
                problem.map(|problem| source.mistake(offset, format!("{subject}: {RENAMED_FROM}: {problem}")));
            inspected.mistakes.extend(mistake);
        }
        let Some(name) = name else {
            // Nothing can refer to it, so nothing is lost by leaving it out.
            self.mistakes.extend(inspected.mistakes);
            return;
        };
        let handle = (Some(kind), name.to_owned());
        if let Some(values) = self.keep(handle, &subject, source, table, start, inspected)
            && let Err(error) = put(&mut self.definition, kind, values)
        {
            self.mistakes.push(source.mistake(start, format!("{subject}: {error}")));
        }
    }

    /// Notes the mistakes, and where the component stands, unless there is one of this name. Gives its values back.
    fn keep(
        &mut self,
        handle: Handle,
        subject: &str,
        source: &'a Source,
        table: &'a DeTable<'a>,
        start: usize,
        inspected: Inspected,
    ) -> Option<Map<String, Value>> {
        let Inspected { mut values, mistakes, spoiled } = inspected;
        let intact = mistakes.is_empty();
        self.mistakes.extend(mistakes);
        if let Some(first) = self.found.get(&handle) {
            let problem = format!("{subject}: is defined twice, first at {}", first.shown_start());
            self.mistakes.push(source.mistake(start, problem));
            return None;
        }
        if !intact && handle.0 == Some(ComponentKind::RoutingRule) {
            // A rule without the conditions that could not be read would seem to hide all rules after it.
            values.insert("enabled".to_owned(), Value::Bool(false));
        }
        self.found.insert(handle, Found { source, table, start, intact, spoiled });
        Some(values)
    }

    /// Adds what is wrong with the definition as a whole, but for what follows from a value that could not be read.
    fn faults(&mut self, beside: Definition) {
        for fault in self.definition.beside(beside).faults() {
            if !self.found(&fault).is_some_and(|found| found.explains(&fault)) {
                self.mistakes.extend(self.at_its_line(&fault));
            }
        }
    }

    /// Where the component that the fault is about stands.
    fn found(&self, fault: &Fault) -> Option<&Found<'a>> {
        let name = if fault.kind.is_some() { fault.name.clone() } else { String::new() };
        self.found.get(&(fault.kind, name))
    }

    fn at_its_line(&self, fault: &Fault) -> Option<Mistake> {
        let found = self.found(fault)?;
        Some(found.source.mistake(found.offset(fault.place), text(fault)))
    }
}

impl Found<'_> {
    fn shown_start(&self) -> String {
        format!("{}:{}", self.source.file, self.source.line(self.start))
    }

    /// Whether the fault may be nothing but a consequence of what could not be read.
    fn explains(&self, fault: &Fault) -> bool {
        let meet = |spoiled: &Place| {
            let apart =
                |one: Option<usize>, other: Option<usize>| one.zip(other).is_some_and(|(one, other)| one != other);
            let keys = spoiled.key.zip(fault.place.key);
            spoiled.field == fault.place.field
                && !apart(spoiled.item, fault.place.item)
                && keys.is_none_or(|(one, other)| one == other)
        };
        // Faults of a component as a whole, such as that it does nothing, are told at its name.
        self.spoiled.iter().any(meet) || (!self.intact && matches!(fault.place.field, "name" | "username"))
    }

    /// The byte at which the key stands; where it is not written, the nearest thing around it that is.
    fn offset(&self, place: Place) -> usize {
        let Some((mut offset, mut value)) = find(self.table, place.field) else { return self.start };
        if let Some(item) = place.item.and_then(|item| value.get_ref().as_array()?.get(item)) {
            (offset, value) = (item.span().start, item);
        }
        let inner = place.key.and_then(|key| find(value.get_ref().as_table()?, key));
        inner.map_or(offset, |(offset, _)| offset)
    }
}

fn text(fault: &Fault) -> String {
    let Fault { kind, name, place, problem } = fault;
    match kind {
        Some(kind) => format!("{} `{name}`: {}: {problem}", kind.word(), place.field),
        None => format!("{ORGANIZATION}: {}: {problem}", place.field),
    }
}

/// Adds a component, whose values have the form of their keys.
///
/// # Errors
/// What `domain` says of a value that it cannot read.
pub(crate) fn put(
    definition: &mut Definition,
    kind: ComponentKind,
    values: Map<String, Value>,
) -> serde_json::Result<()> {
    let values = Value::Object(values);
    match kind {
        ComponentKind::User => definition.users.push(serde_json::from_value(values)?),
        ComponentKind::Team => definition.teams.push(serde_json::from_value(values)?),
        ComponentKind::EscalationPolicy => definition.escalation_policies.push(serde_json::from_value(values)?),
        ComponentKind::Service => definition.services.push(serde_json::from_value(values)?),
        ComponentKind::BusinessService => definition.business_services.push(serde_json::from_value(values)?),
        ComponentKind::ResponseSet => definition.response_sets.push(serde_json::from_value(values)?),
        ComponentKind::Workflow => definition.workflows.push(serde_json::from_value(values)?),
        ComponentKind::RoutingRule => definition.routing_rules.push(serde_json::from_value(values)?),
        ComponentKind::Routine => definition.routines.push(serde_json::from_value(values)?),
        ComponentKind::Integration => definition.integrations.push(serde_json::from_value(values)?),
        ComponentKind::Heartbeat => definition.heartbeats.push(serde_json::from_value(values)?),
        ComponentKind::MaintenanceWindow => definition.maintenance_windows.push(serde_json::from_value(values)?),
    }
    Ok(())
}
