//! What would have to change for an organization to become what its directory file says.

use super::parts::{Part, inline, parts_beside, quoted};
use domain::directory::{ComponentKind, Definition, Settings};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::fmt;

/// The changes from one definition to another, none of which has been made. Components are known by their names: one that
/// gets another name without it being said is removed, and another is made. It holds no secret.
///
/// Displayed as a line for each change, and a last line that counts them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Name of the organization, as it is wanted.
    pub organization: String,
    /// Changes of the organization itself.
    pub settings: Vec<FieldChange>,
    /// Changes of components in the order in which they can be made: what is created or updated comes after what it
    /// refers to, and at the end what is removed comes before what it refers to.
    pub entries: Vec<Entry>,
    /// All routing rules in the wanted order, where that is not what comes of dropping the removed ones and of adding
    /// the created ones at the end.
    pub rule_order: Option<Vec<String>>,
    /// Components that get another name: kind, old name, new one.
    pub renamed: Vec<(ComponentKind, String, String)>,
    /// Components of the API that the file manages from now on.
    pub adopted: Vec<(ComponentKind, String)>,
}

/// A change of one component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its kind.
    pub kind: ComponentKind,
    /// Its name.
    pub name: String,
    /// What happens to it.
    pub change: Change,
}

/// What happens to a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Create,
    /// Some of its fields change.
    Update {
        /// Which, at least one.
        fields: Vec<FieldChange>,
    },
    /// It is gone.
    Remove,
}

/// A field before and after, as a person reads it: TOML in one line, `(not set)` or `(hidden)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// The key, such as `levels` or `webhook.url`.
    pub field: String,
    /// What it was.
    pub before: String,
    /// What it will be.
    pub after: String,
}

impl FieldChange {
    fn told(&self) -> Value {
        json!({"field": self.field, "before": self.before, "after": self.after})
    }
}

/// What changes from `current` to `wanted`. The order of components counts for routing rules only, because they are
/// tried in it.
pub fn plan(current: &Definition, wanted: &Definition) -> Plan {
    // What is the same in both would come to nothing.
    let (before, after) = (parts_beside(current, wanted), parts_beside(wanted, current));
    let (old, new) = (index(&before), index(&after));
    let mut entries = Vec::new();
    for part in &after {
        let change = match old.get(&handle(part)) {
            None => Change::Create,
            Some(same) => Change::Update { fields: differences("", &same.fields, &part.fields) },
        };
        entries.push(Entry { kind: part.kind, name: part.name.clone(), change });
    }
    entries.retain(|entry| !matches!(&entry.change, Change::Update { fields } if fields.is_empty()));
    let gone = before.iter().rev().filter(|part| !new.contains_key(&handle(part)));
    entries.extend(gone.map(|part| Entry { kind: part.kind, name: part.name.clone(), change: Change::Remove }));
    Plan {
        organization: wanted.name.clone(),
        settings: differences("", &settings(current), &settings(wanted)),
        entries,
        rule_order: rule_order(current, wanted),
        renamed: Vec::new(),
        adopted: Vec::new(),
    }
}

impl Plan {
    /// Adds what becomes different of the organization's settings.
    #[must_use]
    pub fn with_settings(mut self, before: &Settings, after: &Settings) -> Self {
        self.settings.extend(differences("", &before.told(), &after.told()));
        self
    }

    /// The same as a structure, in the order of its lines: each change with `do` (`create`, `update`, `remove`, `rename`, `adopt`
    /// or `reorder`), `kind` and `name`, and as it is one with `fields` (of each `field`, `before`, `after`), `renamed_from`, or
    /// `order`.
    pub fn changes(&self) -> Vec<Value> {
        let said = |act: &str, kind: &str, name: &str| json!({"do": act, "kind": kind, "name": name});
        let mut all = Vec::new();
        if !self.settings.is_empty() {
            let mut change = said("update", "organization", &self.organization);
            change["fields"] = self.settings.iter().map(FieldChange::told).collect();
            all.push(change);
        }
        for (kind, old, new) in &self.renamed {
            let mut change = said("rename", kind.word(), new);
            change["renamed_from"] = json!(old);
            all.push(change);
        }
        all.extend(self.adopted.iter().map(|(kind, name)| said("adopt", kind.word(), name)));
        for Entry { kind, name, change } in &self.entries {
            all.push(match change {
                Change::Create => said("create", kind.word(), name),
                Change::Remove => said("remove", kind.word(), name),
                Change::Update { fields } => {
                    let mut change = said("update", kind.word(), name);
                    change["fields"] = fields.iter().map(FieldChange::told).collect();
                    change
                }
            });
        }
        if let Some(order) = &self.rule_order {
            let mut change = said("reorder", ComponentKind::RoutingRule.word(), &self.organization);
            change["order"] = json!(order);
            all.push(change);
        }
        all
    }

    /// Whether there is nothing to change; who manages what is no change of what it is.
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty() && self.entries.is_empty() && self.rule_order.is_none() && self.renamed.is_empty()
    }

    /// Kind and name of every component that would be removed.
    pub fn removed(&self) -> impl Iterator<Item = (ComponentKind, &str)> {
        let removed = self.entries.iter().filter(|entry| entry.change == Change::Remove);
        removed.map(|entry| (entry.kind, entry.name.as_str()))
    }
}

type Handle<'a> = (ComponentKind, &'a str);

