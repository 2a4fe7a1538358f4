//! The table of operations: the one source of routes, checks, limits, examples and documents (decision 0003).

mod code;
mod field;
mod table;

pub use code::Code;
pub use field::{DIGITS, Field, Limit, NO_NUL, Presence, Shape, TIMESTAMP};
pub use table::operations;

use domain::permission::Scope;

/// One operation of the API (contract §2).
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// Its name, and its id in the OpenAPI document.
    pub name: &'static str,
    /// The end of its paths, without a slash in front: `acknowledge`.
    pub path: &'static str,
    /// Where it is served.
    pub served: Served,
    /// What it does.
    pub does: Does,
    /// What a key must be allowed to do.
    pub scope: Scope,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// What else there is to know.
    pub description: &'static str,
    /// The variable part of the path.
    pub parameter: Option<Field>,
    /// Fields of the body, or of the query where the method is GET.
    pub fields: &'static [Field],
    /// Fields of which at least one must be given; empty where there is no such rule.
    pub at_least_one: &'static [&'static str],
    /// What a success says.
    pub answer: Answer,
    /// The body of a success in the example, as JSON.
    pub example: &'static str,
    /// Errors of its own, beside those that every operation can give.
    pub refusals: &'static [Code],
    /// Operations that can follow, fed from the answer.
    pub links: &'static [Link],
}

/// Method of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Fields stand in the query.
    Get,
    /// Fields stand in a JSON body.
    Post,
}

/// Under which paths an operation is served, each with or without one trailing slash (contract §1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    /// `/OP` and `/incidents/OP`, of which the second is documented.
    Everywhere,
    /// Likewise, but the first is documented.
    EverywhereKnownAtRoot,
    /// `/incidents/OP` only.
    UnderIncidents,
    /// `/OP` only.
    AtRoot,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Asks something of an incident.
    Command(Verb),
    /// Only reads.
    Read(Reading),
}

/// The operations that become a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the operation of its name, which the table describes")]
pub enum Verb {
    Create,
    Acknowledge,
    Resolve,
    Escalate,
    Reassign,
    Snooze,
    Unacknowledge,
    AmendUrgency,
    AddResponders,
    Notate,
    Merge,
    Unmerge,
    AddSubscribers,
    RemoveSubscribers,
    UpdateStatus,
    AddImpact,
    RemoveImpact,
    RunResponseSet,
    RunWorkflow,
    EditTitle,
    UpdateTags,
}

/// The operations that only read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// `GET /list/{type}` of one kind of component.
    Components,
    /// `GET /list/incidents`.
    IncidentNames,
    /// `POST /incidents/list`.
    Incidents,
    /// One incident.
    Details,
    /// The alerts of one incident.
    Alerts,
    /// `POST /users/list`.
    Users,
    /// `POST /users/details`.
    User,
}

/// What a success says; its schema stands in `openapi`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The JSON string `"Success"`.
    Success,
    /// When the engine acts next.
    NextAlert,
    /// The incident that a create made, or why it made none.
    Created,
    /// The incident that an un-merge made.
    Unmerged,
    /// An array of components.
    Components,
    /// An array of incidents by name.
    IncidentNames,
    /// An array of incidents.
    Incidents,
    /// An incident with its events.
    Details,
    /// An array of alerts.
    Alerts,
    /// An array of users.
    Users,
    /// A user.
    User,
}

/// An operation that can follow, and what it takes from the answer.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Name of the operation that follows.
    pub to: &'static str,
    /// Its fields, each with a JSON pointer into the answer.
    pub takes: &'static [(&'static str, &'static str)],
}

impl Operation {
    /// Method of its routes.
    pub fn method(&self) -> Method {
        match self.does {
            Does::Read(Reading::Components | Reading::IncidentNames) => Method::Get,
            Does::Read(_) | Does::Command(_) => Method::Post,
        }
    }

    /// Whether it changes something, so that a repetition of it would have to be made harmless.
    pub fn is_command(&self) -> bool {
        matches!(self.does, Does::Command(_))
    }

    /// Every path that it is served at, with and without a trailing slash; a variable part is written `{type}`.
    pub fn paths(&self) -> Vec<String> {
        let (root, below) = (format!("/{}", self.path), format!("/incidents/{}", self.path));
        let forms = match self.served {
            Served::Everywhere | Served::EverywhereKnownAtRoot => vec![root, below],
            Served::UnderIncidents => vec![below],
            Served::AtRoot => vec![root],
        };
        forms.into_iter().flat_map(|form| [format!("{form}/"), form]).collect()
    }

    /// The path that is documented.
    pub fn documented_path(&self) -> String {
        match self.served {
            Served::Everywhere | Served::UnderIncidents => format!("/incidents/{}", self.path),
            Served::EverywhereKnownAtRoot | Served::AtRoot => format!("/{}", self.path),
        }
    }

    /// Every error that it can give, in the order of [`Code::ALL`].
    pub fn codes(&self) -> Vec<Code> {
        let of_post = [Code::MalformedJson, Code::BodyTooLarge];
        let posted = |code: &Code| self.method() == Method::Post && of_post.contains(code);
        let of_command = [Code::InvalidIdempotencyKey, Code::IdempotencyKeyReused];
        let commanded = |code: &Code| self.is_command() && of_command.contains(code);
        let occurs =
            |code: &Code| OF_EVERY.contains(code) || posted(code) || commanded(code) || self.refusals.contains(code);
        Code::ALL.iter().copied().filter(occurs).collect()
    }

    /// Groups of spellings of which a request must have at least one: those of a required field with aliases, and
    /// `at_least_one`.
    pub fn alternatives(&self) -> Vec<Vec<&'static str>> {
        let spelled = |field: &&Field| field.presence == Presence::Required && !field.aliases.is_empty();
        let mut groups: Vec<Vec<_>> =
            self.fields.iter().filter(spelled).map(|field| field.spellings().collect()).collect();
        if !self.at_least_one.is_empty() {
            groups.push(self.at_least_one.to_vec());
        }
        groups
    }

    /// The field that `spelling` is a spelling of.
    pub fn field(&self, spelling: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.spellings().any(|known| known == spelling))
    }

    /// The example request: every field that has an example.
    pub fn example_request(&self) -> serde_json::Map<String, serde_json::Value> {
        let given = self.fields.iter().filter(|field| !field.example.is_empty());
        given.map(|field| (field.name.to_owned(), example_value(field.example))).collect()
    }

    /// The example of a success.
    pub fn example_answer(&self) -> serde_json::Value {
        example_value(self.example)
    }
}

/// Reads an example of the table; a test makes sure that all of them are JSON.
pub fn example_value(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_default()
}

const OF_EVERY: [Code; 12] = [
    Code::InvalidFields,
    Code::MissingKey,
    Code::UnknownKey,
    Code::ExpiredKey,
    Code::RevokedKey,
    Code::AddressNotAllowed,
    Code::ScopeTooSmall,
    Code::MethodNotAllowed,
    Code::RateLimited,
    Code::Internal,
    Code::Busy,
    Code::Unavailable,
];

#[cfg(test)]
mod tests;
