//! Contacts that somebody vouches for, as if a code had proved them: an administrator who asks the server, or the operator
//! beside it, who sees them all.

use super::{object, prove, unproved};
use crate::administration::Administration;
use crate::audit::{self, Changed, Entry, Object, Value, record_asked};
use crate::sign_in::Person;
use domain::directory::{ComponentKind, Definition, User};
use domain::notification::Channel;
use domain::{Instant, RefId, Username};
use engine::{Asker, Batch, Clock, Failure, Ids, address_digest, change_once, definition_of};
use std::collections::HashMap;
use store::{ComponentRow, ContactRow, Error, OrganizationRow, Store, Tx};

/// How a contact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Its channel asks for none.
    NotNeeded,
    /// The contact is not used until it has given it.
    Missing,
    /// It is known to be the person's since then.
    Given(Instant),
}

/// A contact in the operator's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedContact {
    /// Preferred username.
    pub user: String,
    /// Its channel.
    pub channel: Channel,
    /// The address, masked.
    pub address: String,
    /// How it stands.
    pub proof: Proof,
}

/// Why a contact could not be listed or trusted; nothing was changed.
#[derive(Debug)]
pub enum TrustError {
    /// The store failed.
    Store(Error),
    /// No organization has this name.
    NoOrganization,
    /// The organization has no such user.
    NoUser,
    /// The user has no contact of this channel.
    NoContact,
    /// Contacts of this channel need no proof.
    NotNeeded,
}

impl From<Error> for TrustError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

/// All contacts of an organization, by the order of its users and of `Channel::ALL`.
///
/// # Errors
/// [`TrustError::NoOrganization`], or as the store says.
pub fn contact_list(store: &Store, organization: &str) -> Result<Vec<ListedContact>, TrustError> {
    store.read(|tx| {
        let (organization, definition) = load(tx, organization)?;
        let rows = store::contact_list(tx, organization.id)?;
        let rows: HashMap<_, _> = rows.iter().map(|row| ((row.user.as_str(), row.channel), row)).collect();
        let contacts = definition.users.iter().flat_map(|user| {
            let rows = &rows;
            Channel::ALL.into_iter().filter_map(move |channel| {
                let row = rows.get(&(user.username.as_str(), channel)).copied();
                Some(ListedContact {
                    user: user.username.to_string(),
                    channel,
                    address: user.masked_contact(channel)?,
                    proof: proof(user, channel, row),
                })
            })
        });
        Ok(contacts.collect())
    })
}

/// Takes the operator's word that a contact is the person's, as if a code had proved it.
///
/// # Errors
/// As [`TrustError`] says.
pub fn contact_trust(
    store: &Store,
    clock: &Clock,
    ids: &Ids,
    organization: &str,
    (user, channel): (&str, Channel),
) -> Result<ListedContact, TrustError> {
    store.write(|tx| {
        if let Some(organization) = store::organization_known_as(tx, organization)? {
            store::organization_hold(tx, organization.id)?;
        }
        let (organization, definition) = load(tx, organization)?;
        let person = definition.users.iter().find(|person| person.username.as_str() == user);
        let person = person.ok_or(TrustError::NoUser)?;
        let address_digest = address_digest(channel, person).ok_or(TrustError::NoContact)?;
        if !channel.needs_verification() {
            return Err(TrustError::NotNeeded);
        }
        let now = Instant(clock.now());
        let known = store::contact_load(tx, organization.id, &person.username, channel)?;
        let row = ContactRow {
            user: person.username.clone(),
            channel,
            address_digest,
            code_digest: None,
            code_expires_at: None,
            codes_from: known.as_ref().map_or(now, |row| row.codes_from),
            codes_sent: known.as_ref().map_or(0, |row| row.codes_sent),
            tries: 0,
            verified_at: Some(now),
        };
        store::contact_save(tx, organization.id, &row)?;
        store::organization_touch(tx, organization.id)?;
        let is_person = |row: &ComponentRow| row.kind == ComponentKind::User && row.name == user;
        let ref_id = store::component_list(tx, organization.id)?.into_iter().find(is_person).map(|row| row.ref_id);
        let name = format!("{user} {}", channel.word());
        let object = Object::new("contact", ref_id.as_ref().map(RefId::as_str), &name);
        let changes = vec![Changed::set("verified_at", Value::text(&now.wire()))];
        audit::record(tx, ids, organization.id, now, &Entry::of_command("contact.trust", object, changes))?;
        let address = person.masked_contact(channel).ok_or(TrustError::NoContact)?;
        Ok(ListedContact { user: user.to_owned(), channel, address, proof: Proof::Given(now) })
    })
}

impl Administration {
    /// Takes an administrator's word that a contact is the person's, as if a code had proved it; the answer is since when.
    /// The person is told by mail. Whether the administrator signed in lately is not looked at here.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, `NoContact`, `NothingToVerify`, `IdempotencyKeyReused` or `KeyRevoked`; otherwise
    /// see [`Failure`].
    pub async fn trust(&self, asker: Asker, user: Username, channel: Channel) -> Result<Instant, Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let trust = move |batch: &mut Batch<'_>| {
            let mut told = None;
            let at = change_once(batch, &asker, |batch, context| {
                let (directory, now) = (&context.snapshot.directory, context.now);
                let contact = unproved(batch, context, &user, channel)?;
                prove(batch.tx, organization, contact, now)?;
                batch.directory_changed(organization)?;
                let entry = directory.users.named(user.as_str());
                told = entry.and_then(|entry| Person::with_ref(directory, &entry.ref_id));
                let changes = vec![Changed::set("verified_at", Value::text(&now.wire()))];
                let object = object(directory, &user, channel);
                record_asked(batch, &ids, (&asker, context), "contact.trust", object, changes)?;
                Ok(now)
            })?;
            Ok((at, told))
        };
        let (at, told) = self.change(organization, trust).await?;
        // A repetition of the request tells nobody again.
        if let Some(person) = told {
            self.tell_of_trust(&person, channel);
        }
        Ok(at)
    }
}

fn load(tx: &mut dyn Tx, organization: &str) -> Result<(OrganizationRow, Definition), TrustError> {
    let organization = store::organization_known_as(tx, organization)?.ok_or(TrustError::NoOrganization)?;
    let definition = definition_of(&store::component_list(tx, organization.id)?)?;
    Ok((organization, definition))
}

fn proof(user: &User, channel: Channel, row: Option<&ContactRow>) -> Proof {
    if !channel.needs_verification() {
        return Proof::NotNeeded;
    }
    let same = row.filter(|row| address_digest(channel, user).as_ref() == Some(&row.address_digest));
    same.and_then(|row| row.verified_at).map_or(Proof::Missing, Proof::Given)
}
