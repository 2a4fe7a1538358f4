//! Names in the place of what chance has drawn: an id would say nothing to a reader.

/// The names of what has an id.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// The id, and `service web`.
    named: Vec<(String, String)>,
    /// What every message of a kind says, and fewer words for it.
    phrases: Vec<(String, String)>,
}

impl Names {
    pub(super) fn new(named: Vec<(String, String)>) -> Self {
        Self { named, phrases: Vec::new() }
    }

    /// Names more; what is known stays.
    pub(super) fn learn(&mut self, named: Vec<(String, String)>) {
        let fresh: Vec<_> =
            named.into_iter().filter(|(id, _)| !self.named.iter().any(|(known, _)| known == id)).collect();
        self.named.extend(fresh);
    }

    /// One more of a kind whose members have no names of their own: `swap 1`, `swap 2`; its name.
    pub(super) fn add(&mut self, id: &str, kind: &str) -> String {
        if let Some((_, name)) = self.named.iter().find(|(known, _)| known == id) {
            return name.clone();
        }
        let is_of_kind = |name: &str| {
            let number = name.strip_prefix(kind).and_then(|rest| rest.strip_prefix(' '));
            number.is_some_and(|number| number.bytes().all(|digit| digit.is_ascii_digit()))
        };
        let number = 1 + self.named.iter().filter(|(_, name)| is_of_kind(name)).count();
        let name = format!("{kind} {number}");
        self.add_as(id, &name);
        name
    }

    /// One more thing with a name.
    pub(super) fn add_as(&mut self, id: &str, name: &str) {
        if !self.named.iter().any(|(known, _)| known == id) {
            self.named.push((id.to_owned(), name.to_owned()));
        }
    }

    /// One more phrase that is told in fewer words.
    pub(super) fn shorten(&mut self, phrase: &str, name: &str) {
        if !self.phrases.iter().any(|(known, _)| known == phrase) {
            self.phrases.push((phrase.to_owned(), name.to_owned()));
        }
    }

    /// `text` with names instead of ids, and in fewer words.
    pub(super) fn tidy(&self, text: &str) -> String {
        self.tidy_ids(&self.phrases.iter().fold(text.to_owned(), put))
    }

    /// `text` with names instead of ids.
    pub(super) fn tidy_ids(&self, text: &str) -> String {
        self.named.iter().fold(text.to_owned(), put)
    }

    /// `text` with ids instead of names in braces.
    pub(super) fn resolve(&self, text: &str) -> String {
        let put = |text: String, (id, name): &(String, String)| text.replace(&format!("{{{name}}}"), id);
        self.named.iter().fold(text.to_owned(), put)
    }

    /// The id of `service web`.
    pub(super) fn id(&self, name: &str) -> Result<String, String> {
        let found = self.named.iter().find(|(_, known)| known == name);
        found.map(|(id, _)| id.clone()).ok_or_else(|| format!("there is no {name}"))
    }
}

fn put(text: String, (id, name): &(String, String)) -> String {
    text.replace(id, &format!("{{{name}}}"))
}
