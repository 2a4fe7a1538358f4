//! Which requests are told whole addresses of others, for the audit log (administration §6).

use super::{App, Asked};
use crate::gate::Caller;
use crate::operation::{ComponentAct, Does, Operation, Reading};
use domain::directory::ComponentKind;

/// Whose addresses a request is told, if it succeeds.
pub(super) enum AddressesOf {
    /// Of a list of people.
    Many,
    /// Of the person of this id or name.
    One(String),
}

impl AddressesOf {
    /// Those that this caller is told; none where they are masked, or are the caller's own.
    pub(super) fn read_by(caller: &Caller, operation: &Operation, asked: &Asked) -> Option<Self> {
        if !caller.sees_all() {
            return None;
        }
        let one = || asked.fields.text(operation.parameters.first().map_or("preferred_username", |field| field.name));
        let whose = match operation.does {
            Does::Read(Reading::Components) if asked.fields.text("type") == Some("users") => None,
            Does::Read(Reading::Users | Reading::Version) => None,
            Does::Component(ComponentAct::Page, ComponentKind::User) => None,
            Does::Read(Reading::User) => Some(asked.fields.text("preferred_username")?),
            Does::Read(Reading::Contacts) | Does::Component(ComponentAct::One, ComponentKind::User) => Some(one()?),
            _ => return None,
        };
        let Some(whose) = whose else { return Some(Self::Many) };
        let is_own = |person: &directory::Person| person.username.as_str() == whose || person.ref_id.as_str() == whose;
        (!caller.person().is_some_and(is_own)).then(|| Self::One(whose.to_owned()))
    }

    /// Has it written down that they were told.
    pub(super) fn note(self, app: &App, caller: &Caller) {
        let whose = match &self {
            Self::Many => None,
            Self::One(whose) => Some(whose.as_str()),
        };
        app.administration.note_address_read(caller.asker(None, None), whose);
    }
}
