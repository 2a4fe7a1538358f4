//! What is set of providers: listed, read, made, changed, removed, checked. Each change is one transaction with its row of
//! the audit log.

use super::discovery::Finding;
use crate::administration::Administration;
use crate::audit::{Changed, HIDDEN, Object, Value as AuditValue, record_asked};
use crate::change::{Act, OnlyIf, invalid, json_merge};
use crate::sign_in::settings_of;
use domain::directory::{ChangeRefusal, Directory};
use domain::sign_in::Provider;
use domain::{Instant, OrganizationId, RefId, Refusal, limits};
use engine::{Asker, Batch, ChangeContext, Failure, Ids, Reader, Undo, change_once, snapshot};
use notify::Notifier;
use serde_json::{Map, Value, json};
use store::{Error, ProviderRow};

/// What only the server sets. It is not read, so that what was answered can be sent back.
const SET_BY_SERVER: [&str; 6] = ["ref_id", "version", "created_at", "updated_at", "updated_by", "client_secret_tail"];
const SECRET: &str = "client_secret";
/// Characters that a secret must have for its end to be shown, and how many of these are.
const TAIL_OF: usize = 20;
const TAIL: usize = 4;

/// A provider with its id.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) ref_id: RefId,
    pub(super) version: i64,
    pub(super) provider: Provider,
}

/// What is set in a row.
pub(super) fn stored(row: &ProviderRow) -> Result<Stored, Error> {
    let provider = serde_json::from_str(&row.body);
    let provider = provider.map_err(|error| Error::Corrupt(format!("sign-in provider `{}`: {error}", row.name)))?;
    Ok(Stored { ref_id: row.ref_id.clone(), version: row.version, provider })
}

fn body_of(row: &ProviderRow) -> Result<Map<String, Value>, Error> {
    serde_json::from_str(&row.body).map_err(|error| Error::Corrupt(format!("sign-in provider `{}`: {error}", row.name)))
}

/// A provider as it is answered: without its secret.
fn shown(row: &ProviderRow) -> Result<Value, Error> {
    let mut body = body_of(row)?;
    let secret = body.get(SECRET).and_then(Value::as_str).map(str::to_owned);
    if let Some(secret) = secret {
        let length = secret.chars().count();
        let tail = (length >= TAIL_OF).then(|| secret.chars().skip(length - TAIL).collect::<String>());
        body.insert(SECRET.to_owned(), Value::from(HIDDEN));
        body.insert("client_secret_tail".to_owned(), json!(tail));
    } else {
        body.insert("client_secret_tail".to_owned(), Value::Null);
    }
    let more = [
        ("ref_id", json!(row.ref_id)),
        ("version", json!(row.version)),
        ("created_at", json!(row.created_at.wire())),
        ("updated_at", json!(row.updated_at.wire())),
        ("updated_by", json!(row.updated_by)),
    ];
    body.extend(more.map(|(key, value)| (key.to_owned(), value)));
    Ok(Value::Object(body))
}

/// The provider with this id, or else of this name.
fn known<'a>(rows: &'a [ProviderRow], reference: &str) -> Option<&'a ProviderRow> {
    let with_id = rows.iter().find(|row| row.ref_id.as_str() == reference);
    with_id.or_else(|| rows.iter().find(|row| row.name == reference))
}

fn unknown(reference: &str) -> Refusal {
    Refusal::UnknownProvider { name: reference.to_owned() }
}

