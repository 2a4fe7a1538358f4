//! Integrations as they are used: known again by their keys.

use crate::administration::Administration;
use crate::known_integration::KnownIntegration;
use domain::directory::{ComponentKind, Integration, key_digits};
use domain::{OrganizationId, RefId, Refusal};
use engine::{Failure, Reader};

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

    /// The integration of this id or name, for somebody who may see it.
    ///
    /// # Errors
    /// `Refused(UnknownComponent)`, or as the store says.
    pub async fn integration_named(&self, reader: Reader, name: &str) -> Result<KnownIntegration, Failure> {
        let organization = reader.organization;
        let snapshot = self.engine().directory(reader).await?;
        let (field, kind) = ("integration_ref_id", ComponentKind::Integration);
        let unknown = || Failure::Refused(Refusal::UnknownComponent { field, kind, name: name.to_owned() });
        let entry = snapshot.directory.integrations.known(name).ok_or_else(unknown)?;
        Ok(KnownIntegration::of(organization, entry, None)?)
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
            let Some(organization) = store::organization_known_as(tx, &organization)? else { return Ok(None) };
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
