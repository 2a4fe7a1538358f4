//! API keys: made, known again, revoked. A key is 256 bits of chance behind a readable prefix; only its digest is kept.

use crate::administration::Administration;
use crate::audit::{self, Changed, Entry, Object, Value, record_asked};
use domain::permission::Scope;
use domain::{Instant, OrganizationId, Refusal, limits};
use engine::{Asker, Batch, Clock, Failure, Ids, Reader, change_once, digest, snapshot};
use ipnet::IpNet;
use std::net::IpAddr;
use std::sync::Arc;
use store::{Error, KeyRow, Store};

/// What every key begins with.
pub const KEY_PREFIX: &str = "reveille_";

/// What a new key is to be.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Its name, shown as who acted.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// Networks it may be used from, as CIDR; everywhere when empty.
    pub allow: Vec<String>,
    /// From when on it is refused.
    pub expires_at: Option<Instant>,
}

/// What a text is as a key.
#[derive(Clone, Debug)]
pub enum KeyState {
    /// Nothing that was ever given out.
    Unknown,
    /// A key whose time is over.
    Expired(Arc<KeyRow>),
    /// A key that was revoked.
    Revoked(Arc<KeyRow>),
    /// A key that may be used.
    Valid(Arc<KeyRow>),
}

/// Makes a key of an organization and returns it whole, which is the only time that it is seen; `None` when there is
/// no organization of this name.
///
/// # Errors
/// As the store says.
pub fn key_create(
    store: &Store,
    clock: &Clock,
    ids: &Ids,
    organization: &str,
    new: &NewKey,
) -> Result<Option<String>, Error> {
    let key = ids.secret(KEY_PREFIX);
    store.write(|tx| {
        let Some(organization) = store::organization_by_name(tx, organization)? else { return Ok(None) };
        let row = row_of(organization.id, &key, new, Instant(clock.now()));
        store::organization_hold(tx, organization.id)?;
        let id = store::key_insert(tx, &row)?;
        store::organization_touch(tx, organization.id)?;
        let entry = Entry::of_command("key.create", object(id, &row.name), made(&row));
        audit::record(tx, ids, organization.id, row.created_at, &entry)?;
        Ok(Some(key.clone()))
    })
}

fn object(id: i64, name: &str) -> Object {
    Object::new("key", Some(&id.to_string()), name)
}

/// What a new key may do, for the audit log.
fn made(key: &KeyRow) -> Vec<Changed> {
    let mut changes = vec![Changed::set("scope", Value::text(key.scope.word()))];
    if !key.allow.is_empty() {
        changes.push(Changed::set("networks", Value::Plain(key.allow.iter().map(String::as_str).collect())));
    }
    changes.extend(key.expires_at.map(|at| Changed::set("expires_at", Value::text(&at.wire()))));
    changes.push(Changed::set("key_tail", Value::text(&key.tail)));
    changes
}

/// Revokes a key from this moment on; `false` when there is none with this number, or it was revoked before.
///
/// # Errors
/// As the store says.
pub fn key_revoke(
    store: &Store,
    clock: &Clock,
    ids: &Ids,
    organization: OrganizationId,
    id: i64,
) -> Result<bool, Error> {
    store.write(|tx| {
        store::organization_hold(tx, organization)?;
        let now = Instant(clock.now());
        let revoked = store::key_revoke(tx, organization, id, now)?;
        if revoked {
            store::organization_touch(tx, organization)?;
            let key = store::key_list(tx, organization)?.into_iter().find(|key| key.id == id);
            let name = key.map(|key| key.name).unwrap_or_default();
            let changes = vec![Changed::set("revoked_at", Value::text(&now.wire()))];
            let entry = Entry::of_command("key.revoke", object(id, &name), changes);
            audit::record(tx, ids, organization, now, &entry)?;
        }
        Ok(revoked)
    })
}

