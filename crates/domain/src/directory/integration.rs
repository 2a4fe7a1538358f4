//! Integrations: where alerts come from, and whom they are for (intake §1).

use super::admission::{SigningSecret, admits, network};
use super::cloudwatch::CloudWatch;
use super::enrichment::Enrichment;
use super::group_by::GroupBy;
use super::mail::Mail;
use super::mapping::Mapping;
use super::sender_kind::SenderKind;
use crate::Urgency;
use crate::ids::Username;
use crate::limits;
use crate::place::Place;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// A source of alerts: one URL that a monitoring tool is pointed at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Integration {
    /// Its name.
    pub name: String,
    /// Name of the team that owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// How what it is sent is read.
    pub kind: SenderKind,
    /// The secret part of its URL, a UUID with or without dashes; the server makes one where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Whether its alerts are heeded. What comes to one that is off is answered, kept as fate, and opens nothing.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub enabled: bool,
    /// Name of the service that its alerts come in on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Names of policies that are asked beside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub escalation_policies: Vec<String>,
    /// Users that are asked beside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<Username>,
    /// Urgency of an alert whose sender says none.
    #[serde(default = "high", skip_serializing_if = "is_high")]
    pub default_urgency: Urgency,
    /// Urgencies of the sender's own words, where they are not what its kind makes of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urgencies: Vec<SeverityUrgency>,
    /// What becomes of an incident all of whose alerts the senders call resolved.
    #[serde(default, skip_serializing_if = "OnResolve::is_default")]
    pub on_resolve: OnResolve,
    /// Minutes for which the repeats of an alert open nothing after a person resolved its incident.
    #[serde(default = "an_hour", skip_serializing_if = "is_an_hour")]
    pub remind_minutes: u32,
    /// By what its alerts are grouped into incidents; each has its own where nothing is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_by: Option<GroupBy>,
    /// Minutes after which an alert counts as over that was not heard of again; never where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve_after_minutes: Option<u32>,
    /// Incidents that its alerts open within a minute, after which further ones are one storm; no limit where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alerts_per_minute: Option<u32>,
    /// Whether a group of the sender's is one alert, where the sender groups.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub per_group: bool,
    /// Whether what a sender's test button sends opens an incident.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tests_open: bool,
    /// Whether clients of Opsgenie's API are refused with 401 while it is switched off, as the original does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled_answers_401: bool,
    /// How bodies are read, of an integration of the kind `generic`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Mapping>,
    /// What is added to its alerts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enrichments: Vec<Enrichment>,
    /// How its mail is read, of an integration of the kind `email`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<Mail>,
    /// With what the sender signs; where it is given, what is not signed with it is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SigningSecret>,
    /// Networks that it may be sent to from, as `198.51.100.0/24`, or single addresses; any where none is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<String>,
    /// Whether a GET is taken as well, which says all in its query.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub accept_get: bool,
    /// How messages of Amazon SNS are taken, where they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloudwatch: Option<CloudWatch>,
}

/// The urgency of one word of a sender's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeverityUrgency {
    /// The sender's word, whatever its case.
    pub severity: String,
    /// What it comes to.
    pub urgency: Urgency,
}

/// What becomes of an incident all of whose alerts the senders call resolved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnResolve {
    /// It is resolved.
    #[default]
    Resolve,
    /// It is said on the incident, which stays as it is.
    Note,
    /// Nothing.
    Ignore,
}

impl OnResolve {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

fn yes() -> bool {
    true
}

fn high() -> Urgency {
    Urgency::High
}

fn is_high(urgency: &Urgency) -> bool {
    *urgency == high()
}

fn an_hour() -> u32 {
    60
}

fn is_an_hour(minutes: &u32) -> bool {
    *minutes == an_hour()
}

impl Integration {
    /// The urgency of an alert that the sender calls so, or which the sender's kind finds so bad.
    pub fn urgency_of(&self, severity: Option<&str>, urgency: Option<Urgency>) -> Urgency {
        let own = |severity: &str| {
            let mut known = self.urgencies.iter();
            known.find(|known| known.severity.eq_ignore_ascii_case(severity)).map(|known| known.urgency)
        };
        severity.and_then(own).or(urgency).unwrap_or(self.default_urgency)
    }

    /// Whether it may be sent to from this address; one that is not known is in no network.
    pub fn admits(&self, address: Option<IpAddr>) -> bool {
        admits(&self.networks, address)
    }

