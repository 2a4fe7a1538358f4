//! What the audit log is told of signing in: who did it, by which way, from where, and to whom.

use super::person::Person;
use super::visitor::Visitor;
use crate::audit::{self, Actor, Changed, Entry, From, Object, Value, Way};
use domain::{Instant, OrganizationId, RefId};
use engine::{Asker, ChangeContext, Ids};
use store::{Error, Tx};

/// What all rows have in common that are written about what one visitor does to one person.
#[derive(Clone, Debug)]
pub(crate) struct Trace {
    ids: Ids,
    organization: OrganizationId,
    entry: Entry,
}

impl Trace {
    /// Of a person who proved who they are, by the session with this id where there is one.
    pub(super) fn of(ids: &Ids, person: &Person, session: Option<&RefId>, visitor: &Visitor) -> Self {
        let session = session.map(ToString::to_string);
        let actor = Actor::person(person.ref_id.as_str(), person.username.as_str(), session);
        Self::by(ids, person, (actor, visitor.way), visitor.origin())
    }

    /// Of whoever asked by the API or on a page for something to be done about this person.
    pub(crate) fn of_asker(ids: &Ids, person: &Person, (asker, context): (&Asker, &ChangeContext)) -> Self {
        let object = Object::new("user", Some(person.ref_id.as_str()), person.username.as_str());
        let entry = Entry::of_asker(asker, context, "", object, Vec::new());
        Self { ids: ids.clone(), organization: person.organization, entry }
    }

    /// Of a visitor who may be anybody, and has something done about this person.
    pub(super) fn of_anybody(ids: &Ids, person: &Person, visitor: &Visitor) -> Self {
        Self::by(ids, person, (Actor::system(), visitor.way), visitor.origin())
    }

    /// Of whoever runs a command beside the server.
    pub(super) fn of_operator(ids: &Ids, person: &Person) -> Self {
        Self::by(ids, person, (Actor::operator(), Way::Command), From::default())
    }

    /// Of the server itself.
    pub(super) fn of_server(ids: &Ids, person: &Person) -> Self {
        Self::by(ids, person, (Actor::system(), Way::System), From::default())
    }

    fn by(ids: &Ids, person: &Person, (actor, way): (Actor, Way), from: From) -> Self {
        let object = Object::new("user", Some(person.ref_id.as_str()), person.username.as_str());
        let entry = Entry { from, ..Entry::new(actor, way, "", object, Vec::new()) };
        Self { ids: ids.clone(), organization: person.organization, entry }
    }

    /// The same before a session began.
    pub(super) fn without_session(&self) -> Self {
        let mut same = self.clone();
        same.entry.actor.session = None;
        same
    }

    /// Writes down that it was done, in the transaction that does it.
    pub(crate) fn record(
        &self,
        tx: &mut dyn Tx,
        now: Instant,
        action: &str,
        changes: Vec<Changed>,
    ) -> Result<(), Error> {
        let entry = self.entry.with(action, self.entry.object.clone(), changes);
        audit::record(tx, &self.ids, self.organization, now, &entry).map(drop)
    }

    /// Writes down that it failed, with the code that says why.
    pub(super) fn record_failed(
        &self,
        tx: &mut dyn Tx,
        now: Instant,
        (action, code): (&str, &str),
        changes: Vec<Changed>,
    ) -> Result<(), Error> {
        let entry = self.entry.with(action, self.entry.object.clone(), changes);
        let entry = Entry { outcome: audit::Outcome::Refused(code.to_owned()), ..entry };
        audit::record(tx, &self.ids, self.organization, now, &entry).map(drop)
    }
}

/// A text that is what it is from now on.
pub(super) fn set(field: &str, text: &str) -> Changed {
    Changed::set(field, Value::text(text))
}

/// A secret that is another one from now on.
pub(super) fn renewed(field: &str) -> Changed {
    Changed::set(field, Value::Hidden)
}

/// A secret that is none any more.
pub(super) fn removed(field: &str) -> Changed {
    Changed { field: field.to_owned(), before: Value::Hidden, after: Value::Unset }
}
