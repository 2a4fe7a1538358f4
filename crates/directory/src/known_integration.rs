//! Integrations as they are known by their keys, and those that were asked for lately.

use domain::directory::{Entry, Integration, Reading};
use domain::{Instant, OrganizationId, RefId};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use store::Error;

/// An integration, found by its key.
#[derive(Clone, Debug)]
pub struct KnownIntegration {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its id.
    pub ref_id: RefId,
    /// What it is.
    pub integration: Arc<Integration>,
    /// How its bodies are read.
    pub reading: Arc<Reading>,
    /// Until when the key counts, where a newer one was made.
    pub key_ends_at: Option<Instant>,
}

impl KnownIntegration {
    /// The integration of this entry of an organization's directory.
    ///
    /// # Errors
    /// `Corrupt` where a pattern in it is none, which no checked directory has.
    pub(crate) fn of(
        organization: OrganizationId,
        entry: &Entry<Integration>,
        key_ends_at: Option<Instant>,
    ) -> Result<Self, Error> {
        let reading = Reading::of(&entry.component).map_err(Error::Corrupt)?;
        Ok(Self {
            organization,
            ref_id: entry.ref_id.clone(),
            integration: Arc::new(entry.component.clone()),
            reading: Arc::new(reading),
            key_ends_at,
        })
    }
}

/// Integrations that were asked for lately, so that not each alert looks its key up.
#[derive(Debug, Default)]
pub(crate) struct Lately(RwLock<HashMap<String, (Instant, KnownIntegration)>>);

/// Microseconds for which an integration is remembered: so long a change of it may take effect later.
const REMEMBERED: i64 = 1_000_000;
/// Integrations that are remembered.
const MOST: usize = 10_000;

impl Lately {
    pub(crate) fn get(&self, digits: &str, now: Instant) -> Option<KnownIntegration> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(digits).filter(|(at, _)| at.plus_micros(REMEMBERED) > now).map(|(_, known)| known.clone())
    }

    pub(crate) fn keep(&self, digits: String, integration: KnownIntegration, now: Instant) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(digits, (now, integration));
    }
}
