//! API keys: made, known again, revoked. A key is 256 bits of chance behind a readable prefix; only its digest is kept.

use crate::administration::Administration;
use crate::audit::{self, Changed, Entry, Object, Value, record_asked};
use crate::sign_in::Person;
use domain::directory::{ComponentKind, Directory};
use domain::permission::Scope;
use domain::{Instant, OrganizationId, RefId, Refusal, limits};
use engine::{Asker, Batch, Clock, Failure, Ids, Reader, change_once, change_told_once, digest, snapshot};
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
    /// Whose it is.
    pub owner: Owner,
    /// The teams whose things it is limited to, by name or id; to nothing where there is no list.
    pub teams: Option<Vec<String>>,
}

impl NewKey {
    /// A key of the organization that may be used from everywhere for ever.
    #[must_use]
    pub fn of(name: &str, scope: Scope) -> Self {
        let (allow, owner) = (Vec::new(), Owner::Organization);
        Self { name: name.to_owned(), scope, allow, expires_at: None, owner, teams: None }
    }
}

/// Whose a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The organization's: it acts in anybody's name, and outlives who made it.
    Organization,
    /// A token of a person, by the id of their component: it acts as they, and ends with them.
    Person(RefId),
}

impl Owner {
    fn of(key: &KeyRow) -> Self {
        key.person.clone().map_or(Self::Organization, Self::Person)
    }

    fn person(&self) -> Option<&RefId> {
        match self {
            Self::Organization => None,
            Self::Person(person) => Some(person),
        }
    }

    /// What the audit log calls it.
    fn noun(&self) -> &'static str {
        match self {
            Self::Organization => "key",
            Self::Person(_) => "token",
        }
    }

    fn owns(&self, key: &KeyRow) -> bool {
        key.person.as_ref() == self.person()
    }

    fn unknown(&self, number: i64) -> Refusal {
        match self {
            Self::Organization => Refusal::UnknownApiKey { key_id: number },
            Self::Person(_) => Refusal::UnknownToken { token_id: number },
        }
    }

    fn most(&self) -> usize {
        match self {
            Self::Organization => limits::KEYS,
            Self::Person(_) => limits::TOKENS,
        }
    }
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

/// Makes a key of an organization, or of a person, and returns it whole, which is the only time that it is seen; `None`
/// when there is no organization of this name. Teams are named by their ids.
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
        let Some(organization) = store::organization_known_as(tx, organization)? else { return Ok(None) };
        let teams = new.teams.as_ref().map(|teams| teams.iter().map(|team| RefId::from(team.as_str())).collect());
        let row = row_of(organization.id, &key, new, teams, Instant(clock.now()));
        store::organization_hold(tx, organization.id)?;
        let id = store::key_insert(tx, &row)?;
        store::organization_touch(tx, organization.id)?;
        let (action, object) = (format!("{}.create", new.owner.noun()), object(&new.owner, id, &row.name));
        let entry = Entry::of_command(&action, object, made(&row, new.teams.as_deref()));
        audit::record(tx, ids, organization.id, row.created_at, &entry)?;
        Ok(Some(key.clone()))
    })
}

fn object(owner: &Owner, id: i64, name: &str) -> Object {
    Object::new(owner.noun(), Some(&id.to_string()), name)
}