impl Administration {
    /// What this text is as a key; the use of a valid one is noted.
    /// A key revoked elsewhere a moment ago is still found valid here, and refused in the transaction that follows.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn key(&self, text: &str) -> Result<KeyState, Failure> {
        if !text.starts_with(KEY_PREFIX) {
            return Ok(KeyState::Unknown);
        }
        let digest = digest(text);
        let key = match self.0.keys.get(&digest) {
            Some(key) => key,
            None => {
                let found = self.engine().read(move |tx, _| Ok(store::key_by_digest(tx, &digest)?)).await?;
                let Some(key) = found.map(Arc::new) else { return Ok(KeyState::Unknown) };
                self.0.keys.keep(&key);
                key
            }
        };
        let now = self.engine().now();
        if key.revoked_at.is_some() {
            return Ok(KeyState::Revoked(key));
        }
        if key.expires_at.is_some_and(|at| at <= now) {
            return Ok(KeyState::Expired(key));
        }
        self.0.keys.note_use(&key, now);
        Ok(KeyState::Valid(key))
    }

    /// A key was refused as revoked: it is asked for again when it is used next.
    pub fn forget_key(&self, id: i64) {
        self.0.keys.forget(id);
    }

    /// Records the uses of keys and sessions noted since the last time; to be called at each beat.
    ///
    /// # Errors
    /// As the store says; what was noted is lost then, and the next use is noted again after a minute.
    pub async fn record_key_uses(&self) -> Result<(), Failure> {
        for (organization, uses) in self.0.keys.take_uses() {
            let record = move |batch: &mut engine::Batch<'_>| {
                for (id, at) in &uses {
                    store::key_used(batch.tx, organization, *id, *at)?;
                }
                Ok(())
            };
            self.engine().desk().submit_own(organization, record).await?;
        }
        self.record_session_uses().await
    }
}

impl Administration {
    /// The keys of an organization, oldest first.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn keys(&self, reader: Reader) -> Result<Vec<KeyRow>, Failure> {
        let read = self.engine().read(move |tx, shared| {
            snapshot(tx, shared, &reader)?;
            Ok(store::key_list(tx, reader.organization)?)
        });
        read.await
    }

    /// Makes a key and returns it whole, which is the only time that it is seen, with what is kept of it.
    ///
    /// # Errors
    /// `Refused` with `TooMany` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn add_key(&self, asker: Asker, new: NewKey) -> Result<(String, KeyRow), Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let key = ids.secret(KEY_PREFIX);
        let told = key.clone();
        let add = move |batch: &mut Batch<'_>| {
            let (key, new) = (key.clone(), new.clone());
            change_once(batch, &Asker { idempotency: None, ..asker.clone() }, |batch, context| {
                let counting = |key: &&KeyRow| key.revoked_at.is_none();
                if store::key_list(batch.tx, organization)?.iter().filter(counting).count() >= limits::KEYS {
                    return Err(Refusal::TooMany { field: "name", limit: limits::KEYS }.into());
                }
                let row = row_of(organization, &key, &new, context.now);
                let id = store::key_insert(batch.tx, &row)?;
                let told = (object(id, &row.name), made(&row));
                record_asked(batch, &ids, (&asker, context), "key.create", told.0, told.1)?;
                batch.directory_changed(organization)?;
                Ok(id)
            })
        };
        let id = self.change(organization, add).await?;
        let rows = self.engine().read(move |tx, _| Ok(store::key_list(tx, organization)?)).await?;
        let row = rows.into_iter().find(|row| row.id == id);
        row.map(|row| (told, row)).ok_or_else(|| Failure::Broken(format!("key {id} is not there")))
    }

    /// Revokes a key from this moment on.
    ///
    /// # Errors
    /// `Refused` with `UnknownApiKey` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn revoke_key(&self, asker: Asker, id: i64) -> Result<(), Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let revoke = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                if !store::key_revoke(batch.tx, organization, id, context.now)? {
                    return Err(Refusal::UnknownApiKey { key_id: id }.into());
                }
                let name = context.snapshot.keys.get(&id).map(|key| key.name.clone()).unwrap_or_default();
                let changes = vec![Changed::set("revoked_at", Value::text(&context.now.wire()))];
                record_asked(batch, &ids, (&asker, context), "key.revoke", object(id, &name), changes)?;
                Ok(batch.directory_changed(organization)?)
            })
        };
        self.change(organization, revoke).await?;
        self.forget_key(id);
        Ok(())
    }
}

/// A network as it is kept, from CIDR or a single address; `None` for any other text.
#[must_use]
pub fn network(text: &str) -> Option<String> {
    let single = text.parse::<IpAddr>().map(IpNet::from);
    Some(text.parse::<IpNet>().or(single).ok()?.trunc().to_string())
}

/// What is kept of a key.
fn row_of(organization: OrganizationId, key: &str, new: &NewKey, now: Instant) -> KeyRow {
    KeyRow {
        organization,
        id: 0,
        name: new.name.clone(),
        digest: digest(key),
        tail: key.chars().rev().take(5).collect::<Vec<_>>().into_iter().rev().collect(),
        scope: new.scope,
        allow: new.allow.clone(),
        created_at: now,
        expires_at: new.expires_at,
        revoked_at: None,
        last_used_at: None,
    }
}
