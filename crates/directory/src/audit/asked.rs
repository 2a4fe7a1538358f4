//! Who asked for a change and how, in the two ways that there are: through the API, and by a command.

use super::entry::{Actor, ActorKind, Changed, Entry, From, Object, Outcome, Way};
use engine::{Asker, Batch, ChangeContext, Credential, Ids};
use store::Error;

impl Entry {
    /// What was done by this actor, by this way.
    #[must_use]
    pub fn new(actor: Actor, way: Way, action: &str, object: Object, changes: Vec<Changed>) -> Self {
        Self {
            actor,
            on_behalf_of: None,
            way,
            from: From::default(),
            request_id: None,
            action: action.to_owned(),
            object,
            outcome: Outcome::Done,
            count: None,
            changes,
        }
    }

    /// What was done by a command beside the server.
    #[must_use]
    pub fn of_command(action: &str, object: Object, changes: Vec<Changed>) -> Self {
        Self::new(Actor::operator(), Way::Command, action, object, changes)
    }

    /// What was asked for through the API, or on a page.
    #[must_use]
    pub fn of_asker(
        asker: &Asker,
        context: &ChangeContext,
        action: &str,
        object: Object,
        changes: Vec<Changed>,
    ) -> Self {
        let (actor, way) = match &asker.credential {
            // The key was found valid in this transaction, so that it is among those of the snapshot.
            Credential::Key(id) => {
                let of_key = |key| Actor::key(key, &context.snapshot.directory);
                (context.snapshot.keys.get(id).map_or_else(Actor::system, of_key), Way::Api)
            }
            Credential::Session { person, username, session } => {
                let session = Some(session.to_string());
                (Actor::person(person.as_str(), username.as_str(), session), Way::Console)
            }
        };
        let speaks_for_others = actor.kind == ActorKind::Key;
        let origin = asker.origin.clone();
        Self {
            on_behalf_of: asker.by.clone().filter(|_| speaks_for_others),
            from: From { address: origin.address, user_agent: origin.user_agent, file_digest: None },
            request_id: origin.request_id,
            ..Self::new(actor, way, action, object, changes)
        }
    }

    /// Something else done by the same actor, by the same way.
    #[must_use]
    pub fn with(&self, action: &str, object: Object, changes: Vec<Changed>) -> Self {
        Self { action: action.to_owned(), object, changes, ..self.clone() }
    }
}

/// Writes down what a caller asked for, in the transaction of a batch, which holds the organization.
pub(crate) fn record_asked(
    batch: &mut Batch<'_>,
    ids: &Ids,
    (asker, context): (&Asker, &ChangeContext),
    action: &str,
    object: Object,
    changes: Vec<Changed>,
) -> Result<(), Error> {
    let entry = Entry::of_asker(asker, context, action, object, changes);
    super::record(batch.tx, ids, asker.organization, context.now, &entry).map(drop)
}