/// What a new key may do, for the audit log.
fn made(key: &KeyRow, teams: Option<&[String]>) -> Vec<Changed> {
    let mut changes = vec![Changed::set("scope", Value::text(key.scope.word()))];
    if let Some(teams) = teams {
        changes.push(Changed::set("teams", Value::Plain(teams.iter().map(String::as_str).collect())));
    }
    changes.extend(key.person.as_ref().map(|person| Changed::set("person", Value::text(person.as_str()))));
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
            if let Some(key) = store::key_list(tx, organization)?.into_iter().find(|key| key.id == id) {
                let owner = Owner::of(&key);
                let changes = vec![Changed::set("revoked_at", Value::text(&now.wire()))];
                let action = format!("{}.revoke", owner.noun());
                let entry = Entry::of_command(&action, object(&owner, id, &key.name), changes);
                audit::record(tx, ids, organization, now, &entry)?;
            }
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
    /// The keys of an organization, or of a person, oldest first.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn keys(&self, reader: Reader, owner: Owner) -> Result<Vec<KeyRow>, Failure> {
        let read = self.engine().read(move |tx, shared| {
            snapshot(tx, shared, &reader)?;
            let mut keys = store::key_list(tx, reader.organization)?;
            keys.retain(|key| owner.owns(key));
            Ok(keys)
        });
        read.await
    }

    /// Who a token speaks for; nobody where the key is no token, or its person is gone or locked.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn person_of(&self, key: &KeyRow) -> Result<Option<Person>, Failure> {
        let Some(person) = key.person.clone() else { return Ok(None) };
        let organization = key.organization;
        let read = self.engine().read(move |tx, shared| {
            let snapshot = shared.directories.current(tx, organization)?;
            Ok(snapshot.and_then(|snapshot| Person::with_ref(&snapshot.directory, &person)))
        });
        read.await
    }

    /// Makes a key and returns it whole, which is the only time that it is seen, with what is kept of it.
    ///
    /// # Errors
    /// `Refused` with `TooMany`, `UnknownComponent` for a team, or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn add_key(&self, asker: Asker, new: NewKey) -> Result<(String, KeyRow), Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let key = ids.secret(KEY_PREFIX);
        let told = key.clone();
        let add = move |batch: &mut Batch<'_>| {
            let (key, new) = (key.clone(), new.clone());
            change_told_once(batch, &asker, |batch, context| {
                let counting = |key: &&KeyRow| key.revoked_at.is_none() && new.owner.owns(key);
                let limit = new.owner.most();
                if store::key_list(batch.tx, organization)?.iter().filter(counting).count() >= limit {
                    return Err(Refusal::TooMany { field: "name", limit }.into());
                }
                let teams = team_ids(&context.snapshot.directory, new.teams.as_deref())?;
                let row = row_of(organization, &key, &new, teams, context.now);
                let id = store::key_insert(batch.tx, &row)?;
                let told = (object(&new.owner, id, &row.name), made(&row, new.teams.as_deref()));
                let action = format!("{}.create", new.owner.noun());
                record_asked(batch, &ids, (&asker, context), &action, told.0, told.1)?;
                batch.directory_changed(organization)?;
                Ok(id)
            })
        };
        let id = self.change(organization, add).await?;
        let rows = self.engine().read(move |tx, _| Ok(store::key_list(tx, organization)?)).await?;
        let row = rows.into_iter().find(|row| row.id == id);
        row.map(|row| (told, row)).ok_or_else(|| Failure::Broken(format!("key {id} is not there")))
    }

    /// Revokes a key of this owner from this moment on.
    ///
    /// # Errors
    /// `Refused` with `UnknownApiKey`, `UnknownToken` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn revoke_key(&self, asker: Asker, owner: Owner, id: i64) -> Result<(), Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let revoke = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let key = context.snapshot.keys.get(&id).filter(|key| owner.owns(key));
                let key = key.ok_or_else(|| owner.unknown(id))?;
                if !store::key_revoke(batch.tx, organization, id, context.now)? {
                    return Err(owner.unknown(id).into());
                }
                let changes = vec![Changed::set("revoked_at", Value::text(&context.now.wire()))];
                let (action, object) = (format!("{}.revoke", owner.noun()), object(&owner, id, &key.name));
                record_asked(batch, &ids, (&asker, context), &action, object, changes)?;
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

/// The ids of these teams, which are named by name or id.
fn team_ids(directory: &Directory, teams: Option<&[String]>) -> Result<Option<Vec<RefId>>, Refusal> {
    let id = |name: &String| {
        let unknown = || Refusal::UnknownComponent { field: "teams", kind: ComponentKind::Team, name: name.clone() };
        directory.teams.known(name).map(|team| team.ref_id.clone()).ok_or_else(unknown)
    };
    teams.map(|teams| teams.iter().map(id).collect()).transpose()
}

/// What is kept of a key.
fn row_of(organization: OrganizationId, key: &str, new: &NewKey, teams: Option<Vec<RefId>>, now: Instant) -> KeyRow {
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
        person: new.owner.person().cloned(),
        teams,
    }
}
