//! Typed reading of single keys; whatever cannot be read is noted, and reading goes on.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::net::IpAddr;
use std::ops::RangeInclusive;

use ipnet::IpNet;

use super::document::Value;
use super::layers::Layers;
use super::mistake::Mistake;
use directory::suggestion::suggestion;

/// Reads the layers key by key. Every method takes `section.key` and gives None after it has noted a mistake.
#[derive(Debug)]
pub(super) struct Reader {
    layers: Layers,
    asked: BTreeSet<&'static str>,
}

impl Reader {
    /// A reader of these layers.
    pub(super) fn new(layers: Layers) -> Self {
        Self { layers, asked: BTreeSet::new() }
    }

    /// The text as it stands.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        self.asked.insert(key);
        match self.layers.get(key).map(|setting| &setting.value) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => self.reject(key, "expected a string"),
        }
    }

    /// The text as `read` understands it; what `read` has against it becomes the mistake.
    pub(super) fn text_as<T>(&mut self, key: &'static str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.text(key)?;
        read(&text).map_or_else(|problem| self.reject(key, problem), Some)
    }

    /// The choice that the text names.
    pub(super) fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&'static str, T)]) -> Option<T> {
        self.text_as(key, |text| {
            if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == text) {
                return Ok(*choice);
            }
            let names: Vec<_> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
            let near = suggestion(text, choices.iter().map(|(name, _)| *name));
            Err(format!("expected one of {}, found `{text}`{near}", names.join(", ")))
        })
    }

    /// The whole number, which must lie in `range`.
    pub(super) fn whole<T>(&mut self, key: &'static str, range: RangeInclusive<T>) -> Option<T>
    where
        T: TryFrom<i64> + PartialOrd + Display,
    {
        self.asked.insert(key);
        let Some(Value::Whole(found)) = self.layers.get(key).map(|setting| &setting.value) else {
            return self.reject(key, "expected a whole number");
        };
        let found = *found;
        match T::try_from(found) {
            Ok(whole) if range.contains(&whole) => Some(whole),
            _ => {
                let (least, most) = (range.start(), range.end());
                self.reject(key, format!("must be from {least} to {most}, found {found}"))
            }
        }
    }

    /// The networks of a list; an address without a length stands for itself alone.
    pub(super) fn networks(&mut self, key: &'static str) -> Option<Vec<IpNet>> {
        self.list_as(key, |item| {
            let network = item.parse().or_else(|_| item.parse::<IpAddr>().map(IpNet::from));
            network.map_err(|_| format!("expected an address or a network such as `10.0.0.0/8`, found `{item}`"))
        })
    }

    /// Each text of a list as `read` understands it; what `read` has against one becomes a mistake.
    pub(super) fn list_as<T>(&mut self, key: &'static str, read: impl Fn(&str) -> Result<T, String>) -> Option<Vec<T>> {
        self.asked.insert(key);
        let Some(Value::List(items)) = self.layers.get(key).map(|setting| &setting.value) else {
            return self.reject(key, "expected a list of strings");
        };
        let (mut found, mut problems) = (Vec::new(), Vec::new());
        for item in items {
            match read(item) {
                Ok(one) => found.push(one),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() {
            return Some(found);
        }
        for problem in problems {
            self.reject::<()>(key, problem);
        }
        None
    }

    /// Notes a mistake about a key, at the place that said its value last.
    pub(super) fn reject<T>(&mut self, key: &'static str, problem: impl Into<String>) -> Option<T> {
        let origin = self.layers.origin(key);
        self.layers.reject(origin, key, problem);
        None
    }

    /// All mistakes. A known key that nothing has asked for is one too: a setting without effect would be a lie.
    pub(super) fn into_mistakes(mut self) -> Vec<Mistake> {
        let unread = self.layers.keys().filter(|key| !self.asked.contains(key));
        for key in unread.map(str::to_owned).collect::<Vec<_>>() {
            let origin = self.layers.origin(&key);
            self.layers.reject(origin, &key, "nothing reads this key");
        }
        self.layers.into_mistakes()
    }
}
