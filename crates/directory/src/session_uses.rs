//! The uses of sessions that are not recorded yet.

use domain::{Instant, OrganizationId};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

/// When each session was used last, by organization and digest.
#[derive(Debug, Default)]
pub(crate) struct SessionUses(Mutex<BTreeMap<OrganizationId, HashMap<String, Instant>>>);

impl SessionUses {
    /// A session was used.
    pub(crate) fn note(&self, organization: OrganizationId, digest: &str, now: Instant) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.entry(organization).or_default().insert(digest.to_owned(), now);
    }

    /// What was noted since the last time.
    pub(crate) fn take(&self) -> BTreeMap<OrganizationId, HashMap<String, Instant>> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
