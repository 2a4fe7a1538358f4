//! Integrations as they are used: known again by their keys, and their keys renewed.

use crate::administration::Administration;
use crate::audit::{self, Changed, Entry, Object, Value};
use crate::change::OVERLAP_MINUTES;
use crate::known_integration::KnownIntegration;
use domain::directory::{ComponentKind, Integration, key_digits};
use domain::{Instant, OrganizationId, RefId};
use engine::{Clock, Failure, Ids};
use store::{Error, IntegrationKeyRow, Store};

impl Administration {
    /// The integration that a key belongs to; `None` if it is no key, or counts no more.
    ///
    /// # Errors
    /// As the store says.
    pub async fn integration(&self, key: &str) -> Result<Option<KnownIntegration>, Failure> {
        let Some(digits) = key_digits(key) else { return Ok(None) };
        let now = self.engine().now();
        if let Some(known) = self.0.integrations.get(&digits, now) {
            return Ok(Some(known).filter(|known| known.key_ends_at.is_none_or(|at| at > now)));
        }
        let asked = digits.clone();
        let known = self.engine().read(move |tx, shared| {
            let Some(key) = store::integration_key_by_digits(tx, &asked)? else { return Ok(None) };
            if key.ends_at.is_some_and(|at| at <= now) {
                return Ok(None);
            }
            let Some(snapshot) = shared.directories.current(tx, key.organization)? else { return Ok(None) };
            let entry = snapshot.directory.integrations.with_ref(key.integration.as_str());
            let Some(entry) = entry else { return Ok(None) };
            Ok(Some(KnownIntegration::of(key.organization, entry, key.ends_at)?))
        });
        let known = known.await?;
        if let Some(known) = &known {
            self.0.integrations.keep(digits, known.clone(), now);
        }
        Ok(known)
    }

    /// The integration that mail to an alias is for; `None` if the organization or the alias is unknown.
    ///
    /// # Errors
    /// As the store says.
    pub async fn integration_by_alias(
        &self,
        alias: String,
        organization: String,
    ) -> Result<Option<KnownIntegration>, Failure> {
        let known = self.engine().read(move |tx, shared| {
            let Some(organization) = store::organization_by_name(tx, &organization)? else { return Ok(None) };
            let Some(snapshot) = shared.directories.current(tx, organization.id)? else { return Ok(None) };
            let all = snapshot.directory.integrations.by_name();
            let has_alias = |integration: &Integration| {
                integration.mail.as_ref().and_then(|mail| mail.alias.as_ref()) == Some(&alias)
            };
            let entry = all.into_iter().find(|entry| has_alias(&entry.component));
            Ok(entry.map(|entry| KnownIntegration::of(organization.id, entry, None)).transpose()?)
        });
        known.await
    }
}

impl Administration {
    /// The heartbeat that a key belongs to, by its organization and id; `None` if it is no key of one, or counts no more.
    ///
    /// # Errors
    /// As the store says.
    pub async fn heartbeat(&self, key: &str) -> Result<Option<(OrganizationId, RefId)>, Failure> {
        let Some(digits) = key_digits(key) else { return Ok(None) };
        let now = self.engine().now();
        let known = self.engine().read(move |tx, shared| {
            let Some(key) = store::integration_key_by_digits(tx, &digits)? else { return Ok(None) };
            if key.ends_at.is_some_and(|at| at <= now) {
                return Ok(None);
            }
            let Some(snapshot) = shared.directories.current(tx, key.organization)? else { return Ok(None) };
            let entry = snapshot.directory.heartbeats.with_ref(key.integration.as_str());
            Ok(entry.map(|entry| (key.organization, entry.ref_id.clone())))
        });
        known.await
    }
}

/// Makes a new key of an integration and returns its digits; those before count for a day. `None` when the organization
/// has no integration of this name.
///
/// # Errors
/// As the store says.
pub fn integration_rotate_key(
    store: &Store,
    clock: &Clock,
    ids: &Ids,
    organization: OrganizationId,
    name: &str,
) -> Result<Option<String>, Error> {
    let digits = ids.uuid().replace('-', "");
    store.write(|tx| {
        store::organization_hold(tx, organization)?;
        let rows = store::component_list(tx, organization)?;
        let is_it = |row: &&store::ComponentRow| row.kind == ComponentKind::Integration && row.name == name;
        let Some(integration) = rows.iter().find(is_it).map(|row| row.ref_id.clone()) else { return Ok(None) };
        let now = Instant(clock.now());
        let key = IntegrationKeyRow { organization, integration, digits: digits.clone(), made_at: now, ends_at: None };
        store::integration_key_insert(tx, &key)?;
        let end = now.plus_minutes(OVERLAP_MINUTES);
        store::integration_key_end_others(tx, organization, &key.integration, &digits, end)?;
        store::organization_touch(tx, organization)?;
        let object = Object::new(ComponentKind::Integration.word(), Some(key.integration.as_str()), name);
        let changes = vec![
            Changed { field: "key".to_owned(), before: Value::Hidden, after: Value::Hidden },
            Changed::set("key_before_ends_at", Value::text(&end.wire())),
        ];
        audit::record(tx, ids, organization, now, &Entry::of_command("integration.rotate_key", object, changes))?;
        Ok(Some(digits.clone()))
    })
}