    /// How messages of Amazon SNS are taken; `None` where nothing else than the key and the secret is asked of who sends.
    pub fn sns(&self) -> Option<CloudWatch> {
        (self.kind == SenderKind::Cloudwatch).then(|| self.cloudwatch.clone().unwrap_or_default())
    }

    /// Whether the key alone is not enough, and bodies must be signed.
    pub fn wants_signature(&self) -> bool {
        self.secret.is_some() || self.sns().is_some_and(|sns| !sns.raw_delivery)
    }

    /// What is wrong with what is asked of who sends.
    fn faults_of_admission(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        match &self.secret {
            Some(_) if !self.kind.signs() => {
                let kinds: Vec<_> =
                    SenderKind::ALL.iter().filter(|kind| kind.signs()).map(|kind| kind.word()).collect();
                let (kind, kinds) = (self.kind.word(), kinds.join(", "));
                faults.push(("secret", format!("{kind} signs nothing; those that do are {kinds}")));
            }
            Some(secret) => faults.extend(secret.fault().map(|fault| ("secret", fault))),
            None => {}
        }
        if self.accept_get && !self.kind.may_get() {
            let kind = self.kind.word();
            faults.push(("accept_get", format!("{kind} sends none; generic and uptime_kuma may")));
        }
        match &self.cloudwatch {
            Some(_) if self.kind != SenderKind::Cloudwatch => {
                faults.push(("cloudwatch", format!("is for the kind cloudwatch, and this is {}", self.kind.word())));
            }
            Some(cloudwatch) => faults.extend(cloudwatch.faults()),
            None => {}
        }
        if self.networks.len() > limits::NETWORKS {
            faults.push(("networks", format!("at most {}", limits::NETWORKS)));
        }
        let strange = self.networks.iter().filter(|text| network(text).is_none());
        faults.extend(strange.map(|text| {
            ("networks", format!("`{text}` is neither a network such as `198.51.100.0/24` nor an address"))
        }));
        faults
    }

    /// What is wrong with it by itself: `(place, problem)`; names of other components are judged elsewhere.
    pub fn faults(&self) -> Vec<(Place, String)> {
        let own = self.own_faults().into_iter().map(|(field, fault)| (Place::from(field), fault));
        let mapping = self.mapping.iter().flat_map(Mapping::faults);
        let mut faults: Vec<_> =
            own.chain(mapping.map(|(key, fault)| (Place::inside("mapping", key), fault))).collect();
        for (item, enrichment) in self.enrichments.iter().enumerate() {
            let place = Place::item("enrichments", item);
            faults.extend(enrichment.faults().into_iter().map(|(key, fault)| (place.key(key), fault)));
            if self.enrichments.iter().take(item).any(|other| other.name == enrichment.name) {
                faults.push((place.key("name"), format!("`{}` is there twice", enrichment.name)));
            }
        }
        faults
    }

    fn own_faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = self.faults_of_admission();
        if self.mapping.is_some() && self.kind != SenderKind::Generic {
            let kind = self.kind.word();
            faults.push(("mapping", format!("is for the kind `generic`; what {kind} sends is read as it is")));
        }
        if self.enrichments.len() > limits::ENRICHMENTS {
            faults.push(("enrichments", format!("at most {}", limits::ENRICHMENTS)));
        }
        let rows: usize =
            self.enrichments.iter().filter_map(|step| step.lookup.as_ref()).map(|table| table.rows.len()).sum();
        if rows > limits::LOOKUP_ROWS {
            faults.push(("enrichments", format!("at most {} rows in their tables together", limits::LOOKUP_ROWS)));
        }
        if self.key.as_deref().is_some_and(|key| key_digits(key).is_none()) {
            faults.push(("key", "must be a UUID: 32 hexadecimal digits, with dashes or without".to_owned()));
        }
        if self.service.is_none() && self.escalation_policies.is_empty() && self.users.is_empty() {
            faults.push(("service", "a service, a policy or a user must be named, or nobody would hear".to_owned()));
        }
        let targets = self.escalation_policies.len() + self.users.len() + usize::from(self.service.is_some());
        if targets > limits::TARGETS {
            let most = limits::TARGETS;
            faults.push(("escalation_policies", format!("at most {most} policies and users, or it can never open")));
        }
        if self.remind_minutes > limits::REMIND_MINUTES_MOST {
            let most = limits::REMIND_MINUTES_MOST;
            faults.push(("remind_minutes", format!("must be from 0 to {most}")));
        }
        let after = self.resolve_after_minutes;
        if after.is_some_and(|minutes| !(1..=limits::RESOLVE_AFTER_MINUTES_MOST).contains(&minutes)) {
            let most = limits::RESOLVE_AFTER_MINUTES_MOST;
            faults.push(("resolve_after_minutes", format!("must be from 1 to {most}")));
        }
        if self.alerts_per_minute == Some(0) {
            faults.push(("alerts_per_minute", "must be at least 1, or be left out for no limit".to_owned()));
        }
        let grouping = self.group_by.iter().flat_map(GroupBy::faults);
        faults.extend(grouping.map(|fault| ("group_by", fault)));
        if self.mail.is_some() && self.kind != SenderKind::Email {
            faults.push(("mail", "means something for the kind `email` only".to_owned()));
        }
        faults.extend(self.mail.iter().flat_map(Mail::faults).map(|fault| ("mail", fault)));
        if self.urgencies.len() > limits::SEVERITIES {
            faults.push(("urgencies", format!("at most {}", limits::SEVERITIES)));
        }
        faults
    }
}

