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
    /// Any JSON, form or text.
    Generic,
}

impl SenderKind {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 8] = [
        Self::Alertmanager,
        Self::Grafana,
        Self::Pagerduty,
        Self::Opsgenie,
        Self::Nagios,
        Self::Icinga2,
        Self::Zabbix,
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
            Self::Generic => "generic",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
