//! The kinds of sender: each is a form of payload.

use serde::{Deserialize, Serialize};

macro_rules! sender_kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What an integration expects to be sent. A closed list; the words are parts of paths.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum SenderKind { $($(#[$doc])* #[serde(rename = $word)] $name,)* }

        impl SenderKind {
            /// All of them, in the order in which they are listed.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
            /// Their words, in the same order.
            pub const WORDS: &[&str] = &[$($word,)*];

            /// Its word in paths, files and lists.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

sender_kinds! {
    /// Prometheus Alertmanager: its webhook, and what Prometheus posts to an Alertmanager.
    Alertmanager = "alertmanager",
    /// Grafana's webhook.
    Grafana = "grafana",
    /// PagerDuty's events, by its API of events.
    Pagerduty = "pagerduty",
    /// Opsgenie's alerts, by its API of alerts.
    Opsgenie = "opsgenie",
    /// Nagios, by TaskCall's script.
    Nagios = "nagios",
    /// Icinga 2, by TaskCall's script.
    Icinga2 = "icinga2",
    /// Zabbix, by TaskCall's media type.
    Zabbix = "zabbix",
    /// Datadog's webhook, by the template of our documents.
    Datadog = "datadog",
    /// Amazon CloudWatch's alarms, by SNS or EventBridge.
    Cloudwatch = "cloudwatch",
    /// Azure Monitor's common alert schema.
    Azure = "azure",
    /// Google Cloud Monitoring's webhook.
    GoogleCloud = "google_cloud",
    /// New Relic's webhook.
    Newrelic = "newrelic",
    /// Uptime Kuma's webhook.
    UptimeKuma = "uptime_kuma",
    /// Healthchecks' webhook, by the template of our documents.
    Healthchecks = "healthchecks",
    /// Sentry's internal integrations.
    Sentry = "sentry",
    /// Sysdig Monitor's webhook.
    Sysdig = "sysdig",
    /// Splunk's webhook, and that of its Observability Cloud.
    Splunk = "splunk",
    /// Checkmk, by the script of our documents.
    Checkmk = "checkmk",
    /// GitHub's webhooks.
    Github = "github",
    /// GitLab's webhooks.
    Gitlab = "gitlab",
    /// Jira's webhooks about issues.
    Jira = "jira",
    /// PRTG's HTTP action, by the template of our documents.
    Prtg = "prtg",
    /// Pingdom's webhook.
    Pingdom = "pingdom",
    /// StatusCake's webhook.
    Statuscake = "statuscake",
    /// ElastAlert's HTTP POST, by the rules of our documents.
    Elastalert = "elastalert",
    /// E-mail, by the listener of this server.
    Email = "email",
    /// Any JSON, form or text.
    Generic = "generic",
}

impl SenderKind {
    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }

    /// Whether it can be told to send a GET, which says all in its query.
    pub fn may_get(self) -> bool {
        matches!(self, Self::Generic | Self::UptimeKuma)
    }

    /// Whether it can sign what it sends with a secret that both sides know.
    pub fn signs(self) -> bool {
        matches!(self, Self::Grafana | Self::Sentry | Self::Splunk | Self::Github | Self::Gitlab | Self::Jira)
    }
}
