//! A person's passkeys: listed, renamed, removed.

use crate::administration::Administration;
use crate::audit::{Changed, Value};
use crate::sign_in::session::Session;
use crate::sign_in::trace::Trace;
use crate::sign_in::visitor::{SignInError, Visitor};
use domain::sign_in::passkey_name;
use domain::{Instant, OrganizationId, RefId};
use engine::{Batch, Failure, Undo};
use store::{PasskeyRow, Tx};

/// A passkey as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPasskey {
    /// By which it is renamed and removed.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub made_at: Instant,
    /// When its owner last signed in by it.
    pub last_used_at: Option<Instant>,
}

impl Administration {
    /// The passkeys of whoever is signed in, the first one first.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn passkeys(&self, session: &Session) -> Result<Vec<ListedPasskey>, Failure> {
        let (organization, person) = (session.organization(), session.person.ref_id.clone());
        let rows = self.engine().read(move |tx, _| Ok(store::passkey_list(tx, organization, &person)?)).await?;
        let listed = |row: PasskeyRow| {
            let PasskeyRow { id, name, made_at, last_used_at, .. } = row;
            ListedPasskey { id, name, made_at, last_used_at }
        };
        Ok(rows.into_iter().map(listed).collect())
    }

    /// Gives a passkey of whoever is signed in another name.
    ///
    /// # Errors
    /// `NotFresh`, `PasskeyName`, `UnknownPasskey`, or see [`Failure`].
    pub async fn rename_passkey(
        &self,
        session: &Session,
        (id, name): (&str, &str),
        visitor: &Visitor,
    ) -> Result<(), SignInError> {
        self.fresh(session)?;
        let name = passkey_name(name).map_err(SignInError::PasskeyName)?;
        let (trace, id) = (self.trace(session, visitor), id.to_owned());
        let (organization, person) = (session.organization(), session.person.ref_id.clone());
        let rename = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            rename(batch.tx, &trace, (organization, &person), (&id, &name), now)
        };
        self.engine().desk().submit(organization, rename).await?
    }

    /// Removes a passkey of whoever is signed in, unless it is their last way in.
    ///
    /// # Errors
    /// `NotFresh`, `UnknownPasskey`, `LastWayIn`, or see [`Failure`].
    pub async fn remove_passkey(&self, session: &Session, id: &str, visitor: &Visitor) -> Result<(), SignInError> {
        self.fresh(session)?;
        let (trace, id) = (self.trace(session, visitor), id.to_owned());
        let (organization, person) = (session.organization(), session.person.ref_id.clone());
        let remove = move |batch: &mut Batch<'_>| {
            let now = batch.now();
            remove(batch.tx, &trace, (organization, &person), &id, now)
        };
        self.engine().desk().submit(organization, remove).await??;
        self.tell_of_passkeys(&session.person);
        Ok(())
    }
}

fn rename(
    tx: &mut dyn Tx,
    trace: &Trace,
    (organization, person): (OrganizationId, &RefId),
    (id, name): (&str, &str),
    now: Instant,
) -> Result<Result<(), SignInError>, Undo> {
    let kept = store::passkey_list(tx, organization, person)?;
    let Some(row) = kept.iter().find(|row| row.id == id) else { return Ok(Err(SignInError::UnknownPasskey)) };
    if row.name != name {
        store::passkey_rename(tx, organization, (person, id), name)?;
        let changed = Changed { field: "name".to_owned(), before: Value::text(&row.name), after: Value::text(name) };
        trace.record(tx, now, "passkey.rename", vec![changed])?;
    }
    Ok(Ok(()))
}

fn remove(
    tx: &mut dyn Tx,
    trace: &Trace,
    (organization, person): (OrganizationId, &RefId),
    id: &str,
    now: Instant,
) -> Result<Result<(), SignInError>, Undo> {
    let kept = store::passkey_list(tx, organization, person)?;
    let Some(row) = kept.iter().find(|row| row.id == id) else { return Ok(Err(SignInError::UnknownPasskey)) };
    if kept.len() == 1 && store::credential_load(tx, organization, person)?.password.is_none() {
        return Ok(Err(SignInError::LastWayIn));
    }
    store::passkey_delete(tx, organization, (person, id))?;
    let changed = Changed { field: "name".to_owned(), before: Value::text(&row.name), after: Value::Unset };
    trace.record(tx, now, "passkey.remove", vec![changed])?;
    Ok(Ok(()))
}
