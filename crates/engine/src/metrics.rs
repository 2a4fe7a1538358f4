//! What the engine counts about itself, in the form that Prometheus reads.

use domain::{OrganizationId, RefId};
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Labels of the command counter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CommandLabels {
    outcome: &'static str,
}

/// Labels of the alert counter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AlertLabels {
    fate: &'static str,
}

/// A maintenance window, of which metrics tell no name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WindowLabels {
    /// The number of its organization.
    organization: i64,
    /// Its id.
    window: String,
}

/// Everything that the engine counts, and the registry in which the rooms above count, too.
pub struct Metrics {
    registry: Mutex<Registry>,
    pub(crate) queued: Gauge,
    pub(crate) commits: Counter,
    commands: Family<CommandLabels, Counter>,
    alerts: Family<AlertLabels, Counter>,
    kept_back: Family<WindowLabels, Counter>,
    windows: Family<WindowLabels, Gauge>,
    /// The windows that are told to be on, by the numbers of organizations.
    windows_told: Mutex<BTreeMap<i64, Vec<String>>>,
    pub(crate) quarantined: Counter,
    pub(crate) tick_age_seconds: Gauge<f64, std::sync::atomic::AtomicU64>,
    pub(crate) clock_offset_seconds: Gauge<f64, std::sync::atomic::AtomicU64>,
    pub(crate) overdue_incident_seconds: Gauge<f64, std::sync::atomic::AtomicU64>,
    pub(crate) overdue_notification_seconds: Gauge<f64, std::sync::atomic::AtomicU64>,
    pub(crate) stranded: Gauge,
    audit_findings: Gauge,
    /// What the last audit found, in words.
    findings: Mutex<Vec<String>>,
    commit_size: Histogram,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Metrics")
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let metrics = Self {
            registry: Mutex::new(Registry::with_prefix("reveille")),
            queued: Gauge::default(),
            commits: Counter::default(),
            commands: Family::default(),
            alerts: Family::default(),
            kept_back: Family::default(),
            windows: Family::default(),
            windows_told: Mutex::default(),
            quarantined: Counter::default(),
            tick_age_seconds: Gauge::default(),
            clock_offset_seconds: Gauge::default(),
            overdue_incident_seconds: Gauge::default(),
            overdue_notification_seconds: Gauge::default(),
            stranded: Gauge::default(),
            audit_findings: Gauge::default(),
            findings: Mutex::default(),
            commit_size: Histogram::new(exponential_buckets(1.0, 2.0, 10)),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&self) {
        let mut registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        registry.register("queue_depth", "Jobs that wait for a transaction", self.queued.clone());
        registry.register("commits", "Transactions committed", self.commits.clone());
        registry.register("jobs_per_commit", "Jobs in one transaction", self.commit_size.clone());
        registry.register("alerts", "Alerts of monitoring tools by what came of them", self.alerts.clone());
        let kept = "Alerts that opened no incident because of a maintenance window";
        registry.register("maintenance_alerts", kept, self.kept_back.clone());
        registry.register("maintenance_windows", "1 while a maintenance window is on", self.windows.clone());
        registry.register("commands", "Commands by what came of them", self.commands.clone());
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
        registry.register("stranded_incidents", "Incidents that nobody can be found for", self.stranded.clone());
    }

    /// Lets a room above count with the engine: `register` adds what it counts, and [`Metrics::text`] tells it.
    pub fn register_more(&self, register: impl FnOnce(&mut Registry)) {
        register(&mut self.registry.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// How late the longest due work is, and how many incidents nobody can be found for, as of now.
    #[expect(clippy::cast_precision_loss, reason = "a metric")]
    pub fn set_overdue(&self, incident_micros: i64, notification_micros: i64, stranded: i64) {
        self.overdue_incident_seconds.set(incident_micros as f64 / 1e6);
        self.overdue_notification_seconds.set(notification_micros as f64 / 1e6);
        self.stranded.set(stranded);
    }

    /// Counts a command by what came of it.
    pub fn count_command(&self, outcome: &'static str) {
        self.commands.get_or_create(&CommandLabels { outcome }).inc();
    }

    /// Counts an alert of a monitoring tool.
    pub(crate) fn count_alert(&self, fate: &'static str) {
        self.alerts.get_or_create(&AlertLabels { fate }).inc();
    }

    /// Counts an alert that a maintenance window keeps back.
    pub(crate) fn count_kept_back(&self, organization: OrganizationId, window: &RefId) {
        let labels = WindowLabels { organization: organization.0, window: window.0.clone() };
        self.kept_back.get_or_create(&labels).inc();
    }

    /// Tells that these maintenance windows of an organization are on, and no others.
    pub(crate) fn set_windows<'a>(&self, organization: OrganizationId, on: impl Iterator<Item = &'a RefId>) {
        let on: Vec<_> = on.map(|window| window.0.clone()).collect();
        let mut told = self.windows_told.lock().unwrap_or_else(PoisonError::into_inner);
        let labels = |window: &String| WindowLabels { organization: organization.0, window: window.clone() };
        for window in told.insert(organization.0, on.clone()).unwrap_or_default() {
            if !on.contains(&window) {
                self.windows.remove(&labels(&window));
            }
        }
        for window in &on {
            self.windows.get_or_create(&labels(window)).set(1);
        }
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
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        // Writing to a string does not fail.
        let _ = encode(&mut text, &registry);
        text
    }
}
