//! What comes in, in words that no web library is needed for.

use domain::intake::Unreadable;
use serde_json::{Map, Value};

/// A request of a sender.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Its headers; names in lower case.
    pub headers: &'a [(String, String)],
    /// The pairs of its query.
    pub query: &'a [(String, String)],
    /// What it says that its body is.
    pub content_type: Option<&'a str>,
    /// Its body.
    pub body: &'a [u8],
}

/// What an integration's own settings change about reading.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// A group of the sender's is one alert, where the sender groups.
    pub per_group: bool,
    /// What a test button sends fires.
    pub tests_open: bool,
}

/// A body that was read, whatever its form, with what had to be repaired.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) value: Value,
    pub(crate) repairs: Vec<String>,
}

impl Input<'_> {
    /// The body as JSON; a form or a query as an object of texts. What the content type says is not believed.
    pub(crate) fn read(&self) -> Result<Read, Unreadable> {
        let error = match crate::json(self.body) {
            Ok((value, repairs)) => return Ok(Read { value, repairs }),
            Err(error) => error,
        };
        let form = self.form();
        // Some senders put JSON into a field of a form.
        let inner = ["payload", "data"].iter().find_map(|name| form.get(*name)?.as_str());
        if let Some((value, repairs)) = inner.and_then(|text| crate::json(text.as_bytes()).ok()) {
            return Ok(Read { value, repairs });
        }
        match form.is_empty() {
            true => Err(error),
            false => Ok(Read { value: Value::Object(form), repairs: Vec::new() }),
        }
    }

    fn form(&self) -> Map<String, Value> {
        let is_form = self.content_type.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        let body = if self.body.trim_ascii().is_empty() {
            self.query.to_vec()
        } else if is_form {
            form_urlencoded::parse(self.body.trim_ascii()).into_owned().collect()
        } else {
            Vec::new()
        };
        // The key of the integration is no part of what is said.
        let is_key = |name: &str| matches!(name, "key" | "token" | "auth_token" | "apiKey" | "routing_key");
        let from_query = self.body.trim_ascii().is_empty();
        let said = body.into_iter().filter(|(name, _)| !(from_query && is_key(name)));
        said.map(|(name, value)| (name, Value::from(value))).collect()
    }
}
