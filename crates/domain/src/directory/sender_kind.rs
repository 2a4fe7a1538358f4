//! The kinds of sender: each is a form of payload.

use serde::{Deserialize, Serialize};

/// What an integration expects to be sent. A closed list; the words are parts of paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SenderKind {
    /// Prometheus Alertmanager: its webhook, and what Prometheus posts to an Alertmanager.
    Alertmanager,
    /// Grafana's webhook.
    Grafana,
    /// PagerDuty's events, by its API of events.
    Pagerduty,
    /// Opsgenie's alerts, by its API of alerts.
    Opsgenie,
    /// Nagios, by TaskCall's script.
    Nagios,
    /// Icinga 2, by TaskCall's script.
    Icinga2,
    /// Zabbix, by TaskCall's media type.
    Zabbix,
    /// Datadog's webhook, by the template of our documents.
    Datadog,
    /// Azure Monitor's common alert schema.
    Azure,
    /// Google Cloud Monitoring's webhook.
    GoogleCloud,
    /// New Relic's webhook.
    Newrelic,
    /// Uptime Kuma's webhook.
    UptimeKuma,
    /// Healthchecks' webhook, by the template of our documents.
    Healthchecks,
    /// Sentry's internal integrations.
    Sentry,
    /// Sysdig Monitor's webhook.
    Sysdig,
    /// Splunk's webhook, and that of its Observability Cloud.
    Splunk,
    /// Any JSON, form or text.
    Generic,
}

impl SenderKind {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 17] = [
        Self::Alertmanager,
        Self::Grafana,
        Self::Pagerduty,
        Self::Opsgenie,
        Self::Nagios,
        Self::Icinga2,
        Self::Zabbix,
        Self::Datadog,
        Self::Azure,
        Self::GoogleCloud,
        Self::Newrelic,
        Self::UptimeKuma,
        Self::Healthchecks,
        Self::Sentry,
        Self::Sysdig,
        Self::Splunk,
        Self::Generic,
    ];

    /// Its word in paths, files and lists.
    pub fn word(self) -> &'static str {
        match self {
            Self::Alertmanager => "alertmanager",
            Self::Grafana => "grafana",
            Self::Pagerduty => "pagerduty",
            Self::Opsgenie => "opsgenie",
            Self::Nagios => "nagios",
            Self::Icinga2 => "icinga2",
            Self::Zabbix => "zabbix",
            Self::Datadog => "datadog",
            Self::Azure => "azure",
            Self::GoogleCloud => "google_cloud",
            Self::Newrelic => "newrelic",
            Self::UptimeKuma => "uptime_kuma",
            Self::Healthchecks => "healthchecks",
            Self::Sentry => "sentry",
            Self::Sysdig => "sysdig",
            Self::Splunk => "splunk",
            Self::Generic => "generic",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