fn handle(part: &Part) -> Handle<'_> {
    (part.kind, part.name.as_str())
}

fn index(parts: &[Part]) -> HashMap<Handle<'_>, &Part> {
    parts.iter().map(|part| (handle(part), part)).collect()
}

fn settings(definition: &Definition) -> Map<String, Value> {
    let name = Some(&definition.name).filter(|name| !name.is_empty());
    let settings = [("name", name), ("fallback_policy", definition.fallback_policy.as_ref())];
    let given = settings.into_iter().filter_map(|(key, value)| Some((key.to_owned(), Value::from(value?.as_str()))));
    given.collect()
}

/// The fields that differ; a table's fields each by themselves, so that one of them can be hidden.
fn differences(prefix: &str, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<FieldChange> {
    let empty = Map::new();
    let added = after.keys().filter(|key| !before.contains_key(*key));
    let mut changes = Vec::new();
    for key in before.keys().chain(added) {
        let (old, new) = (before.get(key), after.get(key));
        let field = format!("{prefix}{key}");
        if old == new {
            continue;
        }
        let tables = (old.map_or(Some(&empty), Value::as_object), new.map_or(Some(&empty), Value::as_object));
        if let (Some(old), Some(new)) = tables {
            changes.extend(differences(&format!("{field}."), old, new));
        } else {
            changes.push(FieldChange { before: shown(&field, old), after: shown(&field, new), field });
        }
    }
    changes
}

/// Whoever knows one of these can sign as us or as a sender, write to the person's chat, or read what is pushed to them.
pub(crate) const SECRETS: [&str; 6] = ["key", "secret", "webhook.secrets", "chat.url", "push.url", "push.token"];

/// Whether nothing of this field's value may be shown.
pub(crate) fn is_secret(field: &str) -> bool {
    SECRETS.contains(&field)
}

fn shown(field: &str, value: Option<&Value>) -> String {
    match value {
        None => "(not set)".to_owned(),
        Some(_) if is_secret(field) => "(hidden)".to_owned(),
        Some(value) => inline(value),
    }
}

fn rule_order(current: &Definition, wanted: &Definition) -> Option<Vec<String>> {
    let rules = |definition: &Definition| -> Vec<String> {
        definition.routing_rules.iter().map(|rule| rule.name.clone()).collect()
    };
    let (old, wanted) = (rules(current), rules(wanted));
    let kept = old.iter().filter(|name| wanted.contains(name));
    let created = wanted.iter().filter(|name| !old.contains(name));
    (!kept.chain(created).eq(wanted.iter())).then_some(wanted)
}

impl fmt::Display for Plan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() && self.adopted.is_empty() {
            return write!(out, "nothing to change");
        }
        if !self.settings.is_empty() {
            updated(out, &format!("organization {}", name(&self.organization)), &self.settings)?;
        }
        for (kind, old, new) in &self.renamed {
            writeln!(out, "~ {} {}: renamed to {}", kind.word(), name(old), name(new))?;
        }
        for (kind, adopted) in &self.adopted {
            writeln!(out, "~ {} {}: managed by the file from now on", kind.word(), name(adopted))?;
        }
        for entry in &self.entries {
            let subject = format!("{} {}", entry.kind.word(), name(&entry.name));
            match &entry.change {
                Change::Create => writeln!(out, "+ {subject}")?,
                Change::Update { fields } => updated(out, &subject, fields)?,
                Change::Remove => writeln!(out, "- {subject}")?,
            }
        }
        if let Some(order) = &self.rule_order {
            let order: Vec<_> = order.iter().map(|rule| name(rule)).collect();
            writeln!(out, "~ order of routing rules: {}", order.join(", "))?;
        }
        let count = |fits: fn(&Change) -> bool| self.entries.iter().filter(|entry| fits(&entry.change)).count();
        // What is told besides of a component that changes is counted with it.
        let is_alone = |kind: ComponentKind, name: &str| {
            !self.entries.iter().any(|entry| entry.kind == kind && entry.name == name)
        };
        let renamed = self.renamed.iter().filter(|(kind, _, new)| is_alone(*kind, new));
        let is_renamed = |(kind, name): &(ComponentKind, String)| {
            self.renamed.iter().any(|(renamed, _, new)| renamed == kind && new == name)
        };
        let adopted = self.adopted.iter().filter(|adopted| is_alone(adopted.0, &adopted.1) && !is_renamed(adopted));
        let others = usize::from(!self.settings.is_empty())
            + usize::from(self.rule_order.is_some())
            + renamed.count()
            + adopted.count();
        write!(
            out,
            "{} to create, {} to update, {} to remove",
            count(|change| *change == Change::Create),
            count(|change| matches!(change, Change::Update { .. })) + others,
            count(|change| *change == Change::Remove),
        )
    }
}

fn updated(out: &mut fmt::Formatter<'_>, subject: &str, fields: &[FieldChange]) -> fmt::Result {
    match fields {
        [field] => writeln!(out, "~ {subject}: {field}"),
        _ => {
            writeln!(out, "~ {subject}:")?;
            fields.iter().try_for_each(|field| writeln!(out, "    {field}"))
        }
    }
}

impl fmt::Display for FieldChange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {} -> {}", self.field, self.before, self.after)
    }
}

/// A name between backticks; one that could break the line is escaped.
fn name(name: &str) -> String {
    if name.contains(char::is_control) { quoted(name) } else { format!("`{name}`") }
}