/// The 32 lower-case digits of a key, which may be written with the dashes of a UUID, in any case.
pub fn key_digits(key: &str) -> Option<String> {
    let parts: Vec<_> = key.split('-').map(str::len).collect();
    let is_shaped = matches!(parts.as_slice(), [32] | [8, 4, 4, 4, 12]);
    let digits: String = key.chars().filter(|digit| *digit != '-').map(|digit| digit.to_ascii_lowercase()).collect();
    (is_shaped && digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())).then_some(digits)
}

/// The digits of a key as a UUID is written.
pub fn dashed_key(digits: &str) -> String {
    let parts: Vec<_> = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| digits.get(part).unwrap_or_default()).into();
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_of_who_sends_is_checked_and_its_fault_names_the_field() {
        let faults = |kind: &str, more: serde_json::Value| {
            let mut written = serde_json::json!({"name": "x", "kind": kind, "service": "web"});
            written.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            serde_json::from_value::<Integration>(written).unwrap().faults()
        };
        let sound = serde_json::json!({"secret": "s", "networks": ["198.51.100.0/24", "2001:db8::1", "10.0.0.1/8"]});
        assert_eq!(faults("grafana", sound), []);
        let table = [
            (
                "nagios",
                serde_json::json!({"secret": "s"}),
                "secret",
                "nagios signs nothing; those that do are grafana, ",
            ),
            ("sentry", serde_json::json!({"secret": ""}), "secret", "1 to 1024 bytes"),
            ("sentry", serde_json::json!({"secret": " \t"}), "secret", "1 to 1024 bytes"),
            ("sentry", serde_json::json!({"secret": "s".repeat(1025)}), "secret", "1 to 1024 bytes"),
            ("nagios", serde_json::json!({"accept_get": true}), "accept_get", "nagios sends none"),
            ("nagios", serde_json::json!({"cloudwatch": {}}), "cloudwatch", "and this is nagios"),
            (
                "cloudwatch",
                serde_json::json!({"cloudwatch": {"signature_version": 3}}),
                "cloudwatch.signature_version",
                "1 or 2",
            ),
            (
                "cloudwatch",
                serde_json::json!({"cloudwatch": {"topics": ["arn:aws:sqs:eu-west-1:1:x"]}}),
                "cloudwatch.topics",
                "`arn:aws:sqs:eu-west-1:1:x` is no ARN of a topic",
            ),
            ("nagios", serde_json::json!({"networks": ["10.0.0.0/33"]}), "networks", "`10.0.0.0/33` is neither"),
            ("nagios", serde_json::json!({"networks": ["::1", "all"]}), "networks", "`all` is neither"),
            ("nagios", serde_json::json!({"networks": vec!["::1"; 101]}), "networks", "at most 100"),
        ];
        for (kind, more, key, problem) in table {
            let found = faults(kind, more.clone());
            assert!(
                matches!(&*found, [(at, told)] if at.spelled() == key && told.contains(problem)),
                "{more} {found:?}"
            );
        }
    }

    #[test]
    fn a_key_is_a_uuid_in_any_spelling() {
        let digits = "0123456789abcdef0123456789abcdef";
        for key in [digits, "01234567-89ab-cdef-0123-456789abcdef", "01234567-89AB-CDEF-0123-456789ABCDEF"] {
            assert_eq!(key_digits(key).as_deref(), Some(digits), "{key}");
        }
        assert_eq!(dashed_key(digits), "01234567-89ab-cdef-0123-456789abcdef");
        for key in ["", "0123", "0123456789abcdef0123456789abcdeg", "0123456789ab-cdef0123456789abcdef-", "é"] {
            assert_eq!(key_digits(key), None, "{key}");
        }
    }
}
