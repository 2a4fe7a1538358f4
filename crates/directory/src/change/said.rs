//! What a directory file says of each component.

use crate::file::name_key;
use domain::directory::{Component, ComponentKind, Definition};
use serde_json::{Map, Value};
use std::collections::HashSet;
use store::Error;

/// What a file calls its components.
pub(super) struct Said<'a> {
    names: HashSet<(ComponentKind, &'a str)>,
    renamed: &'a [(ComponentKind, String, String)],
}

impl<'a> Said<'a> {
    /// What this definition calls them; `renamed` are those that get another name: kind, old name, new one.
    pub(super) fn of(definition: &'a Definition, renamed: &'a [(ComponentKind, String, String)]) -> Self {
        let mut names = HashSet::new();
        macro_rules! add {
            ($($components:ident,)*) => {
                $(names.extend(definition.$components.iter().map(|one| (kind_of(one), one.name())));)*
            };
        }
        add! {
            users, teams, routines, escalation_policies, services, business_services, response_sets, workflows,
            routing_rules, integrations, heartbeats, maintenance_windows,
        }
        Self { names, renamed }
    }

    /// Whether it has one of this kind and name.
    pub(super) fn has(&self, kind: ComponentKind, name: &str) -> bool {
        self.names.contains(&(kind, name))
    }

    /// What it calls now what it called so before; `None` where it says nothing of it.
    pub(super) fn name_now<'b>(&'b self, kind: ComponentKind, name: &'b str) -> Option<&'b str> {
        let new = self.renamed.iter().find(|(of, old, _)| *of == kind && old == name).map(|(_, _, new)| new.as_str());
        [Some(name), new].into_iter().flatten().find(|name| self.has(kind, name))
    }
}

fn kind_of<T: Component>(_: &T) -> ComponentKind {
    T::KIND
}

/// Kind, name and body of a component.
pub(super) type Written = (ComponentKind, String, Map<String, Value>);

/// Each component of a definition, as it is stored.
///
/// # Errors
/// When one cannot be written as JSON, which does not happen.
pub(super) fn bodies_of(definition: &Definition) -> Result<Vec<Written>, Error> {
    let mut all = Vec::new();
    macro_rules! add {
        ($($components:ident,)*) => {
            $(add(&mut all, &definition.$components)?;)*
        };
    }
    add! {
        users, teams, routines, escalation_policies, services, business_services, response_sets, workflows,
        routing_rules, integrations, heartbeats, maintenance_windows,
    }
    Ok(all)
}

fn add<T: Component>(all: &mut Vec<Written>, components: &[T]) -> Result<(), Error> {
    for component in components {
        let written = serde_json::to_string(component).and_then(|text| serde_json::from_str(&text));
        let body = written.map_err(|error| Error::Statement(error.to_string()))?;
        debug_assert!(matches!(&body, Value::Object(fields) if fields.contains_key(name_key(T::KIND))));
        if let Value::Object(body) = body {
            all.push((T::KIND, component.name().to_owned(), body));
        }
    }
    Ok(())
}
