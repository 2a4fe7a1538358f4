//! Who asks, and about what.

use super::Scope;
use crate::directory::Role;
use crate::ids::Username;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor<'a> {
    /// A key of the organization.
    Key {
        /// What it may do.
        scope: Scope,
        /// The teams whose things it is limited to; none where it is not limited.
        teams: Option<&'a [&'a str]>,
    },
    /// A person, by a session or by a token of theirs.
    Person {
        /// Who.
        username: &'a Username,
        /// What they are in the organization.
        role: Role,
        /// What their token may do; all that they may where it is a session.
        token: Option<Scope>,
    },
}

/// What it is about: everything where nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Object<'a> {
    /// The team that owns it.
    pub team: Option<&'a str>,
    /// How the person stands to it.
    pub relation: Relation,
    /// What the person is whom it is done to, where it is done to a person.
    pub person: Option<Role>,
}

/// How a person stands to what an action is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Relation {
    /// Not at all, or as a member of its team.
    #[default]
    None,
    /// The incident is assigned to them, or was given to them as a responder.
    Assignee,
    /// They were added to those who are told about the incident.
    Subscriber,
    /// It is theirs, or it is they.
    Own,
}