impl Administration {
    /// The providers of an organization, ordered by name, each as it is answered.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn providers(&self, reader: Reader) -> Result<Vec<Value>, Failure> {
        let read = self.engine().read(move |tx, shared| {
            snapshot(tx, shared, &reader)?;
            let rows = store::provider_list(tx, reader.organization)?;
            Ok(rows.iter().map(shown).collect::<Result<_, _>>()?)
        });
        read.await
    }

    /// One provider, by its id or name.
    ///
    /// # Errors
    /// `Refused` with `UnknownProvider` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn provider(&self, reader: Reader, reference: String) -> Result<Value, Failure> {
        let read = self.engine().read(move |tx, shared| {
            snapshot(tx, shared, &reader)?;
            let rows = store::provider_list(tx, reader.organization)?;
            let row = known(&rows, &reference).ok_or_else(|| Failure::Refused(unknown(&reference)))?;
            Ok(shown(row)?)
        });
        read.await
    }

    /// Makes, changes or removes a provider; what it is afterwards, or nothing where it was removed.
    ///
    /// # Errors
    /// `Refused` with `UnknownProvider`, `ProviderNameTaken`, `KeyRevoked`, `IdempotencyKeyReused`, or `Change` with `Invalid`,
    /// `MatchMissing`, `ChangedMeanwhile`; otherwise see [`Failure`].
    pub async fn change_provider(&self, asker: Asker, act: Act, only_if: OnlyIf) -> Result<Option<Value>, Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let notifier = self.notifier().clone();
        let change = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let wish = Wish { act: &act, only_if, notifier: &notifier };
                wish.carry_out(batch, &ids, (&asker, context))
            })
        };
        self.engine().desk().submit(organization, change).await
    }

    /// Asks a provider and says each thing that was found. Nothing of what is set is changed.
    ///
    /// # Errors
    /// `Refused` with `UnknownProvider` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn check_provider(&self, reader: Reader, reference: String) -> Result<Vec<Finding>, Failure> {
        let read = self.engine().read(move |tx, shared| {
            snapshot(tx, shared, &reader)?;
            let rows = store::provider_list(tx, reader.organization)?;
            let row = known(&rows, &reference).ok_or_else(|| Failure::Refused(unknown(&reference)))?;
            Ok(stored(row)?)
        });
        let stored = read.await?;
        Ok(self.findings(&stored.provider).await)
    }

    /// The provider of this name, or the one with this id.
    pub(super) async fn provider_known_as(
        &self,
        organization: OrganizationId,
        reference: &str,
    ) -> Result<Option<Stored>, Failure> {
        let reference = reference.to_owned();
        let read = self.engine().read(move |tx, _| {
            let rows = store::provider_list(tx, organization)?;
            Ok(known(&rows, &reference).map(stored).transpose()?)
        });
        read.await
    }
}

/// What is asked of one provider.
struct Wish<'a> {
    act: &'a Act,
    only_if: OnlyIf,
    notifier: &'a Notifier,
}

impl Wish<'_> {
    fn carry_out(
        &self,
        batch: &mut Batch<'_>,
        ids: &Ids,
        (asker, context): (&Asker, &ChangeContext),
    ) -> Result<Option<Value>, Undo> {
        let organization = asker.organization;
        let rows = store::provider_list(batch.tx, organization)?;
        let before = match self.act {
            Act::Create(_) => None,
            Act::Replace(reference, _) | Act::Patch(reference, _) | Act::Remove(reference, _) => {
                let row = known(&rows, reference);
                if row.is_none() && !(matches!(self.act, Act::Replace(..)) && self.only_if == OnlyIf::Absent) {
                    return Err(unknown(reference).into());
                }
                row
            }
        };
        if let Some(row) = before {
            self.allowed(row)?;
        }
        let Some(body) = self.body(before)? else {
            let Some(row) = before else { return Ok(None) };
            if rows.len() == 1 && !settings_of(batch.tx, organization)?.password_sign_in {
                let words = "provider: is the last one, and nobody signs in by a password (password_sign_in)";
                return Err(invalid(vec![words.to_owned()]).into());
            }
            store::provider_delete(batch.tx, organization, &row.ref_id)?;
            let changes = changes(&body_of(row)?, &Map::new());
            record_asked(batch, ids, (asker, context), "sign_in_provider.remove", object(row), changes)?;
            return Ok(None);
        };
        let provider = Provider::read(&body, self.notifier.public_url()).map_err(invalid)?;
        let may_call = self.notifier.may_call(&provider.issuer);
        may_call.map_err(|why| invalid(vec![format!("issuer: {why}")]))?;
        check_teams(&provider, &context.snapshot.directory)?;
        let is_other = |row: &&ProviderRow| before.is_none_or(|before| before.ref_id != row.ref_id);
        if rows.iter().filter(is_other).any(|row| row.name == provider.name) {
            return Err(Refusal::ProviderNameTaken { name: provider.name }.into());
        }
        if before.is_none() && rows.len() >= limits::PROVIDERS {
            let mistake = format!("name: there would be more than {} sign-in providers", limits::PROVIDERS);
            return Err(invalid(vec![mistake]).into());
        }
        let row = row_of(&provider, before, ids, context)?;
        let action = match before {
            None => "sign_in_provider.create",
            Some(_) => "sign_in_provider.update",
        };
        match before {
            None => store::provider_insert(batch.tx, organization, &row)?,
            Some(before) if before.body == row.body => return Ok(Some(shown(before)?)),
            Some(_) => store::provider_update(batch.tx, organization, &row)?,
        }
        let old = before.map(body_of).transpose()?.unwrap_or_default();
        record_asked(batch, ids, (asker, context), action, object(&row), changes(&old, &body_of(&row)?))?;
        Ok(Some(shown(&row)?))
    }

    /// Whether what is there is what the caller saw.
    fn allowed(&self, row: &ProviderRow) -> Result<(), Undo> {
        let meets = match self.only_if {
            OnlyIf::Unsaid => return Err(Refusal::Change(Box::new(ChangeRefusal::MatchMissing)).into()),
            OnlyIf::Any => true,
            OnlyIf::Version(version) => version == row.version,
            OnlyIf::Absent => false,
        };
        if meets {
            return Ok(());
        }
        let current = shown(row)?;
        let sent = match self.act {
            Act::Replace(_, sent) | Act::Patch(_, sent) => sent.clone(),
            Act::Create(_) | Act::Remove(..) => Map::new(),
        };
        let differs = |(key, value): &(&String, &Value)| {
            !SET_BY_SERVER.contains(&key.as_str()) && current.get(key.as_str()) != Some(*value)
        };
        let fields = sent.iter().filter(differs).map(|(key, _)| key.clone()).collect();
        let changed = ChangeRefusal::ChangedMeanwhile {
            wanted_none: self.only_if == OnlyIf::Absent,
            current: Box::new(current),
            changed_by: Some(row.updated_by.clone()),
            changed_at: Some(row.updated_at),
            fields,
        };
        Err(Refusal::Change(Box::new(changed)).into())
    }

    /// What is to be set; none where the provider is removed.
    fn body(&self, before: Option<&ProviderRow>) -> Result<Option<Map<String, Value>>, Undo> {
        let stored = before.map(body_of).transpose()?;
        let mut body = match self.act {
            Act::Remove(..) => return Ok(None),
            Act::Create(sent) | Act::Replace(_, sent) => sent.clone(),
            Act::Patch(_, patch) => {
                let mut patch = patch.clone();
                patch.retain(|key, _| !SET_BY_SERVER.contains(&key.as_str()));
                let mut patched = Value::Object(stored.clone().unwrap_or_default());
                json_merge(&mut patched, Value::Object(patch));
                patched.as_object().cloned().unwrap_or_default()
            }
        };
        body.retain(|key, _| !SET_BY_SERVER.contains(&key.as_str()));
        if let (Act::Replace(reference, _), None) = (self.act, before) {
            // Made under the name that the path says.
            body.entry("name").or_insert_with(|| Value::from(reference.as_str()));
        }
        if body.get(SECRET).and_then(Value::as_str) == Some(HIDDEN) {
            let kept = stored.as_ref().and_then(|stored| stored.get(SECRET)).filter(|kept| !kept.is_null());
            let mistake = || vec![format!("{SECRET}: {HIDDEN} stands for a secret that is kept, and none is")];
            body.insert(SECRET.to_owned(), kept.cloned().ok_or_else(|| invalid(mistake()))?);
        }
        Ok(Some(body))
    }
}

