//! The keys this process has seen, so that a request need not look its key up, and the uses not yet recorded.

use domain::{Instant, OrganizationId};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use store::KeyRow;

/// Keys that are remembered between requests.
const REMEMBERED_KEYS: usize = 10_000;
/// The last use of a key is recorded at most this often, microseconds.
const USE_RECORDED_EVERY: i64 = 60_000_000;

/// Keys seen before, by digest, and uses that are not recorded yet.
#[derive(Debug, Default)]
pub(crate) struct KeyRing {
    known: RwLock<HashMap<String, Arc<KeyRow>>>,
    used: Mutex<Uses>,
}

#[derive(Debug, Default)]
struct Uses {
    recorded: HashMap<i64, Instant>,
    waiting: BTreeMap<OrganizationId, Vec<(i64, Instant)>>,
}

impl KeyRing {
    /// A key was revoked.
    pub(crate) fn forget(&self, id: i64) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, key| key.id != id);
    }

    pub(crate) fn get(&self, digest: &str) -> Option<Arc<KeyRow>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(digest).cloned()
    }

    pub(crate) fn keep(&self, key: &Arc<KeyRow>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED_KEYS {
            known.clear();
        }
        known.insert(key.digest.clone(), Arc::clone(key));
    }

    pub(crate) fn note_use(&self, key: &KeyRow, now: Instant) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let last = used.recorded.get(&key.id).copied().or(key.last_used_at);
        if last.is_none_or(|last| last.plus_micros(USE_RECORDED_EVERY) <= now) {
            used.recorded.insert(key.id, now);
            used.waiting.entry(key.organization).or_default().push((key.id, now));
        }
    }

    pub(crate) fn take_uses(&self) -> BTreeMap<OrganizationId, Vec<(i64, Instant)>> {
        std::mem::take(&mut self.used.lock().unwrap_or_else(PoisonError::into_inner).waiting)
    }
}
