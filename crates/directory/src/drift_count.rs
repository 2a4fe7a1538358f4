//! How much was changed beside directory files, as a metric.

use domain::Instant;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Microseconds between two looks.
const BETWEEN: i64 = 60_000_000;

/// The number of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    organization: i64,
}

/// The counts as they were looked at last.
#[derive(Debug)]
pub(crate) struct DriftCount {
    counts: Family<Labels, Gauge>,
    looked: Mutex<Looked>,
}

#[derive(Debug, Default)]
struct Looked {
    at: Option<Instant>,
    /// By the numbers of organizations, the versions of their directories that were looked at.
    versions: HashMap<i64, i64>,
}

impl DriftCount {
    /// The counts, told with what the engine counts.
    pub(crate) fn registered(engine: &engine::Metrics) -> Self {
        let count = Self { counts: Family::default(), looked: Mutex::default() };
        let told = "Components that are not what the directory file says which manages them, or were removed beside it";
        engine.register_more(|registry| registry.register("directory_drift", told, count.counts.clone()));
        count
    }

    /// Whether a minute has passed since the last look; if so, this is the next.
    pub(crate) fn is_due(&self, now: Instant) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = looked.at.is_none_or(|at| at.0.saturating_add(BETWEEN) <= now.0);
        if is_due {
            looked.at = Some(now);
        }
        is_due
    }

    /// Which versions were looked at, by the numbers of organizations.
    pub(crate) fn versions(&self) -> HashMap<i64, i64> {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner).versions.clone()
    }

    /// Tells of these: number of the organization, version that was looked at, count.
    pub(crate) fn tell(&self, counts: Vec<(i64, i64, i64)>) {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        for (organization, version, count) in counts {
            looked.versions.insert(organization, version);
            self.counts.get_or_create(&Labels { organization }).set(count);
        }
    }
}
