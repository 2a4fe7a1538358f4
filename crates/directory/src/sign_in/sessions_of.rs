//! Sessions of a person whom somebody else asks about: listed and ended by those who manage people.

use super::session::{ListedSession, ended, listed};
use crate::administration::Administration;
use crate::audit::{Object, record_asked};
use domain::directory::{ComponentKind, Directory};
use domain::{RefId, Refusal, Username};
use engine::{Asker, Batch, Credential, Failure, Reader, Undo, change_once, snapshot};

impl Administration {
    /// The sessions of a person, the one that was used last first.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, `KeyRevoked` or `SignedOut`; otherwise see [`Failure`].
    pub async fn sessions_of(&self, reader: Reader, user: Username) -> Result<Vec<ListedSession>, Failure> {
        let now = self.engine().now();
        self.engine()
            .read(move |tx, shared| {
                let snapshot = snapshot(tx, shared, &reader)?;
                let person = person(&snapshot.directory, &user)?;
                let rows = store::session_list(tx, reader.organization, &person)?;
                let asking = match &reader.credential {
                    Credential::Session { session, .. } => Some(session),
                    Credential::Key(_) => None,
                };
                Ok(listed(rows, &snapshot.directory.settings, now, |row| Some(&row.session) == asking))
            })
            .await
    }

    /// Ends a session of a person, or all of them where none is named, which may be the one that asks; how many ended.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, `UnknownSession`, `IdempotencyKeyReused`, `KeyRevoked` or `SignedOut`; otherwise
    /// see [`Failure`].
    pub async fn end_sessions_of(&self, asker: Asker, user: Username, session: Option<RefId>) -> Result<u64, Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let end = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let person = person(&context.snapshot.directory, &user)?;
                let (count, action, change) = match &session {
                    Some(session) => {
                        if !store::session_delete_named(batch.tx, organization, &person, session)? {
                            return Err(Refusal::UnknownSession { session_ref_id: session.to_string() }.into());
                        }
                        (1, "session.end", ended(session.as_str()))
                    }
                    None => {
                        let count = store::session_delete_others(batch.tx, organization, &person, "")?;
                        (count, "session.end_all", ended(count))
                    }
                };
                if count > 0 {
                    let object = Object::new("user", Some(person.as_str()), user.as_str());
                    record_asked(batch, &ids, (&asker, context), action, object, vec![change])?;
                }
                Ok::<_, Undo>(count)
            })
        };
        self.change(organization, end).await
    }
}

/// The id of a person, who may be locked.
fn person(directory: &Directory, user: &Username) -> Result<RefId, Refusal> {
    let unknown = || Refusal::UnknownComponent {
        field: "preferred_username",
        kind: ComponentKind::User,
        name: user.as_str().to_owned(),
    };
    directory.users.named(user.as_str()).map(|entry| entry.ref_id.clone()).ok_or_else(unknown)
}
