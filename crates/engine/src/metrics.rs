//! What the engine counts about itself, in the form that Prometheus reads.

use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::sync::{Mutex, PoisonError};

/// Labels of the notification counter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct AttemptLabels {
    pub(crate) channel: &'static str,
    pub(crate) outcome: &'static str,
}

/// Labels of what is counted by channel.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct ChannelLabels {
    pub(crate) channel: &'static str,
}

/// Labels of the command counter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct CommandLabels {
    pub(crate) outcome: &'static str,
}

/// Labels of the heartbeat counter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct HeartbeatLabels {
    pub(crate) outcome: &'static str,
}

/// Everything that is counted.
pub(crate) struct Metrics {
    registry: Mutex<Registry>,
    pub(crate) queued: Gauge,
    pub(crate) commits: Counter,
    pub(crate) commands: Family<CommandLabels, Counter>,
    pub(crate) attempts: Family<AttemptLabels, Counter>,
    pub(crate) handed_over: Family<ChannelLabels, Counter>,
    pub(crate) confirmed: Family<ChannelLabels, Counter>,
    pub(crate) quarantined: Counter,
    pub(crate) tick_age_seconds: Gauge<f64, std::sync::atomic::AtomicU64>,
    pub(crate) clock_offset_seconds: Gauge<f64, std::sync::atomic::AtomicU64>,
    pub(crate) overdue_incident_seconds: Gauge<f64, std::sync::atomic::AtomicU64>,
    pub(crate) overdue_notification_seconds: Gauge<f64, std::sync::atomic::AtomicU64>,
    pub(crate) stranded: Gauge,
    audit_findings: Gauge,
    /// What the last audit found, in words.
    findings: Mutex<Vec<String>>,
    pub(crate) heartbeats: Family<HeartbeatLabels, Counter>,
    commit_size: Histogram,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Metrics")
    }
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let metrics = Self {
            registry: Mutex::new(Registry::with_prefix("reveille")),
            queued: Gauge::default(),
            commits: Counter::default(),
            commands: Family::default(),
            attempts: Family::default(),
            handed_over: Family::default(),
            confirmed: Family::default(),
            quarantined: Counter::default(),
            tick_age_seconds: Gauge::default(),
            clock_offset_seconds: Gauge::default(),
            overdue_incident_seconds: Gauge::default(),
            overdue_notification_seconds: Gauge::default(),
            stranded: Gauge::default(),
            audit_findings: Gauge::default(),
            findings: Mutex::default(),
            heartbeats: Family::default(),
            commit_size: Histogram::new(exponential_buckets(1.0, 2.0, 10)),
        };
        metrics.register();
        metrics
    }

    fn register(&self) {
        let mut registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        registry.register("queue_depth", "Jobs that wait for a transaction", self.queued.clone());
        registry.register("commits", "Transactions committed", self.commits.clone());
        registry.register("jobs_per_commit", "Jobs in one transaction", self.commit_size.clone());
        registry.register("commands", "Commands by what came of them", self.commands.clone());
        registry.register("notification_attempts", "Attempts by channel and outcome", self.attempts.clone());
        let told = "Notifications that a carrier took";
        registry.register("notifications_handed_over", told, self.handed_over.clone());
        let told = "Notifications that their reader is known to have got";
        registry.register("notifications_confirmed", told, self.confirmed.clone());
        registry.register("quarantined", "Rows that could not be read and were put aside", self.quarantined.clone());
        let age = "Real seconds since the engine last looked for due incidents";
        registry.register("last_tick_age_seconds", age, self.tick_age_seconds.clone());
        let ahead = "Seconds by which the database's clock is ahead of this machine's";
        registry.register("clock_offset_seconds", ahead, self.clock_offset_seconds.clone());
        let late = "Seconds by which the longest overdue incident was late at the last tick";
        registry.register("oldest_overdue_incident_seconds", late, self.overdue_incident_seconds.clone());
        let late = "Seconds since the longest undelivered notification was due, tried or not, at the last tick";
        registry.register("oldest_overdue_notification_seconds", late, self.overdue_notification_seconds.clone());
        let found = "What the last audit found that should not be: late, forgotten, or not to be looked at";
        registry.register("audit_findings", found, self.audit_findings.clone());
        registry.register("heartbeats", "Heartbeats by outcome", self.heartbeats.clone());
        registry.register("stranded_incidents", "Incidents that nobody can be found for", self.stranded.clone());
    }

    /// A writer took so many jobs from its queue.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_wrap, reason = "a batch is small")]
    pub(crate) fn taken(&self, jobs: usize) {
        self.queued.dec_by(jobs as i64);
        self.commit_size.observe(jobs as f64);
    }

    /// An audit found this.
    pub(crate) fn audited(&self, findings: Vec<String>) {
        self.audit_findings.set(i64::try_from(findings.len()).unwrap_or(i64::MAX));
        *self.findings.lock().unwrap_or_else(PoisonError::into_inner) = findings;
    }

    /// What the last audit found.
    pub(crate) fn findings(&self) -> Vec<String> {
        self.findings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The text that Prometheus reads.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        // Writing to a string does not fail.
        let _ = encode(&mut text, &registry);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_stands_in_the_page_for_operators_and_no_other() {
        let metrics = Metrics::new();
        // Counters with labels are told of once something was counted.
        metrics.commands.get_or_create(&CommandLabels { outcome: "done" }).inc();
        metrics.attempts.get_or_create(&AttemptLabels { channel: "email", outcome: "delivered" }).inc();
        for counter in [&metrics.handed_over, &metrics.confirmed] {
            counter.get_or_create(&ChannelLabels { channel: "sms" }).inc();
        }
        metrics.heartbeats.get_or_create(&HeartbeatLabels { outcome: "delivered" }).inc();
        let text = metrics.text();
        let mut told: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
        let page = include_str!("../../../docs/operating.md");
        let mut written: Vec<&str> =
            page.lines().filter_map(|line| line.strip_prefix("| `reveille_").and(line.split('`').nth(1))).collect();
        told.sort_unstable();
        written.sort_unstable();
        assert_eq!(told, written);
    }
}
