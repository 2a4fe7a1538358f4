//! The heads of all audit logs as metrics, as they were looked at last.

use domain::Instant;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

/// Microseconds between two looks at the heads.
const BETWEEN: i64 = 60_000_000;

/// Labels of a head: the number of the organization, and the digest of its last row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct HeadLabels {
    organization: i64,
    digest: String,
}

/// The heads as they were looked at last.
#[derive(Debug)]
pub(crate) struct Heads {
    numbers: Family<HeadLabels, Gauge>,
    looked_at: AtomicI64,
}

impl Heads {
    /// The heads, told with what the engine counts.
    pub(crate) fn registered(engine: &engine::Metrics) -> Self {
        let heads = Self { numbers: Family::default(), looked_at: AtomicI64::new(i64::MIN) };
        let told = "Number of the last row of each organization's audit log, with its digest";
        engine.register_more(|registry| registry.register("audit_head", told, heads.numbers.clone()));
        heads
    }

    /// Whether a minute has passed since the last look; if so, this is the next.
    pub(crate) fn is_due(&self, now: Instant) -> bool {
        let looked_at = self.looked_at.load(Relaxed);
        let is_due = looked_at.saturating_add(BETWEEN) <= now.0;
        if is_due {
            self.looked_at.store(now.0, Relaxed);
        }
        is_due
    }

    /// Tells of these heads and of no others: number of the organization, digest and number of its last row.
    pub(crate) fn tell(&self, heads: impl Iterator<Item = (i64, String, i64)>) {
        self.numbers.clear();
        for (organization, digest, number) in heads {
            self.numbers.get_or_create(&HeadLabels { organization, digest }).set(number);
        }
    }
}
