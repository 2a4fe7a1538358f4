//! What an entry of the audit log says, before it has its place in the chain.

use domain::directory::Directory;
use domain::{RefId, limits};
use serde::{Deserialize, Serialize};
use store::KeyRow;

/// What stands in the place of a secret, here and in plans.
pub const HIDDEN: &str = "(hidden)";

/// A change, or an attempt at one, as it is to be written down (administration §6).
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Who acted.
    pub actor: Actor,
    /// Username of the person for whom a key acted, where it said so.
    pub on_behalf_of: Option<String>,
    /// By which way it came.
    pub way: Way,
    /// From where it came.
    pub from: From,
    /// Id of the request, where it was one.
    pub request_id: Option<String>,
    /// What was done: what it was done to and a verb, such as `service.update`.
    pub action: String,
    /// What it was done to.
    pub object: Object,
    /// What came of it.
    pub outcome: Outcome,
    /// How often it happened, where entries of one minute are written as one.
    pub count: Option<u32>,
    /// What differs.
    pub changes: Vec<Changed>,
}

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// What it is.
    pub kind: ActorKind,
    /// Id of the person, also of the one whose token it is; number of the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ref_id: Option<String>,
    /// Username, also of the person whose token it is; name of the key, or what it is.
    pub name: String,
    /// The last characters of the key or token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_tail: Option<String>,
    /// Id of the session, which is not its secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
}

/// What an actor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person who is signed in.
    Person,
    /// A key of the organization.
    Key,
    /// A key of a person.
    Token,
    /// Whoever may run commands beside the server.
    Operator,
    /// A sign-in provider.
    Provider,
    /// The server itself.
    System,
}

impl Actor {
    /// A key of the organization, or the person whose token it is.
    #[must_use]
    pub fn key(key: &KeyRow, directory: &Directory) -> Self {
        let (kind, ref_id, name) = match &key.person {
            None => (ActorKind::Key, key.id.to_string(), key.name.clone()),
            Some(person) => (ActorKind::Token, person.to_string(), username(person, directory)),
        };
        Self { kind, ref_id: Some(ref_id), name, key_tail: Some(key.tail.clone()), session: None }
    }

    /// A person who is signed in, by a session or not.
    #[must_use]
    pub fn person(ref_id: &str, username: &str, session: Option<String>) -> Self {
        Self {
            kind: ActorKind::Person,
            ref_id: Some(ref_id.to_owned()),
            name: username.to_owned(),
            key_tail: None,
            session,
        }
    }

    /// Whoever runs a command beside the server.
    #[must_use]
    pub fn operator() -> Self {
        Self::unnamed(ActorKind::Operator, "operator")
    }

    /// The server itself.
    #[must_use]
    pub fn system() -> Self {
        Self::unnamed(ActorKind::System, "system")
    }

    fn unnamed(kind: ActorKind, name: &str) -> Self {
        Self { kind, ref_id: None, name: name.to_owned(), key_tail: None, session: None }
    }

    /// Id of the person whose address it is from which this actor came; none for who is not a person, nor the token of one.
    pub(super) fn person_ref(&self) -> Option<&str> {
        self.ref_id.as_deref().filter(|_| matches!(self.kind, ActorKind::Person | ActorKind::Token))
    }
}

/// The username of a person who is here or left.
fn username(person: &RefId, directory: &Directory) -> String {
    let here = directory.users.with_ref(person.as_str()).map(|entry| &entry.component.username);
    let username = here.or_else(|| directory.former.known(person.as_str()).map(|(_, username)| username));
    username.map_or_else(|| person.to_string(), ToString::to_string)
}

/// By which way a change came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The pages.
    Console,
    /// The API.
    Api,
    /// A directory file.
    File,
    /// A command.
    Command,
    /// The Model Context Protocol.
    Mcp,
    /// A sign-in provider.
    Provider,
    /// Nobody asked: the server did it when it was time.
    System,
}

impl Way {
    /// All words, for those who ask for the entries of one.
    pub const WORDS: &[&str] = &["console", "api", "file", "command", "mcp", "provider", "system"];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Api => "api",
            Self::File => "file",
            Self::Command => "command",
            Self::Mcp => "mcp",
            Self::Provider => "provider",
            Self::System => "system",
        }
    }
}

/// From where a change came. Of a person, address and program are personal values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct From {
    /// The address, after trusted proxies.
    pub address: Option<String>,
    /// What the program called itself; cut to [`limits::AUDIT_USER_AGENT_CHARACTERS`].
    pub user_agent: Option<String>,
    /// SHA-256 of the directory file, in hexadecimal.
    pub file_digest: Option<String>,
}

/// What a change was made to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// Its kind: that of a component, or `key`, `contact`, `swap`, `cover`, `feed`, `organization`, `audit`.
    pub kind: String,
    /// Its id, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ref_id: Option<String>,
    /// Its name.
    pub name: String,
}

impl Object {
    /// The object of this kind and name.
    #[must_use]
    pub fn new(kind: &str, ref_id: Option<&str>, name: &str) -> Self {
        Self { kind: kind.to_owned(), ref_id: ref_id.map(str::to_owned), name: name.to_owned() }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused, with the code that was answered.
    Refused(String),
}

/// A field that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// The field, such as `levels[0].minutes`.
    pub field: String,
    /// What it was.
    pub before: Value,
    /// What it is.
    pub after: Value,
}

impl Changed {
    /// A field that had no value.
    #[must_use]
    pub fn set(field: &str, after: Value) -> Self {
        Self { field: field.to_owned(), before: Value::Unset, after }
    }
}

/// A value before or after a change.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// None.
    Unset,
    /// What may be read by whoever may read the log, as long as the log is kept. Over [`limits::AUDIT_VALUE_BYTES`] only
    /// its digest is written.
    Plain(serde_json::Value),
    /// A secret, of which nothing is written.
    Hidden,
    /// What belongs to a person and can be erased: an address, a number.
    Personal {
        /// Id of the person.
        person: String,
        /// The value.
        value: String,
    },
}

impl Value {
    /// A text that may be read.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Plain(serde_json::Value::from(text))
    }
}

impl From {
    /// The program's name, no longer than is kept.
    pub(super) fn short_user_agent(&self) -> Option<String> {
        let cut = |text: &String| text.chars().take(limits::AUDIT_USER_AGENT_CHARACTERS).collect();
        self.user_agent.as_ref().map(cut)
    }
}