/// Teams that groups lead to must be there.
fn check_teams(provider: &Provider, directory: &Directory) -> Result<(), Refusal> {
    let missing = |(place, team): (usize, Option<&String>)| {
        let team = team.filter(|team| directory.teams.named(team).is_none())?;
        Some(format!("groups[{place}].team: there is no team `{team}`"))
    };
    let teams = provider.groups.iter().map(|rule| rule.team.as_ref());
    let mistakes: Vec<_> = teams.enumerate().filter_map(missing).collect();
    if mistakes.is_empty() { Ok(()) } else { Err(invalid(mistakes)) }
}

fn row_of(
    provider: &Provider,
    before: Option<&ProviderRow>,
    ids: &Ids,
    context: &ChangeContext,
) -> Result<ProviderRow, Error> {
    let now: Instant = context.now;
    Ok(ProviderRow {
        ref_id: before.map_or_else(|| RefId(ids.ref_id()), |row| row.ref_id.clone()),
        name: provider.name.clone(),
        version: before.map_or(1, |row| row.version + 1),
        body: serde_json::to_string(provider).map_err(|error| Error::Statement(error.to_string()))?,
        created_at: before.map_or(now, |row| row.created_at),
        updated_at: now,
        updated_by: context.by.clone().unwrap_or_default(),
    })
}

fn object(row: &ProviderRow) -> Object {
    Object::new("sign_in_provider", Some(row.ref_id.as_str()), &row.name)
}

/// What differs, for the audit log; nothing of a secret.
fn changes(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Changed> {
    let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
    keys.sort();
    keys.dedup();
    let told = |key: &str, value: Option<&Value>| match value.filter(|value| !value.is_null()) {
        None => AuditValue::Unset,
        Some(_) if key == SECRET => AuditValue::Hidden,
        Some(value) => AuditValue::Plain(value.clone()),
    };
    let differs = |key: &&&String| before.get(**key) != after.get(**key);
    let changed = |key: &String| Changed {
        field: key.clone(),
        before: told(key, before.get(key)),
        after: told(key, after.get(key)),
    };
    keys.iter()
        .filter(differs)
        .map(|key| changed(key))
        .filter(|changed| {
            // A field that is null says as much as one that is missing.
            !(changed.before == AuditValue::Unset && changed.after == AuditValue::Unset)
        })
        .collect()
}
