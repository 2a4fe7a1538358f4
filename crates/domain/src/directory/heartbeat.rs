//! Heartbeats: what must be heard of again and again, and whom its silence is for (intake §2.6).

use super::integration::{Integration, key_digits};
use super::sender_kind::SenderKind;
use crate::ids::Username;
use crate::limits;
use crate::recurrence::Cron;
use crate::{Instant, Urgency};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Something that says that it is well, at a URL of its own; an incident opens when it does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heartbeat {
    /// Its name.
    pub name: String,
    /// Name of the team that owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The secret part of its URL, a UUID with or without dashes; the server makes one where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Whether its silence is heeded.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub enabled: bool,
    /// Name of the service that its alert comes in on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Names of policies that are asked beside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub escalation_policies: Vec<String>,
    /// Users that are asked beside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<Username>,
    /// Urgency of its silence.
    #[serde(default = "high", skip_serializing_if = "is_high")]
    pub urgency: Urgency,
    /// Seconds within which it is heard of again; either these or `cron`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_seconds: Option<u32>,
    /// When it is heard of, as cron writes it: five fields, or a word such as `@daily`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cron: Option<String>,
    /// IANA name of the zone whose wall clock `cron` means; UTC where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Seconds by which it may be late.
    #[serde(default = "a_minute", skip_serializing_if = "is_a_minute")]
    pub grace_seconds: u32,
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

fn a_minute() -> u32 {
    60
}

fn is_a_minute(seconds: &u32) -> bool {
    *seconds == a_minute()
}

impl Heartbeat {
    /// When it must be heard of again, after it was at `now`, without the grace; `None` where its times cannot be read.
    pub fn next_at(&self, now: Instant) -> Option<Instant> {
        let zone = self.timezone.as_deref().unwrap_or("UTC");
        match (&self.every_seconds, &self.cron) {
            (Some(seconds), _) => Some(now.plus_micros(i64::from(*seconds) * 1_000_000)),
            (None, Some(cron)) => cron.parse::<Cron>().ok()?.next(now, zone),
            (None, None) => None,
        }
    }

    /// The integration that its alerts come through.
    pub fn as_integration(&self) -> Integration {
        Integration {
            team: self.team.clone(),
            name: self.name.clone(),
            kind: SenderKind::Generic,
            key: None,
            enabled: self.enabled,
            service: self.service.clone(),
            escalation_policies: self.escalation_policies.clone(),
            users: self.users.clone(),
            default_urgency: self.urgency,
            urgencies: Vec::new(),
            on_resolve: super::OnResolve::Resolve,
            // Its silence is told once; what goes on is no repeat.
            remind_minutes: 0,
            group_by: None,
            resolve_after_minutes: None,
            alerts_per_minute: None,
            per_group: false,
            tests_open: false,
            disabled_answers_401: false,
            mapping: None,
            enrichments: Vec::new(),
            mail: None,
            secret: None,
            networks: Vec::new(),
            accept_get: false,
            cloudwatch: None,
        }
    }

    /// What is wrong with it by itself: the key, and what is wrong with its value.
    pub(super) fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        if self.key.as_deref().is_some_and(|key| key_digits(key).is_none()) {
            faults.push(("key", "must be a UUID: 32 hexadecimal digits, with dashes or without".to_owned()));
        }
        if self.service.is_none() && self.escalation_policies.is_empty() && self.users.is_empty() {
            faults.push(("service", "a service, a policy or a user must be named, or nobody would hear".to_owned()));
        }
        let every = limits::HEARTBEAT_SECONDS_LEAST..=limits::HEARTBEAT_SECONDS_MOST;
        if self.every_seconds.is_some_and(|seconds| !every.contains(&seconds)) {
            faults.push(("every_seconds", format!("must be from {} to {}", every.start(), every.end())));
        }
        if self.every_seconds.is_some() == self.cron.is_some() {
            faults.push(("every_seconds", "either this or `cron` must be given".to_owned()));
        }
        if let Some(Err(fault)) = self.cron.as_deref().map(str::parse::<Cron>) {
            faults.push(("cron", fault.to_string()));
        }
        match self.timezone.as_deref() {
            Some(zone) if TimeZone::get(zone).is_err() => {
                faults.push(("timezone", "no zone has this IANA name".to_owned()))
            }
            Some(_) if self.cron.is_none() => faults.push(("timezone", "means something with `cron` only".to_owned())),
            _ => {}
        }
        if self.grace_seconds > limits::GRACE_SECONDS_MOST {
            faults.push(("grace_seconds", format!("must be from 0 to {}", limits::GRACE_SECONDS_MOST)));
        }
        faults
    }
}
