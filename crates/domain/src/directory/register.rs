//! One kind of component of an organization: found by name, by id, or listed in order.

use super::component::Component;
use crate::ids::RefId;
use std::collections::HashMap;

/// A component with its id.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<T> {
    /// Its id on the wire.
    pub ref_id: RefId,
    /// The component itself.
    pub component: T,
}

/// All components of one kind, in the order they were given.
#[derive(Clone, Debug)]
pub struct Register<T> {
    entries: Vec<Entry<T>>,
    by_name: HashMap<String, usize>,
    by_ref: HashMap<RefId, usize>,
}

impl<T> Default for Register<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), by_name: HashMap::new(), by_ref: HashMap::new() }
    }
}

impl<T: Component> Register<T> {
    /// Adds a component; a later one of the same name takes its place in look-ups.
    pub fn add(&mut self, ref_id: RefId, component: T) {
        let place = self.entries.len();
        self.by_name.insert(component.name().to_owned(), place);
        self.by_ref.insert(ref_id.clone(), place);
        self.entries.push(Entry { ref_id, component });
    }

    /// The component of this name.
    pub fn named(&self, name: &str) -> Option<&Entry<T>> {
        self.by_name.get(name).and_then(|place| self.entries.get(*place))
    }

    /// The component with this id.
    pub fn with_ref(&self, ref_id: &str) -> Option<&Entry<T>> {
        self.by_ref.get(ref_id).and_then(|place| self.entries.get(*place))
    }

    /// The component with this id, else the one of this name.
    pub fn known(&self, id_or_name: &str) -> Option<&Entry<T>> {
        self.with_ref(id_or_name).or_else(|| self.named(id_or_name))
    }

    /// Keeps those of which this is true.
    pub fn retain(&mut self, is_kept: impl Fn(&T) -> bool) {
        let entries = std::mem::take(&mut self.entries);
        *self = Self::default();
        for entry in entries.into_iter().filter(|entry| is_kept(&entry.component)) {
            self.add(entry.ref_id, entry.component);
        }
    }

    /// All of them, in the order they were given.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry<T>> {
        self.entries.iter()
    }

    /// All of them, ordered by name.
    pub fn by_name(&self) -> Vec<&Entry<T>> {
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by(|a, b| a.component.name().cmp(b.component.name()));
        entries
    }
}
