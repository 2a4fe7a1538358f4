//! The table of operations: the one source of routes, checks, limits, examples and documents (decision 0003).

mod action;
mod answer;
mod code;
mod does;
mod field;
mod route;
mod table;

pub use answer::Answer;
pub use code::Code;
pub use does::{Change, ComponentAct, Does, Reading, Verb};
pub use field::{DATE, DIGITS, Field, Limit, NO_NUL, Presence, SHIFT_LENGTH, Shape, TIME_OF_DAY, TIMESTAMP};
pub use route::{Method, Served};
pub use table::{operations, routes};

use domain::directory::ComponentKind;
use domain::permission::Scope;

/// One operation of the API (contract §2, on-call).
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// Its name, and its id in the OpenAPI document.
    pub name: &'static str,
    /// The end of its paths, without a slash in front: `acknowledge`. A variable part is written `{type}`.
    pub path: &'static str,
    /// Method of its routes.
    pub method: Method,
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
    /// The variable parts of the path, in their order.
    pub parameters: &'static [Field],
    /// Fields of the body, or of the query where the method is GET.
    pub fields: &'static [Field],
    /// Fields of the query where the method is another.
    pub query: &'static [Field],
    /// The component that the body holds, where it holds one.
    pub body: Option<ComponentBody>,
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

/// A body that holds a component, in the form of the directory file.
#[derive(Clone, Copy, Debug)]
pub struct ComponentBody {
    /// Its kind.
    pub kind: ComponentKind,
    /// Whether it may be a part of one.
    pub is_patch: bool,
    /// The example, as JSON.
    pub example: &'static str,
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
    /// Whether it is taken with an `Idempotency-Key` (contract §1). To read is harmless to repeat and answers what is so
    /// now; to take back a swap is harmless to repeat, too.
    pub fn takes_idempotency_key(&self) -> bool {
        match self.does {
            Does::Component(act, _) => !act.only_reads(),
            Does::Read(_) => false,
            // It looks at a provider, and changes nothing.
            Does::Change(Change::CheckProvider) => false,
            // A second test is another alert of the same problem, and makes no other incident.
            Does::Change(Change::TestIntegration) => false,
            Does::Command(_) | Does::Change(_) => self.method.has_body(),
        }
    }

    /// Whether a request says which version of a component it is about, with `If-Match`.
    pub fn takes_if_match(&self) -> bool {
        use ComponentAct::{Patch, Remove, Replace};
        let of_versions = [
            Change::ReplaceProvider,
            Change::ChangeProvider,
            Change::RemoveProvider,
            Change::ReplaceLayer,
            Change::ChangeLayer,
            Change::RemoveLayer,
            Change::ReplaceException,
            Change::ChangeException,
            Change::RemoveException,
            Change::SetContact,
            Change::RemoveContact,
            Change::SetRules,
            Change::Organization,
            Change::RuleOrder,
        ];
        match self.does {
            Does::Component(act, _) => matches!(act, Replace | Patch | Remove),
            Does::Change(change) => of_versions.contains(&change),
            _ => false,
        }
    }

    /// Whether words of its body that are not fields of it are refused; of components and of settings, what takes them says so.
    pub fn knows_its_words(&self) -> bool {
        use Change::{AddException, AddLayer, AddProvider, ChangeException, ChangeLayer, ChangeProvider};
        use Change::{Organization, ReplaceException, ReplaceLayer, ReplaceProvider, SetContact, SetRules};
        let elsewhere = [
            AddException,
            AddLayer,
            AddProvider,
            ChangeException,
            ChangeLayer,
            ChangeProvider,
            Organization,
            ReplaceException,
            ReplaceLayer,
            ReplaceProvider,
            SetContact,
            SetRules,
        ];
        let is_said_here = matches!(self.does, Does::Change(change) if !elsewhere.contains(&change));
        is_said_here && self.served == Served::V1
    }

    /// Every error that it can give, in the order of [`Code::ALL`].
    pub fn codes(&self) -> Vec<Code> {
        let of_post = [Code::MalformedJson, Code::BodyTooLarge, Code::UnsupportedEncoding];
        let posted = |code: &Code| self.method.has_body() && of_post.contains(code);
        let of_command = [Code::InvalidIdempotencyKey, Code::IdempotencyKeyReused];
        let commanded = |code: &Code| self.takes_idempotency_key() && of_command.contains(code);
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

    /// The variable part of the path with this name.
    pub fn parameter(&self, name: &str) -> Option<&'static Field> {
        self.parameters.iter().find(|field| field.name == name)
    }

    /// The example request: every field that has an example.
    pub fn example_request(&self) -> serde_json::Map<String, serde_json::Value> {
        if let Some(body) = self.body {
            return example_value(body.example).as_object().cloned().unwrap_or_default();
        }
        let given = self.fields.iter().filter(|field| !field.example.is_empty());
        given.map(|field| (field.name.to_owned(), example_value(field.example))).collect()
    }

    /// The documented path with the example of each variable part in its place.
    pub fn example_path(&self) -> String {
        let written = |path: String, field: &Field| {
            let example = example_value(field.example);
            let text = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
            path.replace(&format!("{{{}}}", field.name), &text)
        };
        self.parameters.iter().fold(self.documented_path(), written)
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
